// SPDX-License-Identifier: GPL-2.0
/*
 * Whether packets flow: what happens to rings when their queue is detached and
 * attached, and when the device goes up or away.
 */
#include "switch.h"

#include "../../tun.h"
#include "../../wake.h"
#include "../event/eventfd.h"
#include "../server.h"
#include "../state.h"

/* Packets flow from here on, if the queue is attached. */
static void tun_ring_resume(struct tun_ring *ring)
{
	ASSERT_RTNL();

	ring->server->resume(ring);
	WRITE_ONCE(ring->state, TUN_RING_RUNNING);
}

/* Packets flow no more until the next tun_ring_switch_attach(). */
void tun_ring_quiesce(struct tun_ring *ring)
{
	ASSERT_RTNL();

	if (ring->state == TUN_RING_RUNNING)
		ring->server->quiesce(ring);
	WRITE_ONCE(ring->state, TUN_RING_STOPPED);
}

/* The server of the rings begins with the device. */
void tun_ring_server_attach(struct tun_ring *ring, struct tun_dev *tun)
{
	ASSERT_RTNL();

	ring->server->attach(ring, tun);
	ring->state = TUN_RING_STOPPED;
	if (tun_queue_is_active(ring->q))
		tun_ring_resume(ring);
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
	ring->server->detach(ring);
	ring->server->unpublish(ring);
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

	if (ring && ring->state == TUN_RING_RUNNING)
		ring->server->kick_tx(ring);
}
