// SPDX-License-Identifier: GPL-2.0
#include "create.h"

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/if.h>
#include <linux/module.h>
#include <linux/security.h>
#include <net/net_namespace.h>

#include "backpressure/backpressure.h"
#include "netdev.h"
#include "queue.h"
#include "rtnl.h"
#include "tun.h"

/* The caller must match the owner and the group, as far as they are set. A
 * privileged caller need not.
 */
static bool tun_create_may_attach(const struct tun_dev *tun)
{
	bool fits = TUN_UNOWNED_IS_FREE || uid_valid(tun->owner) ||
		    gid_valid(tun->group);
	struct net *net = dev_net(tun->dev);

	if (uid_valid(tun->owner) && !uid_eq(current_euid(), tun->owner))
		fits = false;
	if (gid_valid(tun->group) && !in_egroup_p(tun->group))
		fits = false;

	return fits || ns_capable(net->user_ns, CAP_NET_ADMIN);
}

/* TUNSETIFF on an existing device may change the format of its packets. */
static void tun_create_set_features(struct tun_dev *tun, unsigned int flags)
{
	WRITE_ONCE(tun->flags, (tun->flags & ~TUN_FEATURES) |
			       (flags & TUN_FEATURES));
}

/* Return: the tun_dev; NULL if another driver owns the device, or if the flags
 * ask for the other kind.
 */
static struct tun_dev *tun_create_device_of_kind(struct net_device *dev,
						 unsigned int flags)
{
	struct tun_dev *tun = netdev_priv(dev);

	if (dev->rtnl_link_ops != &tun_link_ops ||
	    !(flags & tun->flags & (IFF_TUN | IFF_TAP)))
		return NULL;

	return tun;
}

/* Returns 1 if the device has other queues: TUNSETIFF then leaves the carrier
 * and the features of the device alone.
 */
static int tun_create_attach_existing(struct net_device *dev,
				      struct tun_queue *q, unsigned int flags,
				      struct tun_filter_fault *filter)
{
	struct tun_dev *tun;
	bool others;
	int err;

	if (flags & IFF_TUN_EXCL)
		return -EBUSY;
	tun = tun_create_device_of_kind(dev, flags);
	if (!tun || ((flags ^ tun->flags) & IFF_MULTI_QUEUE))
		return -EINVAL;
	if (!tun_create_may_attach(tun))
		return -EPERM;
	err = security_tun_dev_open(tun->security);
	if (err < 0)
		return err;

	err = tun_queue_attach(tun, q, flags & IFF_NOFILTER ? NULL : filter, flags,
			       true);
	if (err < 0)
		return err;

	others = (tun->flags & IFF_MULTI_QUEUE) &&
		 tun->numqueues + tun->numdisabled > 1;
	if (!others)
		tun_create_set_features(tun, flags);
	netdev_state_change(dev);

	return others;
}

static struct net_device *tun_create_alloc(struct net *net,
					   const struct tun_queue *q,
					   const char *name, unsigned int flags)
{
	unsigned int queues = flags & IFF_MULTI_QUEUE ? TUN_MAX_QUEUES : 1;
	unsigned int kind = flags & IFF_TUN ? IFF_TUN : IFF_TAP;
	struct net_device *dev;
	struct tun_dev *tun;

	if (!*name)
		name = kind == IFF_TUN ? "tun%d" : "tap%d";

	dev = alloc_netdev_mqs(sizeof(*tun), name, NET_NAME_UNKNOWN,
			       tun_netdev_setup, queues, queues);
	if (!dev)
		return NULL;

	dev_net_set(dev, net);
	dev->rtnl_link_ops = &tun_link_ops;
	dev->sysfs_groups[0] = &tun_sysfs_group;
	dev->ifindex = q->ifindex;

	tun = netdev_priv(dev);
	tun->flags = kind | (flags & TUN_FEATURES);
	tun->sndbuf = q->sk.sk_sndbuf;
	tun_netdev_set_kind(dev);

	return dev;
}

static int tun_create_device(struct net *net, struct tun_queue *q,
			     const char *name, unsigned int flags,
			     struct net_device **devp)
{
	struct net_device *dev;
	struct tun_dev *tun;
	int err;

	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	err = security_tun_dev_create();
	if (err < 0)
		return err;
	if (!(flags & (IFF_TUN | IFF_TAP)))
		return -EINVAL;

	dev = tun_create_alloc(net, q, name, flags);
	if (!dev)
		return -ENOMEM;
	tun = netdev_priv(dev);

