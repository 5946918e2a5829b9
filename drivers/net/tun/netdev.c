// SPDX-License-Identifier: GPL-2.0
#include "netdev.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/security.h>
#include <net/ip_tunnels.h>

#include "all_queues.h"
#include "backpressure/backpressure.h"
#include "ethtool.h"
#include "queue.h"
#include "rtnl.h"
#include "settings.h"
#include "stats.h"
#include "tun.h"
#include "xdp.h"
#include "xmit.h"

#define TUN_MIN_MTU	68
#define TUN_MAX_MTU	65535

static void tun_netdev_set_features(struct tun_dev *tun)
{
	const netdev_features_t vlan = NETIF_F_HW_VLAN_CTAG_TX |
				       NETIF_F_HW_VLAN_STAG_TX;
	struct net_device *dev = tun->dev;

	dev->hw_features = NETIF_F_SG | NETIF_F_FRAGLIST | vlan |
			   tun_settings_new_features();
	if (VNET_HAS_TUNNEL)
		dev->hw_enc_features = dev->hw_features;
	dev->features = dev->hw_features;
	netdev_set_lltx(dev);
	dev->vlan_features = dev->features & ~vlan;
}

/* If ndo_init fails, the core calls neither ndo_uninit nor the destructor, so
 * ndo_init frees everything itself. If a later step of the registration fails,
 * the core calls both.
 */
static int tun_netdev_init(struct net_device *dev)
{
	struct tun_dev *tun = netdev_priv(dev);
	int err;

	err = netdev_init_tstats(dev);
	if (err)
		return err;

	err = security_tun_dev_alloc_security(&tun->security);
	if (err < 0)
		goto free_tstats;

	tun_steer_init(&tun->steer);
	tun_netdev_set_features(tun);

	err = tun_queue_attach(tun, tun->creator, NULL, tun->flags, false);
	if (err < 0)
		goto destroy_steer;

	return 0;

destroy_steer:
	tun_steer_destroy(&tun->steer);
	security_tun_dev_free_security(tun->security);
free_tstats:
	netdev_exit_tstats(dev);
	return err;
}

static void tun_netdev_uninit(struct net_device *dev)
{
	tun_queue_detach_all(netdev_priv(dev));
}

static void tun_netdev_destructor(struct net_device *dev)
{
	struct tun_dev *tun = netdev_priv(dev);

	WARN_ON_ONCE(!list_empty(&tun->disabled) || tun->numqueues);

	tun_steer_destroy(&tun->steer);
	tun_filter_destroy(&tun->filter);
	security_tun_dev_free_security(tun->security);
	netdev_exit_tstats(dev);
}

static int tun_netdev_open(struct net_device *dev)
{
	netif_tx_start_all_queues(dev);
	tun_backpressure_reset_all(netdev_priv(dev));
	return 0;
}

static int tun_netdev_stop(struct net_device *dev)
{
	netif_tx_stop_all_queues(dev);
	return 0;
}

static u16 tun_select_queue(struct net_device *dev, struct sk_buff *skb,
			    struct net_device *sb_dev)
{
	struct tun_dev *tun = netdev_priv(dev);

	return tun_steer_select(&tun->steer, skb, READ_ONCE(tun->numqueues));
}

static netdev_features_t tun_netdev_fix_features(struct net_device *dev,
						 netdev_features_t features)
{
	return tun_settings_fix_features(netdev_priv(dev), features);
}

/* Without this operation, the core checks VLAN tags. */
static netdev_features_t tun_netdev_features_check(struct sk_buff *skb,
						   struct net_device *dev,
						   netdev_features_t features)
{
	features = tun_settings_ring_features(skb, dev, features);
	return vlan_features_check(skb, features);
}

/* A TAP device accepts every packet that user space writes, so address lists
 * have no effect. The core lets the administrator set them only if the device
 * has this operation.
 */
static void tun_netdev_set_rx_mode(struct net_device *dev)
{
}

static void tun_netdev_set_rx_headroom(struct net_device *dev, int headroom)
{
	size_t max = min_t(size_t, SKB_MAX_HEAD(0), U16_MAX - 1);
	struct tun_dev *tun = netdev_priv(dev);

	max -= tun_is_tap(tun) ? ETH_HLEN + NET_IP_ALIGN : 1;

	WRITE_ONCE(tun->align, clamp_t(int, headroom, NET_SKB_PAD, max));
}

/* TUNSETCARRIER and the sysfs attribute. Turning the carrier on needs an active
 * queue.
 */
