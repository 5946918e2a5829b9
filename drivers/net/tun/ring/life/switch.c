// SPDX-License-Identifier: GPL-2.0
/*
 * Whether packets flow: what happens to rings when their queue is detached and
 * attached, and when the device goes up or away.
 */
#include "switch.h"

#include "../../tun.h"
#include "../../wake.h"
#include "../event/eventfd.h"
#include "../rx/backlog.h"
#include "../rx/stop.h"
#include "../state.h"
#include "../tx/poll.h"
#include "../tx/tx.h"
#include "../wake.h"

/* Packets flow from here on, if the queue is attached. */
static void tun_ring_resume(struct tun_ring *ring)
{
	ASSERT_RTNL();

	if (!tun_ring_has_worker(ring))
		napi_enable(&ring->tx.napi);
	WRITE_ONCE(ring->state, TUN_RING_RUNNING);
}

/* Packets flow no more until the next tun_ring_switch_attach(). */
void tun_ring_quiesce(struct tun_ring *ring)
{
	ASSERT_RTNL();

	if (ring->state == TUN_RING_RUNNING && !tun_ring_has_worker(ring)) {
		napi_disable(&ring->tx.napi);
		/*
		 * The thread that was to do so finds nothing to run. A guest's
		 * ring may be closed at this moment: that waits for RCU's readers
		 * before it lets the memory go.
		 */
		rcu_read_lock();
		if (!READ_ONCE(ring->tx.closed))
			tun_ring_tx_notify(ring);
		rcu_read_unlock();
	}
	WRITE_ONCE(ring->state, TUN_RING_STOPPED);
}

/* Rings of a device, new or not: with a worker there is no NAPI to add. */
void tun_ring_napi_add(struct tun_ring *ring, struct tun_dev *tun)
{
	if (!tun_ring_has_worker(ring))
		netif_napi_add(tun->dev, &ring->tx.napi, tun_ring_tx_poll);
	ring->state = TUN_RING_STOPPED;
	if (tun_queue_is_active(ring->q))
		tun_ring_resume(ring);
}

void tun_ring_napi_del(struct tun_ring *ring)
{
	if (!tun_ring_has_worker(ring))
		netif_napi_del(&ring->tx.napi);
}

/* TUNSETQUEUE puts the queue into service again; rings go on where they were. */
void tun_ring_switch_attach(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring || ring->state != TUN_RING_STOPPED)
		return;
	tun_ring_resume(ring);
	tun_ring_switch_up(q);
}

/* TUNSETQUEUE takes the queue out of service; the rings keep what they hold. */
void tun_ring_switch_detach(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (ring && ring->state == TUN_RING_RUNNING)
		tun_ring_quiesce(ring);
}

/*
 * The device is going. The user sees EPOLLERR, and EBADFD from calls. What waits
 * in the queue goes with the device, the backlog by way of the tx_ring.
 */
void tun_ring_switch_dead(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring || ring->state == TUN_RING_DEAD)
		return;
	tun_ring_quiesce(ring);
	tun_ring_napi_del(ring);
	if (!tun_ring_has_worker(ring)) {
		tun_ring_rx_close(ring);
		tun_ring_rx_backlog_put(ring);
	}
	WRITE_ONCE(ring->state, TUN_RING_DEAD);
	rcu_read_lock();
	tun_ring_eventfd_signal(&ring->rx.call);
	tun_ring_eventfd_signal(&ring->tx.call);
	rcu_read_unlock();
	tun_queue_notify_error(q);
}

/* What was made available while the device was down is processed now. */
void tun_ring_switch_up(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring || ring->state != TUN_RING_RUNNING)
		return;
	if (tun_ring_has_worker(ring)) {
		tun_worker_wake(ring, TUN_WORKER_TX);
		return;
	}
	local_bh_disable();
	napi_schedule(&ring->tx.napi);
	local_bh_enable();
}
