// SPDX-License-Identifier: GPL-2.0
#include "ioctl_ops.h"

#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/proc_fs.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "all_queues.h"
#include "create.h"
#include "netdev.h"
#include "queue.h"
#include "rtnl.h"
#include "settings.h"
#include "tun.h"

static int tun_ioctl_in_int(struct tun_call *c)
{
	return copy_from_user(&c->value, c->argp, sizeof(c->value)) ? -EFAULT :
								     0;
}

static int tun_ioctl_out_int(struct tun_call *c)
{
	return copy_to_user(c->argp, &c->value, sizeof(c->value)) ? -EFAULT : 0;
}

/* The int that tun_ioctl_out_int() writes. */
static int tun_ioctl_put_int(struct tun_call *c, int value)
{
	c->value = value;
	return 0;
}

static int tun_ioctl_get_features(struct tun_call *c)
{
	return tun_ioctl_put_int(c, IFF_TUN | IFF_TAP | IFF_NO_CARRIER |
					    TUN_FEATURES);
}

static int tun_ioctl_open_net(struct net *net)
{
	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	return open_related_ns(&net->ns, get_net_ns);
}

static int tun_ioctl_get_sock_net(struct tun_call *c)
{
	return tun_ioctl_open_net(sock_net(&c->q->sk));
}

static int tun_ioctl_get_dev_net(struct tun_call *c)
{
	return tun_ioctl_open_net(dev_net(c->tun->dev));
}

static int tun_ioctl_set_iff(struct tun_call *c)
{
	if (c->tun)
		return -EEXIST;

	c->ifr.ifr_name[IFNAMSIZ - 1] = '\0';
	return tun_create_set_iff(sock_net(&c->q->sk), c->q, &c->ifr,
				  &c->fault);
}

static int tun_ioctl_get_iff(struct tun_call *c)
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

static int tun_ioctl_set_ifindex(struct tun_call *c)
{
	if (c->tun)
		return -EPERM;
	if (c->in)
		return c->in;
	if (c->value < 0)
		return -EINVAL;
	c->q->ifindex = c->value;
	return 0;
}

static int tun_ioctl_set_queue(struct tun_call *c)
{
	return tun_create_set_queue(c->q, &c->ifr, &c->fault);
}

static int tun_ioctl_set_nocsum(struct tun_call *c)
{
	netif_info(c->tun, drv, c->tun->dev, "TUNSETNOCSUM is ignored\n");
	return 0;
}

static int tun_ioctl_set_persist(struct tun_call *c)
{
	c->quiet = !tun_create_set_persist(c->tun, c->arg);
	netif_info(c->tun, drv, c->tun->dev, "persist %s\n",
		   c->arg ? "enabled" : "disabled");
	return 0;
}

static int tun_ioctl_set_owner(struct tun_call *c)
{
	return tun_create_set_owner(c->tun, c->arg);
}

static int tun_ioctl_set_group(struct tun_call *c)
{
	return tun_create_set_group(c->tun, c->arg);
}

static int tun_ioctl_set_link(struct tun_call *c)
{
	if (c->tun->dev->flags & IFF_UP)
		return -EBUSY;
	return tun_settings_set_link_type(c->tun->dev, c->arg);
}

static int tun_ioctl_set_debug(struct tun_call *c)
{
	WRITE_ONCE(c->tun->msg_enable, c->arg);
	return 0;
}

static int tun_ioctl_set_offload(struct tun_call *c)
{
	return tun_settings_set_offload(c->tun, c->q, c->arg);
}

static int tun_ioctl_set_carrier(struct tun_call *c)
{
	return c->in ?: tun_netdev_change_carrier(c->tun->dev, c->value);
}

static int tun_ioctl_get_hwaddr(struct tun_call *c)
{
	/* The name is the name of a device that exists, so no error is
	 * possible.
	 */
	netif_get_mac_address(&c->ifr.ifr_hwaddr, dev_net(c->tun->dev),
			      c->tun->dev->name);
	return 0;
}

