/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets that wait for receive buffers.
 */
#ifndef _TUN_RING_RX_STOP_H
#define _TUN_RING_RX_STOP_H

#include <linux/types.h>

struct net_device;
struct tun_dev;
struct tun_ring;

void tun_ring_rx_stop_queue(struct tun_ring *ring, struct net_device *dev,
			    u16 txq);
void tun_ring_rx_resume(struct tun_ring *ring, bool kicked);
void tun_ring_rx_open(struct tun_ring *ring, struct tun_dev *tun);
void tun_ring_rx_deliver_backlog(struct tun_ring *ring);
void tun_ring_rx_close(struct tun_ring *ring);

#endif /* _TUN_RING_RX_STOP_H */
