/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions that the files of the receive path share: delivery, drops, and the
 * action after the release of rx.lock.
 */
#ifndef _TUN_RING_RX_PACKET_H
#define _TUN_RING_RX_PACKET_H

#include "../../wake.h"
#include "../engine/access_kernel.h"
#include "../event/eventfd.h"
#include "../event/report.h"
#include "../state.h"
#include "../trace.h"

struct sk_buff;
struct xdp_frame;

/* Action of the caller after the release of rx.lock. */
enum tun_ring_rx_action {
	TUN_RING_RX_NOTHING,
	TUN_RING_RX_NOTIFY, /* notify the user */
	TUN_RING_RX_REPORT, /* report a broken ring, which wakes the user, too */
};

/* May a new packet be delivered? Return: 0, -ENOSPC or -EPROTO. */
static inline int tun_ring_rx_gate(const struct tun_ring *ring)
{
	if (unlikely(READ_ONCE(ring->broken)))
		return -EPROTO;
	return ring->rx.state == TUN_RING_RX_OPEN ? 0 : -ENOSPC;
}

/* Count a packet before its publication to the user. */
static inline void tun_ring_rx_count(struct tun_ring *ring,
				     struct net_device *dev, u32 len)
{
	tun_ring_count_packets(&ring->rx.count, 1, len);
	dev_sw_netstats_tx_add(dev, 1, len);
}

/* Publish the delivered packets. */
static inline enum tun_ring_rx_action tun_ring_rx_flush(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->vq.vr;
	enum tun_ring_rx_action action = TUN_RING_RX_NOTHING;

	lockdep_assert_held(&rx->lock);

	if (vr->used_idx != vr->published) {
		tun_ring_trace_delivered(ring);
		tun_vring_publish(vr, &tun_kmem);
		if (tun_vring_should_notify(vr, &tun_kmem)) {
			tun_ring_count_inc(&rx->count, wakeups);
			action = TUN_RING_RX_NOTIFY;
		}
	}
	if (unlikely(rx->report_pending)) {
		rx->report_pending = false;
		action = TUN_RING_RX_REPORT;
	}
	return action;
}

/* Context: rx.lock is not held, because a console or a wake-up may transmit. */
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

void tun_ring_rx_break(struct tun_ring *ring);
void tun_ring_rx_drop(struct tun_ring *ring, const struct tun_dev *tun,
		      int err);
int tun_ring_rx_packet_skb(struct tun_ring *ring, struct tun_dev *tun,
			   const struct sk_buff *skb);
int tun_ring_rx_packet_frame(struct tun_ring *ring, struct tun_dev *tun,
			     const struct xdp_frame *frame);

#endif /* _TUN_RING_RX_PACKET_H */