static int tun_ioctl_set_hwaddr(struct tun_call *c)
{
	struct sockaddr *addr = &c->ifr.ifr_hwaddr;

	/* The core reads as many bytes as the device's addresses have. */
	if (c->tun->dev->addr_len > sizeof(*addr))
		return -EINVAL;
	return dev_set_mac_address_user(c->tun->dev,
					(struct sockaddr_storage *)addr, NULL);
}

static int tun_ioctl_get_sndbuf(struct tun_call *c)
{
	return tun_ioctl_put_int(c, c->q->sk.sk_sndbuf);
}

static int tun_ioctl_set_sndbuf(struct tun_call *c)
{
	if (c->in)
		return c->in;
	if (c->value <= 0)
		return -EINVAL;
	c->tun->sndbuf = c->value;
	tun_queue_set_sndbuf_all(c->tun);
	return 0;
}

static int tun_ioctl_get_vnet_hdr_sz(struct tun_call *c)
{
	return tun_ioctl_put_int(c, c->tun->vnet_hdr_sz);
}

static int tun_ioctl_set_vnet_hdr_sz(struct tun_call *c)
{
	if (c->in)
		return c->in;
	if (c->value < (int)sizeof(struct virtio_net_hdr))
		return -EINVAL;
	WRITE_ONCE(c->tun->vnet_hdr_sz, c->value);
	return 0;
}

static int tun_ioctl_get_vnet_le(struct tun_call *c)
{
	return tun_ioctl_put_int(c, c->tun->vnet_le);
}

static int tun_ioctl_set_vnet_le(struct tun_call *c)
{
	if (!c->in)
		WRITE_ONCE(c->tun->vnet_le, c->value);
	return c->in;
}

static int tun_ioctl_get_vnet_be(struct tun_call *c)
{
	if (!IS_ENABLED(CONFIG_TUN_VNET_CROSS_LE))
		return -EINVAL;
	return tun_ioctl_put_int(c, c->tun->vnet_be);
}

static int tun_ioctl_set_vnet_be(struct tun_call *c)
{
	if (!IS_ENABLED(CONFIG_TUN_VNET_CROSS_LE))
		return -EINVAL;
	if (!c->in)
		WRITE_ONCE(c->tun->vnet_be, c->value);
	return c->in;
}

static int tun_ioctl_in_mac(struct tun_call *c)
{
	return tun_filter_read_mac(c->argp, &c->mac);
}

static int tun_ioctl_set_tx_filter(struct tun_call *c)
{
	if (c->in < 0)
		return c->in;
	tun_filter_set_mac(&c->tun->filter, c->mac);
	c->mac = NULL;
	return c->in;
}

static int tun_ioctl_in_fprog(struct tun_call *c)
{
	return copy_from_user(&c->fprog, c->argp, sizeof(c->fprog)) ? -EFAULT :
								     0;
}

static int tun_ioctl_out_fprog(struct tun_call *c)
{
	return copy_to_user(c->argp, &c->fprog, sizeof(c->fprog)) ? -EFAULT : 0;
}

static int tun_ioctl_attach_filter(struct tun_call *c)
{
	if (c->in)
		return c->in;
	c->tun->filter.fprog = c->fprog;
	return tun_queue_attach_filter_all(c->tun, &c->fault);
}

static int tun_ioctl_detach_filter(struct tun_call *c)
{
	tun_queue_detach_filter_all(c->tun);
	return 0;
}

static int tun_ioctl_get_filter(struct tun_call *c)
{
	c->fprog = c->tun->filter.fprog;
	return 0;
}

/* Return: the program of the file descriptor at argp; NULL if that is -1; or an
 * ERR_PTR().
 */
static struct bpf_prog *tun_ioctl_get_prog(const struct tun_call *c)
{
	if (c->in)
		return ERR_PTR(c->in);
	if (c->value == -1)
		return NULL;
	return bpf_prog_get_type(c->value, BPF_PROG_TYPE_SOCKET_FILTER);
}

static int tun_ioctl_set_steering_prog(struct tun_call *c)
{
	struct bpf_prog *prog = tun_ioctl_get_prog(c);

	if (IS_ERR(prog))
		return PTR_ERR(prog);
	tun_steer_set_prog(&c->tun->steer, prog);
	return 0;
}

