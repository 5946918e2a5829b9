// SPDX-License-Identifier: GPL-2.0
#include "ioctl.h"

#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/if.h>
#include <linux/if_tun_ring.h>
#include <linux/proc_fs.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "create.h"
#include "netdev.h"
#include "queue.h"
#include "ring/ring.h"
#include "rtnl.h"
#include "tun.h"

/**
 * struct call - one ioctl under way
 * @q: the queue of the file
 * @tun: its device: not NULL with OP_DEV, valid only with OP_RTNL
 * @arg: the argument as a number
 * @argp: and as an address
 * @ifr: what @argp points to, with OP_IFREQ
 * @ifreq_len: how much of it the caller knows of
 * @quiet: out: nothing changed, so no OP_NOTIFY
 */
struct call {
	struct tun_queue	*q;
	struct tun_dev		*tun;
	unsigned long		arg;
	void __user		*argp;
	struct ifreq		ifr;
	size_t			ifreq_len;
	bool			quiet;
};

#define OP_RTNL		BIT(0)	/* runs under rtnl */
#define OP_DEV		BIT(1)	/* -EBADFD without a device */
#define OP_TAP		BIT(2)	/* -EINVAL unless that is a TAP device */
#define OP_IFREQ	BIT(3)	/* a struct ifreq is copied in first */
#define OP_IFREQ_OUT	BIT(4)	/* and one copied out after success */
#define OP_NOTIFY	BIT(5)	/* success changes what rtnetlink shows */
#define OP_VALUE	BIT(6)	/* the argument is a number, no address */

struct op {
	unsigned int	cmd;
	unsigned int	flags;
	int		(*fn)(struct call *c);
};

static int get_int(const struct call *c, int *value)
{
	return copy_from_user(value, c->argp, sizeof(*value)) ? -EFAULT : 0;
}

static int put_int(const struct call *c, int value)
{
	return copy_to_user(c->argp, &value, sizeof(value)) ? -EFAULT : 0;
}

static int get_features(struct call *c)
{
	return put_int(c, IFF_TUN | IFF_TAP | IFF_NO_CARRIER | TUN_FEATURES);
}

static int open_net(struct net *net)
{
	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	return open_related_ns(&net->ns, get_net_ns);
}

static int get_sock_net(struct call *c)
{
	return open_net(sock_net(&c->q->sk));
}

static int get_dev_net(struct call *c)
{
	return open_net(dev_net(c->tun->dev));
}

static int set_iff(struct call *c)
{
	if (c->tun)
		return -EEXIST;

	c->ifr.ifr_name[IFNAMSIZ - 1] = '\0';
	return tun_create_set_iff(sock_net(&c->q->sk), c->q, &c->ifr);
}

static int get_iff(struct call *c)
{
	unsigned int flags = tun_user_flags(c->tun);

	if (c->q->state == TUN_QUEUE_DISABLED)
		flags |= IFF_DETACH_QUEUE;
	if (!rcu_access_pointer(c->q->sk.sk_filter))
		flags |= IFF_NOFILTER;

	strscpy(c->ifr.ifr_name, c->tun->dev->name, IFNAMSIZ);
	c->ifr.ifr_flags = flags;
	return 0;
}

static int set_ifindex(struct call *c)
{
	int ifindex, err;

	if (c->tun)
		return -EPERM;
	err = get_int(c, &ifindex);
	if (err)
		return err;
	if (ifindex < 0)
		return -EINVAL;
	c->q->ifindex = ifindex;
	return 0;
}

static int set_queue(struct call *c)
{
	return tun_create_set_queue(c->q, &c->ifr);
}

static int set_nocsum(struct call *c)
{
	netif_info(c->tun, drv, c->tun->dev, "TUNSETNOCSUM is ignored\n");
	return 0;
}

static int set_persist(struct call *c)
{
	c->quiet = !tun_create_set_persist(c->tun, c->arg);
	netif_info(c->tun, drv, c->tun->dev, "persist %s\n",
		   c->arg ? "enabled" : "disabled");
	return 0;
}

static int set_owner(struct call *c)
{
	return tun_create_set_owner(c->tun, c->arg);
}

static int set_group(struct call *c)
{
	return tun_create_set_group(c->tun, c->arg);
}

static int set_link(struct call *c)
{
	if (c->tun->dev->flags & IFF_UP)
		return -EBUSY;
	return tun_netdev_set_link_type(c->tun->dev, c->arg);
}

static int set_debug(struct call *c)
{
	WRITE_ONCE(c->tun->msg_enable, c->arg);
	return 0;
}

static int set_offload(struct call *c)
{
	return tun_netdev_set_offload(c->tun, c->arg);
}

static int set_carrier(struct call *c)
{
	int carrier;
	int err = get_int(c, &carrier);

	return err ?: tun_netdev_change_carrier(c->tun->dev, carrier);
}

static int get_hwaddr(struct call *c)
{
	/* The name is the device's: that there is none is no possible error. */
	dev_get_mac_address(&c->ifr.ifr_hwaddr, dev_net(c->tun->dev),
			    c->tun->dev->name);
	return 0;
}

