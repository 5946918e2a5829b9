// SPDX-License-Identifier: GPL-2.0
/*
 * The rings of a guest on a queue, and their server.
 *
 * NAPI serves rings in pinned memory, and a worker serves all other rings.
 * Dirty logging needs the worker: while logging is on, the worker serves rings
 * in pinned memory, too.
 */
#include "rings.h"

#include <linux/virtio_ring.h>
#include <linux/vhost.h>

#include "../../tun.h"
#include "../engine/regions_find.h"
#include "../life/kick.h"
#include "../life/ref.h"
#include "../life/ring.h"
#include "../life/server_napi.h"
#include "../life/server_worker.h"
#include "../life/switch.h"
#include "../mem/regions.h"
#include "../state.h"
#include "virtqueue.h"

/*
 * True if NAPI can serve these virtqueues: memory pinned, no dirty logging,
 * descriptor tables aligned.
 */
static bool tun_vhost_rings_wants_pinned(const struct tun_vhost *vh)
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

static const struct tun_ring_server *
tun_vhost_rings_server(const struct tun_vhost *vh)
{
	return tun_vhost_rings_wants_pinned(vh) ? &tun_server_napi :
						  &tun_server_worker;
}

/*
 * Does @err mean that memory cannot be pinned, so that a worker must serve it?
 * @ring: the rings of the queue, or NULL.
 */
static bool tun_vhost_rings_can_fall_back(const struct tun_vhost *vh,
					  const struct tun_ring *ring, int err)
{
	if (ring && READ_ONCE(ring->broken))
		return false;
	return (err == -ENOMEM || err == -EFAULT || err == -EOPNOTSUPP) &&
	       tun_vhost_rings_wants_pinned(vh);
}

/* Pinning failed: the worker serves until the VMM sets another table. */
static void tun_vhost_rings_unpin_fallback(struct tun_vhost *vh)
{
	tun_regions_put(vh->pinned);
	vh->pinned = NULL;
}

static bool tun_vhost_rings_has_server(const struct tun_vhost *vh,
				       const struct tun_ring *ring)
{
	return ring->server == tun_vhost_rings_server(vh);
}

/* A broken ring keeps its server until both virtqueues are stopped. */
bool tun_vhost_rings_server_matches(const struct tun_vhost *vh,
				    const struct tun_ring *ring)
{
	return READ_ONCE(ring->broken) || tun_vhost_rings_has_server(vh, ring);
}

/* The table of buffers for the server that tun_vhost_rings_server() returns. */
struct tun_regions *tun_vhost_rings_regions(const struct tun_vhost *vh)
{
	return tun_vhost_rings_wants_pinned(vh) ? vh->pinned : vh->regions;
}

/* With a worker, packets wait in the tx_ring. A full tx_ring drops packets. */
static u64 tun_vhost_rings_rx_features(const struct tun_vhost *vh)
{
	return tun_vhost_rings_wants_pinned(vh) ? vh->rx_features : 0;
}

/* Return: new rings, with both virtqueues closed, or an ERR_PTR(). */
static struct tun_ring *tun_vhost_rings_new(struct tun_vhost *vh,
					    struct tun_queue *q)
{
	struct tun_ring *ring;
	int err;

	lockdep_assert_held(&vh->lock);
	lockdep_assert_held(&q->ring_mutex);

	ring = tun_ring_new(q, vh->features[0], TUN_RING_MODE_GUEST);
	if (IS_ERR(ring))
		return ring;
	ring->guest = vh;
	tun_ring_set_owner(ring, vh->mm);
	tun_ring_set_server(ring, tun_vhost_rings_server(vh));
	tun_ring_set_rx_features(ring, tun_vhost_rings_rx_features(vh));
	tun_ring_use_regions(ring,
			     tun_regions_get(tun_vhost_rings_regions(vh)));
	err = tun_ring_install(q, ring);
	if (!err)
		return ring;
	tun_ring_ref_put(ring);
	return ERR_PTR(err);
}

bool tun_vhost_rings_is_idle(struct tun_ring *ring)
{
	return tun_ring_is_closed(ring, TUN_VHOST_RX) &&
	       tun_ring_is_closed(ring, TUN_VHOST_TX);
}

/* Return: bit mask of the virtqueues that were closed, or -EINTR. */
static int tun_vhost_rings_close_all(struct tun_vhost *vh,
				     struct tun_ring *ring)
{
	unsigned int i;
	int mask = 0, err;

	for (i = 0; i < TUN_VHOST_VQS; i++) {
		/* a virtqueue that could not be opened may still have its eventfd */
		tun_ring_kick_set(ring, i == TUN_VHOST_RX, NULL);
		if (tun_ring_is_closed(ring, i))
			continue;
		err = tun_vhost_vq_close(vh, i, ring);
		if (err)
			return err;
		mask |= BIT(i);
	}
	return mask;
}

static int tun_vhost_rings_open_masked(struct tun_vhost *vh,
				       struct tun_ring *ring, int mask)
{
	unsigned int i;
	int err;

	for (i = 0; i < TUN_VHOST_VQS; i++) {
		if (!(mask & BIT(i)))
			continue;
		/*
		 * set the eventfds first: entries used while opening must
		 * signal the guest
		 */
		tun_vhost_vq_set_events(vh, i, ring);
		err = tun_vhost_vq_open(vh, i, ring);
		if (err) {
			tun_ring_kick_set(ring, i == TUN_VHOST_RX, NULL);
			return err;
		}
	}
	return 0;
}

