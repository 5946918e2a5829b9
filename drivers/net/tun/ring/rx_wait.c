// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait for receive buffers: the netdev queue stops, and goes on
 * when the user has made some available.
 */
#include "rx_packet.h"

#include <linux/sched/signal.h>
#include <linux/skbuff.h>

#include "../tun.h"
#include "deliver.h"
#include "worker.h"

/* Packets of the backlog that are delivered in one hold of rx.lock. */
#define RX_BACKLOG_BATCH	64

/**
 * tun_rx_stop - let a packet wait in the netdev queue
 * @ring: rx.lock held; it has no room
 * @dev: the device
 * @txq: the netdev queue
 *
 * The queue stops, the user is asked for a
 * kick, and the ring is looked at once more: buffers may have been made
 * available just before the user could know that we wait for them.
 */
void tun_rx_stop(struct tun_ring *ring, struct net_device *dev, u16 txq)
{
	struct tun_ring_rx *rx = &ring->rx;
	u16 seen = rx->m.vr.avail_idx;

	lockdep_assert_held(&rx->lock);

	netif_tx_stop_queue(netdev_get_tx_queue(dev, txq));
	if (!rx->stopped)
		rx->count.full++;
	rx->txq = txq;
	rx->stopped = true;
	/* pairs with the cmpxchg in tun_ring_stop(), before it looks for us */
	smp_mb();
	if (unlikely(READ_ONCE(ring->broken))) {
		rx->stopped = false;
		netif_tx_wake_queue(netdev_get_tx_queue(dev, txq));
		return;
	}
	if (rx->hold)
		return;
	if (tun_vring_enable_kick(&rx->m.vr, &tun_kmem) > 0 &&
	    rx->m.vr.avail_idx != seen) {
		rx->stopped = false;
		tun_vring_disable_kick(&rx->m.vr, &tun_kmem);
		netif_tx_wake_queue(netdev_get_tx_queue(dev, txq));
	}
}

/* Why rx_drain_backlog() returned. */
enum rx_drained {
	RX_DRAIN_EMPTY,		/* the backlog is empty */
	RX_DRAIN_NO_ROOM,	/* the next packet finds no buffers */
	RX_DRAIN_BUDGET,	/* the budget is spent */
};

/* Deliver up to @budget packets of the backlog. */
static enum rx_drained rx_drain_backlog(struct tun_ring *ring,
					struct tun_dev *tun, int *budget)
{
	struct tun_ring_backlog *b = &ring->rx.backlog;
	int err;

	lockdep_assert_held(&ring->rx.lock);

	for (; b->next < b->end; b->next++) {
		void *ptr = b->ptrs[b->next];

		if (*budget <= 0)
			return RX_DRAIN_BUDGET;
		--*budget;
		if (tun_is_xdp_frame(ptr)) {
			err = tun_rx_deliver_frame(ring, tun, tun_ptr_to_xdp(ptr));
		} else {
			struct tun_ring_packet p;

			tun_ring_packet_of_skb(&p, ptr);
			err = tun_rx_deliver(ring, tun, &p);
		}
		if (err == -ENOSPC)
			return RX_DRAIN_NO_ROOM;
		if (err)
			tun_rx_drop(ring, tun, err);
		tun_ptr_free(ptr);
	}
	return RX_DRAIN_EMPTY;
}

/*
 * Buffers may have been made available: the backlog goes first, then the
 * stopped queue. What still waits afterwards needs another kick, which is
 * asked for before the ring is looked at for the last time.
 *
 * The user may make buffers available all the time, and a packet may be large:
 * @budget bounds the attempts of one hold of the lock.
 *
 * Return: the budget is spent, and the caller has to call again.
 */
