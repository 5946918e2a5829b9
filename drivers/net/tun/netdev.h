/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The net_device: its operations, set-up and events.
 */
#ifndef _TUN_NETDEV_H
#define _TUN_NETDEV_H

#include <linux/netdevice.h>

struct tun_dev;

extern struct notifier_block tun_netdev_notifier;

void tun_netdev_setup(struct net_device *dev);
void tun_netdev_set_kind(struct net_device *dev);
int tun_netdev_change_carrier(struct net_device *dev, bool carrier);

#endif /* _TUN_NETDEV_H */
