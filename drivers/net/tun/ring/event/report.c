// SPDX-License-Identifier: GPL-2.0
/*
 * What the user is told: poll, and that a ring is broken.
 */
#include "../../rings.h"
#include "../state.h"

#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "../../tun.h"
#include "../../wake.h"

/**
 * tun_ring_stop - stop both rings of a queue
 * @ring: the ring
 * @err: why: EPROTO it broke the rules; EFAULT its memory is gone
 *
 * The rest of the device is not touched. Context: any that uses a ring.
 *
 * Return: true the first time: tun_ring_tell_stopped() is to follow.
 */
bool tun_ring_stop(struct tun_ring *ring, int err)
{
	return !cmpxchg(&ring->broken, 0, err);
}

/**
 * tun_ring_tell_stopped - tell the log, the user, and who waits for room
 * @ring: stopped
 * @vr: the one that broke the rules
 *
 * Context: rx.lock is not held: a console may log over this very device.
 */
void tun_ring_tell_stopped(struct tun_ring *ring, const struct tun_vring *vr)
{
	struct tun_dev *tun;
	u16 txq;

	rcu_read_lock();
	tun = rcu_dereference(ring->q->tun);
	if (tun && net_ratelimit())
		netdev_err(tun->dev, "queue %u: %s ring stopped: %s\n",
			   ring->q->index, vr == &ring->rx.m.vr ? "rx" : "tx",
			   vr->broken ?: "its memory is gone");
	/* pairs with the barrier in tun_rx_stop(): what comes now is dropped */
	if (tun && READ_ONCE(ring->rx.stopped) && netif_running(tun->dev)) {
		txq = READ_ONCE(ring->rx.txq);
		netif_tx_wake_queue(netdev_get_tx_queue(tun->dev, txq));
	}
	tun_ring_call(&ring->rx.call);
	tun_ring_call(&ring->tx.call);
	tun_ring_call(&ring->rx.err);
	tun_ring_call(&ring->tx.err);
	tun_queue_notify_error(ring->q);
	rcu_read_unlock();
}

/**
 * tun_ring_failed - the worker cannot use the rings any more
 * @ring: the rings
 * @vr: the one that failed
 * @err: -EPROTO the user broke the rules; -EFAULT its memory is gone
 */
void tun_ring_failed(struct tun_ring *ring, const struct tun_vring *vr,
		     int err)
{
	if (!tun_ring_stop(ring, -err))
		return;
	/* the fault was ended because the rings end: that is no news */
	if (!fatal_signal_pending(current))
		tun_ring_tell_stopped(ring, vr);
}

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
