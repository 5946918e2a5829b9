// SPDX-License-Identifier: GPL-2.0
/*
 * Life of the rings of a queue: their beginning and their end.
 */
#include "ring.h"
#include "state.h"

#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "../tun.h"
#include "../wake.h"
#include "worker.h"

/**
 * tun_ring_new - rings without memory
 * @q: the queue
 * @features: bit mask of TUN_RING_F_*, checked
 * @mode: TUN_RING_MODE_*
 *
 * Return: the rings, with one reference, or NULL.
 */
struct tun_ring *tun_ring_new(struct tun_queue *q, u64 features, u32 mode)
{
	struct tun_ring *ring;

	ring = kzalloc(sizeof(*ring), GFP_KERNEL_ACCOUNT);
	if (!ring)
		return NULL;
	kref_init(&ring->ref);
	spin_lock_init(&ring->rx.lock);
	mutex_init(&ring->worker.lock);
	tun_ring_events_init(ring);
	ring->q = q;
	ring->mode = mode;
	ring->mergeable = true;
	ring->rx.closed = true;
	ring->rx.hold = true;
	ring->tx.closed = true;
	ring->features = features | BIT_ULL(TUN_RING_F_VERSION_1);
	ring->rx_drop = tun_ring_has(ring, TUN_RING_F_RX_DROP);
	ring->rx_tstamp = tun_ring_has(ring, TUN_RING_F_RX_TSTAMP);
	ring->tx_mark = tun_ring_has(ring, TUN_RING_F_TX_MARK);
	return ring;
}

/* New rings lie in the memory of @mm, not pinned. */
void tun_ring_set_owner(struct tun_ring *ring, struct mm_struct *mm)
{
	BUILD_BUG_ON(offsetof(struct tun_ring, face));

	mmgrab(mm);
	ring->mm = mm;
	ring->face.uses_fifo = true;
}

/**
 * tun_ring_use_regions - let buffers lie elsewhere
 * @ring: the rings; the caller waits for users of the table before
 * @regions: the table; its reference becomes the ring's
 */
void tun_ring_use_regions(struct tun_ring *ring, struct tun_regions *regions)
{
	ring->regions = regions;
	rcu_assign_pointer(ring->rx.m.regions, regions);
	rcu_assign_pointer(ring->tx.m.regions, regions);
}

static bool may_mark(struct tun_dev *tun)
{
	struct user_namespace *user_ns = dev_net(tun->dev)->user_ns;

	return ns_capable(user_ns, CAP_NET_RAW) ||
	       ns_capable(user_ns, CAP_NET_ADMIN);
}

/* Transmitters that met the ring closed, or in the middle of a change. */
static void ring_wake_queues(struct tun_dev *tun)
{
	if (tun && netif_running(tun->dev))
		netif_tx_wake_all_queues(tun->dev);
}

/*
 * Unpublish: transmitters go back to the fifo. Those that are still in the
 * ring have left when synchronize_net() returns.
 */
static void ring_unpublish(struct tun_ring *ring)
{
	if (!tun_ring_has_worker(ring)) {
		tun_ring_rx_close(ring);
		tun_ring_backlog_give_back(ring);
	}
	rcu_assign_pointer(ring->q->ring, NULL);
	synchronize_net();
	tun_queue_notify_readers(ring->q);
}

/* Events and the worker were stopped before rtnl was taken. */
static void ring_end(struct tun_ring *ring)
{
	struct tun_dev *tun = tun_dev_rtnl(ring->q);

	ASSERT_RTNL();

	if (ring->life != TUN_RING_GONE) {
		tun_ring_rest(ring);
		if (!tun_ring_has_worker(ring))
			tun_ring_tx_drain(ring);
		tun_ring_napi_del(ring);
	}
	ring_unpublish(ring);
	ring_wake_queues(tun);
}

/* Return: 0, or a negative errno with the rings out of service again. */
static int ring_open(struct tun_ring *ring, struct tun_dev *tun)
{
	/* a guest's virtqueues are opened one by one */
	bool guest = ring->mode == TUN_RING_MODE_GUEST;
	int err;

	if (tun_ring_has_worker(ring)) {
		/* the fifo stays in use: there is no backlog to go first */
		ring->rx.closed = guest;
		ring->tx.closed = guest;
		tun_ring_worker_start(ring);
		return 0;
	}
	err = tun_ring_backlog_take(ring);
	if (err) {
		tun_ring_rest(ring);
		tun_ring_napi_del(ring);
		ring_unpublish(ring);
		return err;
	}
	if (guest)
		return 0;
	WRITE_ONCE(ring->tx.closed, false);
	tun_ring_rx_open(ring, tun);
	return 0;
}