static bool rx_resume(struct tun_ring *ring, struct tun_dev *tun, int budget)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->m.vr;
	u16 seen;

	lockdep_assert_held(&rx->lock);

	if (rx->closed)
		return false;
	while (rx->hold) {
		enum rx_drained drained = rx_drain_backlog(ring, tun, &budget);

		if (drained == RX_DRAIN_BUDGET)
			return true;
		if (drained == RX_DRAIN_EMPTY)
			break;
		seen = vr->avail_idx;
		if (tun_vring_enable_kick(vr, &tun_kmem) <= 0 ||
		    vr->avail_idx == seen)
			return false;
	}
	rx->hold = false;
	tun_vring_disable_kick(vr, &tun_kmem);
	if (rx->stopped) {
		rx->stopped = false;
		/* else it starts when the device comes up */
		if (netif_running(tun->dev))
			netif_tx_wake_queue(netdev_get_tx_queue(tun->dev,
								rx->txq));
	}
	return false;
}

/* The NAPI delivers the rest, or does so once the queue is attached again. */
static void rx_resume_later(struct tun_ring *ring)
{
	set_bit(TUN_RX_BACKLOG, &ring->rx_due);
	local_bh_disable();
	if (READ_ONCE(ring->life) == TUN_RING_LIVE)
		napi_schedule(&ring->tx.napi);
	local_bh_enable();
}

/**
 * tun_ring_rx_resume - go on with a receive ring that the kernel can reach
 * @ring: under RCU
 * @kicked: the user has kicked
 */
void tun_ring_rx_resume(struct tun_ring *ring, bool kicked)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_dev *tun;
	enum tun_rx_due due;
	bool more;

	tun = rcu_dereference(ring->q->tun);
	if (!tun)
		return;

	spin_lock_bh(&rx->lock);
	rx->count.kicks += kicked;
	more = rx_resume(ring, tun, RX_BACKLOG_BATCH);
	due = tun_rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	tun_rx_do(ring, due);
	if (unlikely(more))
		rx_resume_later(ring);
}

/**
 * tun_ring_rx_kick - the user has made receive buffers available
 * @ring: under RCU
 */
void tun_ring_rx_kick(struct tun_ring *ring)
{
	if (tun_ring_has_worker(ring))
		tun_ring_worker_kick_rx(ring);
	else
		tun_ring_rx_resume(ring, true);
}

/**
 * tun_ring_rx_open - packets may come
 * @ring: the rings; the backlog is known
 * @tun: the device
 *
 * If there is a backlog, packets wait in the netdev queue until
 * tun_ring_rx_deliver_backlog() was called, which the caller does without rtnl.
 */
void tun_ring_rx_open(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_rx *rx = &ring->rx;

	ASSERT_RTNL();

	spin_lock_bh(&rx->lock);
	rx->closed = false;
	rx_resume(ring, tun, 0);
	spin_unlock_bh(&rx->lock);
}

/**
 * tun_ring_rx_deliver_backlog - the first packets of an open ring
 * @ring: the rings; the caller holds the ring_mutex of their queue, and not rtnl
 *
 * The user who sets up or opens the ring delivers the backlog, in turns. A caller
 * who is killed leaves the rest to the NAPI.
 */
void tun_ring_rx_deliver_backlog(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_rx_due due;
	struct tun_dev *tun;
	bool more;

	lockdep_assert_held(&ring->q->ring_mutex);

	do {
		more = false;
		rcu_read_lock();
		tun = rcu_dereference(ring->q->tun);
		if (tun) {
			spin_lock_bh(&rx->lock);
			more = rx_resume(ring, tun, RX_BACKLOG_BATCH);
			due = tun_rx_flush(ring);
			spin_unlock_bh(&rx->lock);
			tun_rx_do(ring, due);
		}
		rcu_read_unlock();
		cond_resched();
	} while (more && !fatal_signal_pending(current));
	if (more)
		rx_resume_later(ring);
}

/* From here on packets wait in the netdev queue; teardown wakes it. */
void tun_ring_rx_close(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_rx_due due;

	/* for the eventfd: another may be set while the device goes */
	rcu_read_lock();
	spin_lock_bh(&rx->lock);
	rx->closed = true;
	rx->hold = true;
	due = tun_rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	tun_rx_do(ring, due);
	rcu_read_unlock();
}
