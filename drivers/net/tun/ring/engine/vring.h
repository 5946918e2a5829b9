/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device side of a virtio 1.x split ring.
 *
 * The engine walks descriptors, hands out chains, publishes used entries and
 * decides on notification. The engine does not know where a ring and its
 * buffers lie: every access goes through a struct tun_vring_mem. Callers pass
 * that struct as a compile-time constant, so that the compiler folds the calls
 * away.
 *
 * The engine keeps its own indices and never reads its own stores back. The
 * engine loads each word of the driver side once, and validates the copy. If
 * the driver side breaks the rules, the engine marks the ring broken, with the
 * reason, and returns -EPROTO. Each later tun_vring_refresh() also returns
 * -EPROTO.
 *
 * Barriers: capital letters are in the engine, small letters are in the driver
 * of the ring (user space or the guest).
 *
 *	driver					device
 *	write descriptor, avail->ring[]		load avail->idx		A
 *	a  store-release avail->idx		read barrier
 *	b  full barrier				read avail->ring[], descriptor
 *	   load avail_event or used->flags
 *						store avail_event/flags
 *						full barrier		B
 *						load avail->idx
 *	c  load-acquire used->idx		write buffer, used->ring[]
 *	   read used->ring[], buffer		store-release used->idx	C
 *	   store used_event or avail->flags	full barrier		D
 *	d  full barrier				load used_event or
 *	   load used->idx			avail->flags
 *
 * A matches a, C matches c: data before index. B matches b, D matches d: each
 * side stores its own word before it loads the word of the other side. At least
 * one side therefore sees the store of the other side, and no wake-up is lost.
 *
 * All functions are inline, so each module that includes this file has an engine
 * of its own, for its own accessors.
 *
 * The engine takes no lock. One context at a time may use a ring. The struct
 * that embeds the ring defines which context that is.
 */
#ifndef _TUN_RING_VRING_H
#define _TUN_RING_VRING_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/virtio_ring.h>
#include <asm/barrier.h>
#include <asm/byteorder.h>

#define TUN_VRING_MAX_ENTRIES	32768
#define TUN_VRING_MAX_CHAIN	64

/**
 * struct tun_vring_desc - a validated copy of a descriptor, CPU byte order
 * @addr: address in the buffers' address space
 * @len: bytes
 * @flags: VRING_DESC_F_*
 * @next: index of the next descriptor; valid with VRING_DESC_F_NEXT
 */
struct tun_vring_desc {
	u64 addr;
	u32 len;
	u16 flags;
	u16 next;
};

/* @first, @second: the two words of a descriptor, each loaded once. */
static __always_inline void tun_vring_desc_decode(struct tun_vring_desc *d,
						  __le64 first, __le64 second)
{
	u64 v = le64_to_cpu(second);

	d->addr = le64_to_cpu(first);
	d->len = v;
	d->flags = v >> 32;
	d->next = v >> 48;
}

/**
 * enum tun_vring_dir - direction of the descriptors of a chain
 * @TUN_VRING_READ: device-readable
 * @TUN_VRING_WRITE: device-writable
 * @TUN_VRING_BOTH: device-readable ones first, then device-writable ones
 */
enum tun_vring_dir {
	TUN_VRING_READ,
	TUN_VRING_WRITE,
	TUN_VRING_BOTH,
};

/* A piece of a buffer. The accessor sets @base: a kernel or a user address. */
struct tun_vring_seg {
	void *base;
	u32 len;
};

/**
 * struct tun_vring_chain - one chain of descriptors
 * @head: index of the first descriptor
 * @nsegs: valid elements of @seg
 * @nread: with TUN_VRING_BOTH: how many of @seg are device-readable; these come
 *	first
 * @len: bytes of all segments, at most INT_MAX
 * @seg: the pieces, in order
 */
struct tun_vring_chain {
	u16 head;
	u16 nsegs;
	u16 nread;
	u32 len;
	struct tun_vring_seg seg[TUN_VRING_MAX_CHAIN];
};