static int ring_start(struct tun_queue *q, struct tun_ring *ring)
{
	struct tun_dev *tun = tun_dev_rtnl(q);
	int err;

	ASSERT_RTNL();

	if (!tun)
		return -EBADFD;
	if (rtnl_dereference(q->ring) || tun_queue_has_vrings(q))
		return -EBUSY;
	if (ring->tx_mark && !may_mark(tun))
		return -EPERM;
	ring->tx_mark_net = dev_net(tun->dev)->net_cookie;

	tun_ring_napi_add(ring, tun);
	rcu_assign_pointer(q->ring, ring);
	/* whoever found no ring has put its packet into the fifo by now */
	synchronize_net();
	/* a read() that sleeps is no longer served */
	tun_queue_notify_readers(q);
	err = ring_open(ring, tun);
	if (!err) {
		tun_ring_events_start(ring);
		/* for what is available already no kick need come */
		tun_ring_device_up(q);
	}
	ring_wake_queues(tun);
	return err;
}

/**
 * tun_ring_install - put new rings into service
 * @q: the queue
 * @ring: with memory; its reference becomes the queue's, if that works
 *
 * Return: 0 or a negative errno, with nothing changed.
 */
long tun_ring_install(struct tun_queue *q, struct tun_ring *ring)
{
	long err;

	lockdep_assert_held(&q->ring_mutex);

	rtnl_lock();
	err = ring_start(q, ring);
	rtnl_unlock();
	/* a guest's virtqueues are opened later, one by one */
	if (!err && !tun_ring_has_worker(ring) &&
	    ring->mode != TUN_RING_MODE_GUEST)
		tun_ring_rx_deliver_backlog(ring);
	return err;
}

/**
 * tun_ring_teardown_locked - take the queue's rings out of service
 * @q: the queue; its ring_mutex is held
 *
 * Return: 0 or -ENXIO.
 */
long tun_ring_teardown_locked(struct tun_queue *q)
{
	struct tun_ring *ring;

	lockdep_assert_held(&q->ring_mutex);

	tun_ring_free_parked(q);
	/* nobody else changes q->ring from one ring to another */
	ring = rcu_dereference_protected(q->ring, 1);
	if (!ring)
		return -ENXIO;
	/* without rtnl: this may wait for a page fault of the user's */
	tun_ring_events_stop(ring);
	tun_ring_worker_stop(ring);
	rtnl_lock();
	ring_end(ring);
	rtnl_unlock();
	/* may wait for a thread, which has as much of a processor as the user */
	tun_ring_put(ring);
	return 0;
}

/* TUNRINGTEARDOWN. Return: 0; -ENXIO; -EBUSY they are a guest's. */
long tun_ring_teardown(struct tun_queue *q)
{
	struct tun_ring *ring;
	long err;

	mutex_lock(&q->ring_mutex);
	ring = rcu_dereference_protected(q->ring, 1);
	if (ring && ring->guest)
		err = -EBUSY;
	else
		err = tun_ring_teardown_locked(q);
	mutex_unlock(&q->ring_mutex);
	return err;
}

/* Packets are for the rings alone; those of a guest compete with read(). */
bool tun_ring_refuses_read(struct tun_queue *q)
{
	struct tun_ring *ring;
	bool refuses;

	rcu_read_lock();
	ring = rcu_dereference(q->ring);
	refuses = ring && ring->mode != TUN_RING_MODE_GUEST;
	rcu_read_unlock();
	return refuses;
}

/* The fd is about to be attached: rings of a device that was deleted end. */
void tun_ring_forget_gone(struct tun_queue *q)
{
	struct tun_ring *ring;

	mutex_lock(&q->ring_mutex);
	ring = rcu_dereference_protected(q->ring, 1);
	if (ring && READ_ONCE(ring->life) == TUN_RING_GONE)
		tun_ring_teardown_locked(q);
	mutex_unlock(&q->ring_mutex);
}
