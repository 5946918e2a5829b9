/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Translation of the addresses in descriptors, which are in the buffers'
 * address space.
 *
 * A table never changes after its publication. NAPI and transmitters read a
 * table inside rcu_read_lock(), the worker reads a table under worker.lock. A
 * caller that replaces a table waits for these readers.
 */
#ifndef _TUN_RING_REGIONS_H
#define _TUN_RING_REGIONS_H

#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>

#include "vring.h"

struct mm_struct;
struct mutex;
struct tun_log;
struct tun_pin;

/**
 * struct tun_region - a range that is contiguous in both address spaces
 * @start: first address, in the buffers' address space
 * @len: bytes
 * @base: address of that byte in the kernel's or the owner's address space
 */
struct tun_region {
	u64 start;
	u64 len;
	void *base;
};

/**
 * struct tun_regions - all memory to which descriptors may point
 * @ref: one reference for each queue or struct tun_vhost that the table is
 *	registered with, and one for each struct tun_ring
 * @mm: mm of the owner, one reference; NULL if the kernel allocated the memory
 * @pins: pinned pages of each region. NULL if the memory is not pinned: @base
 *	of each region is then an address of the owner
 * @n: elements of @region, at least one. The elements are sorted by @start and
 *	do not overlap. A single element may be empty
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
 * struct tun_regions_found - the regions that the last two searches found
 * @i: indices, the last one first. An index may belong to another table, with
 *	fewer regions. The context that uses the ring reads and writes them
 *
 * The buffers of a driver mostly lie in one region, and the indirect tables in
 * another.
 */
struct tun_regions_found {
	u32 i[2];
};

/**
 * struct tun_vq - a ring, and the translation of its buffers' addresses
 * @vr: the engine's state
 * @regions: the buffers
 * @found: regions that the last searches in @regions found
 * @lock: for memory that may fault: a context that uses the ring or writes
 *	@regions holds the lock
 * @log: dirty log for writes to memory that may fault, or NULL
 */
struct tun_vq {
	struct tun_vring vr;
	const struct tun_regions __rcu *regions;
	struct tun_regions_found found;
	const struct mutex *lock;
	const struct tun_log *log;
};

static inline bool tun_region_contains(const struct tun_region *r, u64 addr)
{
	return addr - r->start < r->len;
}

/* Return: the region that contains @addr, or NULL. */
static inline const struct tun_region *
tun_regions_search(const struct tun_regions *regions, u64 addr)
{
	u32 first = 0, end = regions->n, i;
	const struct tun_region *r;

	while (first < end) {
		i = first + (end - first) / 2;
		r = &regions->region[i];
		if (tun_region_contains(r, addr))
			return r;
		if (addr < r->start)
			end = i;
		else
			first = i + 1;
	}
	return NULL;
}

static inline const struct tun_region *
tun_regions_recall(const struct tun_regions *regions,
		   struct tun_regions_found *found, u64 addr)
{
	const struct tun_region *r;
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(found->i); n++) {
		r = &regions->region[found->i[n]];
		if (found->i[n] < regions->n && tun_region_contains(r, addr))
			return r;
	}
	r = tun_regions_search(regions, addr);
	if (r) {
		found->i[1] = found->i[0];
		found->i[0] = r - regions->region;
	}
	return r;
}

/**
 * tun_regions_find - translate a range
 * @regions: the table
 * @found: see struct tun_regions_found
 * @addr: first address
 * @len: bytes
 * @seg: the translated range, or its first part if the region ends within the
 *	range
 *
 * An empty range may also lie directly behind the last byte of a region.
 *
 * Return: 0 or -EPROTO.
 */
static __always_inline int tun_regions_find(const struct tun_regions *regions,
					    struct tun_regions_found *found,
					    u64 addr, u32 len,
					    struct tun_vring_seg *seg)
{
	const struct tun_region *r = regions->region;
	u64 off = addr - r->start;

	if (unlikely(off >= r->len)) {
		r = tun_regions_recall(regions, found, addr);
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
