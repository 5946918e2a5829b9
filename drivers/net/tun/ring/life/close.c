// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a queue's rings: TUNRINGTEARDOWN, TUNSETIFF, close(2).
 *
 * A thread that sets up rings, or serves a guest, may sleep under ring_mutex in a
 * page fault of its own memory. Others do not wait for that: they look at the rings
 * first, a signal ends their wait, and close(2) leaves the rest to that thread.
 */
#include "close.h"

#include <linux/if_tun.h>
#include <linux/ptr_ring.h>

#include "../../backpressure/backpressure.h"
#include "../../tun.h"
#include "../mem/regions.h"
#include "../state.h"
#include "ring.h"

/* May TUNRINGTEARDOWN go on? Return: 0, -ENXIO or -EBUSY. */
static int tun_ring_may_teardown(struct tun_queue *q)
{
	struct tun_ring *ring;
	int err;

	rcu_read_lock();
	ring = rcu_dereference(q->ring);
	err = !ring ? -ENXIO : ring->guest ? -EBUSY : 0;
	rcu_read_unlock();
	return err;
}

/*
 * TUNRINGTEARDOWN. Return: 0; -ENXIO; -EBUSY if a guest uses the rings; -EINTR if
 * the caller is killed.
 */
long tun_ring_ioctl_teardown(struct tun_queue *q)
{
	long err = tun_ring_may_teardown(q);

	if (err)
		return err;
	if (mutex_lock_killable(&q->ring_mutex))
		return -EINTR;
	/* the rings may have ended or changed meanwhile */
	err = tun_ring_may_teardown(q) ?: tun_ring_teardown(q);
	mutex_unlock(&q->ring_mutex);
	return err;
}

static bool tun_ring_is_dead(struct tun_queue *q)
{
	struct tun_ring *ring;
	bool dead;

	rcu_read_lock();
	ring = rcu_dereference(q->ring);
	dead = ring && READ_ONCE(ring->state) == TUN_RING_DEAD;
	rcu_read_unlock();
	return dead;
}

/*
 * Before TUNSETIFF attaches the fd: release the rings of a deleted device.
 * Return: 0, or -EINTR if the caller is killed.
 */
int tun_ring_release_dead(struct tun_queue *q)
{
	if (!tun_ring_is_dead(q))
		return 0;
	if (mutex_lock_killable(&q->ring_mutex))
		return -EINTR;
	if (tun_ring_is_dead(q))
		tun_ring_teardown(q);
	mutex_unlock(&q->ring_mutex);
	return 0;
}

/* The file is released: end the queue's rings and regions. */
void tun_ring_end(struct tun_queue *q)
{
	lockdep_assert_held(&q->ring_mutex);

	tun_ring_teardown(q);
	tun_regions_put(q->regions);
	q->regions = NULL;
}

/**
 * tun_ring_closed - end a queue whose file was closed, unless ring_mutex is locked
 * @q: the queue; the caller has a reference on its sock, and has released
 *	ring_mutex
 *
 * Each thread that may lock the mutex after the end of the file calls this: it
 * serves the queue from another file.
 */
void tun_ring_closed(struct tun_queue *q)
{
	bool last;

	/*
	 * Order the release of ring_mutex before the load of the flag. Matches
	 * the order in tun_queue_close(): store the flag, then try the mutex.
	 */
	smp_mb();
	if (likely(!READ_ONCE(q->ending)) || !mutex_trylock(&q->ring_mutex))
		return;
	last = q->ending;
	WRITE_ONCE(q->ending, false);
	if (last)
		tun_ring_end(q);
	mutex_unlock(&q->ring_mutex);
	if (!last)
		return;
	/* the rest of tun_queue_close() */
	tun_backpressure_cancel(q);
	ptr_ring_cleanup(&q->tx_ring, tun_ptr_free);
	sock_put(&q->sk);
}
