/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The common packet into the common buffer: linear, not GSO, into one plain
 * descriptor that holds it, with a record.
 *
 * This is tun_ring_deliver() with everything left out that such a packet does
 * not need. It declines whatever is different, with the ring as it was, and
 * tun_ring_deliver() looks at it anew: nothing that was loaded here is used
 * there, so there is no second fetch to be fooled by.
 */
#ifndef _TUN_RING_LINEAR_H
#define _TUN_RING_LINEAR_H

#include <linux/ktime.h>
#include <linux/skbuff.h>
#include <linux/virtio_net.h>

#include "state.h"

static __always_inline bool tun_ring_linear_fits(const struct tun_ring *ring,
						 const struct sk_buff *skb)
{
	return ring->rx.meta && !skb_is_nonlinear(skb) && !skb_is_gso(skb) &&
	       !skb_vlan_tag_present(skb) &&
	       (skb->ip_summed == CHECKSUM_NONE ||
		skb->ip_summed == CHECKSUM_PARTIAL);
}

/* Every byte is written, in the order in which they lie. */
static __always_inline void tun_ring_linear_meta(const struct tun_ring *ring,
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

	m->vnet_flags = partial ? VIRTIO_NET_HDR_F_NEEDS_CSUM : 0;
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

/**
 * tun_ring_deliver_linear - write a common packet to the ring, unpublished
 * @ring: the ring, rx.lock held, not on hold
 * @skb: the packet
 *
 * Return: true, or false if it or the ring is not that common.
 */
static __always_inline bool tun_ring_deliver_linear(struct tun_ring *ring,
						    const struct sk_buff *skb)
{
	struct tun_vring *vr = &ring->rx.m.vr;
	struct tun_vring_desc d;
	struct tun_vring_seg seg;
	u16 head;

	if (unlikely(!tun_ring_linear_fits(ring, skb)))
		return false;
	if (!tun_vring_known(vr) && tun_vring_refresh(vr, &tun_kmem) <= 0)
		return false;
	tun_kmem_load16(vr, &vr->avail->ring[vr->last_avail & (vr->num - 1)],
			&head);
	if (unlikely(head >= vr->num))
		return false;
	tun_kmem_load_desc(vr, &vr->desc[head], &d);
	if (unlikely((d.flags & (VRING_DESC_F_NEXT | VRING_DESC_F_WRITE |
				 VRING_DESC_F_INDIRECT)) != VRING_DESC_F_WRITE ||
		     d.len < skb->len ||
		     tun_kmem_segment(vr, d.addr, d.len, &seg) ||
		     seg.len != d.len))
		return false;

	memcpy(seg.base, skb->data, skb->len);
	tun_ring_linear_meta(ring, &ring->rx.meta[head], skb);
	tun_vring_push(vr, &tun_kmem, head, skb->len);
	vr->last_avail++;
	return true;
}

#endif /* _TUN_RING_LINEAR_H */
