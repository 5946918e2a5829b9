// SPDX-License-Identifier: GPL-2.0
/*
 * One packet into receive buffers: headers or a metadata record, the bytes,
 * and as many chains as it takes.
 *
 * Nothing is visible to the user before the used index is published, so a
 * packet that runs out of buffers half way is simply taken back.
 */
#include "deliver.h"

#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/virtio_net.h>
#include <net/xdp.h>

#include "../tun.h"
#include "../vnet.h"
#include "state.h"

/* Bytes of a virtio_net_hdr that has room for num_buffers. */
#define VNET_HDR_MRG_SZ	sizeof(struct virtio_net_hdr_mrg_rxbuf)

/**
 * struct rx_cursor - where the next byte goes
 * @ring: the ring
 * @seg: current segment of the chain
 * @off: bytes of it that are written
 * @filled: bytes written to the chain
 * @chains: chains popped so far
 * @head: of the first chain
 * @span: a further chain may be taken
 */
struct rx_cursor {
	struct tun_ring *ring;
	u32 off;
	u32 filled;
	u16 seg;
	u16 chains;
	u16 head;
	bool span;
};

static noinline int rx_walk(struct tun_vring *vr,
			    const struct tun_vring_desc *first,
			    struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &tun_mapped, true, first, c);
}

/* Entries in our hands, those of this packet included. */
static u16 rx_posted(const struct rx_cursor *cur)
{
	const struct tun_vring *vr = &cur->ring->rx.m.vr;

	return vr->avail_idx - vr->used_idx + cur->chains;
}

/*
 * The ring has too little for the packet. If the user has never had more in
 * the ring than now, it never will fit: waiting would stop the queue for ever.
 */
static int rx_no_room(struct rx_cursor *cur)
{
	struct tun_ring_rx *rx = &cur->ring->rx;

	if (cur->chains && rx_posted(cur) >= rx->m.vr.posted_max &&
	    !tun_vring_untaken(&rx->m.vr, &tun_mapped))
		return -EMSGSIZE;
	return -ENOSPC;
}

static int rx_next_chain(struct rx_cursor *cur)
{
	struct tun_ring_rx *rx = &cur->ring->rx;
	struct tun_vring *vr = &rx->m.vr;
	int n;

	if (cur->chains && !cur->span)
		return -EMSGSIZE;
	n = tun_vring_pop(vr, &tun_mapped, true, rx_walk, &rx->chain);
	if (unlikely(n < 0))
		return n;
	if (unlikely(!n))
		return rx_no_room(cur);
	if (unlikely(!rx->chain.len))
		return tun_vring_break(vr, "receive buffer of no bytes");

	if (!cur->chains++)
		cur->head = rx->chain.head;
	cur->seg = 0;
	cur->off = 0;
	cur->filled = 0;
	return 0;
}

static int rx_end_chain(struct rx_cursor *cur)
{
	struct tun_ring_rx *rx = &cur->ring->rx;

	return tun_vring_push(&rx->m.vr, &tun_mapped, rx->chain.head,
			      cur->filled);
}

/*
 * Room for up to @want bytes at *@to, in the current chain or the next one.
 * Return: bytes, at least 1, or a negative errno.
 */
static __always_inline int rx_room(struct rx_cursor *cur, u32 want, void **to)
{
	struct tun_vring_chain *c = &cur->ring->rx.chain;
	struct tun_vring_seg *seg = &c->seg[cur->seg];
	int err;

	while (unlikely(cur->off == seg->len)) {
		if (++cur->seg < c->nsegs) {
			cur->off = 0;
		} else {
			err = rx_end_chain(cur);
			if (!err)
				err = rx_next_chain(cur);
			if (err)
				return err;
		}
		seg = &c->seg[cur->seg];
	}

	want = min(want, seg->len - cur->off);
	*to = seg->base + cur->off;
	cur->off += want;
	cur->filled += want;
	return want;
}

static int rx_put(struct rx_cursor *cur, const void *from, u32 len)
{
	void *to;
	int n;

	for (; len; len -= n, from += n) {
		n = rx_room(cur, len, &to);
		if (unlikely(n < 0))
			return n;
		memcpy(to, from, n);
	}
	return 0;
}