	tun->creator = q;
	err = register_netdevice(dev);
	tun->creator = NULL;
	if (err < 0) {
		free_netdev(dev);
		return err;
	}

	/* Publish the device last. If register_netdevice() fails, nothing
	 * waits for references that tun_dev_get() takes.
	 */
	rcu_assign_pointer(q->tun, tun);
	*devp = dev;

	return 0;
}

/**
 * tun_create_set_iff - TUNSETIFF: attach to a device, which may be a new one
 * @net: the namespace of the device
 * @q: queue without a device
 * @ifr: in: name and flags; out: name
 * @filter: see tun_queue_attach()
 *
 * Return: 0 or a negative errno.
 */
int tun_create_set_iff(struct net *net, struct tun_queue *q, struct ifreq *ifr,
		       struct tun_filter_fault *filter)
{
	unsigned int flags = (u16)ifr->ifr_flags;
	struct net_device *dev;
	int err;

	ASSERT_RTNL();

	if (flags & IFF_NAPI_FRAGS) {
		if (!capable(CAP_NET_ADMIN))
			return -EPERM;
		if (!(flags & IFF_NAPI) || !tun_flags_tap(flags))
			return -EINVAL;
	}

	dev = __dev_get_by_name(net, ifr->ifr_name);
	if (dev)
		err = tun_create_attach_existing(dev, q, flags, filter);
	else
		err = tun_create_device(net, q, ifr->ifr_name, flags, &dev);
	if (err)
		return min(err, 0);

	if (flags & IFF_NO_CARRIER)
		netif_carrier_off(dev);
	else
		netif_carrier_on(dev);

	/* The transmit queues of a persistent device may still be stopped. */
	if (netif_running(dev))
		netif_tx_wake_all_queues(dev);
	tun_backpressure_reset_all(netdev_priv(dev));

	strscpy(ifr->ifr_name, dev->name, IFNAMSIZ);

	return 0;
}

/**
 * tun_create_set_queue - TUNSETQUEUE: detach from the device or attach again
 * @q: the queue
 * @ifr: IFF_ATTACH_QUEUE or IFF_DETACH_QUEUE
 * @filter: see tun_queue_attach()
 *
 * Return: 0 or a negative errno.
 */
int tun_create_set_queue(struct tun_queue *q, const struct ifreq *ifr,
			 struct tun_filter_fault *filter)
{
	struct tun_dev *tun = tun_dev_rtnl(q);
	int err;

	ASSERT_RTNL();

	if (ifr->ifr_flags & IFF_ATTACH_QUEUE) {
		if (q->state != TUN_QUEUE_DISABLED)
			return -EINVAL;
		err = security_tun_dev_attach_queue(tun->security);
		if (err < 0)
			return err;
		err = tun_queue_attach(tun, q, filter, 0, true);
		if (err < 0)
			return err;
	} else if (ifr->ifr_flags & IFF_DETACH_QUEUE) {
		if (q->state != TUN_QUEUE_ACTIVE ||
		    !(tun->flags & IFF_MULTI_QUEUE))
			return -EINVAL;
		tun_queue_disable(q);
	} else {
		return -EINVAL;
	}
	netdev_state_change(tun->dev);

	return 0;
}

/**
 * tun_create_set_persist - TUNSETPERSIST: keep the device without queues
 * @tun: the device
 * @persist: true to keep the device
 *
 * A persistent device holds the module.
 *
 * Return: true if the flag changed.
 */
bool tun_create_set_persist(struct tun_dev *tun, bool persist)
{
	if (persist == !!(tun->flags & IFF_PERSIST))
		return false;

	WRITE_ONCE(tun->flags, tun->flags ^ IFF_PERSIST);
	if (persist)
		__module_get(THIS_MODULE);
	else
		module_put(THIS_MODULE);

	return true;
}

/* TUNSETOWNER: the user who may attach without privilege. */
int tun_create_set_owner(struct tun_dev *tun, unsigned long uid)
{
	kuid_t owner = make_kuid(current_user_ns(), uid);

	if (!uid_valid(owner))
		return -EINVAL;
	tun->owner = owner;

	return 0;
}

/* TUNSETGROUP: the group that may attach without privilege. */
int tun_create_set_group(struct tun_dev *tun, unsigned long gid)
{
	kgid_t group = make_kgid(current_user_ns(), gid);

	if (!gid_valid(group))
		return -EINVAL;
	tun->group = group;

	return 0;
}
