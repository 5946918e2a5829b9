/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_PLAIN_TX_H
#define TR_PLAIN_TX_H

struct tunring;
struct tunring_packet;

unsigned int tr_plain_tx_submit(struct tunring *h,
				const struct tunring_packet *pkts,
				unsigned int n);
void tr_plain_tx_queue(struct tunring *h, unsigned int head);
int tr_plain_tx_flush(struct tunring *h);

#endif /* TR_PLAIN_TX_H */
