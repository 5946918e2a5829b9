// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait for receive buffers: the driver delivers them when the user
 * has made buffers available.
 *
 * The driver checks for buffers at each transmitted packet, each kick,
 * TUNRINGENTER and poll(2). With the event index the user kicks only after a
 * quarter of its buffers, so a timer checks, too. If the user adds no buffer in
 * one period, the driver asks for a kick at the next buffer and stops the timer:
 * a user that has stopped costs nothing.
 *
 * With flow control the driver also waits for buffers when no packet waits: the
 * netdev queue is stopped until several buffers are available.
 */
#include "wait.h"

#include <linux/sched/signal.h>

#include "../../tun.h"
#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../flow/ask.h"
#include "../flow/flow.h"
#include "../flow/in_flight.h"
#include "../state.h"
#include "../trace.h"
#include "fifo.h"
#include "packet.h"

#define WAIT_BATCH	64	/* packets during one hold of rx.lock */

static void tun_ring_rx_wait_end(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_rx *rx = &ring->rx;

	WRITE_ONCE(rx->state, TUN_RING_RX_OPEN);
	tun_vring_disable_kick(&rx->vq.vr, &tun_kmem);
	trace_tun_ring_woken(ring);
	tun_ring_flow_wake(ring, tun->dev);
}

/**
 * tun_ring_rx_wait_drain - deliver packets that wait
 * @ring: the rings; rx.lock is held
 * @tun: the device
 *
 * The user may always add buffers, so one hold of rx.lock has a limit.
 *
 * Return: true if the limit was reached: the caller is to call again, or to call
 * tun_ring_rx_wait_later().
 */
bool tun_ring_rx_wait_drain(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->vq.vr;
	int budget = WAIT_BATCH;

	lockdep_assert_held(&rx->lock);

	/* a closed ring may have no memory */
	if (rx->state != TUN_RING_RX_WAITING || tun_ring_flow_in_vain(ring))
		return false;
	while (rx->state == TUN_RING_RX_WAITING && !READ_ONCE(ring->broken)) {
		switch (tun_ring_rx_fifo_drain(ring, tun, &budget)) {
		case TUN_RING_RX_DRAINED_BUDGET:
			return true;
		case TUN_RING_RX_DRAINED_BUSY:
			tun_ring_flow_start_timer(ring, TUN_RING_FLOW_PERIOD_NS);
			return false;
		case TUN_RING_RX_DRAINED_ALL:
			if (tun_ring_flow_has_enough(ring)) {
				tun_ring_rx_wait_end(ring, tun);
				return false;
			}
			fallthrough;
		case TUN_RING_RX_DRAINED_FULL:
			if (vr->avail_idx == rx->asked ||
			    !tun_ring_flow_ask_quarter(ring))
				return false;
			break;
		}
	}
	return false;
}

/* From now on packets wait. The driver has not asked for a kick yet. */
static void tun_ring_rx_wait_set(struct tun_ring_rx *rx)
{
	lockdep_assert_held(&rx->lock);

	rx->asked = rx->vq.vr.avail_idx - 1;
	rx->want = 1;
	rx->stuck_len = U32_MAX;
	WRITE_ONCE(rx->state, TUN_RING_RX_WAITING);
}

/**
 * tun_ring_rx_wait_begin - an open ring has no buffers for the next packet
 * @ring: the rings; rx.lock is held
 * @tun: the device
 *
 * Return: as tun_ring_rx_wait_drain().
 */
bool tun_ring_rx_wait_begin(struct tun_ring *ring, struct tun_dev *tun)
{
	lockdep_assert_held(&ring->rx.lock);

	trace_tun_ring_stopped(ring);
	tun_ring_rx_wait_set(&ring->rx);
	return tun_ring_flow_ask_quarter(ring) &&
	       tun_ring_rx_wait_drain(ring, tun);
}

/**
 * tun_ring_rx_wait_flow - flow control, after a packet has been delivered
 * @ring: the rings, with flow control; rx.lock is held
 * @tun: the device
 * @txq: the netdev queue of the packet
 *
 * The queue stops when the ring becomes full, or enough buffers are in flight.
 */
void tun_ring_rx_wait_flow(struct tun_ring *ring, struct tun_dev *tun, u16 txq)
{
	lockdep_assert_held(&ring->rx.lock);

	if (tun_ring_flow_is_full(ring) &&
	    tun_ring_flow_stop(ring, tun->dev, txq) &&
	    tun_ring_rx_wait_begin(ring, tun))
		tun_ring_flow_start_timer(ring, TUN_RING_FLOW_PERIOD_NS);
}

/**
 * tun_ring_rx_wait_later - let NAPI deliver the other packets that wait
 * @ring: the rings; the caller does not hold rx.lock
 *
 * If the queue is detached, no packet waits.
 */
void tun_ring_rx_wait_later(struct tun_ring *ring)
{
	set_bit(TUN_RING_RX_MORE, &ring->rx_work);
	local_bh_disable();
	if (READ_ONCE(ring->state) == TUN_RING_RUNNING)
		napi_schedule(&ring->tx.napi);
	local_bh_enable();
}

