// SPDX-License-Identifier: GPL-2.0
/*
 * Flow control limits the buffers in flight. A buffer is in flight after the
 * driver has filled it, until the user makes it available again. More packets
 * would only wait in the ring, where the queueing discipline can neither reorder
 * nor drop them.
 *
 * The limit comes from the kernel's dynamic queue limits. The limit grows when
 * the user takes all packets of a stopped queue, and shrinks when a part of the
 * packets was never needed.
 *
 * Without the event index the ring is the limit: each buffer would kick.
 *
 * Some users keep buffers, and make many available at once. Two signs tell that
 * such a user has taken all packets: its used_event, and a stop during which it
 * made no buffer available for a long time. The driver completes the buffers in
 * flight then. It does not complete them again when they become available.
 */
#include "in_flight.h"

#include <linux/dynamic_queue_limits.h>
#include <linux/jiffies.h>

#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../state.h"

/*
 * The user kicks after a quarter of the buffers in flight, so this is four
 * packets for each system call of a user that takes packets one by one.
 */
#define LIMIT_MIN	16u

static u32 tun_ring_flow_in_flight(const struct tun_ring_flow *flow)
{
	return flow->dql.num_queued - flow->dql.num_completed;
}

/* Buffers that were filled since the last call are in flight. */
static void tun_ring_flow_queue(struct tun_ring_rx *rx)
{
	struct tun_ring_flow *flow = &rx->flow;
	u16 n = rx->vq.vr.last_avail - flow->queued;

	flow->queued = rx->vq.vr.last_avail;
	dql_queued(&flow->dql, n);
}

/**
 * tun_ring_flow_open - no buffer is in flight
 * @ring: the rings, whose receive ring opens; rx.lock is held
 */
void tun_ring_flow_open(struct tun_ring *ring)
{
	struct tun_ring_flow *flow = &ring->rx.flow;
	const struct tun_vring *vr = &ring->rx.vq.vr;

	lockdep_assert_held(&ring->rx.lock);

	flow->dql.max_limit = vr->num;
	flow->dql.min_limit = vr->event_idx ? min(vr->num, LIMIT_MIN) : vr->num;
	flow->dql.slack_hold_time = HZ;
	dql_reset(&flow->dql);
	flow->dql.adj_limit = flow->dql.limit;
	flow->queued = vr->last_avail;
	flow->returned = vr->avail_idx;
	flow->early = 0;
}

/* The user has taken all packets: complete the published ones. */
static u32 tun_ring_flow_early(struct tun_ring_rx *rx, u32 completed)
{
	const struct tun_vring *vr = &rx->vq.vr;
	u32 published = tun_ring_flow_in_flight(&rx->flow);
	u16 unpublished = vr->used_idx - vr->published;

	published -= min_t(u32, published, unpublished);
	if (published <= completed)
		return completed;
	rx->flow.early += published - completed;
	return published;
}

/* Complete the buffers that the user made available again. */
static void tun_ring_flow_complete(struct tun_ring_rx *rx)
{
	struct tun_ring_flow *flow = &rx->flow;
	struct tun_vring *vr = &rx->vq.vr;
	u32 n, early;

	if (unlikely(tun_vring_refresh(vr, &tun_kmem) < 0))
		return;
	n = (u16)(vr->avail_idx - flow->returned);
	flow->returned = vr->avail_idx;
	early = min(n, flow->early);
	flow->early -= early;
	/* the user may also add buffers that were never in flight */
	n = min(n - early, tun_ring_flow_in_flight(flow));
	if (vr->event_idx && !tun_vring_unconsumed(vr, &tun_kmem))
		n = tun_ring_flow_early(rx, n);
	if (n)
		dql_completed(&flow->dql, n);
}

/**
 * tun_ring_flow_complete_all - complete all published buffers in flight
 * @ring: the rings, with flow control; rx.lock is held
 */
void tun_ring_flow_complete_all(struct tun_ring *ring)
{
	u32 n;

	lockdep_assert_held(&ring->rx.lock);

	n = tun_ring_flow_early(&ring->rx, 0);
	if (n)
		dql_completed(&ring->rx.flow.dql, n);
}

/* A quarter of the buffers in flight, at least one. */
u16 tun_ring_flow_quarter(const struct tun_ring *ring)
{
	return max(tun_ring_flow_in_flight(&ring->rx.flow) / 4, 1u);
}

/**
 * tun_ring_flow_is_full - account for delivered packets and returned buffers
 * @ring: the rings, with flow control; rx.lock is held
 *
 * Buffers are completed before others are queued: a user that keeps up with the
 * stack must not raise the limit.
 *
 * Return: true if more buffers are in flight than the limit allows, or none is
 * available.
 */
bool tun_ring_flow_is_full(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_ring_flow *flow = &rx->flow;
	struct tun_vring *vr = &rx->vq.vr;
	u16 n = vr->last_avail - flow->queued;

	lockdep_assert_held(&rx->lock);

	if (dql_avail(&flow->dql) < (int)n)
		tun_ring_flow_complete(rx);
	tun_ring_flow_queue(rx);
	if (dql_avail(&flow->dql) < 0)
		return true;
	return !tun_vring_cached_avail(vr) &&
	       !tun_vring_refresh(vr, &tun_kmem);
}
