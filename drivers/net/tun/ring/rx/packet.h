/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the receive path's files share: packets into the ring, what becomes of
 * those that do not get in, and what is due afterwards.
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
enum tun_rx_due {
	TUN_RX_DUE_NOTHING,
	TUN_RX_DUE_NOTIFY,	/* the user wants to be woken */
	TUN_RX_DUE_TELL,	/* the ring was stopped; wakes the user, too */
};

/* Publish what was delivered. */
static inline enum tun_rx_due tun_rx_flush(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->m.vr;
	enum tun_rx_due due = TUN_RX_DUE_NOTHING;

	lockdep_assert_held(&rx->lock);

	if (vr->used_idx != vr->published) {
		tun_vring_publish(vr, &tun_kmem);
		if (tun_vring_should_notify(vr, &tun_kmem)) {
			rx->count.wakeups++;
			due = TUN_RX_DUE_NOTIFY;
		}
	}
	if (unlikely(rx->tell)) {
		rx->tell = false;
		due = TUN_RX_DUE_TELL;
	}
	return due;
}

/* rx.lock is free: consoles, and the user's callbacks, may transmit. */
static inline void tun_rx_do(struct tun_ring *ring, enum tun_rx_due due)
{
	if (due == TUN_RX_DUE_NOTIFY) {
		tun_ring_call(&ring->rx.call);
		tun_queue_notify_readers(ring->q);
	}
	if (unlikely(due == TUN_RX_DUE_TELL))
		tun_ring_tell_stopped(ring, &ring->rx.m.vr);
}

void tun_rx_drop(struct tun_ring *ring, const struct tun_dev *tun, int err);
int tun_rx_deliver(struct tun_ring *ring, struct tun_dev *tun,
		   const struct tun_ring_packet *p);
int tun_rx_deliver_frame(struct tun_ring *ring, struct tun_dev *tun,
			 const struct xdp_frame *frame);

#endif /* _TUN_RING_RX_PACKET_H */
