// SPDX-License-Identifier: GPL-2.0
/*
 * One chain of the transmit ring into an skb.
 *
 * The user can change its memory at any time: records and headers are copied
 * before they are looked at, and only the copy counts.
 */
#include "state.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <linux/virtio_net.h>

#include "../input.h"
#include "../tun.h"
#include "../vnet.h"

/* Headroom and packet up to here are linear; beyond, payload lies in pages. */
#define TX_LINEAR_MAX	(PAGE_SIZE - 512)
/* Bytes that stay linear then: enough for the headers of any packet. */
#define TX_LINEAR_HEAD	256
#define TX_LEN_MAX	(U16_MAX + VLAN_ETH_HLEN)

#define META_KNOWN	(TUN_RING_META_VLAN | TUN_RING_META_HASH |	\
			 TUN_RING_META_HASH_L4 | TUN_RING_META_MARK |	\
			 TUN_RING_META_PRIORITY | TUN_RING_META_TSTAMP)

/**
 * struct tx_packet - what is known of a packet before its bytes are copied
 * @skip: bytes of headers in front of it
 * @len: bytes of the packet
 * @proto: EtherType, 0 for what the packet says
 * @hdr: checksum and GSO
 * @has_hdr: @hdr says anything
 * @le: byte order of @hdr
 */
struct tx_packet {
	u32 skip;
	u32 len;
	__be16 proto;
	bool has_hdr;
	bool le;
	struct virtio_net_hdr hdr;
};

/* Copy @len bytes from @off of the chain. The caller checked the range. */
static void tx_get(const struct tun_vring_chain *c, u32 off, void *to, u32 len)
{
	const struct tun_vring_seg *seg = c->seg;
	u32 n;

	while (off >= seg->len)
		off -= seg++->len;
	for (; len; len -= n, to += n, seg++, off = 0) {
		n = min(len, seg->len - off);
		memcpy(to, seg->base + off, n);
	}
}

/* Likewise, into an skb that has room for it: that cannot fail. */
static void tx_get_skb(const struct tun_vring_chain *c, u32 off,
		       struct sk_buff *skb, u32 len)
{
	const struct tun_vring_seg *seg = c->seg;
	u32 n, at = 0;

	while (off >= seg->len)
		off -= seg++->len;
	for (; len; len -= n, at += n, seg++, off = 0) {
		n = min(len, seg->len - off);
		WARN_ON_ONCE(skb_store_bits(skb, at, seg->base + off, n));
	}
}

/* A record as it was when it was loaded, whatever the user does to it now. */
union tx_record {
	struct tun_ring_meta meta;
	u64 word[sizeof(struct tun_ring_meta) / sizeof(u64)];
};

/* Return: the record says anything at all. */
static bool tx_load_record(const struct tun_ring_meta *from, union tx_record *r)
{
	const u64 *word = (const u64 *)from;
	u64 any = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(r->word); i++) {
		r->word[i] = READ_ONCE(word[i]);
		any |= r->word[i];
	}
	return any;
}

static int tx_headers(const struct tun_ring *ring, const struct tun_dev *tun,
		      struct tx_packet *p)
{
	const struct tun_vring_chain *c = &ring->tx.chain;
	struct tun_pi pi;
	int hdr_sz;

	if (!(tun->flags & IFF_NO_PI)) {
		if (c->len < sizeof(pi))
			return -EINVAL;
		tx_get(c, 0, &pi, sizeof(pi));
		p->skip = sizeof(pi);
		p->proto = pi.proto;
	}
	if (tun->flags & IFF_VNET_HDR) {
		hdr_sz = READ_ONCE(tun->vnet_hdr_sz);
		if (c->len - p->skip < hdr_sz)
			return -EINVAL;
		tx_get(c, p->skip, &p->hdr, sizeof(p->hdr));
		p->skip += hdr_sz;
		p->le = tun_vnet_is_little_endian(tun);
		p->has_hdr = true;
	}
	return 0;
}

static int tx_meta(const struct tun_ring *ring, const struct tun_dev *tun,
		   const struct tun_ring_meta *m, struct tx_packet *p)
{
	u16 flags = le16_to_cpu(m->flags);

	if (flags & ~META_KNOWN || m->num_buffers ||
	    m->reserved[0] || m->reserved[1] || m->reserved[2])
		return -EINVAL;
	if (flags & (TUN_RING_META_MARK | TUN_RING_META_PRIORITY) &&
	    !ring->tx_mark)
		return -EINVAL;
	if (flags & TUN_RING_META_VLAN &&
	    (!tun_is_tap(tun) || !eth_type_vlan(m->vlan_proto)))
		return -EINVAL;
	if (m->protocol && tun_is_tap(tun))
		return -EINVAL;

	p->proto = m->protocol;
	p->le = true;
	p->has_hdr = m->vnet_flags || m->gso_type || m->hdr_len;
	if (p->has_hdr)
		memcpy(&p->hdr, m, sizeof(p->hdr));
	return 0;
}

