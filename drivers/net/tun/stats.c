// SPDX-License-Identifier: GPL-2.0
#include "stats.h"

/* ndo_get_stats64 of TUN devices. The core adds the drops. TAP devices do not
 * report rx_frame_errors, as in the kernel's own driver.
 */
void tun_stats_get(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	const struct tun_dev *tun = netdev_priv(dev);

	dev_get_tstats64(dev, stats);
	stats->rx_frame_errors +=
		(unsigned long)atomic_long_read(&tun->rx_frame_errors);
}
