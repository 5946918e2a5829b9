// SPDX-License-Identifier: GPL-2.0
#define CREATE_TRACE_POINTS
#include "trace.h"

/* The caller publishes the entries of the receive ring next. */
void tun_ring_trace_rx(const struct tun_ring *ring)
{
	const struct tun_vring *vr = &ring->rx.vq.vr;

	trace_tun_ring_delivered(ring, vr->used_idx - vr->published,
				 vr->used_idx);
}

/* The caller publishes the entries of the transmit ring next. */
void tun_ring_trace_tx(const struct tun_ring *ring)
{
	const struct tun_vring *vr = &ring->tx.vq.vr;

	if (vr->used_idx != vr->published)
		trace_tun_ring_consumed(ring, vr->used_idx - vr->published,
					vr->used_idx);
}
