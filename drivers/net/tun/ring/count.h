/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Live counters of one ring. TUNRINGSTATS, fdinfo and ethtool copy them to a
 * struct tun_ring_counters of the ABI.
 *
 * One writer at a time: the holder of rx.lock, the owner of the tx NAPI, or the
 * worker. On a 64-bit kernel a counter costs as many instructions as a plain
 * integer. On a 32-bit kernel a reader waits for the writer, so a writer
 * disables preemption.
 */
#ifndef _TUN_RING_COUNT_H
#define _TUN_RING_COUNT_H

#include <linux/atomic.h>
#include <linux/preempt.h>
#include <linux/u64_stats_sync.h>

/**
 * struct tun_ring_count - the live counterpart of struct tun_ring_counters
 * @packets: packets delivered
 * @bytes: bytes of these packets
 * @wakeups: notifications of the user
 * @full: times the ring was full
 * @dropped: packets dropped
 * @too_big: packets dropped because they exceed the buffers or a limit
 * @errors: invalid packets
 * @kicks: kicks by the user; written in any context, by several writers at a
 *	time
 * @syncp: protects the other members
 */
struct tun_ring_count {
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t wakeups;
	u64_stats_t full;
	u64_stats_t dropped;
	u64_stats_t too_big;
	u64_stats_t errors;
	atomic64_t kicks;
	struct u64_stats_sync syncp;
};

static inline void tun_ring_count_begin(struct tun_ring_count *c)
{
	if (BITS_PER_LONG == 32)
		preempt_disable();
	u64_stats_update_begin(&c->syncp);
}

static inline void tun_ring_count_end(struct tun_ring_count *c)
{
	u64_stats_update_end(&c->syncp);
	if (BITS_PER_LONG == 32)
		preempt_enable();
}

/* Add @n to one counter. @field is the name of the counter. */
#define tun_ring_count_add(count, field, n)			\
	do {							\
		struct tun_ring_count *__c = (count);		\
								\
		tun_ring_count_begin(__c);			\
		u64_stats_add(&__c->field, n);			\
		tun_ring_count_end(__c);			\
	} while (0)

#define tun_ring_count_inc(count, field)	\
	tun_ring_count_add(count, field, 1)

static inline void tun_ring_count_packets(struct tun_ring_count *c,
					  unsigned long packets,
					  unsigned long bytes)
{
	tun_ring_count_begin(c);
	u64_stats_add(&c->packets, packets);
	u64_stats_add(&c->bytes, bytes);
	tun_ring_count_end(c);
}

#endif /* _TUN_RING_COUNT_H */
