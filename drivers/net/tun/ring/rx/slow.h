/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transmission of a packet that cannot be delivered at once.
 */
#ifndef _TUN_RING_RX_SLOW_H
#define _TUN_RING_RX_SLOW_H

#include <linux/netdevice.h>

struct tun_ring;

bool tun_ring_rx_may_wait(const struct tun_ring *ring);
netdev_tx_t tun_ring_rx_xmit_failed(struct tun_ring *ring, struct sk_buff *skb,
				    u16 txq, int err)
	__releases(&ring->rx.lock);

#endif /* _TUN_RING_RX_SLOW_H */
