/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TUN_TESTS_DIRTY_H
#define TUN_TESTS_DIRTY_H

#include "guest.h"

#define DIRTY_BYTES	8192

uint8_t *dirty_log(const struct guest *g);
bool dirty_is_set(const uint8_t *log, unsigned int bit);
int dirty_pages_are(uint8_t *log, const unsigned int *pages, unsigned int n);

#endif
