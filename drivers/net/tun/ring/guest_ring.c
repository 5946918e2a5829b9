// SPDX-License-Identifier: GPL-2.0
/*
 * The rings of a guest on a queue: made, and made anew.
 *
 * A worker serves them, or, where the guest's memory is pinned, the packet paths
 * reach them by themselves. Dirty logging needs the worker: rings in pinned
 * memory are given to one while it is on.
 */
#include "guest_ring.h"

#include <linux/eventfd.h>
#include <linux/virtio_ring.h>
#include <linux/vhost.h>

#include "../tun.h"
#include "guest_vq.h"
#include "ring.h"
#include "worker.h"

/* Under ring_mutex. Who found the old one has left it when this returns. */
static void set_call(struct eventfd_ctx __rcu **place, struct file *file)
{
	struct eventfd_ctx *old = rcu_dereference_protected(*place, 1);
	struct eventfd_ctx *ctx = file ? eventfd_ctx_fileget(file) : NULL;

	if (WARN_ON_ONCE(IS_ERR(ctx)))
		return;
	rcu_assign_pointer(*place, ctx);
	if (!old)
		return;
	if (old != ctx)
		synchronize_rcu_expedited();
	eventfd_ctx_put(old);
}

/* eventfds may change at any time. */
void tun_guest_set_events(const struct tun_vhost *vh, unsigned int i,
			  struct tun_ring *ring)
{
	const struct tun_vhost_vq *vq = &vh->vq[i];

	if (i == TUN_VHOST_RX) {
		set_call(&ring->rx.call, vq->call);
		set_call(&ring->rx.err, vq->err);
	} else {
		set_call(&ring->tx.call, vq->call);
		set_call(&ring->tx.err, vq->err);
	}
	tun_ring_set_kick(ring, i == TUN_VHOST_RX, vq->kick);
}

/* Nothing that the NAPI could not do, or not do to a ring that lies like that. */
static bool wants_pinned(const struct tun_vhost *vh)
{
	unsigned int i;

	if (!vh->pinned || tun_vhost_has(vh, VHOST_F_LOG_ALL))
		return false;
	for (i = 0; i < TUN_VHOST_VQS; i++)
		if (vh->vq[i].log_used ||
		    !IS_ALIGNED(vh->vq[i].desc, VRING_DESC_ALIGN_SIZE))
			return false;
	return true;
}

static bool is_pinned(const struct tun_ring *ring)
{
	return !tun_ring_has_worker(ring);
}

/* The memory cannot be pinned, as it turns out: until there is another table. */
static void give_up_pinned(struct tun_vhost *vh)
{
	tun_regions_put(vh->pinned);
	vh->pinned = NULL;
}

/* What is stopped for good stays as it is until the virtqueues are, too. */
bool tun_guest_served_right(const struct tun_vhost *vh,
			    const struct tun_ring *ring)
{
	return READ_ONCE(ring->broken) || is_pinned(ring) == wants_pinned(vh);
}

/* The table that rings which are served right use. */
struct tun_regions *tun_guest_regions(const struct tun_vhost *vh,
				      const struct tun_ring *ring)
{
	return is_pinned(ring) ? vh->pinned : vh->regions;
}

/* Counters go on where they were when the same rings are served otherwise. */
static void keep_counters(struct tun_ring *ring, const struct tun_ring *old)
{
	ring->rx.count = old->rx.count;
	ring->rx.count.kicks += atomic64_read(&old->worker.rx_kicks);
	ring->tx.count = old->tx.count;
	atomic64_set(&ring->tx.kicks, atomic64_read(&old->tx.kicks));
}

/* @old: at rest, and out of service; or NULL. Return: or an ERR_PTR(). */
static struct tun_ring *guest_new(struct tun_vhost *vh, struct tun_queue *q,
				  const struct tun_ring *old)
{
	u64 features = vh->features;
	struct tun_ring *ring;
	int err = 0;

	lockdep_assert_held(&q->ring_mutex);

	/* with a worker, packets wait in the queue's fifo, and are dropped there */
	if (vh->drop && wants_pinned(vh))
		features |= BIT_ULL(TUN_RING_F_RX_DROP);
	ring = tun_ring_new(q, features, TUN_RING_MODE_GUEST);
	if (!ring)
		return ERR_PTR(-ENOMEM);
	ring->guest = vh;
	if (old)
		keep_counters(ring, old);
	if (wants_pinned(vh)) {
		err = tun_ring_coalesce_start(ring);
	} else {
		tun_ring_set_owner(ring, vh->mm);
		err = tun_ring_worker_create(ring);
	}
	tun_ring_use_regions(ring, tun_regions_get(tun_guest_regions(vh, ring)));
	if (!err)
		err = tun_ring_install(q, ring);
	if (!err)
		return ring;
	tun_ring_worker_stop(ring);
	tun_ring_put(ring);
	return ERR_PTR(err);
}