static int rx_put_skb(struct rx_cursor *cur, const struct sk_buff *skb, u32 off,
		      u32 len)
{
	u32 linear = skb_headlen(skb);
	void *to;
	int n;

	for (; len; len -= n, off += n) {
		n = rx_room(cur, len, &to);
		if (unlikely(n < 0))
			return n;
		if (likely(off + n <= linear))
			memcpy(to, skb->data + off, n);
		else if (skb_copy_bits(skb, off, to, n))
			return -EFAULT;
	}
	return 0;
}

/* A tag that is kept aside goes back to where it was on the wire. */
static int rx_put_tagged(struct rx_cursor *cur, const struct sk_buff *skb)
{
	struct {
		__be16 proto;
		__be16 tci;
	} tag = {
		.proto = skb->vlan_proto,
		.tci = htons(skb_vlan_tag_get(skb)),
	};
	u32 at = offsetof(struct vlan_ethhdr, h_vlan_proto);
	int err;

	err = rx_put_skb(cur, skb, 0, min(at, skb->len));
	if (!err)
		err = rx_put(cur, &tag, sizeof(tag));
	if (!err && skb->len > at)
		err = rx_put_skb(cur, skb, at, skb->len - at);
	return err;
}

static int rx_vnet_hdr(const struct tun_dev *tun,
		       const struct tun_ring_packet *p,
		       struct virtio_net_hdr *hdr, bool le, int vlan_hlen)
{
	if (p->skb)
		return tun_vnet_hdr_from_skb(tun, p->skb, hdr, le, vlan_hlen);
	memset(hdr, 0, sizeof(*hdr));
	return 0;
}

/**
 * struct rx_num_buffers - where num_buffers goes once it is known
 * @byte: its two bytes, which may lie in different segments; NULL if nowhere
 */
struct rx_num_buffers {
	u8 *byte[2];
};

/* struct virtio_net_hdr, padded with zeroes to what TUNSETVNETHDRSZ says. */
static int rx_put_vnet_hdr(struct rx_cursor *cur, const struct tun_dev *tun,
			   const struct tun_ring_packet *p, int hdr_sz,
			   struct rx_num_buffers *nb)
{
	struct virtio_net_hdr hdr;
	void *to;
	int i, n, err;

	err = rx_vnet_hdr(tun, p, &hdr, tun_vnet_is_little_endian(tun),
			  p->vlan_hlen);
	if (!err)
		err = rx_put(cur, &hdr, sizeof(hdr));
	hdr_sz -= sizeof(hdr);
	for (i = 0; !err && i < 2 && hdr_sz >= 2 - i; i++, hdr_sz--) {
		n = rx_room(cur, 1, &to);
		if (n < 0)
			return n;
		*(u8 *)to = 0;
		nb->byte[i] = to;
	}
	for (; !err && hdr_sz > 0; hdr_sz -= n) {
		n = rx_room(cur, hdr_sz, &to);
		if (n < 0)
			return n;
		memset(to, 0, n);
	}
	return err;
}

static int rx_put_headers(struct rx_cursor *cur, const struct tun_dev *tun,
			  const struct tun_ring_packet *p, int hdr_sz,
			  struct rx_num_buffers *nb)
{
	struct tun_pi pi = { .proto = p->protocol };
	int err = 0;

	if (!(tun->flags & IFF_NO_PI))
		err = rx_put(cur, &pi, sizeof(pi));
	if (!err && hdr_sz)
		err = rx_put_vnet_hdr(cur, tun, p, hdr_sz, nb);
	return err;
}

static void rx_meta_skb(struct tun_ring_meta *m, const struct sk_buff *skb)
{
	u16 flags = TUN_RING_META_MARK | TUN_RING_META_PRIORITY;

	m->mark = cpu_to_le32(skb->mark);
	m->priority = cpu_to_le32(skb->priority);
	m->hash = cpu_to_le32(skb->hash);
	if (skb->hash)
		flags |= TUN_RING_META_HASH;
	if (skb->l4_hash)
		flags |= TUN_RING_META_HASH_L4;
	m->vlan_proto = 0;
	m->vlan_tci = 0;
	if (unlikely(skb_vlan_tag_present(skb))) {
		flags |= TUN_RING_META_VLAN;
		m->vlan_proto = skb->vlan_proto;
		m->vlan_tci = cpu_to_le16(skb_vlan_tag_get(skb));
	}
	m->flags = cpu_to_le16(flags);
}