/*
 * Change the server if necessary, then open the virtqueues of @mask. Return: 0
 * or a negative errno.
 */
static int tun_vhost_rings_switch(struct tun_vhost *vh, struct tun_ring *ring,
				  int mask)
{
	struct tun_regions *regions = tun_vhost_rings_regions(vh);
	int err = 0;

	/* closing may have waited for a page fault that broke the rings */
	if (READ_ONCE(ring->broken))
		return -ring->broken;
	if (!tun_vhost_rings_has_server(vh, ring))
		err = tun_ring_switch_server(ring, tun_vhost_rings_server(vh),
					     regions,
					     tun_vhost_rings_rx_features(vh));
	else if (ring->regions != regions)
		err = tun_ring_replace_regions(ring, regions);
	return err ?: tun_vhost_rings_open_masked(vh, ring, mask);
}

/**
 * tun_vhost_rings_change - change the server of rings to match the description
 * @vh: description of the virtqueues; its lock is held
 * @ring: the rings; the ring_mutex of their queue is held
 * @mask: virtqueues to open in addition to the open virtqueues
 *
 * No entry and no packet is lost: the virtqueues are closed and opened again.
 *
 * Return: 0; -EINTR if the caller is being killed; or another negative errno,
 * and the rings have ended.
 */
int tun_vhost_rings_change(struct tun_vhost *vh, struct tun_ring *ring, int mask)
{
	int open, err;

	lockdep_assert_held(&vh->lock);
	lockdep_assert_held(&ring->q->ring_mutex);

	open = tun_vhost_rings_close_all(vh, ring);
	if (open < 0)
		return open;
	mask |= open;
	err = tun_vhost_rings_switch(vh, ring, mask);
	if (tun_vhost_rings_can_fall_back(vh, ring, err)) {
		/* one virtqueue may be open when the other cannot be pinned */
		open = tun_vhost_rings_close_all(vh, ring);
		tun_vhost_rings_unpin_fallback(vh);
		err = open < 0 ? open : tun_vhost_rings_switch(vh, ring, mask);
	}
	if (!err)
		return 0;
	/* entries may be consumed: closing saves the index to continue from */
	tun_vhost_rings_close_all(vh, ring);
	tun_ring_teardown(ring->q);
	return err;
}

/**
 * tun_vhost_rings_update - apply a new description to an open virtqueue
 * @vh: the new description; its lock is held
 * @i: number of the virtqueue
 * @ring: the rings; the ring_mutex of their queue is held
 * @addr_changed: addresses are among the changes
 *
 * Return: see tun_vhost_rings_change().
 */
int tun_vhost_rings_update(struct tun_vhost *vh, unsigned int i,
			   struct tun_ring *ring, bool addr_changed)
{
	int err;

	lockdep_assert_held(&vh->lock);
	lockdep_assert_held(&ring->q->ring_mutex);

	if (!tun_vhost_rings_server_matches(vh, ring))
		return tun_vhost_rings_change(vh, ring, 0);
	err = tun_vhost_vq_update(vh, i, ring, addr_changed);
	/* the new addresses cannot be pinned, and the virtqueue is closed */
	if (tun_vhost_rings_can_fall_back(vh, ring, err)) {
		vh->vq[i].base = tun_vhost_vq_base(ring, i);
		tun_vhost_rings_unpin_fallback(vh);
		return tun_vhost_rings_change(vh, ring, BIT(i));
	}
	if (!err)
		tun_vhost_vq_set_events(vh, i, ring);
	return err;
}

static int tun_vhost_rings_open_one(struct tun_vhost *vh, unsigned int i,
				    struct tun_queue *q)
{
	struct tun_ring *ring =
		rcu_dereference_protected(q->ring,
					  lockdep_is_held(&q->ring_mutex));
	int err;

	if (ring && ring->guest != vh)
		return -EBUSY;
	if (ring && READ_ONCE(ring->state) == TUN_RING_DEAD)
		return -EBADFD;
	/* the VMM must stop the other virtqueue, too, to get new rings */
	if (ring && READ_ONCE(ring->broken))
		return -ring->broken;
	if (ring && !tun_vhost_rings_server_matches(vh, ring))
		return tun_vhost_rings_change(vh, ring, BIT(i));
	if (!ring)
		ring = tun_vhost_rings_new(vh, q);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	err = tun_vhost_rings_open_masked(vh, ring, BIT(i));
	if (err && tun_vhost_rings_is_idle(ring))
		tun_ring_teardown(q);
	return err;
}

/**
 * tun_vhost_rings_open - put a virtqueue into service
 * @vh: description of the virtqueues; its lock is held
 * @i: number of the virtqueue, which is not in service
 * @q: the queue; its ring_mutex is held
 *
 * The first virtqueue of a queue gets new rings.
 *
 * Return: see tun_vhost_start().
 */
int tun_vhost_rings_open(struct tun_vhost *vh, unsigned int i,
			 struct tun_queue *q)
{
	int err = tun_vhost_rings_open_one(vh, i, q);
	struct tun_ring *ring;

	lockdep_assert_held(&vh->lock);

	/* the worker can serve rings that cannot be pinned */
	ring = rcu_dereference_protected(q->ring,
					 lockdep_is_held(&q->ring_mutex));
	if (tun_vhost_rings_can_fall_back(vh, ring, err)) {
		tun_vhost_rings_unpin_fallback(vh);
		err = tun_vhost_rings_open_one(vh, i, q);
	}
	return err;
}
