// SPDX-License-Identifier: GPL-2.0
/*
 * Settings of the net_device: TUNSETLINK and TUNSETOFFLOAD.
 *
 * The kernel's own driver knows UDP segmentation offload since Linux 6.2. On an
 * older kernel only a queue with rings may enable that offload, so that a
 * program without rings finds the kernel's own driver. There the offload ends
 * with the rings of the device, and ethtool shows the feature as fixed before
 * and after.
 */
#include "settings.h"

#include <linux/errno.h>
#include <linux/fcdevice.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_ltalk.h>
#include <linux/ieee802154.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/rtnetlink.h>
#include <net/6lowpan.h>
#include <net/ax25.h>
#include <net/rose.h>
#include <uapi/linux/if_fc.h>
#include <uapi/linux/if_fddi.h>
#include <uapi/linux/if_hippi.h>

#include "rings.h"
#include "tun.h"

static const struct {
	unsigned short type;
	unsigned char addr_len;
} link_types[] = {
	{ ARPHRD_6LOWPAN,		EUI64_ADDR_LEN },
	{ ARPHRD_ETHER,			ETH_ALEN },
	{ ARPHRD_FDDI,			FDDI_K_ALEN },
	{ ARPHRD_HIPPI,			HIPPI_ALEN },
	{ ARPHRD_IEEE802,		FC_ALEN },
	{ ARPHRD_IEEE802154,		IEEE802154_EXTENDED_ADDR_LEN },
	{ ARPHRD_IEEE802154_MONITOR,	IEEE802154_EXTENDED_ADDR_LEN },
	{ ARPHRD_IP6GRE,		sizeof(struct in6_addr) },
	{ ARPHRD_IPGRE,			sizeof(struct in_addr) },
	{ ARPHRD_LOCALTLK,		LTALK_ALEN },
	{ ARPHRD_NETROM,		AX25_ADDR_LEN },
	{ ARPHRD_ROSE,			ROSE_ADDR_LEN },
	{ ARPHRD_SIT,			sizeof(struct in_addr) },
	{ ARPHRD_TUNNEL,		sizeof(struct in_addr) },
	{ ARPHRD_TUNNEL6,		sizeof(struct in6_addr) },
};

/* Bytes of a link-layer address; 0 for a type without addresses, and for an
 * unknown type.
 */
static unsigned char tun_settings_addr_len(unsigned short type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(link_types); i++)
		if (link_types[i].type == type)
			return link_types[i].addr_len;

	return 0;
}

/* TUNSETLINK; the device is down. */
int tun_settings_set_link_type(struct net_device *dev, unsigned short type)
{
	int err;

	err = notifier_to_errno(call_netdevice_notifiers(NETDEV_PRE_TYPE_CHANGE,
							 dev));
	if (err)
		return err;

	dev->type = type;
	dev->addr_len = tun_settings_addr_len(type);
	call_netdevice_notifiers(NETDEV_POST_TYPE_CHANGE, dev);

	return 0;
}

/* Features that ethtool may change on a new device. */
netdev_features_t tun_settings_new_features(void)
{
	if (TUN_USO_BY_RINGS_ALONE)
		return TUN_USER_FEATURES & ~NETIF_F_GSO_UDP_L4;
	return TUN_USER_FEATURES;
}

/* ndo_fix_features: remove the offloads that user space has not enabled. */
netdev_features_t tun_settings_fix_features(const struct tun_dev *tun,
					    netdev_features_t features)
{
	return features & (tun->set_features | ~TUN_USER_FEATURES);
}

/* The offload within UDP tunnels. The packet in a tunnel needs one of @features, too;
 * else @known does not get the bits of tunnels.
 */
static netdev_features_t tun_settings_tunnel(unsigned long offload,
					     netdev_features_t features,
					     unsigned long *known)
{
	if (!(offload & TUN_F_UDP_TUNNEL_GSO) ||
	    !(features & (NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_GSO_UDP_L4)))
		return 0;

	*known |= TUN_F_UDP_TUNNEL_GSO | TUN_F_UDP_TUNNEL_GSO_CSUM;
	if (offload & TUN_F_UDP_TUNNEL_GSO_CSUM)
		return NETIF_F_GSO_UDP_TUNNEL | NETIF_F_GSO_UDP_TUNNEL_CSUM;
	return NETIF_F_GSO_UDP_TUNNEL;
}

