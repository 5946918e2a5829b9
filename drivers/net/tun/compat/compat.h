/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernel versions, force-included before every file.
 *
 * The driver is written against the newest interface; what an older kernel
 * lacks is supplied here. Nothing outside this folder names it.
 */
#ifndef _TUN_COMPAT_H
#define _TUN_COMPAT_H

#ifdef __KERNEL__

#include <linux/version.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/timer.h>

#if __has_include(<net/rps.h>)
#include <net/rps.h>
#endif

#ifndef timer_container_of
#define timer_container_of(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*(var)), timer_fieldname)
#endif

/* Since 6.6 the stock driver promises that IOCB_NOWAIT never blocks. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define TUN_FMODE	FMODE_NOWAIT
#else
#define TUN_FMODE	((__force fmode_t)0)
#endif

/* Since 6.12 file_operations have no no_llseek: its absence means the same. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define no_llseek	NULL
#endif

/* 6.12 turned the feature bit into a flag of the device. */
static inline void netdev_set_lltx(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* Since 6.7 the core allocates and frees the per-cpu counters. */
static inline int netdev_init_tstats(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	return 0;
#else
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	return dev->tstats ? 0 : -ENOMEM;
#endif
}

static inline void netdev_request_tstats(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
#endif
}

static inline void netdev_exit_tstats(struct net_device *dev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	free_percpu(dev->tstats);
	dev->tstats = NULL;
#endif
}

/* Since 6.10 a redirect needs a context on the stack of the caller. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
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

/* Since 6.9 the skb may be replaced on the way. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
#define do_xdp_generic(prog, pskb)	do_xdp_generic(prog, *(pskb))
#endif

/* Since 6.12 a ubuf_info has a table of operations. */
static inline void skb_ubuf_complete(struct ubuf_info *uarg, bool zerocopy)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	uarg->ops->complete(NULL, uarg, zerocopy);
#else
	uarg->callback(NULL, uarg, zerocopy);
#endif
}

/* Since 6.3 the flags of a mapping are changed by helpers. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
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

#endif /* __KERNEL__ */

#endif /* _TUN_COMPAT_H */
