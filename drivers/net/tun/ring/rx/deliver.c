// SPDX-License-Identifier: GPL-2.0
/*
 * Delivery of one packet into receive buffers: headers or a metadata record,
 * and the bytes, in one or more chains.
 *
 * The user sees no entry before the used index is published. If the buffers are
 * too few for a packet, tun_vring_rewind() therefore undoes the entries of the
 * packet.
 */
#include "deliver.h"

#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/virtio_net.h>
#include <net/xdp.h>

#include "../../tun.h"
#include "../engine/regions_find.h"
#include "../engine/vring.h"
#include "../mem/access.h"
#include "../mem/access_user.h"
#include "../mem/dirty_log.h"
#include "../skb/vnet.h"
#include "../state.h"
#include "iter.h"

/*
 * The largest header of a packet. The driver writes headers with bottom halves
 * off, and TUNSETVNETHDRSZ has no upper limit.
 */
#define MAX_VNET_HDR	4096

/* Bytes of a virtio_net_hdr that has room for num_buffers. */
#define VNET_HDR_MRG_SZ	sizeof(struct virtio_net_hdr_mrg_rxbuf)

/* Insert the VLAN tag from the skb's fields at its place on the wire. */
static __always_inline int
tun_ring_rx_put_tagged(struct tun_ring_rx_iter *cur,
		       const struct tun_ring_mem *mem,
		       const struct sk_buff *skb)
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

	err = tun_ring_rx_put_skb(cur, mem, skb, 0, min(at, skb->len));
	if (!err)
		err = tun_ring_rx_put(cur, mem, &tag, sizeof(tag));
	if (!err && skb->len > at)
		err = tun_ring_rx_put_skb(cur, mem, skb, at, skb->len - at);
	return err;
}

/**
 * struct tun_ring_rx_num_buffers - addresses of num_buffers, to change it later
 * @byte: addresses of the two bytes, which may lie in different segments; NULL
 *	if the header has no num_buffers
 */
struct tun_ring_rx_num_buffers {
	u8 *byte[2];
};

/*
 * Write a header that spans segments, or a header with padding.
 * @known: bytes of @hdr; the others of the header's @hdr_sz are zero
 */
static int
tun_ring_rx_put_vnet_hdr_slow(struct tun_ring_rx_iter *cur,
			      const struct tun_ring_mem *mem,
			      const union tun_ring_skb_hdr *hdr, int known,
			      int hdr_sz, struct tun_ring_rx_num_buffers *nb)
{
	const u8 *num_buffers = (const u8 *)&hdr->mrg.num_buffers;
	static const u8 zeroes[64];
	void *to;
	int i, n, err;

	err = tun_ring_rx_put(cur, mem, hdr, sizeof(hdr->mrg.hdr));
	hdr_sz -= sizeof(hdr->mrg.hdr);
	for (i = 0; !err && i < 2 && hdr_sz >= 2 - i; i++, hdr_sz--) {
		n = tun_ring_rx_room(cur, mem, 1, &to);
		if (n < 0)
			return n;
		err = mem->copy_to(to, num_buffers + i, 1);
		nb->byte[i] = to;
	}
	if (!err && known > sizeof(hdr->mrg)) {
		n = known - sizeof(hdr->mrg);
		err = tun_ring_rx_put(cur, mem, &hdr->mrg + 1, n);
		hdr_sz -= n;
	}
	for (; !err && hdr_sz > 0; hdr_sz -= n) {
		n = min_t(int, hdr_sz, sizeof(zeroes));
		err = tun_ring_rx_put(cur, mem, zeroes, n);
	}
	return err;
}

/*
 * Write the header, padded with zeroes to @hdr_sz bytes. With a vhost_hlen the device
 * makes no header, and all bytes of the header are 0.
 */
static __always_inline int
tun_ring_rx_put_vnet_hdr(struct tun_ring_rx_iter *cur,
			 const struct tun_ring_mem *mem,
			 const struct tun_dev *tun,
			 const struct tun_ring_packet *p, int hdr_sz,
			 struct tun_ring_rx_num_buffers *nb)
{
	bool le = tun_vnet_is_little_endian(tun);
	union tun_ring_skb_hdr hdr;
	int known, err;
	void *to;