static int tun_ioctl_set_filter_prog(struct tun_call *c)
{
	struct bpf_prog *prog = tun_ioctl_get_prog(c);

	if (IS_ERR(prog))
		return PTR_ERR(prog);
	tun_filter_set_prog(&c->tun->filter, prog);
	return 0;
}

#define DEV	(OP_RTNL | OP_DEV)
#define TAP	(DEV | OP_TAP)
#define VALUE	(DEV | OP_VALUE)
#define IN_INT	tun_ioctl_in_int
#define OUT_INT	tun_ioctl_out_int
#define IN_PROG	tun_ioctl_in_fprog
#define OUT_PROG tun_ioctl_out_fprog

const struct tun_op tun_ioctl_ops[] = {
	{ TUNGETFEATURES,	0,			tun_ioctl_get_features, .out = OUT_INT },
	{ SIOCGSKNS,		0,			tun_ioctl_get_sock_net },
	{ TUNSETIFF,		OP_RTNL | OP_IFREQ | OP_IFREQ_OUT, tun_ioctl_set_iff },
	{ TUNSETIFINDEX,	OP_RTNL,		tun_ioctl_set_ifindex, IN_INT },
	{ TUNSETQUEUE,		OP_RTNL | OP_IFREQ,	tun_ioctl_set_queue },
	{ TUNGETIFF,		DEV | OP_IFREQ_OUT,	tun_ioctl_get_iff },
	{ TUNGETDEVNETNS,	DEV,			tun_ioctl_get_dev_net },
	{ TUNSETNOCSUM,		VALUE,			tun_ioctl_set_nocsum },
	{ TUNSETPERSIST,	VALUE | OP_NOTIFY,	tun_ioctl_set_persist },
	{ TUNSETOWNER,		VALUE | OP_NOTIFY,	tun_ioctl_set_owner },
	{ TUNSETGROUP,		VALUE | OP_NOTIFY,	tun_ioctl_set_group },
	{ TUNSETLINK,		VALUE,			tun_ioctl_set_link },
	{ TUNSETDEBUG,		VALUE,			tun_ioctl_set_debug },
	{ TUNSETOFFLOAD,	VALUE,			tun_ioctl_set_offload },
	{ TUNSETCARRIER,	DEV,			tun_ioctl_set_carrier, IN_INT },
	{ SIOCGIFHWADDR,	DEV | OP_IFREQ | OP_IFREQ_OUT, tun_ioctl_get_hwaddr },
	{ SIOCSIFHWADDR,	DEV | OP_IFREQ,		tun_ioctl_set_hwaddr },
	{ TUNGETSNDBUF,		DEV,			tun_ioctl_get_sndbuf, .out = OUT_INT },
	{ TUNSETSNDBUF,		DEV,			tun_ioctl_set_sndbuf, IN_INT },
	{ TUNGETVNETHDRSZ,	DEV,			tun_ioctl_get_vnet_hdr_sz, .out = OUT_INT },
	{ TUNSETVNETHDRSZ,	DEV,			tun_ioctl_set_vnet_hdr_sz, IN_INT },
	{ TUNGETVNETLE,		DEV,			tun_ioctl_get_vnet_le, .out = OUT_INT },
	{ TUNSETVNETLE,		DEV,			tun_ioctl_set_vnet_le, IN_INT },
	{ TUNGETVNETBE,		DEV,			tun_ioctl_get_vnet_be, .out = OUT_INT },
	{ TUNSETVNETBE,		DEV,			tun_ioctl_set_vnet_be, IN_INT },
	{ TUNSETTXFILTER,	TAP,			tun_ioctl_set_tx_filter, tun_ioctl_in_mac },
	{ TUNATTACHFILTER,	TAP,			tun_ioctl_attach_filter, IN_PROG },
	{ TUNDETACHFILTER,	TAP,			tun_ioctl_detach_filter },
	{ TUNGETFILTER,		TAP,			tun_ioctl_get_filter, .out = OUT_PROG },
	{ TUNSETSTEERINGEBPF,	DEV,			tun_ioctl_set_steering_prog, IN_INT },
	{ TUNSETFILTEREBPF,	DEV,			tun_ioctl_set_filter_prog, IN_INT },
};

const unsigned int tun_ioctl_nr_ops = ARRAY_SIZE(tun_ioctl_ops);
