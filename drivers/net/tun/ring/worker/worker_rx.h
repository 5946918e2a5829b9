/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One pass of the worker over packets for the user.
 */
#ifndef _TUN_RING_WORKER_WORKER_RX_H
#define _TUN_RING_WORKER_WORKER_RX_H

#include <linux/types.h>

struct tun_dev;
struct tun_ring;

bool tun_ring_serve_rx(struct tun_ring *ring, struct tun_dev *tun);
void tun_ring_serve_rx_end(struct tun_ring *ring);

#endif /* _TUN_RING_WORKER_WORKER_RX_H */