	known = tun_ring_skb_make_hdr(cur->ring->vhost_hlen ? NULL : p->skb,
				      &hdr, hdr_sz, le, p->vlan_hlen);
	if (unlikely(known < 0))
		return known;
	if (hdr_sz == sizeof(hdr.mrg.hdr))
		return tun_ring_rx_put(cur, mem, &hdr, sizeof(hdr.mrg.hdr));
	hdr.mrg.num_buffers = tun_ring_rx_nbufs(cur->ring, tun, 1);
	if (unlikely(hdr_sz != sizeof(hdr.mrg) ||
		     tun_ring_rx_left(cur) < sizeof(hdr.mrg)))
		return tun_ring_rx_put_vnet_hdr_slow(cur, mem, &hdr, known,
						     hdr_sz, nb);
	err = tun_ring_rx_room(cur, mem, sizeof(hdr.mrg), &to);
	if (unlikely(err < 0))
		return err;
	nb->byte[0] = to + offsetof(typeof(hdr.mrg), num_buffers);
	nb->byte[1] = nb->byte[0] + 1;
	return mem->copy_to(to, &hdr.mrg, sizeof(hdr.mrg));
}

static __always_inline int tun_ring_rx_put_pi(struct tun_ring_rx_iter *cur,
					      const struct tun_ring_mem *mem,
					      const struct tun_ring_packet *p)
{
	struct tun_pi pi = { .proto = p->protocol };

	return tun_ring_rx_put(cur, mem, &pi, sizeof(pi));
}

static void tun_ring_rx_meta_skb(struct tun_ring_meta *m,
				 const struct sk_buff *skb)
{
	u16 flags = TUN_RING_META_MARK | TUN_RING_META_PRIORITY;

	m->mark = cpu_to_le32(skb->mark);
	m->priority = cpu_to_le32(skb->priority);
	m->hash = cpu_to_le32(skb->hash);
	if (skb->hash)
		flags |= TUN_RING_META_HASH;
	if (skb->l4_hash)
		flags |= TUN_RING_META_HASH_L4;
	if (unlikely(skb_vlan_tag_present(skb))) {
		flags |= TUN_RING_META_VLAN;
		m->vlan_proto = skb->vlan_proto;
		m->vlan_tci = cpu_to_le16(skb_vlan_tag_get(skb));
	}
	m->flags = cpu_to_le16(flags);
}

/* The user can read every byte of the record, so every byte is written. */
static int tun_ring_rx_make_meta(const struct tun_ring_rx_iter *cur,
				 const struct tun_ring_packet *p,
				 struct tun_ring_meta *m)
{
	const struct sk_buff *skb = p->skb;
	struct virtio_net_hdr hdr;
	int err;

	memset(m, 0, sizeof(*m));
	if (unlikely(!skb || skb->ip_summed != CHECKSUM_NONE ||
		     skb_is_gso(skb))) {
		err = tun_ring_skb_make_basic(skb, &hdr, true, 0);
		if (unlikely(err))
			return err;
		memcpy(m, &hdr, sizeof(hdr));
	}
	m->num_buffers = cpu_to_le16(cur->chains);
	m->protocol = p->protocol;
	if (likely(skb))
		tun_ring_rx_meta_skb(m, skb);
	if (cur->ring->rx_tstamp) {
		m->flags |= cpu_to_le16(TUN_RING_META_TSTAMP);
		m->tstamp = cpu_to_le64(ktime_get_real_ns());
	}
	return 0;
}

static __always_inline int
tun_ring_rx_put_packet(struct tun_ring_rx_iter *cur,
		       const struct tun_ring_mem *mem,
		       const struct tun_ring_packet *p, bool tagged)
{
	if (!p->skb)
		return tun_ring_rx_put(cur, mem, p->data, p->len);
	if (tagged)
		return tun_ring_rx_put_tagged(cur, mem, p->skb);
	return tun_ring_rx_put_skb(cur, mem, p->skb, 0, p->len);
}

static __always_inline int
tun_ring_rx_put_num_buffers(const struct tun_ring_rx_iter *cur,
			    const struct tun_ring_mem *mem,
			    const struct tun_dev *tun,
			    const struct tun_ring_rx_num_buffers *nb)
{
	const struct tun_vq *vq = &cur->ring->rx.vq;
	bool le = tun_ring_rx_nbufs_is_le(cur->ring, tun);
	u8 byte[2] = { cur->chains, cur->chains >> 8 };
	int err;

	err = mem->copy_to(nb->byte[!le], &byte[0], 1) ?:
	      mem->copy_to(nb->byte[le], &byte[1], 1);
	/* log again: the VMM may have read the log since the first write */
	if (!err && mem->faults && unlikely(vq->log))
		err = tun_log_bytes(vq, nb->byte[0], 1) ?:
		      tun_log_bytes(vq, nb->byte[1], 1);
	return err;
}

