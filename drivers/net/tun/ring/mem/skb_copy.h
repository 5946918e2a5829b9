/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copy from a packet that has fragments into a piece of a buffer.
 *
 * A packet of 64 KB fills sixteen buffers of one page each. The general copy
 * functions of the kernel spend more on their set-up for each buffer than on
 * the copy.
 */
#ifndef _TUN_RING_FRAG_COPY_H
#define _TUN_RING_FRAG_COPY_H

#include <linux/minmax.h>
#include <linux/skbuff.h>

/* Does every byte have a kernel address, without a list of further skbs? */
static __always_inline bool tun_frags_plain(const struct sk_buff *skb)
{
	return !IS_ENABLED(CONFIG_HIGHMEM) && !skb_has_frag_list(skb) &&
	       skb_frags_readable(skb);
}

/**
 * tun_frags_copy - copy a part of a packet
 * @skb: a packet for which tun_frags_plain() is true
 * @off: offset of the part in the packet
 * @to: destination, passed to @copy
 * @len: bytes of the part, all of them within the packet
 * @copy: copies to @to; a constant, so that the call folds away
 *
 * Return: 0, or the error of @copy.
 */
static __always_inline int
tun_frags_copy(const struct sk_buff *skb, u32 off, void *to, u32 len,
	       int (*copy)(void *to, const void *from, u32 len))
{
	const skb_frag_t *frag = skb_shinfo(skb)->frags;
	u32 n, size = skb_headlen(skb);
	int err;

	if (off < size) {
		n = min(len, size - off);
		err = copy(to, skb->data + off, n);
		if (unlikely(err))
			return err;
		to += n;
		off += n;
		len -= n;
	}
	for (off -= size; len; frag++) {
		size = skb_frag_size(frag);
		if (off >= size) {
			off -= size;
			continue;
		}
		n = min(len, size - off);
		err = copy(to, skb_frag_address(frag) + off, n);
		if (unlikely(err))
			return err;
		to += n;
		len -= n;
		off = 0;
	}
	return 0;
}

#endif /* _TUN_RING_FRAG_COPY_H */
