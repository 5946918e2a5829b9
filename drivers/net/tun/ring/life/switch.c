// SPDX-License-Identifier: GPL-2.0
/*
 * State of rings when TUNSETQUEUE detaches and attaches their queue, and when
 * the device goes up or is deleted.
 */
#include "switch.h"

#include "../../tun.h"
#include "../../wake.h"
#include "../event/eventfd.h"
#include "../server.h"
#include "../state.h"

/* Let packets flow. The queue is attached to the device. */
static void tun_ring_resume(struct tun_ring *ring)
{
	ASSERT_RTNL();

	ring->server->resume(ring);
	WRITE_ONCE(ring->state, TUN_RING_RUNNING);
}

/* Packets do not flow again before the next tun_ring_resume(). */
void tun_ring_quiesce(struct tun_ring *ring)
{
	ASSERT_RTNL();

	if (ring->state == TUN_RING_RUNNING)
		ring->server->quiesce(ring);
	WRITE_ONCE(ring->state, TUN_RING_STOPPED);
}

/* Attach the server of the rings to the device. */
void tun_ring_server_attach(struct tun_ring *ring, struct tun_dev *tun)
{
	ASSERT_RTNL();

	ring->server->attach(ring, tun);
	ring->state = TUN_RING_STOPPED;
	if (tun_queue_is_active(ring->q))
		tun_ring_resume(ring);
}

/* TUNSETQUEUE attached the queue again: the rings continue at their indices. */
void tun_ring_switch_attach(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring || ring->state != TUN_RING_STOPPED)
		return;
	tun_ring_resume(ring);
	tun_ring_switch_up(q);
}

/* TUNSETQUEUE detached the queue: the rings keep their entries and packets. */
void tun_ring_switch_detach(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (ring && ring->state == TUN_RING_RUNNING)
		tun_ring_quiesce(ring);
}

/*
 * The device is being unregistered. poll() reports EPOLLERR, and system calls
 * fail with EBADFD. The caller drops the packets that wait in the queue.
 */
void tun_ring_switch_dead(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring || ring->state == TUN_RING_DEAD)
		return;
	if (ring->state != TUN_RING_DETACHED) {
		tun_ring_quiesce(ring);
		ring->server->detach(ring);
	}
	ring->server->unpublish(ring);
	WRITE_ONCE(ring->state, TUN_RING_DEAD);
	rcu_read_lock();
	tun_ring_eventfd_signal(&ring->rx.call);
	tun_ring_eventfd_signal(&ring->tx.call);
	rcu_read_unlock();
	tun_queue_notify_error(q);
}

/* The device goes or moves, and the caller dropped the packets that wait. */
void tun_ring_switch_purge(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (ring)
		ring->server->purge(ring);
}

/* Process the entries that became available while the device was down. */
void tun_ring_switch_up(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (ring && ring->state == TUN_RING_RUNNING)
		ring->server->kick_tx(ring);
}
