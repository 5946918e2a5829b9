// SPDX-License-Identifier: GPL-2.0
#include "ioctl.h"

#include <linux/compat.h>
#include <linux/filter.h>
#include <linux/if_tun_ring.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>

#include "ioctl_ops.h"
#include "rings.h"
#include "tun.h"
#include "vringfd/tun/vrings.h"

static int tun_ioctl_unknown(struct tun_call *c)
{
	return -EINVAL;
}

/* An unknown command fails with -EBADFD if the file has no device, else with
 * -EINVAL. A command with the type of a socket ioctl reads its struct ifreq
 * first, so -EFAULT comes before both.
 */
static const struct tun_op unknown_op = {
	.flags	= OP_RTNL | OP_DEV,
	.fn	= tun_ioctl_unknown,
};

static const struct tun_op unknown_sock_op = {
	.flags	= OP_RTNL | OP_DEV | OP_IFREQ,
	.fn	= tun_ioctl_unknown,
};

static const struct tun_op *tun_ioctl_find_op(unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < tun_ioctl_nr_ops; i++)
		if (tun_ioctl_ops[i].cmd == cmd)
			return &tun_ioctl_ops[i];

	return _IOC_TYPE(cmd) == SOCK_IOC_TYPE ? &unknown_sock_op : &unknown_op;
}

static int tun_ioctl_call_locked(const struct tun_op *op, struct tun_call *c,
				 unsigned int cmd)
{
	int ret;

	ASSERT_RTNL();

	c->tun = tun_dev_rtnl(c->q);
	if (op->flags & OP_DEV) {
		if (!c->tun)
			return -EBADFD;
		netif_info(c->tun, drv, c->tun->dev, "ioctl 0x%x\n", cmd);
	}
	if ((op->flags & OP_TAP) && !tun_is_tap(c->tun))
		return -EINVAL;

	ret = op->fn(c);
	if (ret < 0)
		return ret;

	if ((op->flags & OP_NOTIFY) && !c->quiet)
		netdev_state_change(c->tun->dev);

	return ret;
}

/* Memory of a classic program is read without rtnl, then the call begins anew. */
static int tun_ioctl_call_rtnl(const struct tun_op *op, struct tun_call *c,
			       unsigned int cmd)
{
	int ret;

	do {
		rtnl_lock();
		ret = tun_ioctl_call_locked(op, c, cmd);
		rtnl_unlock();
	} while (ret == -EFAULT && tun_filter_fault_in(&c->fault));

	return ret;
}

static int tun_ioctl_copy_out(const struct tun_op *op, struct tun_call *c)
{
	if ((op->flags & OP_IFREQ_OUT) &&
	    copy_to_user(c->argp, &c->ifr, c->ifreq_len))
		return -EFAULT;
	return op->out ? op->out(c) : 0;
}

static int tun_ioctl_call(const struct tun_op *op, struct tun_call *c,
			  unsigned int cmd)
{
	int ret;

	if ((op->flags & OP_IFREQ) &&
	    copy_from_user(&c->ifr, c->argp, c->ifreq_len))
		return -EFAULT;
	if (op->in)
		c->in = op->in(c);

	ret = op->flags & OP_RTNL ? tun_ioctl_call_rtnl(op, c, cmd) : op->fn(c);
	if (ret >= 0)
		ret = tun_ioctl_copy_out(op, c) ?: ret;
	kfree(c->mac);

	return ret;
}

/* Ring commands do not run under rtnl: rings have their own locks, and some of
 * these commands sleep for long.
 */
static bool tun_ioctl_is_ring_cmd(unsigned int cmd)
{
	switch (cmd) {
	case TUNRINGQUERY:
	case TUNRINGSETUP:
	case TUNRINGTEARDOWN:
	case TUNRINGENTER:
	case TUNRINGSTATS:
	case TUNRINGREGIONS:
	case TUNRINGATTACH:
	case TUNRINGGUEST:
	case TUNSETRECVVRING:
	case TUNSETXMITVRING:
		return IS_ENABLED(CONFIG_TUN_RING);
	default:
		return tun_vhost_is_cmd(cmd);
	}
}

