/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TUN_TESTS_UFFD_H
#define TUN_TESTS_UFFD_H

#include <stddef.h>

int uffd_open(void);
int uffd_watch(int fd, void *at, size_t len);
int uffd_answer(int fd, void *at, size_t len);

#endif
