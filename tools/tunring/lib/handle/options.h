/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_OPTIONS_H
#define TR_OPTIONS_H

#include <stdint.h>

struct tunring_options;

int tr_options_check(const struct tunring_options *opt);
uint32_t tr_options_rx_buf(const struct tunring_options *opt);
uint32_t tr_options_tx_buf(const struct tunring_options *opt);
uint64_t tr_options_pool(const struct tunring_options *opt);

#endif /* TR_OPTIONS_H */
