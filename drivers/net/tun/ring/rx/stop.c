// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait for receive buffers: the driver stops the netdev queue, and
 * wakes the queue after the user has made buffers available.
 */
#include "stop.h"

#include <linux/sched/signal.h>

#include "../../tun.h"
#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../state.h"
#include "backlog.h"
#include "packet.h"

/* Packets of the backlog that are delivered during one hold of rx.lock. */
#define BACKLOG_BATCH	64

/**
 * tun_ring_rx_stop_queue - let a packet wait in the netdev queue
 * @ring: the rings; rx.lock is held, and the receive ring has no room
 * @dev: the device
 * @txq: the netdev queue
 *
 * The function stops the queue, enables kicks, and loads the available index
 * once more: the user may have made buffers available just before kicks were
 * enabled.
 */
void tun_ring_rx_stop_queue(struct tun_ring *ring, struct net_device *dev,
			    u16 txq)
{
	struct tun_ring_rx *rx = &ring->rx;
	u16 seen = rx->vq.vr.avail_idx;

	lockdep_assert_held(&rx->lock);

	netif_tx_stop_queue(netdev_get_tx_queue(dev, txq));
	if (!rx->stopped)
		tun_ring_count_inc(&rx->count, full);
	rx->txq = txq;
	rx->stopped = true;
	/*
	 * Pairs with the cmpxchg in tun_ring_set_broken(), which comes before
	 * tun_ring_report_broken() loads rx.stopped.
	 */
	smp_mb();
	if (unlikely(READ_ONCE(ring->broken))) {
		rx->stopped = false;
		netif_tx_wake_queue(netdev_get_tx_queue(dev, txq));
		return;
	}
	if (rx->blocked)
		return;
	if (tun_vring_enable_kick(&rx->vq.vr, &tun_kmem) > 0 &&
	    rx->vq.vr.avail_idx != seen) {
		rx->stopped = false;
		tun_vring_disable_kick(&rx->vq.vr, &tun_kmem);
		netif_tx_wake_queue(netdev_get_tx_queue(dev, txq));
	}
}

/*
 * Deliver the backlog, then wake the stopped queue: the user may have made
 * buffers available. Packets that still wait need another kick, so the function
 * enables kicks before it loads the available index for the last time.
 *
 * The user may make buffers available all the time, and packets may be large.
 * @budget therefore bounds the attempts during one hold of rx.lock.
 *
 * Return: true if the budget is spent, and the caller has to call again.
 */
static bool tun_ring_rx_resume_locked(struct tun_ring *ring,
				      struct tun_dev *tun, int budget)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->vq.vr;
	u16 seen;

	lockdep_assert_held(&rx->lock);

	if (rx->closed)
		return false;
	while (rx->blocked) {
		enum tun_ring_rx_drained drained =
			tun_ring_rx_backlog_drain(ring, tun, &budget);

		if (drained == TUN_RING_RX_DRAINED_BUDGET)
			return true;
		if (drained == TUN_RING_RX_DRAINED_ALL)
			break;
		seen = vr->avail_idx;
		if (tun_vring_enable_kick(vr, &tun_kmem) <= 0 ||
		    vr->avail_idx == seen)
			return false;
	}
	rx->blocked = false;
	tun_vring_disable_kick(vr, &tun_kmem);
	if (rx->stopped) {
		rx->stopped = false;
		/* a device that is down starts its queues when it comes up */
		if (netif_running(tun->dev))
			netif_tx_wake_queue(netdev_get_tx_queue(tun->dev,
								rx->txq));
	}
	return false;
}

/* NAPI delivers the rest, at the latest when the queue is attached again. */
static void tun_ring_rx_resume_later(struct tun_ring *ring)
{
	set_bit(TUN_RING_RX_BACKLOG, &ring->rx_work);
	local_bh_disable();
	if (READ_ONCE(ring->state) == TUN_RING_RUNNING)
		napi_schedule(&ring->tx.napi);
	local_bh_enable();
}

/**
 * tun_ring_rx_resume - deliver packets that wait for receive buffers
 * @ring: the rings, served by NAPI; the caller is under RCU
 * @kicked: the user has kicked
 */
void tun_ring_rx_resume(struct tun_ring *ring, bool kicked)
{
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_ring_rx_action action;
	struct tun_dev *tun;
	bool more;

	tun = rcu_dereference(ring->q->tun);
	if (!tun)
		return;

	if (kicked)
		atomic64_inc(&rx->count.kicks);
	spin_lock_bh(&rx->lock);
	more = tun_ring_rx_resume_locked(ring, tun, BACKLOG_BATCH);
	action = tun_ring_rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	tun_ring_rx_complete(ring, action);
	if (unlikely(more))
		tun_ring_rx_resume_later(ring);
}

/**
 * tun_ring_rx_open - open the receive ring for packets
 * @ring: the rings, after tun_ring_rx_backlog_get()
 * @tun: the device
 *
 * If there is a backlog, packets wait in the netdev queue until the caller has
 * released rtnl and called tun_ring_rx_deliver_backlog().
 */
void tun_ring_rx_open(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_rx *rx = &ring->rx;

	ASSERT_RTNL();

	spin_lock_bh(&rx->lock);
	rx->closed = false;
	tun_ring_rx_resume_locked(ring, tun, 0);
	spin_unlock_bh(&rx->lock);
}

/**
 * tun_ring_rx_deliver_backlog - deliver the backlog of an open ring
 * @ring: the rings; the caller holds the ring_mutex of their queue, and not
 *	rtnl
 *
 * The task that sets up or opens the ring delivers the backlog, in batches.
 * NAPI delivers the rest if the task is killed.
 */
void tun_ring_rx_deliver_backlog(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_ring_rx_action action;
	struct tun_dev *tun;
	bool more;

	lockdep_assert_held(&ring->q->ring_mutex);

	do {
		more = false;
		rcu_read_lock();
		tun = rcu_dereference(ring->q->tun);
		if (tun) {
			spin_lock_bh(&rx->lock);
			more = tun_ring_rx_resume_locked(ring, tun,
							 BACKLOG_BATCH);
			action = tun_ring_rx_flush(ring);
			spin_unlock_bh(&rx->lock);
			tun_ring_rx_complete(ring, action);
		}
		rcu_read_unlock();
		cond_resched();
	} while (more && !fatal_signal_pending(current));
	if (more)
		tun_ring_rx_resume_later(ring);
}

/* Packets wait in the netdev queue until teardown or the next open. */
void tun_ring_rx_close(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_ring_rx_action action;

	/* for rx.call, which may be replaced while the device goes */
	rcu_read_lock();
	spin_lock_bh(&rx->lock);
	rx->closed = true;
	rx->blocked = true;
	action = tun_ring_rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	tun_ring_rx_complete(ring, action);
	rcu_read_unlock();
}
