/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_RING_TX_H
#define TR_RING_TX_H

struct tunring;
struct tunring_packet;

unsigned int tr_ring_tx_submit(struct tunring *h,
				const struct tunring_packet *pkts,
				unsigned int n);
void tr_ring_tx_queue(struct tunring *h, unsigned int head);
void tr_ring_tx_publish(struct tunring *h);
void tr_ring_tx_reclaim(struct tunring *h);
void tr_ring_tx_arm(struct tunring *h);
int tr_ring_tx_kick(struct tunring *h);

#endif /* TR_RING_TX_H */
