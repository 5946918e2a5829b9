/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An iterator over the receive buffers of a packet: through the segments of a
 * chain, and from chain to chain.
 */
#ifndef _TUN_RING_CURSOR_H
#define _TUN_RING_CURSOR_H

#include <linux/skbuff.h>

#include "../mem/access.h"
#include "../state.h"

#define RX_NO_BYTES	"receive buffer of no bytes"
#define RX_MANY_SEGS	"too many segments for a packet's length"

/**
 * struct tun_ring_rx_iter - position of the next byte
 * @ring: the rings
 * @seg: current segment of the current chain
 * @off: bytes written to the current segment
 * @filled: bytes written to the current chain
 * @chains: chains popped for the packet
 * @spare: further segments that the packet may use
 * @head: head of the first chain
 * @span: the packet may use more than one chain
 */
struct tun_ring_rx_iter {
	struct tun_ring *ring;
	u32 off;
	u32 filled;
	u32 spare;
	u16 seg;
	u16 chains;
	u16 head;
	bool span;
};

/*
 * Set the length of the packet, with its headers. A sender spends time on each
 * segment that the packet fills, so the limit of segments is proportional to
 * @len.
 */
static inline void tun_ring_rx_set_len(struct tun_ring_rx_iter *cur, u32 len)
{
	cur->spare = TUN_RING_BASE_SEGS - 1 + len / TUN_RING_BYTES_PER_SEG;
}

/* Entries that the device owns, including the entries of this packet. */
static inline u16 tun_ring_rx_posted(const struct tun_ring_rx_iter *cur)
{
	const struct tun_vring *vr = &cur->ring->rx.vq.vr;

	return vr->avail_idx - vr->used_idx + cur->chains;
}

/*
 * The ring has too few buffers for the packet. If the user never made more
 * buffers available than now, the packet will never fit. If that packet waited,
 * no packet would leave the queue any more. A user that owns no entry has consumed all,
 * and may store its used_event later.
 */
static __always_inline int tun_ring_rx_no_room(struct tun_ring_rx_iter *cur,
					       const struct tun_ring_mem *mem)
{
	struct tun_vring *vr = &cur->ring->rx.vq.vr;
	u16 posted = tun_ring_rx_posted(cur);

	/* a guest without the event index has no used_event */
	if (cur->chains && !cur->ring->guest && posted >= vr->posted_max &&
	    (posted >= vr->num || !tun_vring_unconsumed(vr, mem->vring)))
		return -EMSGSIZE;
	return -ENOSPC;
}

static __always_inline int
tun_ring_rx_next_chain(struct tun_ring_rx_iter *cur,
		       const struct tun_ring_mem *mem)
{
	struct tun_ring_rx *rx = &cur->ring->rx;
	struct tun_vring *vr = &rx->vq.vr;
	int n;

	if (cur->chains && !cur->span)
		return -EMSGSIZE;
	n = tun_vring_pop(vr, mem->vring, TUN_VRING_WRITE, mem->walk_write,
			  &rx->chain);
	if (unlikely(n < 0))
		return n;
	if (unlikely(!n))
		return tun_ring_rx_no_room(cur, mem);
	if (unlikely(!rx->chain.len))
		return tun_vring_set_broken(vr, RX_NO_BYTES);

	if (!cur->chains++)
		cur->head = rx->chain.head;
	cur->seg = 0;
	cur->off = 0;
	cur->filled = 0;
	return 0;
}

static __always_inline int tun_ring_rx_end_chain(struct tun_ring_rx_iter *cur,
						 const struct tun_ring_mem *mem)
{
	struct tun_ring_rx *rx = &cur->ring->rx;
	int err;

	if (mem->faults && unlikely(rx->vq.log)) {
		err = tun_log_chain(&rx->vq, &rx->chain, cur->filled);
		if (err)
			return err;
	}
	return tun_vring_push(&rx->vq.vr, mem->vring, rx->chain.head,
			      cur->filled);
}

/* Bytes of room in the current segment; 0 if the segment is full. */
static inline u32 tun_ring_rx_left(const struct tun_ring_rx_iter *cur)
{
	return cur->ring->rx.chain.seg[cur->seg].len - cur->off;
}

/* The current segment is full. Return: 0 or a negative errno. */
static __always_inline int tun_ring_rx_next_seg(struct tun_ring_rx_iter *cur,
						const struct tun_ring_mem *mem)
{
	struct tun_ring_rx *rx = &cur->ring->rx;
	int err;

	if (unlikely(!cur->spare--))
		return tun_vring_set_broken(&rx->vq.vr, RX_MANY_SEGS);
	if (++cur->seg < rx->chain.nsegs) {
		cur->off = 0;
	} else {
		err = tun_ring_rx_end_chain(cur, mem);
		if (!err)
			err = tun_ring_rx_next_chain(cur, mem);
		if (err)
			return err;
	}
	if (unlikely(!rx->chain.seg[cur->seg].len))
		return tun_vring_set_broken(&rx->vq.vr, RX_NO_BYTES);
	return 0;
}

/*
 * Reserve up to @want bytes at *@to, in the current chain or the next one.
 * Return: the number of bytes, at least 1, or a negative errno.
 */
static __always_inline int tun_ring_rx_room(struct tun_ring_rx_iter *cur,
					    const struct tun_ring_mem *mem,
					    u32 want, void **to)
{
	struct tun_vring_chain *c = &cur->ring->rx.chain;
	struct tun_vring_seg *seg = &c->seg[cur->seg];
	int err;

	while (unlikely(cur->off == seg->len)) {
		err = tun_ring_rx_next_seg(cur, mem);
		if (err)
			return err;
		seg = &c->seg[cur->seg];
	}

	want = min(want, seg->len - cur->off);
	*to = seg->base + cur->off;
	cur->off += want;
	cur->filled += want;
	return want;
}

static __always_inline int tun_ring_rx_put(struct tun_ring_rx_iter *cur,
					   const struct tun_ring_mem *mem,
					   const void *from, u32 len)
{
	void *to;
	int n, err;

	for (; len; len -= n, from += n) {
		n = tun_ring_rx_room(cur, mem, len, &to);
		if (unlikely(n < 0))
			return n;
		err = mem->copy_to(to, from, n);
		if (unlikely(err))
			return err;
	}
	return 0;
}

static __always_inline int tun_ring_rx_put_skb(struct tun_ring_rx_iter *cur,
					       const struct tun_ring_mem *mem,
					       const struct sk_buff *skb,
					       u32 off, u32 len)
{
	u32 linear = skb_headlen(skb);
	void *to;
	int n, err;

	for (; len; len -= n, off += n) {
		n = tun_ring_rx_room(cur, mem, len, &to);
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
