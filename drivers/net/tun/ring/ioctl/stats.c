// SPDX-License-Identifier: GPL-2.0
/*
 * Queries about rings: TUNRINGQUERY, TUNRINGSTATS, fdinfo, counters of ethtool.
 */
#include "stats.h"

#include <linux/ethtool.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "../../tun.h"
#include "../life/ref.h"
#include "../state.h"
#include "layout.h"

/*
 * Copy live counters. The writer may count meanwhile: each counter is
 * consistent, but two counters may belong to different moments.
 */
static void tun_ring_stats_read(const struct tun_ring_count *c,
				struct tun_ring_counters *to)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&c->syncp);
		to->packets = u64_stats_read(&c->packets);
		to->bytes = u64_stats_read(&c->bytes);
		to->wakeups = u64_stats_read(&c->wakeups);
		to->full = u64_stats_read(&c->full);
		to->dropped = u64_stats_read(&c->dropped);
		to->too_big = u64_stats_read(&c->too_big);
		to->errors = u64_stats_read(&c->errors);
	} while (u64_stats_fetch_retry(&c->syncp, start));
	to->kicks = atomic64_read(&c->kicks);
}

static void tun_ring_stats_fill(const struct tun_ring *ring,
				struct tun_ring_stats *s)
{
	memset(s, 0, sizeof(*s));
	tun_ring_stats_read(&ring->rx.count, &s->rx);
	tun_ring_stats_read(&ring->tx.count, &s->tx);
	s->features = ring->features;
	s->broken = READ_ONCE(ring->broken);
	s->mode = ring->mode;
}

/* TUNRINGSTATS. Return: 0 or a negative errno. */
long tun_ring_ioctl_stats(struct tun_queue *q, void __user *argp)
{
	struct tun_ring *ring = tun_ring_ref_get(q);
	struct tun_ring_stats s;

	if (!ring)
		return -ENXIO;
	tun_ring_stats_fill(ring, &s);
	tun_ring_ref_put(ring);
	return copy_to_user(argp, &s, sizeof(s)) ? -EFAULT : 0;
}

/* TUNRINGQUERY. Return: 0 or -EFAULT. */
long tun_ring_ioctl_query(struct tun_queue *q, void __user *argp)
{
	struct tun_ring_query query = {
		.features	= tun_ring_layout_features(),
		.max_entries	= TUN_RING_MAX_ENTRIES,
		.max_chain	= TUN_RING_MAX_CHAIN,
		.max_pool	= TUN_RING_MAX_POOL,
		.meta_size	= sizeof(struct tun_ring_meta),
	};
	struct tun_ring *ring = tun_ring_ref_get(q);

	query.mode = tun_queue_has_vrings(q) ? TUN_RING_MODE_VRINGFD :
					       TUN_RING_MODE_PLAIN;
	if (ring) {
		query.mode = ring->mode;
		tun_ring_ref_put(ring);
	}
	return copy_to_user(argp, &query, sizeof(query)) ? -EFAULT : 0;
}

static void tun_ring_stats_show_counters(struct seq_file *m, const char *name,
					 u32 entries,
					 const struct tun_ring_counters *c)
{
	seq_printf(m, "ring-%s:\tentries %u packets %llu bytes %llu kicks %llu wakeups %llu full %llu dropped %llu too_big %llu errors %llu\n",
		   name, entries, c->packets, c->bytes, c->kicks, c->wakeups,
		   c->full, c->dropped, c->too_big, c->errors);
}

static const char *const modes[] = {
	[TUN_RING_MODE_PLAIN]		= "plain",
	[TUN_RING_MODE_MAPPED]		= "mapped",
	[TUN_RING_MODE_ATTACHED]	= "attached",
	[TUN_RING_MODE_GUEST]		= "guest",
	[TUN_RING_MODE_VRINGFD]		= "vringfd",
};

/* Print the lines of /proc/PID/fdinfo for a queue with rings. */
void tun_ring_show_fdinfo(struct seq_file *m, struct tun_queue *q)
{
	struct tun_ring *ring = tun_ring_ref_get(q);
	struct tun_ring_stats s;

	if (tun_queue_has_vrings(q))
		seq_printf(m, "ring-mode:\t%s\n", modes[TUN_RING_MODE_VRINGFD]);
	if (!ring)
		return;
	tun_ring_stats_fill(ring, &s);
	seq_printf(m, "ring-mode:\t%s\n", modes[ring->mode]);
	seq_printf(m, "ring-server:\t%s\n", READ_ONCE(ring->server)->name);
	seq_printf(m, "ring-features:\t0x%llx\n", s.features);
	tun_ring_stats_show_counters(m, "rx", ring->rx.vq.vr.num, &s.rx);
	tun_ring_stats_show_counters(m, "tx", ring->tx.vq.vr.num, &s.tx);
	if (ring->tx.poll_us)
		seq_printf(m, "ring-tx-poll-us:\t%u\n", ring->tx.poll_us);
	seq_printf(m, "ring-broken:\t%u\n", s.broken);
	tun_ring_ref_put(ring);
}

/*
 * The counters of a queue in the output of ethtool -S. The names have the
 * direction of the net_device: the receive ring is a tx queue.
 */
static const struct {
	const char *name;
	u16 offset;
} tun_ring_stats_ethtool[] = {
#define STAT(queue, ring, counter)					\
	{ queue "_queue_%u_" #counter,					\
	  offsetof(struct tun_ring_stats, ring.counter) }
	STAT("rx", tx, packets),
	STAT("rx", tx, bytes),
	STAT("rx", tx, kicks),
	STAT("rx", tx, wakeups),
	STAT("rx", tx, dropped),
	STAT("rx", tx, errors),
	STAT("tx", rx, packets),
	STAT("tx", rx, bytes),
	STAT("tx", rx, kicks),
	STAT("tx", rx, wakeups),
	STAT("tx", rx, full),
	STAT("tx", rx, dropped),
	STAT("tx", rx, too_big),
#undef STAT
};

/* Number of counters of all queues with rings. The caller holds rtnl. */
int tun_ring_stats_ethtool_count(struct tun_dev *tun)
{
	unsigned int i;
	int n = 0;

	for (i = 0; i < tun->numqueues; i++)
		if (rtnl_dereference(tun_queue_rtnl(tun, i)->ring))
			n += ARRAY_SIZE(tun_ring_stats_ethtool);
	return n;
}

/* Write the names of the counters. The caller holds rtnl. */
void tun_ring_stats_ethtool_names(struct tun_dev *tun, u8 *to)
{
	unsigned int i, j;

	for (i = 0; i < tun->numqueues; i++) {
		if (!rtnl_dereference(tun_queue_rtnl(tun, i)->ring))
			continue;
		for (j = 0; j < ARRAY_SIZE(tun_ring_stats_ethtool); j++)
			ethtool_sprintf(&to, tun_ring_stats_ethtool[j].name, i);
	}
}

/* Write the values, in the order of the names. The caller holds rtnl. */
void tun_ring_stats_ethtool_values(struct tun_dev *tun, u64 *to)
{
	const struct tun_ring *ring;
	struct tun_ring_stats s;
	unsigned int i, j;

	for (i = 0; i < tun->numqueues; i++) {
		ring = rtnl_dereference(tun_queue_rtnl(tun, i)->ring);
		if (!ring)
			continue;
		tun_ring_stats_fill(ring, &s);
		for (j = 0; j < ARRAY_SIZE(tun_ring_stats_ethtool); j++)
			*to++ = *(u64 *)((u8 *)&s +
					 tun_ring_stats_ethtool[j].offset);
	}
}
