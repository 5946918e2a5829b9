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
 * The engine keeps its own indices and never loads a word that it has stored.
 * The engine loads each word of the driver side once, and validates the copy.
 * If the driver side breaks the rules, the engine marks the ring broken, with
 * the reason, and returns -EPROTO. Each later tun_vring_refresh() also returns
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
 * A matches a, and C matches c: they order data before the index. B matches b,
 * and D matches d: each side stores its own word before it loads the word of
 * the other side. At least one side therefore sees the store of the other side,
 * and no wake-up is lost.
 *
 * All functions are inline, so each module that includes this file has an engine
 * of its own, for its own accessors.
 *
 * The engine takes no lock. One context at a time may use a ring. The struct
 * that embeds the ring defines which context that is.
 */
#ifndef _TUN_RING_VRING_H
#define _TUN_RING_VRING_H

#include <asm/barrier.h>

#include "chain.h"
#include "types.h"

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
	/* A: load the index before the entries that it announces; matches a */
	smp_rmb();
	vr->avail_idx = idx;
	idx -= vr->used_idx;
	if (unlikely(idx > vr->posted_max))
		vr->posted_max = idx;
	return tun_vring_cached_avail(vr);
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
 * tun_vring_push - write a used entry that the caller publishes later
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

	/* C: store entries and buffers before the index; matches c */
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
	/* D: store the used index, then load used_event or flags; matches d */
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
 * @ahead: number of entries after which the driver kicks, at least 1; without
 *	the event index the driver kicks for each entry
 *
 * The engine counts from the available index as last loaded. The driver
 * therefore also kicks while the ring holds entries that are too few for a
 * packet.
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
	/* B: store the kick request, then load avail->idx; matches b */
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
