// SPDX-License-Identifier: GPL-2.0
/*
 * New rings for a queue, whatever way they come.
 */
#include "make.h"

#include "../../tun.h"
#include "../life/ref.h"
#include "../life/ring.h"
#include "../state.h"
#include "../worker/worker.h"

static long tun_ring_make_locked(struct tun_queue *q, u64 features, u32 mode,
				 int (*fill)(struct tun_ring *ring, void *arg),
				 void *arg)
{
	struct tun_ring *ring;
	long err;

	lockdep_assert_held(&q->ring_mutex);

	if (!rcu_access_pointer(q->tun))
		return -EBADFD;
	if (rcu_access_pointer(q->ring) || tun_queue_has_vrings(q))
		return -EBUSY;

	ring = tun_ring_new(q, features, mode);
	if (!ring)
		return -ENOMEM;
	err = fill(ring, arg);
	if (!err)
		err = tun_ring_install(q, ring);
	if (err) {
		tun_worker_stop(ring);
		tun_ring_ref_put(ring);
	}
	return err;
}

/**
 * tun_ring_make - give a queue rings
 * @q: the queue, which must have none
 * @features: bit mask of TUN_RING_F_*, checked
 * @mode: TUN_RING_MODE_*
 * @fill: says where the rings lie, before anything of the queue has changed
 * @arg: for @fill
 *
 * Return: 0; what @fill returned; -EBADFD the queue has no device; -EBUSY it has
 * rings; -ENOMEM; -EINTR. Whatever failed, nothing is left half set up.
 */
long tun_ring_make(struct tun_queue *q, u64 features, u32 mode,
		   int (*fill)(struct tun_ring *ring, void *arg), void *arg)
{
	long err;

	if (mutex_lock_interruptible(&q->ring_mutex))
		return -EINTR;
	err = tun_ring_make_locked(q, features, mode, fill, arg);
	mutex_unlock(&q->ring_mutex);
	return err;
}
