/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the next byte of a packet goes: through the segments of a chain, and
 * from chain to chain.
 */
#ifndef _TUN_RING_CURSOR_H
#define _TUN_RING_CURSOR_H

#include <linux/skbuff.h>

#include "../mem/access.h"
#include "../state.h"

/*
 * Used entries that one packet may cost with bottom halves off, whatever the
 * user posts: enough for the longest packet in the smallest buffers.
 */
#define RX_MAX_CHAINS	2048

#define RX_NO_BYTES	"receive buffer of no bytes"

/**
 * struct rx_cursor - where the next byte goes
 * @ring: the ring
 * @seg: current segment of the chain
 * @off: bytes of it that are written
 * @filled: bytes written to the chain
 * @chains: chains popped so far
 * @head: of the first chain
 * @span: a further chain may be taken
 */
struct rx_cursor {
	struct tun_ring *ring;
	u32 off;
	u32 filled;
	u16 seg;
	u16 chains;
	u16 head;
	bool span;
};

/* Entries in our hands, those of this packet included. */
static inline u16 rx_posted(const struct rx_cursor *cur)
{
	const struct tun_vring *vr = &cur->ring->rx.m.vr;

	return vr->avail_idx - vr->used_idx + cur->chains;
}

/*
 * The ring has too little for the packet. If the user has never had more in
 * the ring than now, it never will fit: waiting would stop the queue for ever.
 */
static __always_inline int rx_no_room(struct rx_cursor *cur,
				      const struct tun_ring_mem *mem)
{
	struct tun_ring_rx *rx = &cur->ring->rx;

	/* of a guest without the event index we know less */
	if (cur->chains && !cur->ring->guest &&
	    rx_posted(cur) >= rx->m.vr.posted_max &&
	    !tun_vring_untaken(&rx->m.vr, mem->vring))
		return -EMSGSIZE;
	return -ENOSPC;
}

static __always_inline int rx_next_chain(struct rx_cursor *cur,
					 const struct tun_ring_mem *mem)
{
	struct tun_ring_rx *rx = &cur->ring->rx;
	struct tun_vring *vr = &rx->m.vr;
	int n;

	if (cur->chains && (!cur->span || cur->chains == RX_MAX_CHAINS))
		return -EMSGSIZE;
	n = tun_vring_pop(vr, mem->vring, TUN_VRING_WRITE, mem->walk_write,
			  &rx->chain);
	if (unlikely(n < 0))
		return n;
	if (unlikely(!n))
		return rx_no_room(cur, mem);
	if (unlikely(!rx->chain.len))
		return tun_vring_break(vr, RX_NO_BYTES);

	if (!cur->chains++)
		cur->head = rx->chain.head;
	cur->seg = 0;
	cur->off = 0;
	cur->filled = 0;
	return 0;
}

static __always_inline int rx_end_chain(struct rx_cursor *cur,
					const struct tun_ring_mem *mem)
{
	struct tun_ring_rx *rx = &cur->ring->rx;
	int err;

	if (mem->faults && unlikely(rx->m.log)) {
		err = tun_log_chain(&rx->m, &rx->chain, cur->filled);
		if (err)
			return err;
	}
	return tun_vring_push(&rx->m.vr, mem->vring, rx->chain.head,
			      cur->filled);
}

/* Bytes that the current segment has room for; 0 if it is used up. */
static inline u32 rx_left(const struct rx_cursor *cur)
{
	return cur->ring->rx.chain.seg[cur->seg].len - cur->off;
}

/*
 * Room for up to @want bytes at *@to, in the current chain or the next one.
 * Return: bytes, at least 1, or a negative errno.
 */
static __always_inline int rx_room(struct rx_cursor *cur,
				   const struct tun_ring_mem *mem, u32 want,
				   void **to)
{
	struct tun_vring_chain *c = &cur->ring->rx.chain;
	struct tun_vring_seg *seg = &c->seg[cur->seg];
	int err;

	while (unlikely(cur->off == seg->len)) {
		if (++cur->seg < c->nsegs) {
			cur->off = 0;
		} else {
			err = rx_end_chain(cur, mem);
			if (!err)
				err = rx_next_chain(cur, mem);
			if (err)
				return err;
		}
		seg = &c->seg[cur->seg];
		if (unlikely(!seg->len))
			return tun_vring_break(&cur->ring->rx.m.vr, RX_NO_BYTES);
	}

	want = min(want, seg->len - cur->off);
	*to = seg->base + cur->off;
	cur->off += want;
	cur->filled += want;
	return want;
}

static __always_inline int rx_put(struct rx_cursor *cur,
				  const struct tun_ring_mem *mem,
				  const void *from, u32 len)
{
	void *to;
	int n, err;

	for (; len; len -= n, from += n) {
		n = rx_room(cur, mem, len, &to);
		if (unlikely(n < 0))
			return n;
		err = mem->copy_to(to, from, n);
		if (unlikely(err))
			return err;
	}
	return 0;
}

static __always_inline int rx_put_skb(struct rx_cursor *cur,
				      const struct tun_ring_mem *mem,
				      const struct sk_buff *skb, u32 off,
				      u32 len)
{
	u32 linear = skb_headlen(skb);
	void *to;
	int n, err;

	for (; len; len -= n, off += n) {
		n = rx_room(cur, mem, len, &to);
		if (unlikely(n < 0))
			return n;
		if (likely(off + n <= linear))
			err = mem->copy_to(to, skb->data + off, n);
		else
			err = mem->copy_skb(to, skb, off, n);
		if (unlikely(err))
			return err;
	}
	return 0;
}

#endif /* _TUN_RING_CURSOR_H */
