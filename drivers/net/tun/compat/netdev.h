/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network devices, NAPI and XDP.
 */
#ifndef _TUN_COMPAT_NETDEV_H
#define _TUN_COMPAT_NETDEV_H

#include <linux/netdevice.h>

/* Transmit without the core's lock: a feature bit in old kernels, a flag in new
 * ones.
 */
static inline void netdev_set_lltx(struct net_device *dev)
{
#ifdef TUN_HAVE_DEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* The state is a bit field in older kernels of 6.1, which READ_ONCE() does not load. */
static inline bool netdev_is_registered(const struct net_device *dev)
{
#ifdef TUN_HAVE_REG_STATE_U8
	return READ_ONCE(dev->reg_state) == NETREG_REGISTERED;
#else
	barrier();
	return dev->reg_state == NETREG_REGISTERED;
#endif
}

/* Per-cpu counters: a core with pcpu_stat_type allocates and frees them. */
static inline void netdev_request_tstats(struct net_device *dev)
{
#ifdef TUN_HAVE_STAT_TYPE
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
#endif
}

static inline int netdev_init_tstats(struct net_device *dev)
{
#ifndef TUN_HAVE_STAT_TYPE
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!dev->tstats)
		return -ENOMEM;
#endif
	return 0;
}

static inline void netdev_exit_tstats(struct net_device *dev)
{
#ifndef TUN_HAVE_STAT_TYPE
	free_percpu(dev->tstats);
	dev->tstats = NULL;
#endif
}

/*
 * napi_defer_hard_irqs and gro_flush_timeout belong to the NAPI instance in new
 * kernels, and to the device in old ones.
 */
static inline u32 napi_defer_of(const struct napi_struct *n)
{
#ifdef TUN_HAVE_NAPI_DEFER
	return READ_ONCE(n->defer_hard_irqs);
#else
	return READ_ONCE(n->dev->napi_defer_hard_irqs);
#endif
}

static inline unsigned long napi_timeout_of(const struct napi_struct *n)
{
#ifdef TUN_HAVE_NAPI_DEFER
	return READ_ONCE(n->gro_flush_timeout);
#else
	return READ_ONCE(n->dev->gro_flush_timeout);
#endif
}

/* Packets that GRO holds in one of its GRO_HASH_BUCKETS. */
static inline struct list_head *napi_gro_bucket(struct napi_struct *n,
						unsigned int i)
{
#ifdef TUN_HAVE_GRO_NODE
	return &n->gro.hash[i].list;
#else
	return &n->gro_hash[i].list;
#endif
}

/* The address functions for callers that hold rtnl. */
#ifndef TUN_HAVE_NETIF_MAC
#define netif_get_mac_address	dev_get_mac_address
#endif

#ifndef TUN_HAVE_MAC_STORAGE
#define dev_set_mac_address_user(dev, ss, extack) \
	dev_set_mac_address_user(dev, (struct sockaddr *)(ss), extack)
#endif

#ifndef TUN_HAVE_PTR_RING_BH
#define ptr_ring_resize_multiple_bh	ptr_ring_resize_multiple
#endif

/* The XDP actions of a TAP device, which new kernels look up. */
static inline void netdev_set_tap_xdp_features(struct net_device *dev)
{
#ifdef TUN_HAVE_XDP_FEATURES
	dev->xdp_features = NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT |
			    NETDEV_XDP_ACT_NDO_XMIT;
#endif
}

/* State of a redirect, on the stack of the function that runs an XDP program.
 * Old kernels keep that state per CPU.
 */
#ifndef TUN_HAVE_BPF_NET_CTX
struct bpf_net_context {
};

static inline struct bpf_net_context *
bpf_net_ctx_set(struct bpf_net_context *ctx)
{
	return NULL;
}

static inline void bpf_net_ctx_clear(struct bpf_net_context *ctx)
{
}
#endif

/* Generic XDP may replace the skb in new kernels, but not in old ones. */
#ifndef TUN_HAVE_XDP_PSKB
#define do_xdp_generic(prog, pskb)	do_xdp_generic(prog, *(pskb))
#endif

/* vhost_net puts a virtio_net_hdr in front of a packet. In old kernels the
 * length of the buffer comes before that header; new kernels keep the length in
 * the xdp_buff.
 */
#ifdef TUN_HAVE_XDP_HDR
#define xdp_vnet_hdr(xdp) \
	(&((const struct tun_xdp_hdr *)(xdp)->data_hard_start)->gso)
#define xdp_buflen(xdp) \
	(((const struct tun_xdp_hdr *)(xdp)->data_hard_start)->buflen)
#else
#define xdp_vnet_hdr(xdp) \
	((const struct virtio_net_hdr *)(xdp)->data_hard_start)
#define xdp_buflen(xdp)		((int)(xdp)->frame_sz)
#endif

/* Data of a CPU that only softirqs use. Bottom halves that are off keep other
 * users away, except on PREEMPT_RT, where new kernels have a lock for that.
 */
#ifndef TUN_HAVE_LOCK_NESTED_BH
#define local_lock_nested_bh(lock)	do { } while (0)
#define local_unlock_nested_bh(lock)	do { } while (0)
#endif

#endif /* _TUN_COMPAT_NETDEV_H */