/**
 * struct tun_vring - the device side of one ring
 * @desc: descriptor table, written by the driver
 * @avail: available ring, written by the driver
 * @used: used ring, written by the engine
 * @num: entries, a power of two
 * @last_avail: free-running index of the next available entry to pop
 * @avail_idx: available index as last loaded
 * @used_idx: free-running index of the next used entry to write
 * @published: @used_idx as the driver can see it
 * @posted_max: largest number of entries that the device owned at a refresh
 * @signalled: @used_idx at the last decision on notification
 * @indirect: VIRTIO_RING_F_INDIRECT_DESC is in force
 * @event_idx: VIRTIO_RING_F_EVENT_IDX is in force
 * @notify_on_empty: VIRTIO_F_NOTIFY_ON_EMPTY is in force
 * @broken: NULL, or the reason why the ring is broken
 */
struct tun_vring {
	const struct vring_desc *desc;
	const struct vring_avail *avail;
	struct vring_used *used;
	u32 num;
	u16 last_avail;
	u16 avail_idx;
	u16 used_idx;
	u16 published;
	u16 posted_max;
	u16 signalled;
	bool indirect;
	bool event_idx;
	bool notify_on_empty;
	const char *broken;
};

/**
 * struct tun_vring_mem - accessors of the memory of a ring
 * @load16: load a word
 * @store16: store a word
 * @release16: store a word after all earlier loads and stores (C)
 * @load_desc: copy a descriptor of the table, once
 * @load_indirect: copy a descriptor of an indirect table, once. The address is
 *	translated by @segment, and has any alignment
 * @store_used: store a used element
 * @segment: check and translate a range of the buffers' address space. The
 *	result may be only the first part of the range, with at least one byte
 *	if the range is not empty
 *
 * All return 0 or a negative errno.
 */
struct tun_vring_mem {
	int (*load16)(const struct tun_vring *vr, const __virtio16 *p, u16 *v);
	int (*store16)(const struct tun_vring *vr, __virtio16 *p, u16 v);
	int (*release16)(const struct tun_vring *vr, __virtio16 *p, u16 v);
	int (*load_desc)(const struct tun_vring *vr, const struct vring_desc *p,
			 struct tun_vring_desc *d);
	int (*load_indirect)(const struct tun_vring *vr, const void *p,
			     struct tun_vring_desc *d);
	int (*store_used)(const struct tun_vring *vr,
			  struct vring_used_elem *p, u32 head, u32 len);
	int (*segment)(const struct tun_vring *vr, u64 addr, u32 len,
		       struct tun_vring_seg *seg);
};

/* Bytes of the descriptor table of a ring with @num entries. */
static inline size_t tun_vring_desc_size(u32 num)
{
	return num * sizeof(struct vring_desc);
}

/* Bytes of the available ring, with used_event. */
static inline size_t tun_vring_avail_size(u32 num)
{
	return (3 + num) * sizeof(__virtio16);
}

/* Bytes of the used ring, with avail_event. */
static inline size_t tun_vring_used_size(u32 num)
{
	return 3 * sizeof(__virtio16) + num * sizeof(struct vring_used_elem);
}

/**
 * tun_vring_init - start a ring at index 0, with no memory yet
 * @vr: the ring
 * @num: entries, a power of two up to TUN_VRING_MAX_ENTRIES
 * @indirect: accept indirect tables
 * @event_idx: used_event and avail_event decide on notification
 */
static inline void tun_vring_init(struct tun_vring *vr, u32 num, bool indirect,
				  bool event_idx)
{
	memset(vr, 0, sizeof(*vr));
	vr->num = num;
	vr->indirect = indirect;
	vr->event_idx = event_idx;
}

/**
 * tun_vring_set_broken - mark a ring broken after its driver broke the rules
 * @vr: the ring
 * @why: the reason, for the log; the first reason stays
 *
 * Return: -EPROTO.
 */
static inline int tun_vring_set_broken(struct tun_vring *vr, const char *why)
{
	if (!vr->broken)
		WRITE_ONCE(vr->broken, why);
	return -EPROTO;
}

