/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Puts packets from the stack into a queue.
 */
#ifndef _TUN_XMIT_H
#define _TUN_XMIT_H

#include <linux/netdevice.h>

netdev_tx_t tun_net_xmit(struct sk_buff *skb, struct net_device *dev);

#endif /* _TUN_XMIT_H */