/* Check for buffers. Return: true if the caller has to call again. */
static bool tun_ring_rx_wait_run(struct tun_ring *ring, bool kicked)
{
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_ring_rx_action action;
	struct tun_dev *tun;
	bool more = false;

	if (kicked)
		atomic64_inc(&rx->count.kicks);
	tun = rcu_dereference(ring->q->tun);
	spin_lock_bh(&rx->lock);
	if (tun)
		more = tun_ring_rx_wait_drain(ring, tun);
	action = tun_ring_rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	tun_ring_rx_complete(ring, action);
	return more;
}

/**
 * tun_ring_rx_resume - deliver packets that wait for receive buffers
 * @ring: the rings, served by NAPI; the caller is under RCU
 * @kicked: the user has kicked
 */
void tun_ring_rx_resume(struct tun_ring *ring, bool kicked)
{
	if (unlikely(tun_ring_rx_wait_run(ring, kicked)))
		tun_ring_rx_wait_later(ring);
}

/*
 * The timer has expired. If the user added no buffer during one period, ask for
 * a kick at the next buffer. Return: as tun_ring_rx_wait_drain().
 */
static bool tun_ring_rx_wait_idle(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_rx *rx = &ring->rx;
	bool more = false, idle;
	u64 ns;

	if (rx->state != TUN_RING_RX_WAITING || READ_ONCE(ring->broken))
		return false;
	idle = rx->asked == rx->timed;
	ns = tun_ring_flow_check(ring, tun->dev, idle);
	if (rx->timer_at)
		return false;
	if (!idle) {
		tun_ring_flow_start_timer(ring, TUN_RING_FLOW_PERIOD_NS);
		return false;
	}
	rx->want = 1;
	if (tun_ring_flow_ask(ring, 1) || tun_vring_cached_avail(&rx->vq.vr))
		more = tun_ring_rx_wait_drain(ring, tun);
	if (ns && rx->state == TUN_RING_RX_WAITING)
		tun_ring_flow_start_timer(ring, ns);
	return more;
}

static enum hrtimer_restart tun_ring_rx_wait_timer(struct hrtimer *timer)
{
	struct tun_ring *ring = container_of(timer, struct tun_ring, rx.timer);
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_ring_rx_action action;
	struct tun_dev *tun;
	bool more = false;

	rcu_read_lock();
	tun = rcu_dereference(ring->q->tun);
	spin_lock_bh(&rx->lock);
	rx->timer_at = 0;
	if (tun)
		more = tun_ring_rx_wait_drain(ring, tun) ||
		       tun_ring_rx_wait_idle(ring, tun);
	action = tun_ring_rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	tun_ring_rx_complete(ring, action);
	if (more)
		tun_ring_rx_wait_later(ring);
	rcu_read_unlock();
	return HRTIMER_NORESTART;
}

/* New rings are closed. */
void tun_ring_rx_init(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;

	spin_lock_init(&rx->lock);
	rx->state = TUN_RING_RX_CLOSED;
	hrtimer_setup(&rx->timer, tun_ring_rx_wait_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
}

/**
 * tun_ring_rx_open - open the receive ring; the packets that wait come first
 * @ring: the rings; all transmitters see them. The caller delivers packets that
 *	wait by tun_ring_rx_deliver_waiting() after the release of rtnl
 */
void tun_ring_rx_open(struct tun_ring *ring)
{
	spin_lock_bh(&ring->rx.lock);
	tun_ring_rx_wait_set(&ring->rx);
	tun_ring_flow_open(ring);
	spin_unlock_bh(&ring->rx.lock);
}

/**
 * tun_ring_rx_deliver_waiting - deliver packets that came before the opening
 * @ring: the rings; the caller holds the ring_mutex of their queue, and not
 *	rtnl
 *
 * The task that sets up or opens the ring delivers the packets, in batches. NAPI
 * delivers the rest if the task is killed.
 */
void tun_ring_rx_deliver_waiting(struct tun_ring *ring)
{
	bool more;

	lockdep_assert_held(&ring->q->ring_mutex);

	do {
		rcu_read_lock();
		more = tun_ring_rx_wait_run(ring, false);
		rcu_read_unlock();
		cond_resched();
	} while (more && !fatal_signal_pending(current));
	if (more)
		tun_ring_rx_wait_later(ring);
}

/* Packets wait in the tx_ring until teardown or the next open. */
void tun_ring_rx_close(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_ring_rx_action action;
	struct tun_dev *tun;

	/* rx.call may be replaced meanwhile */
	rcu_read_lock();
	tun = rcu_dereference(ring->q->tun);
	spin_lock_bh(&rx->lock);
	if (tun)
		tun_ring_flow_wake(ring, tun->dev);
	rx->timer_at = 0;
	action = tun_ring_rx_flush(ring);
	/* last: vq_close unpins a closed ring, also in another thread */
	smp_store_release(&rx->state, TUN_RING_RX_CLOSED);
	spin_unlock_bh(&rx->lock);
	tun_ring_rx_complete(ring, action);
	rcu_read_unlock();
	/* nothing starts the timer of a closed ring */
	hrtimer_cancel(&rx->timer);
}
