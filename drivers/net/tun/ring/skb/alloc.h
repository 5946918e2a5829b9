/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory of an skb for one packet of a user.
 */
#ifndef _TUN_RING_SKB_ALLOC_H
#define _TUN_RING_SKB_ALLOC_H

#include <linux/skbuff.h>

#include "../mem/access.h"
#include "frags.h"

/* Largest linear skb, with headroom. A larger payload lies in pages. */
#define TUN_RING_SKB_LINEAR_MAX	(TUN_RING_SKB_FRAG_MAX - 512)

struct sk_buff *tun_ring_skb_alloc_paged(u32 headroom, u32 len);

static inline struct sk_buff *tun_ring_skb_alloc_frag(u32 size)
{
	void *data = tun_ring_skb_frag_alloc(&size);
	struct sk_buff *skb;

	if (unlikely(!data))
		return NULL;
	skb = napi_build_skb(data, size);
	if (unlikely(!skb))
		skb_free_frag(data);
	return skb;
}

static inline struct sk_buff *tun_ring_skb_alloc_linear(u32 headroom, u32 len)
{
	u32 size = tun_ring_skb_frag_bytes(headroom, len);
	struct sk_buff *skb = NULL;

	if (tun_ring_skb_frag_fits(size))
		skb = tun_ring_skb_alloc_frag(size);
	if (unlikely(!skb))
		skb = __alloc_skb(headroom + len, GFP_ATOMIC | __GFP_NOWARN,
				  SKB_ALLOC_NAPI, NUMA_NO_NODE);
	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, headroom);
	__skb_put(skb, len);
	return skb;
}

/**
 * tun_ring_skb_alloc - an skb for one packet
 * @mem: if accesses fault, the caller is a thread, else bottom halves are off
 * @headroom: bytes in front of the packet
 * @len: bytes of the packet
 *
 * Return: the skb, of @len bytes, or NULL.
 */
static __always_inline struct sk_buff *
tun_ring_skb_alloc(const struct tun_ring_mem *mem, u32 headroom, u32 len)
{
	struct sk_buff *skb;

	if (unlikely(headroom + len > TUN_RING_SKB_LINEAR_MAX))
		return tun_ring_skb_alloc_paged(headroom, len);
	/* softirqs of this CPU cut fragments from the same blocks */
	if (mem->faults)
		local_bh_disable();
	skb = tun_ring_skb_alloc_linear(headroom, len);
	if (mem->faults)
		local_bh_enable();
	return skb;
}

#endif /* _TUN_RING_SKB_ALLOC_H */