static long tun_ioctl_call_ring(struct tun_queue *q, unsigned int cmd,
				unsigned long arg, void __user *argp)
{
#if IS_ENABLED(CONFIG_TUN_RING)
	if (cmd == TUNSETRECVVRING)
		return tun_vrings_set(q, TUN_VRINGS_RX, arg);
	if (cmd == TUNSETXMITVRING)
		return tun_vrings_set(q, TUN_VRINGS_TX, arg);
#endif
	return tun_ring_ioctl(q, cmd, argp);
}

/* TUNSETIFF may attach the file to another device. Rings of a deleted device
 * must end first, before the caller takes rtnl. Return: 0, or -EINTR if the caller is
 * killed.
 */
static int tun_ioctl_release_dead(struct tun_queue *q)
{
	return tun_ring_release_dead(q) ?: tun_vrings_release_dead(q);
}

long tun_ioctl(struct tun_queue *q, unsigned int cmd, unsigned long arg)
{
	struct tun_call c = {
		.q = q,
		.arg = arg,
		.argp = (void __user *)arg,
		.ifreq_len = sizeof(struct ifreq),
	};

	if (tun_ioctl_is_ring_cmd(cmd))
		return tun_ioctl_call_ring(q, cmd, arg, c.argp);
	if (cmd == TUNSETIFF) {
		int err = tun_ioctl_release_dead(q);

		if (err)
			return err;
	}

	return tun_ioctl_call(tun_ioctl_find_op(cmd), &c, cmd);
}

#ifdef CONFIG_COMPAT
/* A 32-bit struct ifreq is shorter than the native one, but all members that
 * the driver uses have the same offsets. tun_ioctl_init() checks that.
 */
long tun_compat_ioctl(struct tun_queue *q, unsigned int cmd, unsigned long arg)
{
	const struct tun_op *op = tun_ioctl_find_op(cmd);
	struct tun_call c = {
		.q = q,
		.arg = (compat_ulong_t)arg,
		.argp = compat_ptr(arg),
		.ifreq_len = sizeof(struct compat_ifreq),
	};

	if (tun_ioctl_is_ring_cmd(cmd))
		return tun_ioctl_call_ring(q, cmd, arg, c.argp);
	if (cmd == TUNSETIFF) {
		int err = tun_ioctl_release_dead(q);

		if (err)
			return err;
	}

	return tun_ioctl_call(op, &c, cmd);
}
#endif

/* A contradiction in the table would show only when user space calls that very
 * ioctl. Checking all entries at init finds it on each load.
 */
static bool __init tun_ioctl_op_is_sane(unsigned int i)
{
	const unsigned int flags = tun_ioctl_ops[i].flags;
	unsigned int j;

	for (j = 0; j < i; j++)
		if (tun_ioctl_ops[j].cmd == tun_ioctl_ops[i].cmd)
			return false;

	if (!tun_ioctl_ops[i].fn || tun_ioctl_is_ring_cmd(tun_ioctl_ops[i].cmd))
		return false;
	if ((flags & (OP_DEV | OP_NOTIFY | OP_IFREQ_OUT)) &&
	    !(flags & OP_RTNL))
		return false;
	if ((flags & (OP_TAP | OP_NOTIFY)) && !(flags & OP_DEV))
		return false;

	return !((flags & OP_VALUE) && (flags & (OP_IFREQ | OP_IFREQ_OUT)));
}

int __init tun_ioctl_init(void)
{
	unsigned int i;

	BUILD_BUG_ON(sizeof(struct sock_fprog) !=
		     _IOC_SIZE(TUNATTACHFILTER));
	BUILD_BUG_ON(offsetof(struct ifreq, ifr_flags) +
		     sizeof_field(struct ifreq, ifr_flags) >
		     sizeof(struct ifreq));
#ifdef CONFIG_COMPAT
	BUILD_BUG_ON(offsetof(struct ifreq, ifr_hwaddr) +
		     sizeof_field(struct ifreq, ifr_hwaddr) >
		     sizeof(struct compat_ifreq));
	BUILD_BUG_ON(offsetof(struct ifreq, ifr_hwaddr) !=
		     offsetof(struct compat_ifreq, ifr_ifru));
#endif

	for (i = 0; i < tun_ioctl_nr_ops; i++)
		if (WARN_ON(!tun_ioctl_op_is_sane(i)))
			return -EINVAL;

	return 0;
}
