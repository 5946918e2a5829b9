/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User to stack.
 */
#ifndef _TUN_RING_TX_TX_H
#define _TUN_RING_TX_TX_H

#include <linux/types.h>

struct tun_dev;
struct tun_ring;

int tun_ring_tx_run(struct tun_ring *ring, struct tun_dev *tun, int budget,
		    bool gro);
void tun_ring_tx_notify(struct tun_ring *ring);
void tun_ring_tx_drain(struct tun_ring *ring);

#endif /* _TUN_RING_TX_TX_H */