bool tun_guest_is_idle(struct tun_ring *ring)
{
	return *tun_guest_closed(ring, TUN_VHOST_RX) &&
	       *tun_guest_closed(ring, TUN_VHOST_TX);
}

/* Return: bit mask of the virtqueues that were closed, or -EINTR. */
static int close_all(struct tun_vhost *vh, struct tun_ring *ring)
{
	unsigned int i;
	int mask = 0, err;

	for (i = 0; i < TUN_VHOST_VQS; i++) {
		if (*tun_guest_closed(ring, i))
			continue;
		tun_ring_set_kick(ring, i == TUN_VHOST_RX, NULL);
		err = tun_guest_vq_close(vh, i, ring);
		if (err)
			return err;
		mask |= BIT(i);
	}
	return mask;
}

static int open_masked(struct tun_vhost *vh, struct tun_ring *ring, int mask)
{
	unsigned int i;
	int err;

	for (i = 0; i < TUN_VHOST_VQS; i++) {
		if (!(mask & BIT(i)))
			continue;
		/* first: what is done at once is told, too */
		tun_guest_set_events(vh, i, ring);
		err = tun_guest_vq_open(vh, i, ring);
		if (err) {
			tun_ring_set_kick(ring, i == TUN_VHOST_RX, NULL);
			return err;
		}
	}
	return 0;
}

/* There may be work already, and no kick to come. */
static void wake(struct tun_ring *ring)
{
	if (is_pinned(ring))
		return;
	tun_ring_worker_wake(ring, TUN_WORKER_RX);
	tun_ring_worker_wake(ring, TUN_WORKER_TX);
}

/* New rings with what @mask says open. Return: 0, or an errno without rings. */
static int renew(struct tun_vhost *vh, struct tun_queue *q,
		 const struct tun_ring *old, int mask)
{
	struct tun_ring *ring = guest_new(vh, q, old);
	int err;

	if (IS_ERR(ring))
		return PTR_ERR(ring);
	err = open_masked(vh, ring, mask);
	if (!err) {
		wake(ring);
		return 0;
	}
	/* what was open may have been used: it goes on behind that */
	close_all(vh, ring);
	tun_ring_teardown_locked(q);
	return err;
}

/**
 * tun_guest_rebuild - serve the rings of a queue as they are to be served now
 * @vh: its lock is held
 * @ring: the rings; the ring_mutex of their queue is held
 *
 * Nothing is lost: the virtqueues are stopped, and go on.
 *
 * Return: 0, with other rings; or a negative errno: the virtqueues are stopped,
 * for want of memory or because the caller is being killed.
 */
int tun_guest_rebuild(struct tun_vhost *vh, struct tun_ring *ring)
{
	struct tun_queue *q = ring->q;
	int mask, err;

	lockdep_assert_held(&q->ring_mutex);

	mask = close_all(vh, ring);
	if (mask < 0)
		return mask;
	kref_get(&ring->ref);
	tun_ring_teardown_locked(q);
	err = renew(vh, q, ring, mask);
	if (err && wants_pinned(vh)) {
		give_up_pinned(vh);
		err = renew(vh, q, ring, mask);
	}
	tun_ring_put(ring);
	return err;
}

static int open_one(struct tun_vhost *vh, unsigned int i, struct tun_queue *q)
{
	struct tun_ring *ring = rcu_dereference_protected(q->ring, 1);
	int err;

	if (ring && ring->guest != vh)
		return -EBUSY;
	if (ring && READ_ONCE(ring->life) == TUN_RING_GONE)
		return -EBADFD;
	/* the other virtqueue is to be stopped, too: then they begin anew */
	if (ring && READ_ONCE(ring->broken))
		return -ring->broken;
	if (ring && !tun_guest_served_right(vh, ring)) {
		err = tun_guest_rebuild(vh, ring);
		if (err)
			return err;
		ring = rcu_dereference_protected(q->ring, 1);
	}
	if (!ring)
		ring = guest_new(vh, q, NULL);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	err = open_masked(vh, ring, BIT(i));
	if (err && tun_guest_is_idle(ring))
		tun_ring_teardown_locked(q);
	else if (!err)
		wake(ring);
	return err;
}

/**
 * tun_guest_open - put a virtqueue into service, on rings that are made if need be
 * @vh: its lock is held
 * @i: its number; it is at rest
 * @q: the queue; its ring_mutex is held
 *
 * Return: see tun_guest_start().
 */
int tun_guest_open(struct tun_vhost *vh, unsigned int i, struct tun_queue *q)
{
	int err = open_one(vh, i, q);

	/* what cannot be pinned can still be served */
	if ((err == -ENOMEM || err == -EFAULT) && wants_pinned(vh)) {
		give_up_pinned(vh);
		err = open_one(vh, i, q);
	}
	return err;
}
