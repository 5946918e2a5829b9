/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The walk of a chain of descriptors: in the table of the ring, then in at most
 * one indirect table. Each descriptor is loaded once, and its copy is checked.
 */
#ifndef _TUN_RING_CHAIN_H
#define _TUN_RING_CHAIN_H

#include "types.h"

/* In a chain, device-readable descriptors precede device-writable ones. */
static __always_inline bool tun_vring_in_order(const struct tun_vring_desc *d,
					       const struct tun_vring_chain *c)
{
	return d->flags & VRING_DESC_F_WRITE || c->nread == c->nsegs;
}

static __always_inline int tun_vring_add_seg(struct tun_vring *vr,
					     const struct tun_vring_mem *mem,
					     enum tun_vring_dir dir,
					     const struct tun_vring_desc *d,
					     struct tun_vring_chain *c)
{
	bool writable = d->flags & VRING_DESC_F_WRITE;
	bool wanted = dir == TUN_VRING_WRITE;
	struct tun_vring_seg *seg;
	u64 addr = d->addr;
	u32 len = d->len;
	int err;

	if (unlikely(dir == TUN_VRING_BOTH ? !tun_vring_in_order(d, c) :
		     writable != wanted))
		return tun_vring_set_broken(vr, "descriptor of the wrong direction");
	if (unlikely(d->len > INT_MAX - c->len))
		return tun_vring_set_broken(vr, "chain of too many bytes");
	c->len += d->len;
	for (;;) {
		seg = &c->seg[c->nsegs];
		err = mem->segment(vr, addr, len, seg);
		if (unlikely(err))
			return err != -EPROTO ? err :
			       tun_vring_set_broken(vr, "buffer out of range");
		c->nsegs++;
		if (dir == TUN_VRING_BOTH && !writable)
			c->nread = c->nsegs;
		if (likely(seg->len == len))
			return 0;
		if (c->nsegs == TUN_VRING_MAX_CHAIN)
			return tun_vring_set_broken(vr, "chain too long");
		addr += seg->len;
		len -= seg->len;
		if (!addr)
			return tun_vring_set_broken(vr, "buffer out of range");
	}
}

/* Position of a walk: in the ring's table or in an indirect table. */
struct tun_vring_walk {
	struct tun_vring_desc d;
	bool indirect;
	const void *table;
	u32 limit;
};

/* One lookup translates the whole table, so the table lies in one region. */
static __always_inline int tun_vring_enter_table(struct tun_vring *vr,
						 const struct tun_vring_mem *mem,
						 struct tun_vring_walk *w)
{
	struct tun_vring_seg seg;
	int err;

	if (w->indirect)
		return tun_vring_set_broken(vr, "indirect table in an indirect table");
	if (!vr->indirect)
		return tun_vring_set_broken(vr, "indirect table without the feature");
	if (w->d.flags & VRING_DESC_F_NEXT)
		return tun_vring_set_broken(vr, "indirect table with a successor");
	if (!w->d.len || w->d.len % sizeof(struct vring_desc))
		return tun_vring_set_broken(vr, "indirect table of a bad size");
	err = mem->segment(vr, w->d.addr, w->d.len, &seg);
	if (err)
		return err;
	if (seg.len != w->d.len)
		return tun_vring_set_broken(vr, "indirect table beyond its region");
	w->indirect = true;
	w->table = seg.base;
	w->limit = w->d.len / sizeof(struct vring_desc);
	return mem->load_indirect(vr, w->table, &w->d);
}

static __always_inline int tun_vring_next(struct tun_vring *vr,
					  const struct tun_vring_mem *mem,
					  struct tun_vring_walk *w)
{
	u16 next = w->d.next;

	if (next >= w->limit)
		return tun_vring_set_broken(vr, "next descriptor out of range");
	if (!w->indirect)
		return mem->load_desc(vr, &vr->desc[next], &w->d);
	return mem->load_indirect(vr, w->table +
				  next * sizeof(struct vring_desc), &w->d);
}

/**
 * tun_vring_walk - gather a chain of more than one plain descriptor
 * @vr: the ring
 * @mem: its memory
 * @dir: direction that the descriptors must have
 * @first: the head's descriptor
 * @c: the chain, with @c->nsegs and @c->len zero
 *
 * Each iteration adds segments or enters the only indirect table. A loop in the
 * chain therefore ends at TUN_VRING_MAX_CHAIN.
 *
 * Return: 0 or a negative errno.
 */
static __always_inline int tun_vring_walk(struct tun_vring *vr,
					  const struct tun_vring_mem *mem,
					  enum tun_vring_dir dir,
					  const struct tun_vring_desc *first,
					  struct tun_vring_chain *c)
{
	struct tun_vring_walk w = { .d = *first, .limit = vr->num };
	int err;

	for (;;) {
		if (w.d.flags & VRING_DESC_F_INDIRECT) {
			err = tun_vring_enter_table(vr, mem, &w);
			if (err)
				break;
			continue;
		}
		if (c->nsegs == TUN_VRING_MAX_CHAIN)
			return tun_vring_set_broken(vr, "chain too long");
		err = tun_vring_add_seg(vr, mem, dir, &w.d, c);
		if (err || !(w.d.flags & VRING_DESC_F_NEXT))
			break;
		err = tun_vring_next(vr, mem, &w);
		if (err)
			break;
	}
	if (err == -EPROTO && !vr->broken)
		tun_vring_set_broken(vr, "buffer out of range");
	return err;
}

#endif /* _TUN_RING_CHAIN_H */
