/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tun_ring_rx_fast_deliver() of an XDP frame that a program redirected.
 */
#ifndef _TUN_RING_RX_FAST_FRAME_H
#define _TUN_RING_RX_FAST_FRAME_H

#include <linux/if_ether.h>
#include <net/xdp.h>

#include "fast.h"

/* A frame has no metadata but its protocol. */
static inline void tun_ring_rx_fast_frame_meta(const struct tun_ring *ring,
					       struct tun_ring_meta *to,
					       const struct xdp_frame *frame)
{
	const struct ethhdr *eth = frame->data;
	struct tun_ring_meta m = {
		.num_buffers = cpu_to_le16(1),
		.protocol = eth->h_proto,
	};

	if (unlikely(ring->rx_tstamp)) {
		m.flags = cpu_to_le16(TUN_RING_META_TSTAMP);
		m.tstamp = cpu_to_le64(ktime_get_real_ns());
	}
	*to = m;
}

/* @sz: size of one of the two structs virtio_net_hdr */
static inline void tun_ring_rx_fast_frame_hdr(const struct tun_dev *tun,
					      void *to, int sz)
{
	struct virtio_net_hdr_mrg_rxbuf h = {
		.num_buffers =
			__cpu_to_virtio16(tun_vnet_is_little_endian(tun), 1),
	};

	memcpy(to, &h, sz);
}

/**
 * tun_ring_rx_fast_frame - write a frame to the ring, unpublished
 * @ring: the rings; rx.lock is held, and tun_ring_rx_gate() returned 0
 * @tun: the device
 * @frame: the packet
 *
 * Return: true, or false if the frame needs tun_ring_rx_deliver().
 */
static inline bool tun_ring_rx_fast_frame(struct tun_ring *ring,
					  const struct tun_dev *tun,
					  const struct xdp_frame *frame)
{
	struct tun_vring_seg seg;
	int hdr_sz = 0;
	u16 head;

	lockdep_assert_held(&ring->rx.lock);

	if (!ring->rx.meta)
		hdr_sz = tun_ring_rx_fast_hdr_sz(ring, tun);
	if (unlikely(hdr_sz < 0 || frame->len < ETH_HLEN) ||
	    !tun_ring_rx_fast_buffer(ring, hdr_sz + frame->len, &head, &seg))
		return false;
	if (ring->rx.meta)
		tun_ring_rx_fast_frame_meta(ring, &ring->rx.meta[head], frame);
	else if (hdr_sz)
		tun_ring_rx_fast_frame_hdr(tun, seg.base, hdr_sz);
	memcpy(seg.base + hdr_sz, frame->data, frame->len);
	tun_ring_rx_fast_use(ring, head, hdr_sz + frame->len);
	return true;
}

#endif /* _TUN_RING_RX_FAST_FRAME_H */
