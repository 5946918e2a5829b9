// SPDX-License-Identifier: GPL-2.0
/*
 * Rings of a queue that lie in a guest's memory: what a struct tun_vhost says,
 * put into service one virtqueue at a time.
 */
#include "backend.h"

#include "../../tun.h"
#include "../engine/regions_find.h"
#include "../life/kick.h"
#include "../life/ring.h"
#include "../state.h"
#include "rings.h"
#include "types.h"
#include "virtqueue.h"

/*
 * The rings that serve a virtqueue, with its queue's ring_mutex held, which
 * the caller gives back. Return: NULL, with nothing held, if there are none.
 */
static struct tun_ring *tun_vhost_get_ring(struct tun_vhost *vh, unsigned int i)
{
	struct tun_queue *q = vh->vq[i].backend;
	struct tun_ring *ring;

	lockdep_assert_held(&vh->lock);

	if (!q)
		return NULL;
	mutex_lock(&q->ring_mutex);
	ring = rcu_dereference_protected(q->ring,
					 lockdep_is_held(&q->ring_mutex));
	/* they end with the queue's file, or its device, without our doing */
	if (ring && ring->guest == vh)
		return ring;
	mutex_unlock(&q->ring_mutex);
	return NULL;
}

/**
 * tun_vhost_start - put a virtqueue into service
 * @vh: what is known of it; its lock is held
 * @i: its number; it is at rest
 * @q: the queue that it serves
 *
 * Return: 0; -EFAULT it was not described, or not in the owner's memory; -EBUSY
 * the queue has other rings; -EBADFD it has no device, or its file goes; -EPROTO or
 * -EFAULT its other virtqueue was stopped for that; -EINTR; -ENOMEM.
 */
int tun_vhost_start(struct tun_vhost *vh, unsigned int i, struct tun_queue *q)
{
	int err = tun_vhost_vq_check(&vh->vq[i]);

	lockdep_assert_held(&vh->lock);

	if (err || !vh->regions)
		return err ?: -EFAULT;
	mutex_lock(&q->ring_mutex);
	/* the caller may hold no more than its sock; close() has ended its rings */
	err = q->closed ? -EBADFD : tun_vhost_rings_open(vh, i, q);
	mutex_unlock(&q->ring_mutex);
	if (!err) {
		sock_hold(&q->sk);
		vh->vq[i].backend = q;
	}
	return err;
}

/**
 * tun_vhost_stop - take a virtqueue out of service
 * @vh: its lock is held
 * @i: the virtqueue, whether it is in service or not
 * @now: do not wait for a page fault of the owner's; the other virtqueue of the
 *	same queue ends, too
 *
 * Nothing is in flight afterwards: what was taken from the ring is used, and
 * what was taken from the queue is back in it. The base says where to go on.
 *
 * The owner decides how long a page fault lasts, and may have died, or be the
 * one that waits here: a caller that is killed goes on as with @now.
 */
void tun_vhost_stop(struct tun_vhost *vh, unsigned int i, bool now)
{
	struct tun_ring *ring = tun_vhost_get_ring(vh, i);
	struct tun_queue *q = vh->vq[i].backend;

	if (ring) {
		tun_ring_kick_set(ring, i == TUN_VHOST_RX, NULL);
		/* teardown ends the fault */
		if (now || tun_vhost_vq_close(vh, i, ring) ||
		    tun_vhost_rings_is_idle(ring))
			tun_ring_teardown(q);
		mutex_unlock(&q->ring_mutex);
	}
	if (q)
		sock_put(&q->sk);
	vh->vq[i].backend = NULL;
}

/* The next available entry that we take, of a virtqueue at work or at rest. */
u16 tun_vhost_base(struct tun_vhost *vh, unsigned int i)
{
	struct tun_ring *ring = tun_vhost_get_ring(vh, i);

	if (ring) {
		vh->vq[i].base = tun_vhost_vq_base(ring, i);
		mutex_unlock(&ring->q->ring_mutex);
	}
	return vh->vq[i].base;
}

/**
 * tun_vhost_update - what may change of a virtqueue at work has changed
 * @vh: its lock is held; what has changed is there
 * @i: the virtqueue: addresses, logging, eventfds
 * @addr_changed: addresses are among it
 *
 * Return: 0, also if it is at rest; -EFAULT; -EINTR; -ENOMEM.
 */
int tun_vhost_update(struct tun_vhost *vh, unsigned int i, bool addr_changed)
{
	struct tun_ring *ring = tun_vhost_get_ring(vh, i);
	struct tun_queue *q = vh->vq[i].backend;
	int err;

	if (!ring)
		return 0;
	err = tun_vhost_vq_check(&vh->vq[i]);
	if (!err)
		err = tun_vhost_rings_update(vh, i, ring, addr_changed);
	mutex_unlock(&q->ring_mutex);
	return err;
}

static int tun_vhost_replace_regions(struct tun_vhost *vh,
				     struct tun_ring *ring)
{
	struct tun_regions *regions = tun_vhost_rings_regions(vh);

	if (ring->regions == regions)
		return 0;
	return tun_ring_replace_regions(ring, regions);
}

/**
 * tun_vhost_set_regions - the guest's memory lies elsewhere
 * @vh: its lock is held; the new tables are there
 *
 * Return: 0, with nobody in the old tables; -EINTR; -ENOMEM.
 */
int tun_vhost_set_regions(struct tun_vhost *vh)
{
	struct tun_ring *ring;
	unsigned int i;
	int err = 0;

	for (i = 0; i < TUN_VHOST_VQS && !err; i++) {
		struct tun_queue *q = vh->vq[i].backend;

		ring = tun_vhost_get_ring(vh, i);
		if (!ring)
			continue;
		if (!tun_vhost_rings_server_matches(vh, ring))
			err = tun_vhost_rings_change(vh, ring, 0);
		else if (!READ_ONCE(ring->broken))
			err = tun_vhost_replace_regions(vh, ring);
		mutex_unlock(&q->ring_mutex);
	}
	return err;
}
