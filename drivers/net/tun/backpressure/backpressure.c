// SPDX-License-Identifier: GPL-2.0
/*
 * IFF_BACKPRESSURE.
 *
 * Packets in the queueing discipline hold their sockets, and other users may
 * need these sockets: the kernel answers ICMP with one socket per CPU. A reader
 * that takes next to nothing therefore loses backpressure, until the reader has
 * taken as many packets as the tx_ring has entries.
 */
#include "backpressure.h"

#include <linux/netdevice.h>
#include <linux/ptr_ring.h>
#include <net/sch_generic.h>

/* A reader that takes 16 packets in 200 ms of stop keeps backpressure. */
#define STOP_NS		(200 * NSEC_PER_MSEC)
#define STOP_PACKETS	16

static struct netdev_queue *tun_backpressure_txq(const struct tun_dev *tun,
						 const struct tun_queue *q)
{
	return netdev_get_tx_queue(tun->dev, READ_ONCE(q->index));
}

/* The producer's view: entries that were consumed may not be free yet. */
static bool tun_backpressure_is_full(const struct ptr_ring *r)
{
	return r->size && READ_ONCE(r->queue[r->producer]);
}

static void tun_backpressure_account(struct tun_backpressure *b)
{
	u64 now = ktime_get_ns();

	b->stopped_ns += now - b->stopped_at;
	b->stopped_at = now;
	if (b->taken >= STOP_PACKETS) {
		b->taken = 0;
		b->stopped_ns = 0;
	}
}

static void tun_backpressure_wake(struct tun_dev *tun, struct tun_queue *q,
				  enum tun_backpressure_state state)
{
	lockdep_assert_held(&q->tx_ring.producer_lock);

	WRITE_ONCE(q->backpressure.state, state);
	/*
	 * a device that is down starts its queues when it comes up, and a
	 * detached queue has no netdev queue
	 */
	if (netif_running(tun->dev) && tun_queue_is_active(q))
		netif_tx_wake_queue(tun_backpressure_txq(tun, q));
}

/*
 * The function of the timer may run, and may have looked at the state already. It
 * takes the producer_lock, which the caller holds, so a timer that is queued looks
 * at the state again.
 */
static void tun_backpressure_start_timer(struct tun_backpressure *b, u64 ns)
{
	if (!hrtimer_is_queued(&b->timer))
		hrtimer_start(&b->timer, ns_to_ktime(ns),
			      HRTIMER_MODE_REL_SOFT);
}

static void tun_backpressure_stop(struct tun_dev *tun, struct tun_queue *q)
{
	struct netdev_queue *txq = tun_backpressure_txq(tun, q);
	struct tun_backpressure *b = &q->backpressure;

	lockdep_assert_held(&q->tx_ring.producer_lock);

	/*
	 * without a queueing discipline the core drops packets for a stopped
	 * queue
	 */
	if (!netif_running(tun->dev) || !rcu_dereference(txq->qdisc)->enqueue)
		return;
	b->since = 0;
	b->stopped_at = ktime_get_ns();
	WRITE_ONCE(b->state, TUN_BACKPRESSURE_STOPPED);
	netif_tx_stop_queue(txq);
	/* Matches smp_mb() in tun_backpressure_consumed_slow(). */
	smp_mb();
	if (!tun_backpressure_is_full(&q->tx_ring)) {
		tun_backpressure_wake(tun, q, TUN_BACKPRESSURE_RUNNING);
		return;
	}
	tun_backpressure_start_timer(b, STOP_NS);
}

/**
 * tun_backpressure_produce - queue a packet, and stop the netdev queue if the
 *	tx_ring is full now
 * @q: the queue; the caller is under RCU, with bottom halves disabled
 * @ptr: the packet
 *
 * Return: 0, or -ENOSPC if the tx_ring was full.
 */
int tun_backpressure_produce(struct tun_queue *q, void *ptr)
{
	struct tun_dev *tun = rcu_dereference(q->tun);
	struct ptr_ring *r = &q->tx_ring;
	int err;

	spin_lock(&r->producer_lock);
	err = __ptr_ring_produce(r, ptr);
	if (likely(tun) && q->backpressure.state == TUN_BACKPRESSURE_RUNNING &&
	    tun_backpressure_is_full(r))
		tun_backpressure_stop(tun, q);
	spin_unlock(&r->producer_lock);

	return err;
}