static void tx_meta_skb(struct sk_buff *skb, const struct tun_ring_meta *m)
{
	u16 flags = le16_to_cpu(m->flags);

	if (likely(!flags))
		return;
	if (flags & TUN_RING_META_VLAN)
		__vlan_hwaccel_put_tag(skb, m->vlan_proto,
				       le16_to_cpu(m->vlan_tci));
	if (flags & TUN_RING_META_HASH)
		skb_set_hash(skb, le32_to_cpu(m->hash),
			     flags & TUN_RING_META_HASH_L4 ?
			     PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
	if (flags & TUN_RING_META_MARK)
		skb->mark = le32_to_cpu(m->mark);
	if (flags & TUN_RING_META_PRIORITY)
		skb->priority = le32_to_cpu(m->priority);
	if (flags & TUN_RING_META_TSTAMP)
		skb->tstamp = ns_to_ktime(le64_to_cpu(m->tstamp));
}

/* From the page fragments of this CPU: no page is cleared for one packet. */
static struct sk_buff *tx_alloc_linear(u32 headroom, u32 len)
{
	u32 size = SKB_DATA_ALIGN(headroom + len) +
		   SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct sk_buff *skb;
	void *data;

	data = napi_alloc_frag(size);
	if (unlikely(!data))
		return NULL;
	skb = napi_build_skb(data, size);
	if (unlikely(!skb)) {
		skb_free_frag(data);
		return NULL;
	}
	skb_reserve(skb, headroom);
	__skb_put(skb, len);
	return skb;
}

/* The payload of a large packet, and anything with unusual headroom. */
static struct sk_buff *tx_alloc_paged(u32 headroom, u32 len)
{
	u32 linear = min_t(u32, len, TX_LINEAR_HEAD);
	struct sk_buff *skb;
	int err;

	skb = alloc_skb_with_frags(headroom + linear, len - linear,
				   PAGE_ALLOC_COSTLY_ORDER, &err, GFP_ATOMIC);
	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, headroom);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len = len;
	return skb;
}

static struct sk_buff *tx_copy(const struct tun_vring_chain *c, u32 headroom,
			       const struct tx_packet *p)
{
	struct sk_buff *skb;

	headroom += NET_IP_ALIGN;
	if (likely(headroom + p->len <= TX_LINEAR_MAX)) {
		skb = tx_alloc_linear(headroom, p->len);
		if (unlikely(!skb))
			return NULL;
		if (likely(c->nsegs == 1))
			memcpy(skb->data, c->seg[0].base + p->skip, p->len);
		else
			tx_get(c, p->skip, skb->data, p->len);
		return skb;
	}

	skb = tx_alloc_paged(headroom, p->len);
	if (skb)
		tx_get_skb(c, p->skip, skb, p->len);
	return skb;
}

/* What the stack wants to know of a packet that a driver gives it. */
static int tx_finish(struct tun_ring *ring, struct tun_dev *tun,
		     const struct tx_packet *p, struct sk_buff *skb)
{
	int err;

	if (p->has_hdr) {
		err = tun_vnet_hdr_to_skb(tun, skb, &p->hdr, p->le);
		if (err)
			return err;
	}
	err = tun_input_set_protocol(tun, skb, p->proto);
	if (unlikely(err))
		return err;
	skb_reset_network_header(skb);
	/* GRO and the protocols find the others' transport header themselves */
	if (p->has_hdr)
		skb_probe_transport_header(skb);
	skb_record_rx_queue(skb, READ_ONCE(ring->q->index));
	return 0;
}

static int tx_check(const struct tun_dev *tun, struct tx_packet *p)
{
	int hdr_len;

	if (unlikely(!p->len || p->len > TX_LEN_MAX))
		return -EINVAL;
	if (tun_is_tap(tun) && unlikely(p->len < ETH_HLEN))
		return -EINVAL;
	if (likely(!p->has_hdr))
		return 0;
	hdr_len = tun_vnet_hdr_check(&p->hdr, p->len, p->le);
	if (hdr_len < 0)
		return hdr_len;
	return tun_is_tap(tun) && hdr_len && hdr_len < ETH_HLEN ? -EINVAL : 0;
}

/**
 * tun_ring_tx_build - make an skb of the chain in tx.chain
 * @ring: the ring; the caller owns its NAPI
 * @tun: the device
 *
 * Return: the skb, or ERR_PTR: -EINVAL the packet or its record is not valid,
 * -ENOMEM.
 */
struct sk_buff *tun_ring_tx_build(struct tun_ring *ring, struct tun_dev *tun)
{
	const struct tun_vring_chain *c = &ring->tx.chain;
	union tx_record r;
	struct tx_packet p;
	struct sk_buff *skb;
	bool says = false;
	int err = 0;

	p.skip = 0;
	p.proto = 0;
	p.has_hdr = false;
	if (ring->tx.meta) {
		says = tx_load_record(&ring->tx.meta[c->head], &r);
		if (says)
			err = tx_meta(ring, tun, &r.meta, &p);
	} else {
		err = tx_headers(ring, tun, &p);
	}
	if (unlikely(err))
		return ERR_PTR(err);
	p.len = c->len - p.skip;
	err = tx_check(tun, &p);
	if (unlikely(err))
		return ERR_PTR(err);

	skb = tx_copy(c, READ_ONCE(tun->align), &p);
	if (unlikely(!skb))
		return ERR_PTR(-ENOMEM);
	if (says)
		tx_meta_skb(skb, &r.meta);
	err = tx_finish(ring, tun, &p, skb);
	if (unlikely(err)) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}
	return skb;
}
