/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The engine's structs: a ring, a chain, the accessors of their memory.
 */
#ifndef _TUN_RING_ENGINE_TYPES_H
#define _TUN_RING_ENGINE_TYPES_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/virtio_ring.h>
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
 * @nread: with TUN_VRING_BOTH: number of device-readable elements of @seg;
 *	these come first
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
	int (*segment)(struct tun_vring *vr, u64 addr, u32 len,
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

/* Available entries, by the index as last loaded. Reads no shared memory. */
static inline u16 tun_vring_cached_avail(const struct tun_vring *vr)
{
	return vr->avail_idx - vr->last_avail;
}

#endif /* _TUN_RING_ENGINE_TYPES_H */
