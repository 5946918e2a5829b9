// SPDX-License-Identifier: GPL-2.0
#include "rtnl.h"

#include <linux/cred.h>
#include <linux/device.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>

#include "netdev.h"
#include "tun.h"

/* Flags of a device for TUNGETIFF and sysfs. */
unsigned int tun_user_flags(const struct tun_dev *tun)
{
	return tun->flags & (TUN_FEATURES | IFF_PERSIST | IFF_TUN | IFF_TAP);
}

static int tun_rtnl_validate(struct nlattr *tb[], struct nlattr *data[],
			     struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "tun and tap devices are created by /dev/net/tun only");
	return -EOPNOTSUPP;
}

static size_t tun_rtnl_get_size(const struct net_device *dev)
{
	BUILD_BUG_ON(sizeof(u32) != sizeof(uid_t));
	BUILD_BUG_ON(sizeof(u32) != sizeof(gid_t));

	return nla_total_size(sizeof(u32)) +	/* IFLA_TUN_OWNER */
	       nla_total_size(sizeof(u32)) +	/* IFLA_TUN_GROUP */
	       nla_total_size(sizeof(u8)) +	/* IFLA_TUN_TYPE */
	       nla_total_size(sizeof(u8)) +	/* IFLA_TUN_PI */
	       nla_total_size(sizeof(u8)) +	/* IFLA_TUN_VNET_HDR */
	       nla_total_size(sizeof(u8)) +	/* IFLA_TUN_PERSIST */
	       nla_total_size(sizeof(u8)) +	/* IFLA_TUN_MULTI_QUEUE */
	       nla_total_size(sizeof(u32)) +	/* IFLA_TUN_NUM_QUEUES */
	       nla_total_size(sizeof(u32));	/* ..._NUM_DISABLED_QUEUES */
}

static int tun_rtnl_put_ids(struct sk_buff *skb, const struct tun_dev *tun)
{
	struct user_namespace *ns = current_user_ns();

	if (uid_valid(tun->owner) &&
	    nla_put_u32(skb, IFLA_TUN_OWNER, from_kuid_munged(ns, tun->owner)))
		return -EMSGSIZE;
	if (gid_valid(tun->group) &&
	    nla_put_u32(skb, IFLA_TUN_GROUP, from_kgid_munged(ns, tun->group)))
		return -EMSGSIZE;

	return 0;
}

static int tun_rtnl_put_queues(struct sk_buff *skb, const struct tun_dev *tun)
{
	if (nla_put_u32(skb, IFLA_TUN_NUM_QUEUES, tun->numqueues) ||
	    nla_put_u32(skb, IFLA_TUN_NUM_DISABLED_QUEUES, tun->numdisabled))
		return -EMSGSIZE;

	return 0;
}

static int tun_rtnl_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct tun_dev *tun = netdev_priv(dev);
	unsigned int flags = tun->flags;

	if (nla_put_u8(skb, IFLA_TUN_TYPE, flags & TUN_TYPE_MASK) ||
	    tun_rtnl_put_ids(skb, tun) ||
	    nla_put_u8(skb, IFLA_TUN_PI, !(flags & IFF_NO_PI)) ||
	    nla_put_u8(skb, IFLA_TUN_VNET_HDR, !!(flags & IFF_VNET_HDR)) ||
	    nla_put_u8(skb, IFLA_TUN_PERSIST, !!(flags & IFF_PERSIST)) ||
	    nla_put_u8(skb, IFLA_TUN_MULTI_QUEUE, !!(flags & IFF_MULTI_QUEUE)))
		return -EMSGSIZE;

	return flags & IFF_MULTI_QUEUE ? tun_rtnl_put_queues(skb, tun) : 0;
}

struct rtnl_link_ops tun_link_ops = {
	.kind		= TUN_DRV_NAME,
	.priv_size	= sizeof(struct tun_dev),
	.setup		= tun_netdev_setup,
	.validate	= tun_rtnl_validate,
	.get_size	= tun_rtnl_get_size,
	.fill_info	= tun_rtnl_fill_info,
};

static ssize_t tun_flags_show(struct device *device,
			      struct device_attribute *attr, char *buf)
{
	const struct tun_dev *tun = netdev_priv(to_net_dev(device));

	return sysfs_emit(buf, "0x%x\n", tun_user_flags(tun));
}

static ssize_t tun_rtnl_owner_show(struct device *device,
				   struct device_attribute *attr, char *buf)
{
	const struct tun_dev *tun = netdev_priv(to_net_dev(device));

	if (!uid_valid(tun->owner))
		return sysfs_emit(buf, "-1\n");
	return sysfs_emit(buf, "%u\n",
			  from_kuid_munged(current_user_ns(), tun->owner));
}

static ssize_t tun_rtnl_group_show(struct device *device,
				   struct device_attribute *attr, char *buf)
{
	const struct tun_dev *tun = netdev_priv(to_net_dev(device));

	if (!gid_valid(tun->group))
		return sysfs_emit(buf, "-1\n");
	return sysfs_emit(buf, "%u\n",
			  from_kgid_munged(current_user_ns(), tun->group));
}

static DEVICE_ATTR_RO(tun_flags);
static struct device_attribute dev_attr_owner =
	__ATTR(owner, 0444, tun_rtnl_owner_show, NULL);
static struct device_attribute dev_attr_group =
	__ATTR(group, 0444, tun_rtnl_group_show, NULL);

static struct attribute *sysfs_attrs[] = {
	&dev_attr_tun_flags.attr,
	&dev_attr_owner.attr,
	&dev_attr_group.attr,
	NULL
};

const struct attribute_group tun_sysfs_group = {
	.attrs = sysfs_attrs,
};
