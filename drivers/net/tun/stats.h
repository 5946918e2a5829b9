/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of the net_device. As for any net_device, rx is the direction from
 * user space to the stack, tx from the stack to user space.
 */
#ifndef _TUN_STATS_H
#define _TUN_STATS_H

#include <linux/netdevice.h>

#include "tun.h"

/* Count a packet that went to the stack. The caller may be preemptible. */
static inline void tun_stats_rx(const struct tun_dev *tun, unsigned int bytes)
{
	preempt_disable();
	dev_sw_netstats_rx_add(tun->dev, bytes);
	preempt_enable();
}

/* Count packets that went to user space. The caller may be preemptible. */
static inline void tun_stats_tx(const struct tun_dev *tun, unsigned int packets,
				unsigned int bytes)
{
	preempt_disable();
	dev_sw_netstats_tx_add(tun->dev, packets, bytes);
	preempt_enable();
}

static inline void tun_stats_rx_dropped(const struct tun_dev *tun)
{
	dev_core_stats_rx_dropped_inc(tun->dev);
}

static inline void tun_stats_tx_dropped(const struct tun_dev *tun)
{
	dev_core_stats_tx_dropped_inc(tun->dev);
}

void tun_stats_get(struct net_device *dev, struct rtnl_link_stats64 *stats);

#endif /* _TUN_STATS_H */
