/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stack to user: the entry points of packets.
 */
#ifndef _TUN_RING_RX_RX_H
#define _TUN_RING_RX_RX_H

#include <linux/netdevice.h>

struct sk_buff;
struct tun_dev;
struct tun_queue;
struct tun_ring;
struct xdp_frame;

bool tun_ring_rx_takes_tunnels(const struct tun_dev *tun,
			       const struct tun_queue *q);
void tun_ring_rx_notify(struct tun_ring *ring);
netdev_tx_t tun_ring_rx_xmit(struct tun_ring *ring, struct sk_buff *skb,
			     u16 txq);
void tun_ring_rx_xmit_flush(struct tun_ring *ring);
void tun_ring_rx_publish(struct tun_ring *ring);
void tun_ring_rx_flush_queue(struct tun_queue *q);
int tun_ring_rx_xdp_xmit(struct tun_ring *ring, int n,
			 struct xdp_frame **frames, u32 flags);

#endif /* _TUN_RING_RX_RX_H */
