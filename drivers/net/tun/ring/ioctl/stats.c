// SPDX-License-Identifier: GPL-2.0
/*
 * Queries about rings: TUNRINGQUERY, TUNRINGSTATS, fdinfo.
 */
#include "stats.h"

#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "../../tun.h"
#include "../life/ref.h"
#include "../state.h"
#include "layout.h"

static void tun_ring_stats_fill(struct tun_ring *ring, struct tun_ring_stats *s)
{
	memset(s, 0, sizeof(*s));

	spin_lock_bh(&ring->rx.lock);
	s->rx = ring->rx.count;
	spin_unlock_bh(&ring->rx.lock);
	s->rx.kicks += atomic64_read(&ring->worker.rx_kicks);
	/*
	 * NAPI or the worker may count at the same time: each counter is whole,
	 * but the counters may be of different moments.
	 */
	s->tx = ring->tx.count;
	s->tx.kicks = atomic64_read(&ring->tx.kicks);
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