int tun_netdev_change_carrier(struct net_device *dev, bool carrier)
{
	const struct tun_dev *tun = netdev_priv(dev);

	if (!carrier)
		netif_carrier_off(dev);
	else if (tun->numqueues)
		netif_carrier_on(dev);
	else
		return -EPERM;

	return 0;
}

static const struct net_device_ops tun_ops = {
	.ndo_init		= tun_netdev_init,
	.ndo_uninit		= tun_netdev_uninit,
	.ndo_open		= tun_netdev_open,
	.ndo_stop		= tun_netdev_stop,
	.ndo_start_xmit		= tun_net_xmit,
	.ndo_fix_features	= tun_netdev_fix_features,
	.ndo_select_queue	= tun_select_queue,
	.ndo_features_check	= VNET_HAS_TUNNEL ? tun_netdev_features_check
						  : NULL,
	.ndo_set_rx_headroom	= tun_netdev_set_rx_headroom,
	.ndo_get_stats64	= tun_stats_get,
	.ndo_change_carrier	= tun_netdev_change_carrier,
};

static const struct net_device_ops tap_ops = {
	.ndo_init		= tun_netdev_init,
	.ndo_uninit		= tun_netdev_uninit,
	.ndo_open		= tun_netdev_open,
	.ndo_stop		= tun_netdev_stop,
	.ndo_start_xmit		= tun_net_xmit,
	.ndo_fix_features	= tun_netdev_fix_features,
	.ndo_set_rx_mode	= tun_netdev_set_rx_mode,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_select_queue	= tun_select_queue,
	.ndo_features_check	= tun_settings_ring_features,
	.ndo_set_rx_headroom	= tun_netdev_set_rx_headroom,
	.ndo_get_stats64	= dev_get_tstats64,
	.ndo_bpf		= tun_xdp_bpf,
	.ndo_xdp_xmit		= tun_xdp_xmit,
	.ndo_change_carrier	= tun_netdev_change_carrier,
};

/* Initial state of TUN and TAP devices (rtnl_link_ops.setup). */
void tun_netdev_setup(struct net_device *dev)
{
	struct tun_dev *tun = netdev_priv(dev);

	tun->dev = dev;
	tun->owner = INVALID_UID;
	tun->group = INVALID_GID;
	tun->align = NET_SKB_PAD;
	tun->vnet_hdr_sz = sizeof(struct virtio_net_hdr);
	INIT_LIST_HEAD(&tun->disabled);

	tun_ethtool_setup(dev);
	netdev_request_tstats(dev);
	dev->needs_free_netdev = true;
	dev->priv_destructor = tun_netdev_destructor;
	dev->tx_queue_len = TUN_READQ_SIZE;
}

static void tun_netdev_set_kind_tun(struct net_device *dev)
{
	dev->netdev_ops = &tun_ops;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->type = ARPHRD_NONE;
	dev->hard_header_len = 0;
	dev->addr_len = 0;
	dev->mtu = ETH_DATA_LEN;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
}

static void tun_netdev_set_kind_tap(struct net_device *dev)
{
	dev->netdev_ops = &tap_ops;
	ether_setup(dev);
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	netdev_set_tap_xdp_features(dev);
	eth_hw_addr_random(dev);
}

/* Set up the device as TUN or TAP, by tun_dev.flags. */
void tun_netdev_set_kind(struct net_device *dev)
{
	if (tun_is_tap(netdev_priv(dev)))
		tun_netdev_set_kind_tap(dev);
	else
		tun_netdev_set_kind_tun(dev);

	dev->min_mtu = TUN_MIN_MTU;
	dev->max_mtu = TUN_MAX_MTU - dev->hard_header_len;
}

/* Writers that poll for POLLOUT wait until the device is up. */
static void tun_netdev_up(struct tun_dev *tun)
{
	unsigned int i;

	for (i = 0; i < tun->numqueues; i++) {
		struct tun_queue *q = tun_queue_rtnl(tun, i);

		q->sk.sk_write_space(&q->sk);
	}
}

static int tun_netdev_event(struct notifier_block *nb, unsigned long event,
			    void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (dev->rtnl_link_ops != &tun_link_ops)
		return NOTIFY_DONE;

	switch (event) {
	case NETDEV_CHANGE_TX_QUEUE_LEN:
		if (tun_queue_resize_all(netdev_priv(dev), dev->tx_queue_len))
			return NOTIFY_BAD;
		break;
	case NETDEV_UP:
		tun_netdev_up(netdev_priv(dev));
		break;
	case NETDEV_UNREGISTER:
		/* also when the device moves to another namespace */
		tun_all_queues_purge(netdev_priv(dev));
		break;
	}

	return NOTIFY_DONE;
}

struct notifier_block tun_netdev_notifier = {
	.notifier_call = tun_netdev_event,
};
