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
#include "../skb/alloc.h"
#include "../skb/copy.h"
#include "../state.h"
#include "packet.h"
#include "xdp.h"

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
		err = tun_ring_skb_get(c, mem, 0, &pi, sizeof(pi));
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
		err = tun_ring_skb_get(c, mem, p->skip, &p->hdr, sizeof(p->hdr));
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

/* Return: an skb with the bytes of the packet, or an ERR_PTR(). */
static __always_inline struct sk_buff *
tun_ring_tx_copy(const struct tun_vring_chain *c,
		 const struct tun_ring_mem *mem, struct tun_dev *tun,
		 const struct tun_ring_tx_packet *p)
{
	struct sk_buff *skb;
	int err;

	skb = tun_ring_skb_alloc(mem, tun_ring_tx_headroom(tun), p->len);
	if (unlikely(!skb))
		return ERR_PTR(-ENOMEM);
	if (likely(!p->skip && c->nsegs == 1 && !skb_is_nonlinear(skb)))
		err = mem->copy_from(skb->data, c->seg[0].base, p->len);
	else
		err = tun_ring_skb_fill(c, mem, p->skip, skb);
	if (unlikely(err)) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}
	return skb;
}

static __always_inline struct sk_buff *
tun_ring_tx_build_mem(struct tun_ring *ring, const struct tun_ring_mem *mem,
		      struct tun_dev *tun, bool *xdp_done)
{
	struct sk_buff *skb = ERR_PTR(-EAGAIN);
	struct tun_ring_tx_packet p;
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
	p.len = ring->tx.chain.len - p.skip;
	err = tun_ring_tx_packet_check(tun, &p);
	if (unlikely(err))
		return ERR_PTR(err);

	if (xdp_done && unlikely(tun_ring_tx_xdp_native(tun, &p, &r))) {
		skb = tun_ring_tx_copy_xdp(ring, tun, &p);
		*xdp_done = skb != ERR_PTR(-EAGAIN);
	}
	if (likely(skb == ERR_PTR(-EAGAIN)))
		skb = tun_ring_tx_copy(&ring->tx.chain, mem, tun, &p);
	if (IS_ERR_OR_NULL(skb))
		return skb;
	if (p.has_meta)
		tun_ring_tx_meta_to_skb(skb, &r.meta);
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
 * @xdp_done: false; set if the device's program has run over the packet
 *
 * Return: the skb, NULL if the program has consumed the packet, or an
 * ERR_PTR(): -EINVAL if the packet or its record is not valid, or -ENOMEM.
 */
struct sk_buff *tun_ring_tx_build(struct tun_ring *ring, struct tun_dev *tun,
				  bool *xdp_done)
{
	return tun_ring_tx_build_mem(ring, &tun_ring_kmem, tun, xdp_done);
}

/*
 * The worker's tun_ring_tx_build(), without native XDP. Return: the skb, or an
 * ERR_PTR(): the same ones, -EFAULT or -ENODEV.
 */
struct sk_buff *tun_ring_tx_build_user(struct tun_ring *ring,
				       struct tun_dev *tun)
{
	lockdep_assert_held(&ring->worker.lock);

	return tun_ring_tx_build_mem(ring, &tun_ring_umem, tun, NULL);
}
