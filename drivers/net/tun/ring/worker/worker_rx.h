/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One pass of the worker over packets for the user.
 */
#ifndef _TUN_RING_WORKER_WORKER_RX_H
#define _TUN_RING_WORKER_WORKER_RX_H

#include <linux/types.h>

struct tun_dev;
struct tun_ring;

bool tun_worker_rx(struct tun_ring *ring, struct tun_dev *tun);
void tun_worker_rx_purge(struct tun_ring *ring);
void tun_worker_rx_release(struct tun_ring *ring);

#endif /* _TUN_RING_WORKER_WORKER_RX_H */