/* used_event follows the available ring, avail_event the used ring. */
static inline const __virtio16 *tun_vring_used_event(const struct tun_vring *vr)
{
	return &vr->avail->ring[vr->num];
}

static inline __virtio16 *tun_vring_avail_event(const struct tun_vring *vr)
{
	return (__virtio16 *)&vr->used->ring[vr->num];
}

/* Available entries by the index as last loaded. Reads no shared memory. */
static inline u16 tun_vring_cached_avail(const struct tun_vring *vr)
{
	return vr->avail_idx - vr->last_avail;
}

/**
 * tun_vring_refresh - load the available index
 * @vr: the ring
 * @mem: its memory
 *
 * Return: the number of available entries, or a negative errno.
 */
static __always_inline int tun_vring_refresh(struct tun_vring *vr,
					     const struct tun_vring_mem *mem)
{
	u16 idx;
	int err;

	if (unlikely(vr->broken))
		return -EPROTO;
	err = mem->load16(vr, &vr->avail->idx, &idx);
	if (unlikely(err))
		return err;
	if (unlikely((u16)(idx - vr->last_avail) > vr->num))
		return tun_vring_set_broken(vr, "avail index beyond ring size");
	/* A: the index before the entries that it announces; matches a */
	smp_rmb();
	vr->avail_idx = idx;
	idx -= vr->used_idx;
	if (unlikely(idx > vr->posted_max))
		vr->posted_max = idx;
	return tun_vring_cached_avail(vr);
}

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

/**
 * tun_vring_pop - pop the next available chain
 * @vr: the ring
 * @mem: its memory
 * @dir: direction that the descriptors must have
 * @walk: tun_vring_walk() for this @mem and @dir, out of line
 * @c: the chain, filled in here
 *
 * Return: 1, 0 if no chain is available, or a negative errno.
 */
static __always_inline int
tun_vring_pop(struct tun_vring *vr, const struct tun_vring_mem *mem,
	      enum tun_vring_dir dir,
	      int (*walk)(struct tun_vring *vr,
			  const struct tun_vring_desc *first,
			  struct tun_vring_chain *c),
	      struct tun_vring_chain *c)
{
	struct tun_vring_desc d;
	u16 head;
	int err;

	if (!tun_vring_cached_avail(vr)) {
		err = tun_vring_refresh(vr, mem);
		if (err <= 0)
			return err;
	}
	err = mem->load16(vr, &vr->avail->ring[vr->last_avail & (vr->num - 1)],
			  &head);
	if (unlikely(err))
		return err;
	if (unlikely(head >= vr->num))
		return tun_vring_set_broken(vr, "head out of range");
	err = mem->load_desc(vr, &vr->desc[head], &d);
	if (unlikely(err))
		return err;

	c->head = head;
	c->nsegs = 0;
	if (dir == TUN_VRING_BOTH)
		c->nread = 0;
	c->len = 0;
	if (likely(!(d.flags & (VRING_DESC_F_NEXT | VRING_DESC_F_INDIRECT))))
		err = tun_vring_add_seg(vr, mem, dir, &d, c);
	else
		err = walk(vr, &d, c);
	if (unlikely(err))
		return err;
	vr->last_avail++;
	return 1;
}

/**
 * tun_vring_push - write a used entry, without publishing the entry
 * @vr: the ring
 * @mem: its memory
 * @head: head of the chain
 * @len: bytes written to the chain
 *
 * Return: 0 or a negative errno.
 */
static __always_inline int tun_vring_push(struct tun_vring *vr,
					  const struct tun_vring_mem *mem,
					  u16 head, u32 len)
{
	int err;

	err = mem->store_used(vr, &vr->used->ring[vr->used_idx & (vr->num - 1)],
			      head, len);
	if (likely(!err))
		vr->used_idx++;
	return err;
}

/* Undo the last @popped pops and @pushed pushes, which are not published. */
static inline void tun_vring_rewind(struct tun_vring *vr, u16 popped,
				    u16 pushed)
{
	vr->last_avail -= popped;
	vr->used_idx -= pushed;
}

