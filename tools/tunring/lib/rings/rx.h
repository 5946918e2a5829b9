/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_RING_RX_H
#define TR_RING_RX_H

struct tunring;
struct tunring_packet;

void tr_ring_rx_fill(struct tunring *h);
int tr_ring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n);
unsigned int tr_ring_rx_release(struct tunring *h,
				const struct tunring_packet *pkts,
				unsigned int n);
void tr_ring_rx_put(struct tunring *h, unsigned int slot);
int tr_ring_rx_kick(struct tunring *h);
int tr_ring_rx_arm(struct tunring *h);

#endif /* TR_RING_RX_H */