static int set_hwaddr(struct call *c)
{
	return dev_set_mac_address_user(c->tun->dev, &c->ifr.ifr_hwaddr, NULL);
}

static int get_sndbuf(struct call *c)
{
	return put_int(c, c->q->sk.sk_sndbuf);
}

static int set_sndbuf(struct call *c)
{
	int sndbuf;
	int err = get_int(c, &sndbuf);

	if (err)
		return err;
	if (sndbuf <= 0)
		return -EINVAL;
	c->tun->sndbuf = sndbuf;
	tun_queue_set_sndbuf_all(c->tun);
	return 0;
}

static int get_vnet_hdr_sz(struct call *c)
{
	return put_int(c, c->tun->vnet_hdr_sz);
}

static int set_vnet_hdr_sz(struct call *c)
{
	int hdr_sz;
	int err = get_int(c, &hdr_sz);

	if (err)
		return err;
	if (hdr_sz < (int)sizeof(struct virtio_net_hdr))
		return -EINVAL;
	WRITE_ONCE(c->tun->vnet_hdr_sz, hdr_sz);
	return 0;
}

static int get_vnet_le(struct call *c)
{
	return put_int(c, c->tun->vnet_le);
}

static int set_vnet_le(struct call *c)
{
	int le;
	int err = get_int(c, &le);

	if (!err)
		WRITE_ONCE(c->tun->vnet_le, le);
	return err;
}

static int get_vnet_be(struct call *c)
{
	if (!IS_ENABLED(CONFIG_TUN_VNET_CROSS_LE))
		return -EINVAL;
	return put_int(c, c->tun->vnet_be);
}

static int set_vnet_be(struct call *c)
{
	int be, err;

	if (!IS_ENABLED(CONFIG_TUN_VNET_CROSS_LE))
		return -EINVAL;
	err = get_int(c, &be);
	if (!err)
		WRITE_ONCE(c->tun->vnet_be, be);
	return err;
}

static int set_tx_filter(struct call *c)
{
	return tun_filter_set_mac(&c->tun->filter, c->argp);
}

static int attach_filter(struct call *c)
{
	struct sock_fprog fprog;

	if (copy_from_user(&fprog, c->argp, sizeof(fprog)))
		return -EFAULT;
	c->tun->filter.fprog = fprog;
	return tun_queue_attach_filter_all(c->tun);
}

static int detach_filter(struct call *c)
{
	tun_queue_detach_filter_all(c->tun);
	return 0;
}

static int get_filter(struct call *c)
{
	const struct sock_fprog *fprog = &c->tun->filter.fprog;

	return copy_to_user(c->argp, fprog, sizeof(*fprog)) ? -EFAULT : 0;
}

/* The program that an fd names, or NULL if it is -1, or an ERR_PTR(). */
static struct bpf_prog *get_prog(const struct call *c)
{
	int fd;
	int err = get_int(c, &fd);

	if (err)
		return ERR_PTR(err);
	if (fd == -1)
		return NULL;
	return bpf_prog_get_type(fd, BPF_PROG_TYPE_SOCKET_FILTER);
}

static int set_steering_prog(struct call *c)
{
	struct bpf_prog *prog = get_prog(c);

	if (IS_ERR(prog))
		return PTR_ERR(prog);
	tun_steer_set_prog(&c->tun->steer, prog);
	return 0;
}

static int set_filter_prog(struct call *c)
{
	struct bpf_prog *prog = get_prog(c);

	if (IS_ERR(prog))
		return PTR_ERR(prog);
	tun_filter_set_prog(&c->tun->filter, prog);
	return 0;
}

static int unknown(struct call *c)
{
	return -EINVAL;
}

#define DEV	(OP_RTNL | OP_DEV)
#define TAP	(DEV | OP_TAP)
#define VALUE	(DEV | OP_VALUE)