/* Publish the pushed entries. Return: 0 or a negative errno. */
static __always_inline int tun_vring_publish(struct tun_vring *vr,
					     const struct tun_vring_mem *mem)
{
	int err;

	/* C: entries and buffers before the index; matches c */
	err = mem->release16(vr, &vr->used->idx, vr->used_idx);
	/* tun_ring_poll() reads this word without a lock */
	if (likely(!err))
		WRITE_ONCE(vr->published, vr->used_idx);
	return err;
}

/* Used entries that the driver has not consumed, by its used_event. */
static __always_inline u16 tun_vring_unconsumed(const struct tun_vring *vr,
						const struct tun_vring_mem *mem)
{
	u16 taken;

	if (mem->load16(vr, tun_vring_used_event(vr), &taken))
		return 0;
	return READ_ONCE(vr->published) - taken;
}

/* Does the driver want a notification for entries since the last call? */
static __always_inline bool
tun_vring_should_notify(struct tun_vring *vr, const struct tun_vring_mem *mem)
{
	u16 old = vr->signalled;
	u16 word;

	if (old == vr->used_idx)
		return false;
	vr->signalled = vr->used_idx;
	/* D: the used index before used_event or the flags; matches d */
	smp_mb();
	if (unlikely(vr->notify_on_empty) && !tun_vring_cached_avail(vr))
		return true;
	if (vr->event_idx) {
		if (unlikely(mem->load16(vr, tun_vring_used_event(vr), &word)))
			return true;
		return vring_need_event(word, vr->used_idx, old);
	}
	if (unlikely(mem->load16(vr, &vr->avail->flags, &word)))
		return true;
	return !(word & VRING_AVAIL_F_NO_INTERRUPT);
}

/**
 * tun_vring_load_used - continue at the used index in the ring's memory
 * @vr: the ring, whose memory may have been in use before
 * @mem: its memory
 *
 * Return: 0 or -EFAULT.
 */
static __always_inline int tun_vring_load_used(struct tun_vring *vr,
					       const struct tun_vring_mem *mem)
{
	u16 idx;

	if (mem->load16(vr, &vr->used->idx, &idx))
		return -EFAULT;
	vr->used_idx = idx;
	vr->published = idx;
	vr->signalled = idx;
	return mem->store16(vr, &vr->used->flags, 0);
}

/**
 * tun_vring_enable_kick_ahead - ask the driver for a kick some entries ahead
 * @vr: the ring
 * @mem: its memory
 * @ahead: entries that are to be available with the kick, at least 1; without
 *	the event index each entry kicks
 *
 * The count starts at the available index as last loaded. The driver therefore
 * also kicks while the ring holds entries that are too few for a packet.
 *
 * Return: the number of available entries, or a negative errno. The driver need
 * not kick for these entries.
 */
static __always_inline int
tun_vring_enable_kick_ahead(struct tun_vring *vr,
			    const struct tun_vring_mem *mem, u16 ahead)
{
	int err;

	if (vr->event_idx)
		err = mem->store16(vr, tun_vring_avail_event(vr),
				   vr->avail_idx + ahead - 1);
	else
		err = mem->store16(vr, &vr->used->flags, 0);
	if (unlikely(err))
		return err;
	/* B: the kick request before the available index; matches b */
	smp_mb();
	return tun_vring_refresh(vr, mem);
}

/* Ask the driver for a kick at the next entry. Return: as above. */
static __always_inline int tun_vring_enable_kick(struct tun_vring *vr,
						 const struct tun_vring_mem *mem)
{
	return tun_vring_enable_kick_ahead(vr, mem, 1);
}

/* With the event index, a stale avail_event already disables kicks. */
static __always_inline int tun_vring_disable_kick(struct tun_vring *vr,
						  const struct tun_vring_mem *mem)
{
	if (vr->event_idx)
		return 0;
	return mem->store16(vr, &vr->used->flags, VRING_USED_F_NO_NOTIFY);
}

#endif /* _TUN_RING_VRING_H */
