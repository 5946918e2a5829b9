/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the receive path's files share: packets into the ring, what becomes of
 * those that do not get in, and what is action afterwards.
 */
#ifndef _TUN_RING_RX_PACKET_H
#define _TUN_RING_RX_PACKET_H

#include "../../wake.h"
#include "../engine/access_kernel.h"
#include "../event/eventfd.h"
#include "../event/report.h"
#include "../state.h"

struct tun_ring_packet;
struct xdp_frame;

/* What is to be done once rx.lock is free. */
enum tun_ring_rx_action {
	TUN_RING_RX_NOTHING,
	TUN_RING_RX_NOTIFY, /* the user wants to be woken */
	TUN_RING_RX_REPORT, /* the ring was stopped; wakes the user, too */
};

/* Publish what was delivered. */
static inline enum tun_ring_rx_action tun_ring_rx_flush(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->vq.vr;
	enum tun_ring_rx_action action = TUN_RING_RX_NOTHING;

	lockdep_assert_held(&rx->lock);

	if (vr->used_idx != vr->published) {
		tun_vring_publish(vr, &tun_kmem);
		if (tun_vring_should_notify(vr, &tun_kmem)) {
			rx->count.wakeups++;
			action = TUN_RING_RX_NOTIFY;
		}
	}
	if (unlikely(rx->report_pending)) {
		rx->report_pending = false;
		action = TUN_RING_RX_REPORT;
	}
	return action;
}

/* rx.lock is free: consoles, and the user's callbacks, may transmit. */
static inline void tun_ring_rx_complete(struct tun_ring *ring,
					enum tun_ring_rx_action action)
{
	if (action == TUN_RING_RX_NOTIFY) {
		tun_ring_eventfd_signal(&ring->rx.call);
		tun_queue_notify_readers(ring->q);
	}
	if (unlikely(action == TUN_RING_RX_REPORT))
		tun_ring_report_broken(ring, &ring->rx.vq.vr);
}

void tun_ring_rx_drop(struct tun_ring *ring, const struct tun_dev *tun,
		      int err);
int tun_ring_rx_packet(struct tun_ring *ring, struct tun_dev *tun,
		       const struct tun_ring_packet *p);
int tun_ring_rx_packet_frame(struct tun_ring *ring, struct tun_dev *tun,
			     const struct xdp_frame *frame);

#endif /* _TUN_RING_RX_PACKET_H */
