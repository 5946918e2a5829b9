/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_PLAIN_RX_H
#define TR_PLAIN_RX_H

#include <stdbool.h>

struct tunring;
struct tunring_packet;

int tr_plain_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		      unsigned int n);
bool tr_plain_rx_ready(const struct tunring *h);

#endif /* TR_PLAIN_RX_H */
