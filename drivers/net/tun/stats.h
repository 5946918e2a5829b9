/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting, in the names of the net_device: rx is from the user to the stack,
 * tx from the stack to the user.
 */
#ifndef _TUN_STATS_H
#define _TUN_STATS_H

#include <linux/netdevice.h>

#include "tun.h"

/* A packet went into the stack; callers may be preemptible. */
static inline void tun_stats_rx(const struct tun_dev *tun, unsigned int bytes)
{
	preempt_disable();
	dev_sw_netstats_rx_add(tun->dev, bytes);
	preempt_enable();
}

/* A packet went to the user; callers may be preemptible. */
static inline void tun_stats_tx(const struct tun_dev *tun, unsigned int bytes)
{
	preempt_disable();
	dev_sw_netstats_tx_add(tun->dev, 1, bytes);
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
