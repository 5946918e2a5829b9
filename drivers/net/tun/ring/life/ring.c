// SPDX-License-Identifier: GPL-2.0
/*
 * Rings of a queue: set-up and teardown.
 */
#include "ring.h"

#include <net/net_namespace.h>

#include "../../backpressure/backpressure.h"
#include "../../settings.h"
#include "../../tun.h"
#include "../../wake.h"
#include "../engine/regions_find.h"
#include "../engine/vring.h"
#include "../mem/regions.h"
#include "../state.h"
#include "kick.h"
#include "ref.h"
#include "switch.h"

/**
 * tun_ring_vring_init - initialise a guest's ring at its base index
 * @vr: the ring, closed
 * @p: description of the virtqueue
 */
void tun_ring_vring_init(struct tun_vring *vr, const struct tun_vq_params *p)
{
	tun_vring_init(vr, p->num, p->indirect, p->event_idx);
	vr->notify_on_empty = p->notify_on_empty;
	vr->last_avail = p->base;
	vr->avail_idx = p->base;
}

/* Set the virtio_net_hdr that was negotiated with the guest's driver. */
void tun_ring_set_vhost_hdr(struct tun_ring *ring,
			    const struct tun_vq_params *p)
{
	ring->mergeable = p->mergeable;
	/* packet paths of the other virtqueue, which may be open, read this */
	WRITE_ONCE(ring->vhost_hlen, p->vhost_hlen);
}

/**
 * tun_ring_replace_regions - give live rings another table of buffers
 * @ring: the rings; the ring_mutex of their queue is held
 * @regions: the table; a reference is taken
 *
 * Return: 0 when the old table is out of use, or -EINTR.
 */
int tun_ring_replace_regions(struct tun_ring *ring, struct tun_regions *regions)
{
	lockdep_assert_held(&ring->q->ring_mutex);

	return ring->server->replace_regions(ring, regions);
}

static bool tun_ring_may_mark(struct tun_dev *tun)
{
	struct user_namespace *user_ns = dev_net(tun->dev)->user_ns;

	return ns_capable(user_ns, CAP_NET_RAW) ||
	       ns_capable(user_ns, CAP_NET_ADMIN);
}

/* Transmitters that have not found the ring yet use the tx_ring again. */
static void tun_ring_unpublish(struct tun_ring *ring)
{
	ring->server->unpublish(ring);
	rcu_assign_pointer(ring->q->ring, NULL);
}

/*
 * Wait, not under rtnl, until all packet paths and system calls have left the
 * rings.
 */
static void tun_ring_leave(struct tun_queue *q)
{
	lockdep_assert_held(&q->ring_mutex);

	synchronize_rcu();
	tun_queue_notify_readers(q);
}

/* The caller stopped the eventfds and the server before taking rtnl. */
static void tun_ring_release(struct tun_ring *ring)
{
	struct tun_dev *tun = tun_dev_rtnl(ring->q);

	ASSERT_RTNL();

	if (ring->state != TUN_RING_DEAD) {
		tun_ring_quiesce(ring);
		ring->server->detach(ring);
	}
	tun_ring_unpublish(ring);
	if (tun)
		tun_settings_release_rings(tun);
}

/* Attach rings to the queue, closed. Return: 0 or a negative errno. */
static int tun_ring_publish(struct tun_queue *q, struct tun_ring *ring)
{
	struct tun_dev *tun = tun_dev_rtnl(q);

	ASSERT_RTNL();

	if (!tun)
		return -EBADFD;
	if (rtnl_dereference(q->ring) || tun_queue_has_vrings(q))
		return -EBUSY;
	if (ring->tx_mark && !tun_ring_may_mark(tun))
		return -EPERM;
	ring->tx_mark_net = dev_net(tun->dev)->net_cookie;

	tun_ring_server_attach(ring, tun);
	rcu_assign_pointer(q->ring, ring);
	return 0;
}

/*
 * The stack has waited for transmitters when the device went down or the queue
 * was detached.
 */
static bool tun_ring_has_senders(struct tun_queue *q)
{
	struct tun_dev *tun = tun_dev_rtnl(q);

	return tun_queue_is_active(q) && netif_running(tun->dev);
}

/*
 * Open rings that all transmitters see. Return: 0; or a negative errno, and the
 * rings are unpublished.
 */
static int tun_ring_start(struct tun_queue *q, struct tun_ring *ring)
{
	ASSERT_RTNL();

	/* the device may have been deleted since tun_ring_publish() */
	if (ring->state == TUN_RING_DEAD) {
		tun_ring_unpublish(ring);
		return -EBADFD;
	}
	/* no reader wakes the netdev queue any more */
	tun_backpressure_reset(tun_dev_rtnl(q), q);
	ring->server->begin(ring);
	/* the VMM opens the virtqueues of a guest one by one */
	if (ring->mode != TUN_RING_MODE_GUEST)
		ring->server->open(ring, tun_dev_rtnl(q));
	tun_ring_kick_start(ring);
	return 0;
}

/* Return: 0, or a negative errno and no packet path uses the rings. */
static long tun_ring_enter_service(struct tun_queue *q, struct tun_ring *ring)
{
	long err;

	rtnl_lock();
	err = tun_ring_publish(q, ring);
	if (!err && tun_ring_has_senders(q)) {
		rtnl_unlock();
		/* transmitters that found no ring use the tx_ring */
		synchronize_rcu();
		rtnl_lock();
	}
	if (!err)
		err = tun_ring_start(q, ring);
	rtnl_unlock();
	/* a reader that sleeps gets no more packets: wake the reader */
	if (err)
		tun_ring_leave(q);
	else
		tun_queue_notify_readers(q);
	return err;
}

/**
 * tun_ring_install - put new rings into service
 * @q: the queue
 * @ring: rings with memory; on success the queue takes over the reference
 *
 * Return: 0 or a negative errno, with nothing changed.
 */
long tun_ring_install(struct tun_queue *q, struct tun_ring *ring)
{
	long err;

	lockdep_assert_held(&q->ring_mutex);

	err = ring->server->prepare(ring);
	if (err)
		return err;
	err = tun_ring_enter_service(q, ring);
	if (err) {
		ring->server->stop(ring);
		return err;
	}
	tun_ring_kick_new(ring);
	if (ring->mode != TUN_RING_MODE_GUEST)
		ring->server->deliver_waiting(ring);
	return 0;
}

/**
 * tun_ring_teardown - take the queue's rings out of service
 * @q: the queue; its ring_mutex is held
 *
 * Return: 0 or -ENXIO.
 */
long tun_ring_teardown(struct tun_queue *q)
{
	struct tun_ring *ring;

	lockdep_assert_held(&q->ring_mutex);

	tun_ring_ref_free_parked(q);
	/* q->ring changes only under ring_mutex and rtnl */
	ring = rcu_dereference_protected(q->ring,
					 lockdep_is_held(&q->ring_mutex));
	if (!ring)
		return -ENXIO;
	/*
	 * not under rtnl: the server may be in a page fault, or have many
	 * entries left
	 */
	tun_ring_kick_stop(ring);
	ring->server->stop(ring);
	rtnl_lock();
	tun_ring_release(ring);
	rtnl_unlock();
	tun_ring_leave(q);
	/* not under rtnl: may wait for a thread with the user's niceness */
	tun_ring_ref_put(ring);
	return 0;
}

/* read() gets no packets while the queue has rings that are not a guest's. */
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
