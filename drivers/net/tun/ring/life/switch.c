// SPDX-License-Identifier: GPL-2.0
/*
 * State of rings when TUNSETQUEUE detaches and attaches their queue, and when
 * the device is deleted.
 *
 * The server of the rings runs while the queue is detached and while the device
 * is down. The server then drops the packets of the transmit ring: a packet
 * that waited would be sent when it is out of date.
 */
#include "switch.h"

#include "../../tun.h"
#include "../../wake.h"
#include "../event/eventfd.h"
#include "../server.h"
#include "../state.h"

/* The server does not run again before the next tun_ring_server_attach(). */
void tun_ring_quiesce(struct tun_ring *ring)
{
	ASSERT_RTNL();

	ring->server->quiesce(ring);
	WRITE_ONCE(ring->state, TUN_RING_STOPPED);
}

/* Attach the server of the rings to the device. */
void tun_ring_server_attach(struct tun_ring *ring, struct tun_dev *tun)
{
	ASSERT_RTNL();

	ring->server->attach(ring, tun);
	WRITE_ONCE(ring->state, tun_queue_is_active(ring->q) ?
		   TUN_RING_RUNNING : TUN_RING_STOPPED);
	ring->server->resume(ring);
}

/*
 * TUNSETQUEUE attached the queue again: the rings continue at their indices.
 * Packets that waited for receive buffers may need NAPI.
 */
void tun_ring_switch_attach(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring || ring->state != TUN_RING_STOPPED)
		return;
	WRITE_ONCE(ring->state, TUN_RING_RUNNING);
	/* let an interrupt run NAPI, because this thread holds rtnl */
	rcu_read_lock();
	ring->server->kickfd_tx(ring);
	rcu_read_unlock();
}

/*
 * TUNSETQUEUE detached the queue: the receive ring keeps its packets. From the
 * next grace period on, the server drops the packets of the transmit ring.
 */
void tun_ring_switch_detach(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (ring && ring->state == TUN_RING_RUNNING)
		WRITE_ONCE(ring->state, TUN_RING_STOPPED);
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

/*
 * The device is unregistered or moves to another namespace, and the caller
 * dropped the packets that wait.
 */
void tun_ring_switch_purge(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (ring)
		ring->server->purge(ring);
}
