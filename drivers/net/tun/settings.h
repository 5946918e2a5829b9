/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUN_SETTINGS_H
#define _TUN_SETTINGS_H

#include <linux/netdevice.h>

struct sk_buff;
struct tun_dev;
struct tun_queue;

/* Offloads that TUNSETOFFLOAD turns on and off. */
#define TUN_USER_FEATURES (NETIF_F_HW_CSUM | NETIF_F_TSO_ECN | NETIF_F_TSO | \
			   NETIF_F_TSO6 | NETIF_F_GSO_UDP_L4 | \
			   VNET_TUNNEL_FEATURES)

int tun_settings_set_link_type(struct net_device *dev, unsigned short type);
netdev_features_t tun_settings_new_features(void);
netdev_features_t tun_settings_fix_features(const struct tun_dev *tun,
					    netdev_features_t features);
netdev_features_t tun_settings_ring_features(struct sk_buff *skb,
					     struct net_device *dev,
					     netdev_features_t features);
int tun_settings_set_offload(struct tun_dev *tun, struct tun_queue *q,
			     unsigned long offload);
void tun_settings_release_rings(struct tun_dev *tun);

#endif /* _TUN_SETTINGS_H */
