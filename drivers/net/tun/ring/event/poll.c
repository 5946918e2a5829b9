// SPDX-License-Identifier: GPL-2.0
#include "poll.h"

#include <linux/uaccess.h>

#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../state.h"

/*
 * A word of the user, without sleeping. In memory that may fault the address is
 * looked up for whoever asks: the owner, or somebody who shares its memory.
 */
static bool peek(const struct tun_ring *ring, const __virtio16 *p, u16 *v)
{
	__le16 raw;

	if (!tun_ring_has_worker(ring)) {
		tun_kmem_load16(NULL, p, v);
		return true;
	}
	if (copy_from_user_nofault(&raw, (const void __user *)p, sizeof(raw)))
		return false;
	*v = le16_to_cpu(raw);
	return true;
}

/* Used entries that the user has not taken, by its own word; 1 if unknown. */
static u16 untaken(const struct tun_ring *ring, const struct tun_vring *vr)
{
	u16 taken;

	if (unlikely(!peek(ring, tun_vring_used_event(vr), &taken)))
		return 1;
	return READ_ONCE(vr->published) - taken;
}

/* Receive entries that the user has not taken. */
u16 tun_ring_rx_untaken(const struct tun_ring *ring)
{
	return untaken(ring, &ring->rx.m.vr);
}

static bool tx_has_room(const struct tun_ring *ring)
{
	const struct tun_vring *vr = &ring->tx.m.vr;
	u16 avail;

	return !peek(ring, &vr->avail->idx, &avail) ||
	       (u16)(avail - READ_ONCE(vr->published)) < vr->num ||
	       untaken(ring, vr);
}

/**
 * tun_ring_poll - poll(2) of a queue with rings
 * @ring: under RCU
 *
 * Looks at indices and nothing else. Pairs with barrier D: the caller is on
 * the wait queue before it looks, the kernel publishes before it looks for
 * waiters.
 */
__poll_t tun_ring_poll(struct tun_ring *ring)
{
	__poll_t mask = 0;

	/* on the wait queue before we look; see above */
	smp_mb();
	if (READ_ONCE(ring->broken) ||
	    READ_ONCE(ring->life) == TUN_RING_GONE)
		mask |= EPOLLERR;
	if (tun_ring_rx_untaken(ring))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (tx_has_room(ring))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}
