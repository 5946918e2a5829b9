/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One pass of the worker over the transmit ring.
 */
#ifndef _TUN_RING_WORKER_WORKER_TX_H
#define _TUN_RING_WORKER_WORKER_TX_H

#include <linux/types.h>

struct tun_dev;
struct tun_ring;

bool tun_worker_tx(struct tun_ring *ring, struct tun_dev *tun);

#endif /* _TUN_RING_WORKER_WORKER_TX_H */
