// SPDX-License-Identifier: GPL-2.0
#include "alloc.h"

/* Linear bytes of a large packet: enough for the headers of any packet. */
#define LINEAR_HEAD	256

/**
 * tun_ring_skb_alloc_paged - an skb with its payload in pages
 * @headroom: bytes in front of the packet
 * @len: bytes of the packet
 *
 * For a packet with a large payload or an unusual headroom.
 *
 * Return: the skb, of @len bytes, or NULL. No page is in high memory.
 */
struct sk_buff *tun_ring_skb_alloc_paged(u32 headroom, u32 len)
{
	u32 linear = min_t(u32, len, LINEAR_HEAD);
	struct sk_buff *skb;
	int err;

	skb = alloc_skb_with_frags(headroom + linear, len - linear,
				   PAGE_ALLOC_COSTLY_ORDER, &err, GFP_ATOMIC);
	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, headroom);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len = len;
	return skb;
}
