// SPDX-License-Identifier: GPL-2.0
/*
 * State of rings when TUNSETQUEUE detaches and attaches their queue, when the
 * device is deleted, and when a guest's rings change their server.
 *
 * The server of the rings runs while the queue is detached and while the device
 * is down. The server then drops the packets of the transmit ring: a packet
 * that waited would be sent when it is out of date.
 */
#include "switch.h"

#include "../../tun.h"
#include "../../wake.h"
#include "../event/eventfd.h"
#include "../mem/regions.h"
#include "../server.h"
#include "../state.h"
#include "kick.h"
#include "ref.h"

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

/*
 * A kick that saw the rings running does not schedule NAPI any more: a disabled
 * NAPI instance stays scheduled.
 */
static void tun_ring_switch_leave(struct tun_ring *ring,
				  const struct tun_ring_server *to)
{
	const struct tun_ring_server *from = ring->server;

	ASSERT_RTNL();

	if (ring->state != TUN_RING_DEAD) {
		tun_ring_quiesce(ring);
		from->detach(ring);
		WRITE_ONCE(ring->state, TUN_RING_DETACHED);
	}
	from->unpublish(ring);
	tun_ring_set_server(ring, to);
}

/* Return: 0, or -EBADFD if the device is gone. */
static int tun_ring_switch_join(struct tun_ring *ring)
{
	struct tun_dev *tun = tun_dev_rtnl(ring->q);

	ASSERT_RTNL();

	if (ring->state == TUN_RING_DEAD)
		return -EBADFD;
	tun_ring_server_attach(ring, tun);
	ring->server->begin(ring);
	return 0;
}

/**
 * tun_ring_switch_server - let another server serve the rings of a guest
 * @ring: the rings, both virtqueues closed and without eventfds for kicks; the
 *	ring_mutex of their queue is held
 * @to: the new server
 * @regions: the table of buffers for @to; a reference is taken
 * @rx_features: see tun_ring_set_rx_features()
 *
 * Return: 0 or a negative errno. After an error the caller must tear the rings
 * down, unless ring->server is still the old server. The rings stay published
 * and keep their counters. Packets wait in the tx_ring meanwhile.
 */
int tun_ring_switch_server(struct tun_ring *ring,
			   const struct tun_ring_server *to,
			   struct tun_regions *regions, u64 rx_features)
{
	const struct tun_ring_server *from = ring->server;
	struct tun_regions *old = ring->regions;
	int err;

	lockdep_assert_held(&ring->q->ring_mutex);

	err = to->prepare(ring);
	if (err)
		return err;
	tun_ring_kick_stop(ring);
	/* not under rtnl: the worker may be in a page fault of the owner */
	from->stop(ring);
	rtnl_lock();
	tun_ring_switch_leave(ring, to);
	rtnl_unlock();
	/*
	 * Wait until transmitters and kicks have left the old server. Their
	 * packets are in the tx_ring afterwards, in order.
	 */
	synchronize_rcu();
	rtnl_lock();
	err = tun_ring_switch_join(ring);
	rtnl_unlock();
	from->release(ring);
	/* both virtqueues are closed: no packet path uses the table */
	tun_ring_use_regions(ring, tun_regions_get(regions));
	tun_regions_put(old);
	tun_ring_set_rx_features(ring, rx_features);
	return err;
}
