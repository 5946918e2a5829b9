// SPDX-License-Identifier: GPL-2.0
#include "ethtool.h"

#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include "rings.h"
#include "tun.h"

static void tun_ethtool_get_drvinfo(struct net_device *dev,
				    struct ethtool_drvinfo *info)
{
	const struct tun_dev *tun = netdev_priv(dev);

	strscpy(info->driver, TUN_DRV_NAME, sizeof(info->driver));
	strscpy(info->version, TUN_DRV_VERSION, sizeof(info->version));
	strscpy(info->bus_info, tun_is_tap(tun) ? "tap" : "tun",
		sizeof(info->bus_info));
}

static u32 tun_ethtool_get_msglevel(struct net_device *dev)
{
	const struct tun_dev *tun = netdev_priv(dev);

	return tun->msg_enable;
}

static void tun_ethtool_set_msglevel(struct net_device *dev, u32 level)
{
	struct tun_dev *tun = netdev_priv(dev);

	WRITE_ONCE(tun->msg_enable, level);
}

static int tun_ethtool_get_coalesce(struct net_device *dev,
				    struct ethtool_coalesce *ec,
				    struct kernel_ethtool_coalesce *kernel_coal,
				    struct netlink_ext_ack *extack)
{
	const struct tun_dev *tun = netdev_priv(dev);

	ec->rx_max_coalesced_frames = tun->rx_batched;
	return 0;
}

static int tun_ethtool_set_coalesce(struct net_device *dev,
				    struct ethtool_coalesce *ec,
				    struct kernel_ethtool_coalesce *kernel_coal,
				    struct netlink_ext_ack *extack)
{
	struct tun_dev *tun = netdev_priv(dev);

	WRITE_ONCE(tun->rx_batched, min_t(u32, ec->rx_max_coalesced_frames,
					  NAPI_POLL_WEIGHT));
	return 0;
}

/* A tun device has no link. The administrator may set any link mode. */
static int tun_ethtool_get_link_ksettings(struct net_device *dev,
					  struct ethtool_link_ksettings *cmd)
{
	const struct tun_dev *tun = netdev_priv(dev);

	*cmd = tun->link_ksettings;
	return 0;
}

static int
tun_ethtool_set_link_ksettings(struct net_device *dev,
			       const struct ethtool_link_ksettings *cmd)
{
	struct tun_dev *tun = netdev_priv(dev);

	tun->link_ksettings = *cmd;
	return 0;
}

static void __maybe_unused
tun_ethtool_get_channels(struct net_device *dev,
			 struct ethtool_channels *channels)
{
	const struct tun_dev *tun = netdev_priv(dev);

	channels->combined_count = READ_ONCE(tun->numqueues);
	channels->max_combined =
		READ_ONCE(tun->flags) & IFF_MULTI_QUEUE ? TUN_MAX_QUEUES : 1;
}

/* A device without rings has no statistics, as in the kernel's own driver. */
static int tun_ethtool_get_sset_count(struct net_device *dev, int sset)
{
	int n = 0;

	if (sset == ETH_SS_STATS)
		n = tun_ring_stats_ethtool_count(netdev_priv(dev));
	return n ?: -EOPNOTSUPP;
}

static void tun_ethtool_get_strings(struct net_device *dev, u32 sset, u8 *to)
{
	if (sset == ETH_SS_STATS)
		tun_ring_stats_ethtool_names(netdev_priv(dev), to);
}

static void tun_ethtool_get_stats(struct net_device *dev,
				  struct ethtool_stats *stats, u64 *to)
{
	tun_ring_stats_ethtool_values(netdev_priv(dev), to);
}

static const struct ethtool_ops ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_RX_MAX_FRAMES,
	.get_drvinfo		= tun_ethtool_get_drvinfo,
	.get_msglevel		= tun_ethtool_get_msglevel,
	.set_msglevel		= tun_ethtool_set_msglevel,
	.get_link		= ethtool_op_get_link,
	.get_channels		= TUN_GET_CHANNELS(tun_ethtool_get_channels),
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_coalesce		= tun_ethtool_get_coalesce,
	.set_coalesce		= tun_ethtool_set_coalesce,
	.get_sset_count		= tun_ethtool_get_sset_count,
	.get_strings		= tun_ethtool_get_strings,
	.get_ethtool_stats	= tun_ethtool_get_stats,
	.get_link_ksettings	= tun_ethtool_get_link_ksettings,
	.set_link_ksettings	= tun_ethtool_set_link_ksettings,
};

void tun_ethtool_setup(struct net_device *dev)
{
	struct tun_dev *tun = netdev_priv(dev);
	struct ethtool_link_ksettings *link = &tun->link_ksettings;

	ethtool_link_ksettings_zero_link_mode(link, supported);
	ethtool_link_ksettings_zero_link_mode(link, advertising);
	link->base.speed = TUN_LINK_SPEED;
	link->base.duplex = DUPLEX_FULL;
	link->base.port = PORT_TP;
	link->base.phy_address = 0;
	link->base.autoneg = AUTONEG_DISABLE;

	dev->ethtool_ops = &ethtool_ops;
}
