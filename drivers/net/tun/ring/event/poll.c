// SPDX-License-Identifier: GPL-2.0
#include "poll.h"

#include "../engine/vring.h"
#include "../state.h"

/* Used entries that the user has not consumed, by used_event; 1 if unknown. */
static u16 tun_ring_poll_unconsumed_of(const struct tun_ring *ring,
				       const struct tun_vring *vr)
{
	const struct tun_ring_server *server = READ_ONCE(ring->server);
	u16 taken;

	if (unlikely(!server->peek16(ring, tun_vring_used_event(vr), &taken)))
		return 1;
	return READ_ONCE(vr->published) - taken;
}

/* Used entries of the receive ring that the user has not consumed. */
u16 tun_ring_poll_unconsumed(const struct tun_ring *ring)
{
	return tun_ring_poll_unconsumed_of(ring, &ring->rx.vq.vr);
}

static bool tun_ring_poll_tx_has_room(const struct tun_ring *ring)
{
	const struct tun_vring *vr = &ring->tx.vq.vr;
	u16 avail;

	return !READ_ONCE(ring->server)->peek16(ring, &vr->avail->idx, &avail) ||
	       (u16)(avail - READ_ONCE(vr->published)) < vr->num ||
	       tun_ring_poll_unconsumed_of(ring, vr);
}

/**
 * tun_ring_poll - poll(2) of a queue with rings
 * @ring: the rings; the caller is under RCU
 *
 * If packets wait for receive buffers, the function delivers them. Otherwise the
 * function reads indices and nothing else. The barrier pairs with barrier D
 * of vring.h: the caller joins the wait queue before this function reads the
 * indices, and a server publishes entries before it looks for waiters.
 */
__poll_t tun_ring_poll(struct tun_ring *ring)
{
	__poll_t mask = 0;

	READ_ONCE(ring->server)->poll_rx(ring);
	/* join the wait queue before the load of the indices; see above */
	smp_mb();
	if (READ_ONCE(ring->broken) || READ_ONCE(ring->state) == TUN_RING_DEAD)
		mask |= EPOLLERR;
	if (tun_ring_poll_unconsumed(ring))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (tun_ring_poll_tx_has_room(ring))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}
