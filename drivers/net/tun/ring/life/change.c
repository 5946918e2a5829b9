// SPDX-License-Identifier: GPL-2.0
/*
 * Change of the server of a guest's rings: stop the old server, start the new.
 *
 * The rings stay published, and keep their counters. Packets wait in the tx_ring
 * meanwhile.
 */
#include "change.h"

#include "../../tun.h"
#include "../mem/regions.h"
#include "../server.h"
#include "../state.h"
#include "kick.h"
#include "ref.h"
#include "ring.h"
#include "switch.h"

/*
 * A kick that saw the rings running does not schedule NAPI any more: a disabled
 * NAPI instance stays scheduled.
 */
static void tun_ring_change_leave(struct tun_ring *ring,
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
static int tun_ring_change_join(struct tun_ring *ring)
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
 * tun_ring_change_server - let another server serve the rings of a guest
 * @ring: the rings, both virtqueues closed and without eventfds for kicks; the
 *	ring_mutex of their queue is held
 * @to: the new server
 * @regions: the table of buffers for @to; a reference is taken
 * @rx_features: see tun_ring_set_rx_features()
 *
 * Return: 0 or a negative errno. After an error the caller must tear the rings
 * down, unless ring->server is still the old server.
 */
int tun_ring_change_server(struct tun_ring *ring,
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
	tun_ring_change_leave(ring, to);
	rtnl_unlock();
	/*
	 * Wait until transmitters and kicks have left the old server. Their
	 * packets are in the tx_ring afterwards, in order.
	 */
	synchronize_rcu();
	rtnl_lock();
	err = tun_ring_change_join(ring);
	rtnl_unlock();
	from->release(ring);
	/* both virtqueues are closed: no packet path uses the table */
	tun_ring_use_regions(ring, tun_regions_get(regions));
	tun_regions_put(old);
	tun_ring_set_rx_features(ring, rx_features);
	return err;
}