static __always_inline int
tun_ring_rx_with_headers(struct tun_ring_rx_iter *cur,
			 const struct tun_ring_mem *mem,
			 const struct tun_dev *tun,
			 const struct tun_ring_packet *p)
{
	unsigned int flags = READ_ONCE(tun->flags);
	int hdr_sz = tun_ring_hdr_sz(cur->ring->vhost_hlen, tun, flags);
	struct tun_ring_rx_num_buffers nb = {};
	int err;

	if (unlikely(hdr_sz > MAX_VNET_HDR))
		return -EMSGSIZE;
	cur->span = hdr_sz >= VNET_HDR_MRG_SZ && cur->ring->mergeable;
	tun_ring_rx_set_len(cur, hdr_sz + p->len + p->vlan_hlen);

	err = tun_ring_rx_next_chain(cur, mem);
	if (!err && !(flags & IFF_NO_PI))
		err = tun_ring_rx_put_pi(cur, mem, p);
	if (!err && hdr_sz)
		err = tun_ring_rx_put_vnet_hdr(cur, mem, tun, p, hdr_sz, &nb);
	if (!err)
		err = tun_ring_rx_put_packet(cur, mem, p, p->vlan_hlen);
	if (!err)
		err = tun_ring_rx_end_chain(cur, mem);
	if (!err && nb.byte[1] && unlikely(cur->chains != 1))
		err = tun_ring_rx_put_num_buffers(cur, mem, tun, &nb);
	return err;
}

static __always_inline int
tun_ring_rx_with_meta(struct tun_ring_rx_iter *cur,
		      const struct tun_ring_mem *mem,
		      const struct tun_ring_packet *p)
{
	struct tun_ring_meta m;
	int err;

	cur->span = true;
	tun_ring_rx_set_len(cur, p->len);
	err = tun_ring_rx_next_chain(cur, mem);
	if (likely(!err))
		err = tun_ring_rx_put_packet(cur, mem, p, false);
	if (likely(!err))
		err = tun_ring_rx_end_chain(cur, mem);
	if (likely(!err))
		err = tun_ring_rx_make_meta(cur, p, &m);
	if (likely(!err))
		err = mem->copy_to(&cur->ring->rx.meta[cur->head], &m,
				   sizeof(m));
	return err;
}

static __always_inline int
tun_ring_rx_deliver_mem(struct tun_ring *ring, const struct tun_ring_mem *mem,
			const struct tun_dev *tun,
			const struct tun_ring_packet *p)
{
	struct tun_vring *vr = &ring->rx.vq.vr;
	u16 avail = vr->last_avail, used = vr->used_idx;
	struct tun_ring_rx_iter cur = {.ring = ring};
	int err;

	if (unlikely(READ_ONCE(ring->broken)))
		return -EPROTO;
	if (ring->rx.meta)
		err = tun_ring_rx_with_meta(&cur, mem, p);
	else
		err = tun_ring_rx_with_headers(&cur, mem, tun, p);
	if (unlikely(err))
		tun_vring_rewind(vr, vr->last_avail - avail,
				 vr->used_idx - used);
	return err;
}

/**
 * tun_ring_rx_deliver - write a packet to the receive ring, unpublished
 * @ring: the rings, served by NAPI; rx.lock is held
 * @tun: the device
 * @p: the packet
 *
 * Return: 0; -ENOSPC if the ring has no room now; -EMSGSIZE if the packet can
 * never fit; -EINVAL if virtio cannot describe the packet; -EPROTO if the ring
 * is broken. An error leaves the indices of the ring unchanged.
 */
int tun_ring_rx_deliver(struct tun_ring *ring, const struct tun_dev *tun,
			const struct tun_ring_packet *p)
{
	lockdep_assert_held(&ring->rx.lock);

	return tun_ring_rx_deliver_mem(ring, &tun_ring_kmem, tun, p);
}

/* The worker's tun_ring_rx_deliver(). Return: the same, or -EFAULT. */
int tun_ring_rx_deliver_user(struct tun_ring *ring, const struct tun_dev *tun,
			     const struct tun_ring_packet *p)
{
	lockdep_assert_held(&ring->worker.lock);

	return tun_ring_rx_deliver_mem(ring, &tun_ring_umem, tun, p);
}

/* Describe an XDP frame. A frame of a tap begins with an Ethernet header. */
void tun_ring_rx_packet_of_frame(struct tun_ring_packet *p,
				 const struct xdp_frame *frame)
{
	const struct ethhdr *eth = frame->data;

	memset(p, 0, sizeof(*p));
	p->data = frame->data;
	p->len = frame->len;
	if (likely(frame->len >= ETH_HLEN))
		p->protocol = eth->h_proto;
}
