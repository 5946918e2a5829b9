/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Delivery of a common packet into a common buffer. A common packet is linear,
 * not GSO, and has a record, a virtio_net_hdr of a usual size, or no header. A
 * common buffer is one plain descriptor that holds the whole packet. An XDP frame
 * that a program redirected to the device is a common packet, too.
 *
 * tun_ring_rx_fast() is tun_ring_rx_deliver() without the code that such a
 * packet does not need. For any other packet or buffer, tun_ring_rx_fast()
 * returns false and pops nothing. tun_ring_rx_deliver() then loads head and
 * descriptor again, and uses no value that tun_ring_rx_fast() loaded. A user
 * that changes the ring between the two loads therefore gains nothing.
 */
#ifndef _TUN_RING_RX_FAST_H
#define _TUN_RING_RX_FAST_H

#include <linux/if_ether.h>
#include <linux/ktime.h>
#include <linux/skbuff.h>
#include <linux/virtio_net.h>
#include <net/xdp.h>

#include "../../vnet.h"
#include "../engine/access_kernel.h"
#include "../state.h"
#include "deliver.h"

static __always_inline bool tun_ring_rx_fast_fits(const struct sk_buff *skb)
{
	return !skb_is_nonlinear(skb) && !skb_is_gso(skb) &&
	       !skb_vlan_tag_present(skb);
}

/* Bytes of the header of a packet without a record; -1 for an unusual size. */
static __always_inline int tun_ring_rx_fast_hdr_sz(const struct tun_ring *ring,
						   const struct tun_dev *tun)
{
	unsigned int flags = READ_ONCE(tun->flags);
	int sz;

	if (!(flags & IFF_NO_PI) || ring->vhost_hlen)
		return -1;
	sz = tun_ring_hdr_sz(0, tun, flags);
	return !sz || sz == sizeof(struct virtio_net_hdr) ||
	       sz == sizeof(struct virtio_net_hdr_mrg_rxbuf) ? sz : -1;
}

static __always_inline u8 tun_ring_rx_fast_flags(const struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return VIRTIO_NET_HDR_F_NEEDS_CSUM;
	return skb->ip_summed == CHECKSUM_UNNECESSARY ?
	       VIRTIO_NET_HDR_F_DATA_VALID : 0;
}

/* @sz: size of one of the two structs virtio_net_hdr */
static __always_inline void tun_ring_rx_fast_hdr(const struct tun_ring *ring,
						 const struct tun_dev *tun,
						 void *to, int sz,
						 const struct sk_buff *skb)
{
	bool partial = skb->ip_summed == CHECKSUM_PARTIAL;
	bool le = tun_vnet_is_little_endian(tun);
	struct virtio_net_hdr_mrg_rxbuf h = {
		.hdr.flags = tun_ring_rx_fast_flags(skb),
		.hdr.gso_type = VIRTIO_NET_HDR_GSO_NONE,
	};

	if (partial) {
		h.hdr.csum_start = __cpu_to_virtio16(le,
						     skb_checksum_start_offset(skb));
		h.hdr.csum_offset = __cpu_to_virtio16(le, skb->csum_offset);
	}
	h.num_buffers = tun_ring_rx_nbufs(ring, tun, 1);
	if (likely(sz == sizeof(h)))
		memcpy(to, &h, sizeof(h));
	else
		memcpy(to, &h.hdr, sizeof(h.hdr));
}

/* The function writes every byte of the record, in the order of addresses. */
static __always_inline void tun_ring_rx_fast_meta(const struct tun_ring *ring,
						  struct tun_ring_meta *m,
						  const struct sk_buff *skb)
{
	bool partial = skb->ip_summed == CHECKSUM_PARTIAL;
	u16 flags = TUN_RING_META_MARK | TUN_RING_META_PRIORITY;
	u64 tstamp = 0;

	if (skb->hash)
		flags |= TUN_RING_META_HASH;
	if (skb->l4_hash)
		flags |= TUN_RING_META_HASH_L4;
	if (unlikely(ring->rx_tstamp)) {
		flags |= TUN_RING_META_TSTAMP;
		tstamp = ktime_get_real_ns();
	}

	m->vnet_flags = tun_ring_rx_fast_flags(skb);
	m->gso_type = VIRTIO_NET_HDR_GSO_NONE;
	m->hdr_len = 0;
	m->gso_size = 0;
	m->csum_start = partial ?
			cpu_to_le16(skb_checksum_start_offset(skb)) : 0;
	m->csum_offset = partial ? cpu_to_le16(skb->csum_offset) : 0;
	m->num_buffers = cpu_to_le16(1);
	m->flags = cpu_to_le16(flags);
	m->protocol = skb->protocol;
	m->vlan_proto = 0;
	m->vlan_tci = 0;
	m->hash = cpu_to_le32(skb->hash);
	m->mark = cpu_to_le32(skb->mark);
	m->priority = cpu_to_le32(skb->priority);
	m->tstamp = cpu_to_le64(tstamp);
	m->reserved[0] = 0;
	m->reserved[1] = 0;
	m->reserved[2] = 0;
}

