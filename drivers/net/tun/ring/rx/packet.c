// SPDX-License-Identifier: GPL-2.0
#include "packet.h"

#include "../../stats.h"
#include "../../tun.h"
#include "../event/report.h"
#include "../state.h"
#include "deliver.h"

/* Mark the rings broken: the user broke the rules. rx.lock is held. */
void tun_ring_rx_break(struct tun_ring *ring)
{
	lockdep_assert_held(&ring->rx.lock);

	if (tun_ring_set_broken(ring, EPROTO))
		ring->rx.report_pending = true;
}

/**
 * tun_ring_rx_drop - count a dropped packet
 * @ring: the rings; rx.lock is held
 * @tun: the device
 * @err: the reason, a negative errno; -EPROTO marks the rings broken
 */
void tun_ring_rx_drop(struct tun_ring *ring, const struct tun_dev *tun, int err)
{
	struct tun_ring_rx *rx = &ring->rx;

	lockdep_assert_held(&rx->lock);

	if (err == -EMSGSIZE)
		tun_ring_count_inc(&rx->count, too_big);
	else
		tun_ring_count_inc(&rx->count, dropped);
	if (err == -EPROTO)
		tun_ring_rx_break(ring);
	tun_stats_tx_dropped(tun);
}

static int tun_ring_rx_packet(struct tun_ring *ring, struct tun_dev *tun,
			      const struct tun_ring_packet *p)
{
	u32 len = p->len + p->vlan_hlen;
	int err;

	err = tun_ring_rx_deliver(ring, tun, p);
	if (likely(!err))
		tun_ring_rx_count(ring, tun->dev, len);
	return err;
}

/**
 * tun_ring_rx_packet_skb - deliver and count a packet
 * @ring: the rings; rx.lock is held
 * @tun: the device
 * @skb: the packet; the caller frees a delivered packet
 *
 * Packets that wait come first: see tun_ring_rx_gate().
 *
 * Return: 0 or a negative errno, as tun_ring_rx_deliver().
 */
int tun_ring_rx_packet_skb(struct tun_ring *ring, struct tun_dev *tun,
			   const struct sk_buff *skb)
{
	struct tun_ring_packet p;

	lockdep_assert_held(&ring->rx.lock);

	tun_ring_rx_packet_of_skb(&p, skb);
	return tun_ring_rx_packet(ring, tun, &p);
}

/* tun_ring_rx_packet_skb() of an XDP frame. */
int tun_ring_rx_packet_frame(struct tun_ring *ring, struct tun_dev *tun,
			     const struct xdp_frame *frame)
{
	struct tun_ring_packet p;

	lockdep_assert_held(&ring->rx.lock);

	tun_ring_rx_packet_of_frame(&p, frame);
	return tun_ring_rx_packet(ring, tun, &p);
}
