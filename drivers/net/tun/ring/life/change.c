// SPDX-License-Identifier: GPL-2.0
/*
 * Another server for the rings of a guest: stop, switch, start.
 *
 * The rings stay published, and keep their counters. Packets wait in the netdev
 * queue or in the tx_ring meanwhile.
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

/* Return: 0; -ENOMEM; or -EBADFD the device is gone. */
static int tun_ring_change_locked(struct tun_ring *ring,
				  const struct tun_ring_server *to)
{
	const struct tun_ring_server *from = ring->server;
	struct tun_dev *tun = tun_dev_rtnl(ring->q);
	bool dead = ring->state == TUN_RING_DEAD;
	int err = -EBADFD;

	ASSERT_RTNL();

	if (!dead) {
		tun_ring_quiesce(ring);
		from->detach(ring);
	}
	from->unpublish(ring);
	tun_ring_set_server(ring, to);
	/*
	 * Transmitters and kicks that found the old server have left it: their
	 * packets are in the tx_ring by now, in order.
	 */
	synchronize_net();
	if (!dead) {
		tun_ring_server_attach(ring, tun);
		err = to->begin(ring);
	}
	tun_ring_wake_queues(tun);
	return err;
}

/**
 * tun_ring_change_server - let another server serve the rings of a guest
 * @ring: the rings, both virtqueues closed and without eventfds for kicks; the
 *	ring_mutex of their queue is held
 * @to: the other server
 * @regions: the table of buffers for it; a reference is taken
 * @rx_drop: packets that find no room are dropped
 *
 * Return: 0; or a negative errno: the caller has to tear the rings down, unless
 * the server is still the old one.
 */
int tun_ring_change_server(struct tun_ring *ring,
			   const struct tun_ring_server *to,
			   struct tun_regions *regions, bool rx_drop)
{
	const struct tun_ring_server *from = ring->server;
	struct tun_regions *old = ring->regions;
	int err;

	lockdep_assert_held(&ring->q->ring_mutex);

	err = to->prepare(ring);
	if (err)
		return err;
	tun_ring_kick_stop(ring);
	/* without rtnl: this may wait for a page fault of the owner's */
	from->stop(ring);
	rtnl_lock();
	err = tun_ring_change_locked(ring, to);
	rtnl_unlock();
	from->release(ring);
	/* both virtqueues are closed: no packet path looks at the table */
	tun_ring_use_regions(ring, tun_regions_get(regions));
	tun_regions_put(old);
	tun_ring_set_rx_drop(ring, rx_drop);
	return err;
}