/**
 * tun_settings_ring_features - ndo_features_check of a TAP device: offloads for one
 *	packet
 * @skb: the packet; its queue is chosen
 * @dev: the device
 * @features: offloads that the device has
 *
 * Some rings do not carry the offsets of a tunnel's headers. For these, the stack
 * makes segments of such packets.
 *
 * Context: RCU, bottom halves off.
 *
 * Return: the offloads that the packet may need.
 */
netdev_features_t tun_settings_ring_features(struct sk_buff *skb,
					     struct net_device *dev,
					     netdev_features_t features)
{
	const struct tun_dev *tun = netdev_priv(dev);
	const struct tun_queue *q;

	if (!(features & VNET_TUNNEL_FEATURES))
		return features;
	q = rcu_dereference_bh(tun->queues[skb_get_queue_mapping(skb)]);
	return q && !tun_ring_rx_takes_tunnels(tun, q) ?
	       features & ~VNET_TUNNEL_FEATURES : features;
}

/* Turn the offloads in @on on, and the others in @mask off. */
static void tun_settings_change_features(struct tun_dev *tun,
					 netdev_features_t mask,
					 netdev_features_t on)
{
	struct net_device *dev = tun->dev;

	ASSERT_RTNL();

	tun->set_features = (tun->set_features & ~mask) | on;
	dev->wanted_features = (dev->wanted_features & ~mask) | on;
	if (TUN_USO_BY_RINGS_ALONE) {
		dev->hw_features &= ~NETIF_F_GSO_UDP_L4;
		dev->hw_features |= tun->set_features & NETIF_F_GSO_UDP_L4;
	}
	netdev_update_features(dev);
}

/**
 * tun_settings_set_offload - TUNSETOFFLOAD: offloads that user space can handle
 * @tun: the device
 * @q: the queue of the caller
 * @offload: TUN_F_*
 *
 * An unknown bit, or a bit without the bit that it needs, is an error: user
 * space probes for offloads that way. TUN_F_UFO is accepted for old programs,
 * and has no effect.
 *
 * Return: 0 or -EINVAL.
 */
int tun_settings_set_offload(struct tun_dev *tun, struct tun_queue *q,
			     unsigned long offload)
{
	const unsigned long tso = TUN_F_TSO4 | TUN_F_TSO6;
	const unsigned long uso = TUN_F_USO4 | TUN_F_USO6;
	netdev_features_t features = 0;
	unsigned long known = 0;

	if (offload & TUN_F_CSUM) {
		known = TUN_F_CSUM | TUN_F_UFO | tso;
		features |= NETIF_F_HW_CSUM;
		if (offload & TUN_F_TSO4)
			features |= NETIF_F_TSO;
		if (offload & TUN_F_TSO6)
			features |= NETIF_F_TSO6;
		/* The kernel has one feature for both IP versions. */
		if ((offload & uso) == uso &&
		    (!TUN_USO_BY_RINGS_ALONE || tun_queue_has_rings(q))) {
			known |= uso;
			features |= NETIF_F_GSO_UDP_L4;
		}
		if (offload & tso) {
			known |= TUN_F_TSO_ECN;
			if (offload & TUN_F_TSO_ECN)
				features |= NETIF_F_TSO_ECN;
		}
		if (VNET_HAS_TUNNEL)
			features |= tun_settings_tunnel(offload, features,
							&known);
	}
	if (offload & ~known)
		return -EINVAL;

	tun_settings_change_features(tun, TUN_USER_FEATURES, features);
	return 0;
}

static bool tun_settings_has_rings(struct tun_dev *tun)
{
	struct tun_queue *q;
	unsigned int i;

	for (i = 0; i < tun->numqueues; i++)
		if (tun_queue_has_rings(tun_queue_rtnl(tun, i)))
			return true;
	list_for_each_entry(q, &tun->disabled, node)
		if (tun_queue_has_rings(q))
			return true;
	return false;
}

/**
 * tun_settings_release_rings - a queue has no rings any more
 * @tun: the device of the queue
 *
 * The last rings of a device take the offload along that read() and write() of
 * this kernel do not have.
 */
void tun_settings_release_rings(struct tun_dev *tun)
{
	ASSERT_RTNL();

	if (TUN_USO_BY_RINGS_ALONE &&
	    tun->set_features & NETIF_F_GSO_UDP_L4 &&
	    !tun_settings_has_rings(tun))
		tun_settings_change_features(tun, NETIF_F_GSO_UDP_L4, 0);
}
