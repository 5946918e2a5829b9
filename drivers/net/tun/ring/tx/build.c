// SPDX-License-Identifier: GPL-2.0
/*
 * Building an skb from one chain of the transmit ring.
 *
 * The user can change its memory at any time. The code therefore copies records
 * and headers first, and checks and uses only the copies.
 */
#include "build.h"

#include <linux/skbuff.h>

#include "../../tun.h"
#include "../../vnet.h"
#include "../engine/vring.h"
#include "../keep.h"
#include "../mem/access.h"
#include "../mem/access_user.h"
#include "../state.h"
#include "frags.h"
#include "packet.h"

/* Largest linear skb, with headroom. A larger payload lies in pages. */
#define TX_LINEAR_MAX	(TUN_RING_TX_FRAG_MAX - 512)
/* Linear bytes of a larger packet: enough for the headers of any packet. */
#define TX_LINEAR_HEAD	256

/* Copy @len bytes from @off of the chain. The caller checked the range. */
static __always_inline int tun_ring_tx_get(const struct tun_vring_chain *c,
					   const struct tun_ring_mem *mem,
					   u32 off, void *to, u32 len)
{
	const struct tun_vring_seg *seg = c->seg;
	int err = 0;
	u32 n;

	while (off >= seg->len)
		off -= seg++->len;
	/* the usual case; the compiler may know @len */
	if (likely(len <= seg->len - off))
		return mem->copy_from(to, seg->base + off, len);
	for (; len && !err; len -= n, to += n, seg++, off = 0) {
		n = min(len, seg->len - off);
		err = mem->copy_from(to, seg->base + off, n);
	}
	return err;
}

/* Fill @skb with the bytes of the chain that begin at @off. */
static __always_inline int tun_ring_tx_get_skb(const struct tun_vring_chain *c,
					       const struct tun_ring_mem *mem,
					       u32 off, struct sk_buff *skb)
{
	u32 linear = skb_headlen(skb);
	int i, err;

	err = tun_ring_tx_get(c, mem, off, skb->data, linear);
	off += linear;
	for (i = 0; !err && i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		/* tun_ring_tx_alloc_paged() allocates no highmem pages */
		err = tun_ring_tx_get(c, mem, off, skb_frag_address(frag),
				      skb_frag_size(frag));
		off += skb_frag_size(frag);
	}
	return err;
}

/* Copy a record. Return: 1, 0 if the record is all zeroes, or -EFAULT. */
static __always_inline int
tun_ring_tx_load_meta(const struct tun_ring_meta *from,
		      const struct tun_ring_mem *mem, union tun_ring_tx_meta *r)
{
	u64 any = 0;
	int i, err;

	err = mem->copy_from(&r->meta, from, sizeof(r->meta));
	/* the compiler must not load the user's memory again */
	barrier();
	for (i = 0; i < ARRAY_SIZE(r->word); i++)
		any |= r->word[i];
	return err ?: !!any;
}

static __always_inline int tun_ring_tx_headers(const struct tun_ring *ring,
					       const struct tun_ring_mem *mem,
					       const struct tun_dev *tun,
					       struct tun_ring_tx_packet *p)
{
	const struct tun_vring_chain *c = &ring->tx.chain;
	unsigned int flags = READ_ONCE(tun->flags);
	u8 own = READ_ONCE(ring->vhost_hlen);
	struct tun_pi pi;
	int hdr_sz, err;

	if (!(flags & IFF_NO_PI)) {
		if (c->len < sizeof(pi))
			return -EINVAL;
		err = tun_ring_tx_get(c, mem, 0, &pi, sizeof(pi));
		if (err)
			return err;
		p->skip = sizeof(pi);
		p->proto = pi.proto;
		p->has_pi = true;
	}
	hdr_sz = tun_ring_hdr_sz(own, tun, flags);
	if (c->len - p->skip < hdr_sz)
		return -EINVAL;
	if (flags & IFF_VNET_HDR && !own) {
		err = tun_ring_tx_get(c, mem, p->skip, &p->hdr, sizeof(p->hdr));
		if (err)
			return err;
		p->le = tun_vnet_is_little_endian(tun);
		/* an empty header needs no check, as an empty record */
		p->has_vnet_hdr =
			p->hdr.flags || p->hdr.gso_type || p->hdr.hdr_len;
	}
	p->skip += hdr_sz;
	return 0;
}

static struct sk_buff *tun_ring_tx_alloc_frag(u32 size)
{
	void *data = tun_ring_tx_frag_alloc(&size);
	struct sk_buff *skb;

	if (unlikely(!data))
		return NULL;
	skb = napi_build_skb(data, size);
	if (unlikely(!skb))
		skb_free_frag(data);
	return skb;
}

static struct sk_buff *tun_ring_tx_alloc_linear(u32 headroom, u32 len)
{
	u32 size = SKB_DATA_ALIGN(headroom + len) +
		   SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct sk_buff *skb = NULL;

