/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for packets that enter the stack: fragments of reused pages.
 */
#ifndef _TUN_RING_SKB_FRAGS_H
#define _TUN_RING_SKB_FRAGS_H

#include <linux/sizes.h>
#include <linux/skbuff.h>
#include <linux/types.h>

/* Largest fragment: a page, where pages have this size. */
#define TUN_RING_SKB_FRAG_MAX	SZ_4K

/* Bytes of a fragment that becomes the head of an skb. */
static inline u32 tun_ring_skb_frag_bytes(u32 headroom, u32 len)
{
	return SKB_DATA_ALIGN(headroom + len) +
	       SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
}

/* A fragment would keep all of a larger page. */
static inline bool tun_ring_skb_frag_fits(u32 bytes)
{
	return bytes <= TUN_RING_SKB_FRAG_MAX &&
	       PAGE_SIZE <= TUN_RING_SKB_FRAG_MAX;
}

void *tun_ring_skb_frag_alloc(u32 *size);
void tun_ring_skb_frags_drain(void);

#endif /* _TUN_RING_SKB_FRAGS_H */
