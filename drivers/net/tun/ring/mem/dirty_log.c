// SPDX-License-Identifier: GPL-2.0
/*
 * Dirty logging. By the worker, with the owner's memory adopted and worker.lock
 * held, after the write that is noted: who migrates the guest reads the bits
 * before the pages.
 */
#include "dirty_log.h"

#include <linux/bitops.h>
#include <linux/eventfd.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/mutex.h>

#include "../engine/regions_find.h"
#include "../engine/vring.h"

/* What a bit stands for, by the ABI, whatever the size of a page is. */
#define LOG_PAGE_SHIFT	12

/* Atomic: others set bits of the same word. */
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
	set_bit_le((offset_in_page(at) << 3) + (bit & 7), base);
	kunmap_local(base);
	unpin_user_pages_dirty_lock(&page, 1, true);
	return 0;
}

/* @addr: as the guest knows it. */
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
		eventfd_signal(log->call, 1);
	return 0;
}

/**
 * tun_log_used - a part of the used ring was written
 * @vq: the ring, with a log
 * @at: first address of the part, as the owner knows it
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

/* The owner may have given the guest the same page at several addresses. */
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

		/* a region may begin, and end, in the middle of the range */
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
 * tun_log_bytes - bytes of a buffer were written
 * @vq: the ring of the buffer, with a log
 * @at: the first, as the owner knows it
 * @len: how many, at least 1
 *
 * Return: 0 or a negative errno.
 */
int tun_log_bytes(const struct tun_vq *vq, const void *at, u32 len)
{
	return vq->log->buffers ? tun_log_owner_range(vq, at, len) : 0;
}

/**
 * tun_log_chain - the first bytes of a chain were written
 * @vq: its ring, with a log
 * @c: the chain
 * @len: how many
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
