/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The buffers' address space: what a descriptor's address means.
 *
 * A table is never changed once it is published. Packet paths read it inside
 * rcu_read_lock(); whoever replaces it waits for them.
 */
#ifndef _TUN_RING_REGIONS_H
#define _TUN_RING_REGIONS_H

#include <linux/kref.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>

#include "vring.h"

struct mm_struct;
struct mutex;
struct tun_log;
struct tun_pin;

/**
 * struct tun_region - addresses that follow each other here and there
 * @start: first address, as descriptors have it
 * @len: bytes
 * @base: where @start lies: in the kernel's or the owner's address space
 */
struct tun_region {
	u64 start;
	u64 len;
	void *base;
};

/**
 * struct tun_regions - all that descriptors may point to
 * @ref: one for each queue that it is registered with, and for each ring
 * @mm: of the owner, one reference; NULL if nobody's memory is in it
 * @pins: of each region, or NULL: the memory is not pinned, and @region has
 *	addresses of the owner
 * @n: elements of @region, in the order of @start, none overlapping; at least
 *	one, which may have no bytes
 * @region: the table
 */
struct tun_regions {
	struct kref ref;
	struct mm_struct *mm;
	struct tun_pin *pins;
	u32 n;
	struct tun_region region[];
};

/**
 * struct tun_vq - a ring, and what the addresses in it mean
 * @vr: the engine's state
 * @regions: the buffers
 * @lock: held by users of a ring in memory that may fault, and by writers of
 *	@regions then
 * @log: notes what is written to memory that may fault, or NULL
 */
struct tun_vq {
	struct tun_vring vr;
	const struct tun_regions __rcu *regions;
	const struct mutex *lock;
	const struct tun_log *log;
};

const struct tun_region *tun_regions_search(const struct tun_regions *regions,
					    u64 addr);

/**
 * tun_regions_find - translate a range
 * @regions: the table
 * @addr: first address
 * @len: bytes, of which a region may end the first part
 * @seg: where it lies
 *
 * A range of no bytes may also lie behind the last byte of a region.
 *
 * Return: 0 or -EPROTO.
 */
static __always_inline int tun_regions_find(const struct tun_regions *regions,
					    u64 addr, u32 len,
					    struct tun_vring_seg *seg)
{
	const struct tun_region *r = regions->region;
	u64 off = addr - r->start;

	if (unlikely(off >= r->len)) {
		r = tun_regions_search(regions, addr);
		if (!r && !len)
			r = tun_regions_search(regions, addr - 1);
		if (!r)
			return -EPROTO;
		off = addr - r->start;
	}
	seg->base = r->base + off;
	seg->len = min_t(u64, len, r->len - off);
	return 0;
}

#endif /* _TUN_RING_REGIONS_H */