/*
 * Load the next buffer, if the buffer is common and has room for @len bytes. The
 * caller pops the buffer by tun_ring_rx_fast_use().
 */
static __always_inline bool tun_ring_rx_fast_buffer(struct tun_ring *ring,
						    u32 len, u16 *head,
						    struct tun_vring_seg *seg)
{
	struct tun_vring *vr = &ring->rx.vq.vr;
	struct tun_vring_desc d;

	if (!tun_vring_cached_avail(vr) &&
	    tun_vring_refresh(vr, &tun_kmem) <= 0)
		return false;
	tun_kmem_load16(vr, &vr->avail->ring[vr->last_avail & (vr->num - 1)],
			head);
	if (unlikely(*head >= vr->num))
		return false;
	tun_kmem_load_desc(vr, &vr->desc[*head], &d);
	return likely((d.flags & (VRING_DESC_F_NEXT | VRING_DESC_F_WRITE |
				  VRING_DESC_F_INDIRECT)) ==
			      VRING_DESC_F_WRITE &&
		      d.len >= len &&
		      !tun_kmem_segment(vr, d.addr, d.len, seg) &&
		      seg->len == d.len);
}

static __always_inline void tun_ring_rx_fast_use(struct tun_ring *ring,
						 u16 head, u32 len)
{
	struct tun_vring *vr = &ring->rx.vq.vr;

	tun_vring_push(vr, &tun_kmem, head, len);
	vr->last_avail++;
}

/* @meta: write a record, else a header of @hdr_sz bytes; a constant. */
static __always_inline bool tun_ring_rx_fast(struct tun_ring *ring,
					     const struct tun_dev *tun,
					     const struct sk_buff *skb,
					     bool meta, int hdr_sz)
{
	struct tun_vring_seg seg;
	u16 head;

	if (unlikely(!tun_ring_rx_fast_fits(skb)) ||
	    !tun_ring_rx_fast_buffer(ring, hdr_sz + skb->len, &head, &seg))
		return false;
	if (meta)
		tun_ring_rx_fast_meta(ring, &ring->rx.meta[head], skb);
	else if (hdr_sz)
		tun_ring_rx_fast_hdr(ring, tun, seg.base, hdr_sz, skb);
	memcpy(seg.base + hdr_sz, skb->data, skb->len);
	tun_ring_rx_fast_use(ring, head, hdr_sz + skb->len);
	return true;
}

/**
 * tun_ring_rx_fast_deliver - write a common packet to the ring, unpublished
 * @ring: the rings; rx.lock is held, and tun_ring_rx_gate() returned 0
 * @tun: the device
 * @skb: the packet
 *
 * Return: true, or false if the packet needs tun_ring_rx_deliver().
 */
static __always_inline bool tun_ring_rx_fast_deliver(struct tun_ring *ring,
						     const struct tun_dev *tun,
						     const struct sk_buff *skb)
{
	int hdr_sz;

	lockdep_assert_held(&ring->rx.lock);

	if (likely(ring->rx.meta))
		return tun_ring_rx_fast(ring, tun, skb, true, 0);
	hdr_sz = tun_ring_rx_fast_hdr_sz(ring, tun);
	return hdr_sz >= 0 && tun_ring_rx_fast(ring, tun, skb, false, hdr_sz);
}

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
static inline void tun_ring_rx_fast_frame_hdr(const struct tun_ring *ring,
					      const struct tun_dev *tun,
					      void *to, int sz)
{
	struct virtio_net_hdr_mrg_rxbuf h = {
		.num_buffers = tun_ring_rx_nbufs(ring, tun, 1),
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
		tun_ring_rx_fast_frame_hdr(ring, tun, seg.base, hdr_sz);
	memcpy(seg.base + hdr_sz, frame->data, frame->len);
	tun_ring_rx_fast_use(ring, head, hdr_sz + frame->len);
	return true;
}

#endif /* _TUN_RING_RX_FAST_H */
