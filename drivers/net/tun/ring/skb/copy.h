/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copying from a chain of the transmit ring.
 */
#ifndef _TUN_RING_SKB_COPY_H
#define _TUN_RING_SKB_COPY_H

#include <linux/skbuff.h>

#include "../engine/types.h"
#include "../mem/access.h"

/* Copy @len bytes from @off of the chain. The caller checked the range. */
static __always_inline int tun_ring_skb_get(const struct tun_vring_chain *c,
					    const struct tun_ring_mem *mem,
					    u32 off, void *to, u32 len)
{
	const struct tun_vring_seg *seg = c->seg;
	int err = 0;
	u32 n;

	while (off >= seg->len)
		off -= seg++->len;
	/* the usual case; the compiler may know @len */
	if (likely(len <= seg->len - off))
		return mem->copy_from(to, seg->base + off, len);
	for (; len && !err; len -= n, to += n, seg++, off = 0) {
		n = min(len, seg->len - off);
		err = mem->copy_from(to, seg->base + off, n);
	}
	return err;
}

/* Fill @skb with the bytes of the chain that begin at @off. */
static __always_inline int tun_ring_skb_fill(const struct tun_vring_chain *c,
					     const struct tun_ring_mem *mem,
					     u32 off, struct sk_buff *skb)
{
	u32 linear = skb_headlen(skb);
	int i, err;

	err = tun_ring_skb_get(c, mem, off, skb->data, linear);
	off += linear;
	for (i = 0; !err && i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		/* tun_ring_skb_alloc_paged() allocates no highmem pages */
		err = tun_ring_skb_get(c, mem, off, skb_frag_address(frag),
				       skb_frag_size(frag));
		off += skb_frag_size(frag);
	}
	return err;
}

#endif /* _TUN_RING_SKB_COPY_H */