/*
 * The queue runs again when half of the entries were taken since the stop. Entries
 * that are taken become free in batches, of at most half of the tx_ring.
 */
static void tun_backpressure_took(struct tun_dev *tun, struct tun_queue *q,
				  unsigned int n)
{
	struct tun_backpressure *b = &q->backpressure;
	struct ptr_ring *r = &q->tx_ring;

	b->taken += n;
	b->since += n;
	if (b->state == TUN_BACKPRESSURE_LAPSED) {
		if (b->taken < r->size)
			return;
		b->taken = 0;
		b->stopped_ns = 0;
		WRITE_ONCE(b->state, TUN_BACKPRESSURE_RUNNING);
		return;
	}
	tun_backpressure_account(b);
	if (b->since >= (r->size + 1) / 2 && !tun_backpressure_is_full(r))
		tun_backpressure_wake(tun, q, TUN_BACKPRESSURE_RUNNING);
}

/* For tun_backpressure_consumed(). */
void tun_backpressure_consumed_slow(struct tun_queue *q, unsigned int n)
{
	struct tun_dev *tun;

	/*
	 * Order the release of entries before the load of the state. Matches
	 * smp_mb() in tun_backpressure_stop().
	 */
	smp_mb();
	if (likely(READ_ONCE(q->backpressure.state) == TUN_BACKPRESSURE_RUNNING))
		return;

	rcu_read_lock();
	spin_lock_bh(&q->tx_ring.producer_lock);
	tun = rcu_dereference(q->tun);
	if (tun && q->backpressure.state != TUN_BACKPRESSURE_RUNNING)
		tun_backpressure_took(tun, q, n);
	spin_unlock_bh(&q->tx_ring.producer_lock);
	rcu_read_unlock();
}

static enum hrtimer_restart tun_backpressure_timer(struct hrtimer *timer)
{
	struct tun_queue *q = container_of(timer, struct tun_queue,
					   backpressure.timer);
	struct tun_backpressure *b = &q->backpressure;
	struct tun_dev *tun;

	rcu_read_lock();
	spin_lock_bh(&q->tx_ring.producer_lock);
	tun = rcu_dereference(q->tun);
	if (tun && b->state == TUN_BACKPRESSURE_STOPPED) {
		tun_backpressure_account(b);
		if (b->stopped_ns < STOP_NS) {
			tun_backpressure_start_timer(b, STOP_NS - b->stopped_ns);
		} else {
			b->taken = 0;
			tun_backpressure_wake(tun, q, TUN_BACKPRESSURE_LAPSED);
		}
	}
	spin_unlock_bh(&q->tx_ring.producer_lock);
	rcu_read_unlock();

	return HRTIMER_NORESTART;
}

/* A new queue has no device. */
void tun_backpressure_init(struct tun_queue *q)
{
	struct tun_backpressure *b = &q->backpressure;

	b->on = false;
	b->state = TUN_BACKPRESSURE_RUNNING;
	b->taken = 0;
	b->stopped_ns = 0;
	hrtimer_setup(&b->timer, tun_backpressure_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
}

/**
 * tun_backpressure_reset - take over the device's flag, and wake the netdev queue
 * @tun: the device; the caller holds rtnl
 * @q: an active queue
 */
void tun_backpressure_reset(struct tun_dev *tun, struct tun_queue *q)
{
	struct tun_backpressure *b = &q->backpressure;

	ASSERT_RTNL();

	if (!TUN_BACKPRESSURE)
		return;

	spin_lock_bh(&q->tx_ring.producer_lock);
	WRITE_ONCE(b->on, tun->flags & TUN_BACKPRESSURE);
	b->taken = 0;
	b->stopped_ns = 0;
	if (b->state != TUN_BACKPRESSURE_RUNNING)
		tun_backpressure_wake(tun, q, TUN_BACKPRESSURE_RUNNING);
	spin_unlock_bh(&q->tx_ring.producer_lock);
}

/* tun_backpressure_reset() of all queues. The caller holds rtnl. */
void tun_backpressure_reset_all(struct tun_dev *tun)
{
	unsigned int i;

	ASSERT_RTNL();

	for (i = 0; i < tun->numqueues; i++)
		tun_backpressure_reset(tun, tun_queue_rtnl(tun, i));
}

/* The queue has no device any more, so nothing starts the timer. */
void tun_backpressure_cancel(struct tun_queue *q)
{
	hrtimer_cancel(&q->backpressure.timer);
}