/* The record is on pages that the user only reads: every byte is written. */
static int rx_put_meta(struct rx_cursor *cur, const struct tun_dev *tun,
		       const struct tun_ring_packet *p)
{
	struct tun_ring_meta *m = &cur->ring->rx.meta[cur->head];
	const struct sk_buff *skb = p->skb;
	struct virtio_net_hdr hdr;
	int err;

	if (likely(skb && skb->ip_summed == CHECKSUM_NONE && !skb_is_gso(skb))) {
		memset(m, 0, sizeof(hdr));
	} else {
		err = rx_vnet_hdr(tun, p, &hdr, true, 0);
		if (unlikely(err))
			return err;
		memcpy(m, &hdr, sizeof(hdr));
	}
	m->num_buffers = cpu_to_le16(cur->chains);
	m->protocol = p->protocol;
	m->tstamp = 0;
	m->reserved[0] = 0;
	m->reserved[1] = 0;
	m->reserved[2] = 0;
	if (likely(skb)) {
		rx_meta_skb(m, skb);
	} else {
		m->flags = 0;
		m->vlan_proto = 0;
		m->vlan_tci = 0;
		m->hash = 0;
		m->mark = 0;
		m->priority = 0;
	}
	if (cur->ring->rx_tstamp) {
		m->flags |= cpu_to_le16(TUN_RING_META_TSTAMP);
		m->tstamp = cpu_to_le64(ktime_get_real_ns());
	}
	return 0;
}

static int rx_put_packet(struct rx_cursor *cur, const struct tun_ring_packet *p,
			 bool tagged)
{
	if (!p->skb)
		return rx_put(cur, p->data, p->len);
	if (tagged)
		return rx_put_tagged(cur, p->skb);
	return rx_put_skb(cur, p->skb, 0, p->len);
}

static int rx_with_headers(struct rx_cursor *cur, const struct tun_dev *tun,
			   const struct tun_ring_packet *p)
{
	struct rx_num_buffers nb = { };
	int hdr_sz = 0;
	int err;

	if (tun->flags & IFF_VNET_HDR)
		hdr_sz = READ_ONCE(tun->vnet_hdr_sz);
	cur->span = hdr_sz >= VNET_HDR_MRG_SZ;

	err = rx_next_chain(cur);
	if (!err)
		err = rx_put_headers(cur, tun, p, hdr_sz, &nb);
	if (!err)
		err = rx_put_packet(cur, p, p->vlan_hlen);
	if (!err)
		err = rx_end_chain(cur);
	if (!err && nb.byte[0]) {
		bool le = tun_vnet_is_little_endian(tun);

		*nb.byte[!le] = cur->chains;
		*nb.byte[le] = cur->chains >> 8;
	}
	return err;
}

static int rx_with_meta(struct rx_cursor *cur, const struct tun_dev *tun,
			const struct tun_ring_packet *p)
{
	int err;

	cur->span = true;
	err = rx_next_chain(cur);
	if (likely(!err))
		err = rx_put_packet(cur, p, false);
	if (likely(!err))
		err = rx_end_chain(cur);
	if (likely(!err))
		err = rx_put_meta(cur, tun, p);
	return err;
}

/**
 * tun_ring_deliver - write a packet to the receive ring, unpublished
 * @ring: the ring, rx.lock held
 * @tun: the device
 * @p: the packet
 *
 * Return: 0; -ENOSPC no room now; -EMSGSIZE no room ever; -EINVAL a packet
 * that virtio cannot describe; -EPROTO a broken ring. The ring is as before
 * after an error.
 */
int tun_ring_deliver(struct tun_ring *ring, const struct tun_dev *tun,
		     const struct tun_ring_packet *p)
{
	struct tun_vring *vr = &ring->rx.m.vr;
	u16 avail = vr->last_avail, used = vr->used_idx;
	struct rx_cursor cur = { .ring = ring };
	int err;

	lockdep_assert_held(&ring->rx.lock);

	if (unlikely(READ_ONCE(ring->broken)))
		return -EPROTO;
	if (ring->rx.meta)
		err = rx_with_meta(&cur, tun, p);
	else
		err = rx_with_headers(&cur, tun, p);
	if (unlikely(err)) {
		vr->last_avail = avail;
		vr->used_idx = used;
	}
	return err;
}

/* An XDP frame as a packet; tap only, so it starts with an Ethernet header. */
void tun_ring_packet_of_frame(struct tun_ring_packet *p,
			      const struct xdp_frame *frame)
{
	const struct ethhdr *eth = frame->data;

	memset(p, 0, sizeof(*p));
	p->data = frame->data;
	p->len = frame->len;
	if (likely(frame->len >= ETH_HLEN))
		p->protocol = eth->h_proto;
}
