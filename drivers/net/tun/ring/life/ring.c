// SPDX-License-Identifier: GPL-2.0
/*
 * Life of the rings of a queue: their beginning and their end.
 */
#include "ring.h"

#include <net/net_namespace.h>

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
 * @p: its description
 */
void tun_ring_vring_init(struct tun_vring *vr, const struct tun_vq_params *p)
{
	tun_vring_init(vr, p->num, p->indirect, p->event_idx);
	vr->notify_on_empty = p->notify_on_empty;
	vr->last_avail = p->base;
	vr->avail_idx = p->base;
}

/* The virtio_net_hdr that a guest's driver has agreed to. */
void tun_ring_set_vhost_hdr(struct tun_ring *ring,
			    const struct tun_vq_params *p)
{
	ring->mergeable = p->mergeable;
	/* the other virtqueue, at work, finds the same value */
	WRITE_ONCE(ring->vhost_hlen, p->vhost_hlen);
}

/**
 * tun_ring_use_regions - let buffers lie elsewhere
 * @ring: the rings; the caller waits for users of the table before
 * @regions: the table; its reference becomes the ring's
 */
void tun_ring_use_regions(struct tun_ring *ring, struct tun_regions *regions)
{
	ring->regions = regions;
	rcu_assign_pointer(ring->rx.vq.regions, regions);
	rcu_assign_pointer(ring->tx.vq.regions, regions);
}

/**
 * tun_ring_replace_regions - let buffers of live rings lie elsewhere
 * @ring: the rings; the ring_mutex of their queue is held
 * @regions: the table; a reference is taken
 *
 * Return: 0, with nobody in the old table any more, or -EINTR.
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

/* Transmitters that met the ring closed, or in the middle of a change. */
void tun_ring_wake_queues(struct tun_dev *tun)
{
	if (tun && netif_running(tun->dev))
		netif_tx_wake_all_queues(tun->dev);
}

/*
 * Unpublish: transmitters go back to the tx_ring. Those that are still in the
 * ring have left when synchronize_net() returns.
 */
static void tun_ring_unpublish(struct tun_ring *ring)
{
	ring->server->unpublish(ring);
	rcu_assign_pointer(ring->q->ring, NULL);
	synchronize_net();
	tun_queue_notify_readers(ring->q);
}

/* Eventfds and the server were stopped before rtnl was taken. */
static void tun_ring_release(struct tun_ring *ring)
{
	struct tun_dev *tun = tun_dev_rtnl(ring->q);

	ASSERT_RTNL();

	if (ring->state != TUN_RING_DEAD) {
		tun_ring_quiesce(ring);
		ring->server->drain(ring);
		ring->server->detach(ring);
	}
	tun_ring_unpublish(ring);
	tun_ring_wake_queues(tun);
}

/* Return: 0, or a negative errno with the rings out of service again. */
static int tun_ring_open(struct tun_ring *ring, struct tun_dev *tun)
{
	int err = ring->server->begin(ring);

	if (err) {
		tun_ring_quiesce(ring);
		ring->server->detach(ring);
		tun_ring_unpublish(ring);
		return err;
	}
	/* a guest's virtqueues are opened one by one */
	if (ring->mode != TUN_RING_MODE_GUEST)
		ring->server->open(ring, tun);
	return 0;
}

static int tun_ring_start(struct tun_queue *q, struct tun_ring *ring)
{
	struct tun_dev *tun = tun_dev_rtnl(q);
	int err;

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
	/* whoever found no ring has put its packet into the tx_ring by now */
	synchronize_net();
	/* a read() that sleeps is no longer served */
	tun_queue_notify_readers(q);
	err = tun_ring_open(ring, tun);
	if (!err) {
		tun_ring_kick_start(ring);
		/* for what is available already no kick need come */
		tun_ring_switch_up(q);
	}
	tun_ring_wake_queues(tun);
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

	err = ring->server->prepare(ring);
	if (err)
		return err;
	rtnl_lock();
	err = tun_ring_start(q, ring);
	rtnl_unlock();
	if (err)
		ring->server->stop(ring);
	else if (ring->mode != TUN_RING_MODE_GUEST)
		ring->server->deliver_backlog(ring);
	return err;
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
	/* nobody else changes q->ring from one ring to another */
	ring = rcu_dereference_protected(q->ring,
					 lockdep_is_held(&q->ring_mutex));
	if (!ring)
		return -ENXIO;
	/* without rtnl: this may wait for a page fault of the user's */
	tun_ring_kick_stop(ring);
	ring->server->stop(ring);
	rtnl_lock();
	tun_ring_release(ring);
	rtnl_unlock();
	/* may wait for a thread, which has as much of a processor as the user */
	tun_ring_ref_put(ring);
	return 0;
}

/* TUNRINGTEARDOWN. Return: 0; -ENXIO; -EBUSY they are a guest's. */
long tun_ring_ioctl_teardown(struct tun_queue *q)
{
	struct tun_ring *ring;
	long err;

	mutex_lock(&q->ring_mutex);
	ring = rcu_dereference_protected(q->ring,
					 lockdep_is_held(&q->ring_mutex));
	if (ring && ring->guest)
		err = -EBUSY;
	else
		err = tun_ring_teardown(q);
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
void tun_ring_release_dead(struct tun_queue *q)
{
	struct tun_ring *ring;

	mutex_lock(&q->ring_mutex);
	ring = rcu_dereference_protected(q->ring,
					 lockdep_is_held(&q->ring_mutex));
	if (ring && READ_ONCE(ring->state) == TUN_RING_DEAD)
		tun_ring_teardown(q);
	mutex_unlock(&q->ring_mutex);
}
