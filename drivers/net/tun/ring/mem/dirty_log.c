// SPDX-License-Identifier: GPL-2.0
/*
 * Dirty logging. The caller uses the owner's mm and holds worker.lock. Callers
 * write to memory first and log second, because the VMM reads the bits before
 * it copies the pages.
 */
#include "dirty_log.h"

#include <linux/bitops.h>
#include <linux/eventfd.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/mutex.h>

#include "../engine/regions_find.h"
#include "../engine/vring.h"

/*
 * The ABI of vhost: one bit for 4096 bytes, independent of PAGE_SIZE. Bits are
 * counted in longs, in the byte order of the machine.
 */
#define LOG_PAGE_SHIFT	12

/* Atomic: other threads set bits of the same word. */
static int tun_log_set_bit(const struct tun_log *log, u64 bit)
{
	unsigned long at = (unsigned long)log->bitmap + (bit >> 3);
	struct page *page;
	void *base;
	int n;

	n = pin_user_pages_fast(at, 1, FOLL_WRITE, &page);
	if (n != 1)
		return n < 0 ? n : -EFAULT;
	base = kmap_local_page(page);
	set_bit((offset_in_page(at) << 3) + (bit & 7), base);
	kunmap_local(base);
	unpin_user_pages_dirty_lock(&page, 1, true);
	return 0;
}

/* @addr: address in the guest's memory */
static int tun_log_range(const struct tun_log *log, u64 addr, u64 len)
{
	u64 bit, last = (addr + len - 1) >> LOG_PAGE_SHIFT;
	int err;

	for (bit = addr >> LOG_PAGE_SHIFT; bit <= last; bit++) {
		err = tun_log_set_bit(log, bit);
		if (err)
			return err;
	}
	if (log->call)
		eventfd_signal(log->call);
	return 0;
}

/**
 * tun_log_used - log a write to the used ring
 * @vq: the ring, with a log
 * @at: first address written, in the owner's memory
 * @len: bytes, at least 1
 *
 * Return: 0 or a negative errno.
 */
int tun_log_used(const struct tun_vq *vq, const void *at, u32 len)
{
	const struct tun_log *log = vq->log;

	if (!log->used)
		return 0;
	return tun_log_range(log, log->used_addr + (at - log->used), len);
}

/* The guest may have the same page at several addresses: log each of them. */
static int tun_log_owner_range(const struct tun_vq *vq, const void *at, u64 len)
{
	const struct tun_regions *regions;
	u32 i;
	int err;

	regions = rcu_dereference_protected(vq->regions,
					    lockdep_is_held(vq->lock));
	for (i = 0; i < regions->n; i++) {
		const struct tun_region *r = &regions->region[i];
		const void *from = max_t(const void *, at, r->base);
		const void *to = min_t(const void *, at + len,
				       r->base + r->len);

		/* a region may begin or end within the range */
		if (from >= to)
			continue;
		err = tun_log_range(vq->log, r->start + (from - r->base),
				    to - from);
		if (err)
			return err;
	}
	return 0;
}

/**
 * tun_log_bytes - log a write to a buffer
 * @vq: the ring of the buffer, with a log
 * @at: first address written, in the owner's memory
 * @len: bytes, at least 1
 *
 * Return: 0 or a negative errno.
 */
int tun_log_bytes(const struct tun_vq *vq, const void *at, u32 len)
{
	return vq->log->buffers ? tun_log_owner_range(vq, at, len) : 0;
}

/**
 * tun_log_chain - log a write to the first bytes of a chain
 * @vq: the ring of the chain, with a log
 * @c: the chain
 * @len: bytes
 *
 * Return: 0 or a negative errno.
 */
int tun_log_chain(const struct tun_vq *vq, const struct tun_vring_chain *c,
		  u32 len)
{
	const struct tun_vring_seg *seg;
	int err;
	u32 n;

	if (!vq->log->buffers)
		return 0;
	for (seg = c->seg; len; seg++, len -= n) {
		n = min(len, seg->len);
		if (!n)
			continue;
		err = tun_log_owner_range(vq, seg->base, n);
		if (err)
			return err;
	}
	return 0;
}
