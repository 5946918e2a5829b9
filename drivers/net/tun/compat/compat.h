/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernels, force-included before every file.
 *
 * The driver is written for the newest interface. This file supplies the parts
 * that an older kernel lacks. The Makefile in this folder probes for them. No
 * file outside this folder includes this one or names a TUN_HAVE_* macro.
 */
#ifndef _TUN_COMPAT_H
#define _TUN_COMPAT_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/timer.h>

/* The name of a symbol namespace is a string in new kernels, a word in old ones.
 */
#ifdef TUN_HAVE_NS_STRINGS
#define VRING_CORE	"VRING_CORE"
#endif

#ifdef TUN_HAVE_NET_RPS_H
#include <net/rps.h>
#endif

#ifndef timer_container_of
#define timer_container_of(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*(var)), timer_fieldname)
#endif

/* The tun driver of kernels with iter_iov() (6.4) honours IOCB_NOWAIT. Older
 * kernels refuse RWF_NOWAIT on a tun file. Programs get the same from this
 * driver.
 */
#ifdef TUN_HAVE_ITER_IOV
#define TUN_FMODE	FMODE_NOWAIT
#else
#define TUN_FMODE	((__force fmode_t)0)
#endif

/* On kernels without no_llseek, a file without .llseek cannot seek. */
#ifndef TUN_HAVE_NO_LLSEEK
#define no_llseek	NULL
#endif

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

/* Notify the owner of a zerocopy packet's pages that the pages are free. */
static inline void skb_ubuf_complete(struct ubuf_info *uarg, bool zerocopy)
{
#ifdef TUN_HAVE_UBUF_OPS
	uarg->ops->complete(NULL, uarg, zerocopy);
#else
	uarg->callback(NULL, uarg, zerocopy);
#endif
}

#ifndef TUN_HAVE_UBUF_OPS
struct ubuf_info_ops {
	void (*complete)(struct sk_buff *skb, struct ubuf_info *uarg,
			 bool zerocopy);
};
#endif

static inline void skb_ubuf_set_ops(struct ubuf_info *uarg,
				    const struct ubuf_info_ops *ops)
{
#ifdef TUN_HAVE_UBUF_OPS
	uarg->ops = ops;
#else
	uarg->callback = ops->complete;
#endif
}

/* Old kernels let a driver write the flags of a mapping directly. */
#ifndef TUN_HAVE_VM_FLAGS_SET
static inline void vm_flags_set(struct vm_area_struct *vma,
				unsigned long flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma,
				  unsigned long flags)
{
	vma->vm_flags &= ~flags;
}
#endif

#endif /* _TUN_COMPAT_H */
