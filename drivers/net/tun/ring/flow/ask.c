// SPDX-License-Identifier: GPL-2.0
#include "ask.h"

#include <linux/hrtimer.h>

#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../state.h"
#include "flow.h"
#include "in_flight.h"

/**
 * tun_ring_flow_start_timer - check for buffers after some time
 * @ring: the rings; rx.lock is held
 * @ns: nanoseconds; a timer that expires earlier is not changed
 */
void tun_ring_flow_start_timer(struct tun_ring *ring, u64 ns)
{
	struct tun_ring_rx *rx = &ring->rx;
	u64 at = ktime_get_ns() + ns;

	lockdep_assert_held(&rx->lock);

	if (rx->timer_at && rx->timer_at <= at)
		return;
	rx->timer_at = at;
	rx->timed = rx->asked;
	hrtimer_start(&rx->timer, ns_to_ktime(ns), HRTIMER_MODE_REL_SOFT);
}

/**
 * tun_ring_flow_ask - ask for a kick
 * @ring: the rings; rx.lock is held
 * @ahead: number of buffers after which the user kicks
 *
 * Return: true if buffers have come meanwhile, or the ring is broken.
 */
bool tun_ring_flow_ask(struct tun_ring *ring, u16 ahead)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->vq.vr;
	int n;

	lockdep_assert_held(&rx->lock);

	rx->asked = vr->avail_idx;
	n = tun_vring_enable_kick_ahead(vr, &tun_kmem, ahead);
	return n < 0 || vr->avail_idx != rx->asked;
}

/**
 * tun_ring_flow_ask_quarter - ask for a kick with a quarter of the buffers
 * @ring: the rings; rx.lock is held
 *
 * If no buffer is available, the user kicks after a quarter of the buffers that
 * the user has made available at once. If the limit of flow control is reached,
 * the user kicks after a quarter of the buffers in flight. A quarter is at least
 * one. The timer finds fewer buffers. Without the event index the user kicks for
 * each buffer.
 *
 * Return: as tun_ring_flow_ask().
 */
bool tun_ring_flow_ask_quarter(struct tun_ring *ring)
{
	struct tun_vring *vr = &ring->rx.vq.vr;
	bool stopped = tun_ring_flow_is_stopped(ring);
	u16 quarter = max(vr->posted_max / 4, 1), avail, ahead;

	lockdep_assert_held(&ring->rx.lock);

	ring->rx.want = quarter;
	/* a stopped queue counts the available buffers, too */
	avail = stopped ? tun_vring_cached_avail(vr) : 0;
	ahead = quarter > avail ? quarter - avail : tun_ring_flow_quarter(ring);
	if (tun_ring_flow_ask(ring, ahead))
		return true;
	if (vr->event_idx || stopped)
		tun_ring_flow_start_timer(ring, TUN_RING_FLOW_PERIOD_NS);
	return false;
}

/*
 * No buffer is available, and the user added none since the last request for a
 * kick. The function loads the available index also if buffers are left: they may be
 * too few for the packet that waits, and no later event loads the index.
 */
bool tun_ring_flow_in_vain(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->vq.vr;

	lockdep_assert_held(&rx->lock);

	return !tun_vring_refresh(vr, &tun_kmem) && vr->avail_idx == rx->asked;
}

/*
 * May the netdev queue run? A stopped queue waits for several buffers, and until
 * few enough are in flight.
 */
bool tun_ring_flow_has_enough(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;

	lockdep_assert_held(&rx->lock);

	return !tun_ring_flow_is_stopped(ring) ||
	       (!tun_ring_flow_is_full(ring) &&
		tun_vring_refresh(&rx->vq.vr, &tun_kmem) >= (int)rx->want);
}
