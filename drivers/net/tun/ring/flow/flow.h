/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flow control: a full receive ring stops the netdev queue.
 */
#ifndef _TUN_RING_FLOW_FLOW_H
#define _TUN_RING_FLOW_FLOW_H

#include <linux/types.h>

#include "../state.h"

static inline bool tun_ring_flow_is_on(const struct tun_ring *ring)
{
	return ring->rx.flow.state != TUN_RING_FLOW_OFF;
}

static inline bool tun_ring_flow_is_stopped(const struct tun_ring *ring)
{
	return READ_ONCE(ring->rx.flow.state) == TUN_RING_FLOW_STOPPED;
}

bool tun_ring_flow_stop(struct tun_ring *ring, struct net_device *dev, u16 txq);
void tun_ring_flow_wake(struct tun_ring *ring, struct net_device *dev);
u64 tun_ring_flow_check(struct tun_ring *ring, struct net_device *dev,
			bool idle);
void tun_ring_flow_broken(struct tun_ring *ring, struct net_device *dev);

#endif /* _TUN_RING_FLOW_FLOW_H */
