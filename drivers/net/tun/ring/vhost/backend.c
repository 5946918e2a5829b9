// SPDX-License-Identifier: GPL-2.0
/*
 * Rings of a queue that lie in a guest's memory. A struct tun_vhost describes
 * the virtqueues, and the VMM starts them one by one.
 */
#include "backend.h"

#include "../../tun.h"
#include "../engine/regions_find.h"
#include "../life/close.h"
#include "../life/kick.h"
#include "../life/ring.h"
#include "../state.h"
#include "rings.h"
#include "virtqueue.h"

/* The queue's file may have been closed meanwhile, while the caller has the sock. */
static void tun_vhost_unlock(struct tun_queue *q)
{
	mutex_unlock(&q->ring_mutex);
	tun_ring_closed(q);
}

/*
 * No thread sets up rings of @vh meanwhile. Rings of others are not waited for:
 * the thread that sets them up may sleep in a page fault.
 */
static bool tun_vhost_has_ring(const struct tun_vhost *vh,
			       const struct tun_queue *q)
{
	const struct tun_ring *ring;
	bool has;

	lockdep_assert_held(&vh->lock);

	rcu_read_lock();
	ring = rcu_dereference(q->ring);
	has = ring && ring->guest == vh;
	rcu_read_unlock();
	return has;
}

/*
 * Get the rings that serve a virtqueue, and lock the ring_mutex of their queue.
 * The caller unlocks the ring_mutex by tun_vhost_unlock().
 * Return: the rings, or NULL with the ring_mutex unlocked.
 */
static struct tun_ring *tun_vhost_get_ring(struct tun_vhost *vh, unsigned int i)
{
	struct tun_queue *q = vh->vq[i].backend;
	struct tun_ring *ring;

	lockdep_assert_held(&vh->lock);

	if (!q || !tun_vhost_has_ring(vh, q))
		return NULL;
	mutex_lock(&q->ring_mutex);
	ring = rcu_dereference_protected(q->ring,
					 lockdep_is_held(&q->ring_mutex));
	/* close() of the queue's file or TUNSETIFF may have ended the rings */
	if (ring && ring->guest == vh)
		return ring;
	tun_vhost_unlock(q);
	return NULL;
}

/**
 * tun_vhost_start - put a virtqueue into service
 * @vh: description of the virtqueues; its lock is held
 * @i: number of the virtqueue, which is not in service
 * @q: the queue that is to use the virtqueue
 *
 * Return: 0; -EFAULT if the virtqueue was not described, or is not in the
 * owner's memory; -EOPNOTSUPP if the virtqueue is big-endian; -EBUSY if the
 * queue has other rings; -EBADFD if the queue has no device, or its file is being
 * released; -EPROTO or -EFAULT if the rings are broken; -EPERM if the
 * administrator refuses rings to the caller; -EINTR; -ENOMEM.
 */
int tun_vhost_start(struct tun_vhost *vh, unsigned int i, struct tun_queue *q)
{
	int err = tun_vhost_vq_check(&vh->vq[i]);

	lockdep_assert_held(&vh->lock);

	if (err || !vh->regions)
		return err ?: -EFAULT;
	/* without VERSION_1 the ring would have the byte order of the machine */
	if (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) &&
	    !tun_vhost_has(vh, VIRTIO_F_VERSION_1))
		return -EOPNOTSUPP;
	if (mutex_lock_killable(&q->ring_mutex))
		return -EINTR;
	/* the file may be closed, because the caller may hold only the sock */
	err = READ_ONCE(q->closed) ? -EBADFD : tun_vhost_rings_open(vh, i, q);
	tun_vhost_unlock(q);
	if (!err) {
		sock_hold(&q->sk);
		vh->vq[i].backend = q;
	}
	return err;
}

/**
 * tun_vhost_stop - take a virtqueue out of service
 * @vh: description of the virtqueues; its lock is held
 * @i: number of the virtqueue, in service or not
 * @now: do not wait for a page fault of the owner; this also ends the other
 *	virtqueue of the same queue
 *
 * Nothing is in flight afterwards: the driver has used all entries that it took
 * from the ring, and has put back all packets that it took from the queue. The
 * base is the index to continue from.
 *
 * The owner decides how long a page fault lasts, and the owner may be the
 * caller. So if the caller is killed, the function continues as with @now.
 */
void tun_vhost_stop(struct tun_vhost *vh, unsigned int i, bool now)
{
	struct tun_ring *ring = tun_vhost_get_ring(vh, i);
	struct tun_queue *q = vh->vq[i].backend;

	lockdep_assert_held(&vh->lock);

	if (ring) {
		tun_ring_kick_set(ring, i == TUN_VHOST_RX, NULL);
		/* teardown ends the page fault */
		if (now || tun_vhost_vq_close(vh, i, ring) ||
		    tun_vhost_rings_is_idle(ring))
			tun_ring_teardown(q);
		tun_vhost_unlock(q);
	}
	if (q)
		sock_put(&q->sk);
	vh->vq[i].backend = NULL;
}

/* The index to continue from, of a virtqueue in service or not. */
u16 tun_vhost_base(struct tun_vhost *vh, unsigned int i)
{
	struct tun_ring *ring = tun_vhost_get_ring(vh, i);

	lockdep_assert_held(&vh->lock);

	if (ring) {
		vh->vq[i].base = tun_vhost_vq_base(ring, i);
		tun_vhost_unlock(vh->vq[i].backend);
	}
	return vh->vq[i].base;
}

/**
 * tun_vhost_update - apply a new description to a virtqueue in service
 * @vh: the new description: addresses, logging, eventfds; its lock is held
 * @i: number of the virtqueue
 * @addr_changed: addresses are among the changes
 *
 * Return: 0, also if the virtqueue is not in service; -EFAULT; -EINTR; -ENOMEM.
 */
int tun_vhost_update(struct tun_vhost *vh, unsigned int i, bool addr_changed)
{
	struct tun_ring *ring = tun_vhost_get_ring(vh, i);
	struct tun_queue *q = vh->vq[i].backend;
	int err;

	lockdep_assert_held(&vh->lock);

	if (!ring)
		return 0;
	err = tun_vhost_vq_check(&vh->vq[i]);
	if (!err)
		err = tun_vhost_rings_update(vh, i, ring, addr_changed);
	tun_vhost_unlock(q);
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
 * tun_vhost_set_regions - apply new tables of the guest's memory
 * @vh: the new tables; its lock is held
 *
 * Return: 0 when the old tables are out of use; -EINTR; -ENOMEM.
 */
int tun_vhost_set_regions(struct tun_vhost *vh)
{
	struct tun_ring *ring;
	unsigned int i;
	int err = 0;

	lockdep_assert_held(&vh->lock);

	for (i = 0; i < TUN_VHOST_VQS && !err; i++) {
		struct tun_queue *q = vh->vq[i].backend;

		ring = tun_vhost_get_ring(vh, i);
		if (!ring)
			continue;
		if (!tun_vhost_rings_server_matches(vh, ring))
			err = tun_vhost_rings_change(vh, ring, 0);
		else if (!READ_ONCE(ring->broken))
			err = tun_vhost_replace_regions(vh, ring);
		tun_vhost_unlock(q);
	}
	return err;
}