	/* a fragment would keep all of a larger page */
	if (PAGE_SIZE == TUN_RING_TX_FRAG_MAX)
		skb = tun_ring_tx_alloc_frag(size);
	if (unlikely(!skb))
		skb = __alloc_skb(headroom + len, GFP_ATOMIC | __GFP_NOWARN,
				  SKB_ALLOC_NAPI, NUMA_NO_NODE);
	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, headroom);
	__skb_put(skb, len);
	return skb;
}

/* For a packet with a large payload or an unusual headroom. */
static struct sk_buff *tun_ring_tx_alloc_paged(u32 headroom, u32 len)
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

static __always_inline struct sk_buff *
tun_ring_tx_alloc(const struct tun_ring_mem *mem, u32 headroom, u32 len)
{
	struct sk_buff *skb;

	headroom += NET_IP_ALIGN;
	if (unlikely(headroom + len > TX_LINEAR_MAX))
		return tun_ring_tx_alloc_paged(headroom, len);
	/* softirqs of this CPU cut fragments from the same blocks */
	if (mem->faults)
		local_bh_disable();
	skb = tun_ring_tx_alloc_linear(headroom, len);
	if (mem->faults)
		local_bh_enable();
	return skb;
}

static __always_inline int
tun_ring_tx_headers_or_meta(struct tun_ring *ring,
			    const struct tun_ring_mem *mem, struct tun_dev *tun,
			    struct tun_ring_tx_packet *p,
			    union tun_ring_tx_meta *r)
{
	int has_meta;

	if (!ring->tx.meta)
		return tun_ring_tx_headers(ring, mem, tun, p);
	has_meta = tun_ring_tx_load_meta(&ring->tx.meta[ring->tx.chain.head],
					 mem, r);
	if (has_meta <= 0)
		return has_meta;
	p->has_meta = true;
	return tun_ring_tx_packet_of_meta(ring, tun, &r->meta, p);
}

/* The device may have been unregistered during a page fault. */
static __always_inline int
tun_ring_tx_finish(struct tun_ring *ring, const struct tun_ring_mem *mem,
		   struct tun_dev *tun, const struct tun_ring_tx_packet *p,
		   struct sk_buff *skb)
{
	int err = -ENODEV;

	if (!mem->faults)
		return tun_ring_tx_packet_finish(ring, tun, p, skb);
	rcu_read_lock();
	if (likely(tun_dev_lives(tun)))
		err = tun_ring_tx_packet_finish(ring, tun, p, skb);
	rcu_read_unlock();
	return err;
}

static __always_inline struct sk_buff *
tun_ring_tx_build_mem(struct tun_ring *ring, const struct tun_ring_mem *mem,
		      struct tun_dev *tun)
{
	const struct tun_vring_chain *c = &ring->tx.chain;
	struct tun_ring_tx_packet p;
	struct sk_buff *skb;
	union tun_ring_tx_meta r;
	int err;

	p.skip = 0;
	p.proto = 0;
	p.has_vnet_hdr = false;
	p.has_pi = false;
	p.has_meta = false;
	err = tun_ring_tx_headers_or_meta(ring, mem, tun, &p, &r);
	if (unlikely(err))
		return ERR_PTR(err);
	p.len = c->len - p.skip;
	err = tun_ring_tx_packet_check(tun, &p);
	if (unlikely(err))
		return ERR_PTR(err);

	skb = tun_ring_tx_alloc(mem, READ_ONCE(tun->align), p.len);
	if (unlikely(!skb))
		return ERR_PTR(-ENOMEM);
	if (likely(!p.skip && c->nsegs == 1 && !skb_is_nonlinear(skb)))
		err = mem->copy_from(skb->data, c->seg[0].base, p.len);
	else
		err = tun_ring_tx_get_skb(c, mem, p.skip, skb);
	if (p.has_meta)
		tun_ring_tx_meta_to_skb(skb, &r.meta);
	if (likely(!err))
		err = tun_ring_tx_finish(ring, mem, tun, &p, skb);
	if (unlikely(err)) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}
	return skb;
}

/**
 * tun_ring_tx_build - make an skb of the chain in tx.chain
 * @ring: the rings; the caller owns their NAPI
 * @tun: the device
 *
 * Return: the skb, or an ERR_PTR(): -EINVAL if the packet or its record is not
 * valid, or -ENOMEM.
 */
struct sk_buff *tun_ring_tx_build(struct tun_ring *ring, struct tun_dev *tun)
{
	return tun_ring_tx_build_mem(ring, &tun_ring_kmem, tun);
}

/* The worker's tun_ring_tx_build(). Return: the same, -EFAULT or -ENODEV. */
struct sk_buff *tun_ring_tx_build_user(struct tun_ring *ring,
				       struct tun_dev *tun)
{
	lockdep_assert_held(&ring->worker.lock);

	return tun_ring_tx_build_mem(ring, &tun_ring_umem, tun);
}
