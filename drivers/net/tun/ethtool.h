/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUN_ETHTOOL_H
#define _TUN_ETHTOOL_H

struct net_device;

void tun_ethtool_setup(struct net_device *dev);

#endif /* _TUN_ETHTOOL_H */