static const struct op ops[] = {
	{ TUNGETFEATURES,	0,				get_features },
	{ SIOCGSKNS,		0,				get_sock_net },
	{ TUNSETIFF,		OP_RTNL | OP_IFREQ | OP_IFREQ_OUT, set_iff },
	{ TUNSETIFINDEX,	OP_RTNL,			set_ifindex },
	{ TUNSETQUEUE,		OP_RTNL | OP_IFREQ,		set_queue },
	{ TUNGETIFF,		DEV | OP_IFREQ_OUT,		get_iff },
	{ TUNGETDEVNETNS,	DEV,				get_dev_net },
	{ TUNSETNOCSUM,		VALUE,				set_nocsum },
	{ TUNSETPERSIST,	VALUE | OP_NOTIFY,		set_persist },
	{ TUNSETOWNER,		VALUE | OP_NOTIFY,		set_owner },
	{ TUNSETGROUP,		VALUE | OP_NOTIFY,		set_group },
	{ TUNSETLINK,		VALUE,				set_link },
	{ TUNSETDEBUG,		VALUE,				set_debug },
	{ TUNSETOFFLOAD,	VALUE,				set_offload },
	{ TUNSETCARRIER,	DEV,				set_carrier },
	{ SIOCGIFHWADDR,	DEV | OP_IFREQ | OP_IFREQ_OUT,	get_hwaddr },
	{ SIOCSIFHWADDR,	DEV | OP_IFREQ,			set_hwaddr },
	{ TUNGETSNDBUF,		DEV,				get_sndbuf },
	{ TUNSETSNDBUF,		DEV,				set_sndbuf },
	{ TUNGETVNETHDRSZ,	DEV,				get_vnet_hdr_sz },
	{ TUNSETVNETHDRSZ,	DEV,				set_vnet_hdr_sz },
	{ TUNGETVNETLE,		DEV,				get_vnet_le },
	{ TUNSETVNETLE,		DEV,				set_vnet_le },
	{ TUNGETVNETBE,		DEV,				get_vnet_be },
	{ TUNSETVNETBE,		DEV,				set_vnet_be },
	{ TUNSETTXFILTER,	TAP,				set_tx_filter },
	{ TUNATTACHFILTER,	TAP,				attach_filter },
	{ TUNDETACHFILTER,	TAP,				detach_filter },
	{ TUNGETFILTER,		TAP,				get_filter },
	{ TUNSETSTEERINGEBPF,	DEV,				set_steering_prog },
	{ TUNSETFILTEREBPF,	DEV,				set_filter_prog },
};

/* Without a device the answer is -EBADFD. As long as the command looks like
 * one of a socket's, its argument is looked at first.
 */
static const struct op unknown_op = { 0, DEV, unknown };
static const struct op unknown_sock_op = { 0, DEV | OP_IFREQ, unknown };

static const struct op *find_op(unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++)
		if (ops[i].cmd == cmd)
			return &ops[i];

	return _IOC_TYPE(cmd) == SOCK_IOC_TYPE ? &unknown_sock_op : &unknown_op;
}

static int call_locked(const struct op *op, struct call *c, unsigned int cmd)
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

	if ((op->flags & OP_IFREQ_OUT) &&
	    copy_to_user(c->argp, &c->ifr, c->ifreq_len))
		return -EFAULT;
	if ((op->flags & OP_NOTIFY) && !c->quiet)
		netdev_state_change(c->tun->dev);

	return ret;
}

static int call(const struct op *op, struct call *c, unsigned int cmd)
{
	int ret;

	if ((op->flags & OP_IFREQ) &&
	    copy_from_user(&c->ifr, c->argp, c->ifreq_len))
		return -EFAULT;

	if (!(op->flags & OP_RTNL))
		return op->fn(c);

	rtnl_lock();
	ret = call_locked(op, c, cmd);
	rtnl_unlock();

	return ret;
}

/* Rings have locks of their own, and some of their calls sleep for long. */
static bool is_ring_cmd(unsigned int cmd)
{
	switch (cmd) {
	case TUNRINGQUERY:
	case TUNRINGSETUP:
	case TUNRINGTEARDOWN:
	case TUNRINGENTER:
	case TUNRINGSTATS:
		return IS_ENABLED(CONFIG_TUN_RING);
	default:
		return false;
	}
}

long tun_ioctl(struct tun_queue *q, unsigned int cmd, unsigned long arg)
{
	struct call c = {
		.q = q,
		.arg = arg,
		.argp = (void __user *)arg,
		.ifreq_len = sizeof(struct ifreq),
	};

	if (is_ring_cmd(cmd))
		return tun_ring_ioctl(q, cmd, c.argp);

	return call(find_op(cmd), &c, cmd);
}

#ifdef CONFIG_COMPAT
/* A 32-bit struct ifreq is shorter, but what is used here lies in it as in the
 * native one.
 */
long tun_compat_ioctl(struct tun_queue *q, unsigned int cmd, unsigned long arg)
{
	const struct op *op = find_op(cmd);
	struct call c = {
		.q = q,
		.arg = (compat_ulong_t)arg,
		.argp = compat_ptr(arg),
		.ifreq_len = sizeof(struct compat_ifreq),
	};

	if (is_ring_cmd(cmd))
		return tun_ring_ioctl(q, cmd, c.argp);

	return call(op, &c, cmd);
}
#endif

/* A table that contradicts itself would show only in the ioctl concerned. */
static bool op_is_sane(unsigned int i)
{
	const unsigned int flags = ops[i].flags;
	unsigned int j;

	for (j = 0; j < i; j++)
		if (ops[j].cmd == ops[i].cmd)
			return false;

	if (!ops[i].fn || is_ring_cmd(ops[i].cmd))
		return false;
	if ((flags & (OP_DEV | OP_NOTIFY | OP_IFREQ_OUT)) &&
	    !(flags & OP_RTNL))
		return false;
	if ((flags & (OP_TAP | OP_NOTIFY)) && !(flags & OP_DEV))
		return false;

	return !((flags & OP_VALUE) && (flags & (OP_IFREQ | OP_IFREQ_OUT)));
}

int tun_ioctl_init(void)
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

	for (i = 0; i < ARRAY_SIZE(ops); i++)
		if (WARN_ON(!op_is_sane(i)))
			return -EINVAL;

	return 0;
}
