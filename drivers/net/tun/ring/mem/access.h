/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accessors that the packet paths use for one kind of memory. Each kind has a
 * constant table. Callers pass the table as a parameter of inline functions, so
 * that the compiler folds the calls away.
 */
#ifndef _TUN_RING_MEM_H
#define _TUN_RING_MEM_H

#include <linux/skbuff.h>
#include <linux/string.h>

#include "../engine/access_kernel.h"
#include "skb_copy.h"

/**
 * struct tun_ring_mem - accessors of one kind of memory
 * @faults: each access may fault and sleep, so the context is a process
 * @vring: the engine's accessors
 * @walk_write: tun_vring_walk() of device-writable chains, out of line
 * @walk_read: tun_vring_walk() of device-readable chains, out of line
 * @copy_to: copy to a segment
 * @copy_from: copy from a segment
 * @copy_skb: copy to a segment from @off of a packet that may have fragments
 *
 * All functions return 0 or a negative errno.
 */
struct tun_ring_mem {
	bool faults;
	const struct tun_vring_mem *vring;
	int (*walk_write)(struct tun_vring *vr,
			  const struct tun_vring_desc *first,
			  struct tun_vring_chain *c);
	int (*walk_read)(struct tun_vring *vr,
			 const struct tun_vring_desc *first,
			 struct tun_vring_chain *c);
	int (*copy_to)(void *to, const void *from, u32 len);
	int (*copy_from)(void *to, const void *from, u32 len);
	int (*copy_skb)(void *to, const struct sk_buff *skb, u32 off, u32 len);
};

static __always_inline int tun_kmem_copy(void *to, const void *from, u32 len)
{
	memcpy(to, from, len);
	return 0;
}

static __always_inline int tun_kmem_copy_skb(void *to,
					     const struct sk_buff *skb,
					     u32 off, u32 len)
{
	if (likely(tun_frags_plain(skb)))
		return tun_frags_copy(skb, off, to, len, tun_kmem_copy);
	return skb_copy_bits(skb, off, to, len);
}

int tun_kmem_walk_write(struct tun_vring *vr,
			const struct tun_vring_desc *first,
			struct tun_vring_chain *c);
int tun_kmem_walk_read(struct tun_vring *vr,
		       const struct tun_vring_desc *first,
		       struct tun_vring_chain *c);

static const struct tun_ring_mem tun_ring_kmem __maybe_unused = {
	.vring		= &tun_kmem,
	.walk_write	= tun_kmem_walk_write,
	.walk_read	= tun_kmem_walk_read,
	.copy_to	= tun_kmem_copy,
	.copy_from	= tun_kmem_copy,
	.copy_skb	= tun_kmem_copy_skb,
};

#endif /* _TUN_RING_MEM_H */
