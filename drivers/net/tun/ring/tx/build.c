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

/*
 * Does a record in kernel memory ask for anything? The function stores no copy:
 * most records are all zeroes.
 */
static __always_inline bool
tun_ring_tx_has_meta(const struct tun_ring_meta *meta)
{
	const union tun_ring_tx_meta *r = (const void *)meta;

	BUILD_BUG_ON(ARRAY_SIZE(r->word) != 8);
	return READ_ONCE(r->word[0]) | READ_ONCE(r->word[1]) |
	       READ_ONCE(r->word[2]) | READ_ONCE(r->word[3]) |
	       READ_ONCE(r->word[4]) | READ_ONCE(r->word[5]) |
	       READ_ONCE(r->word[6]) | READ_ONCE(r->word[7]);
}

/*
 * Copy the fields of the header that only a tunnel has. A header that is too short for
 * them gets zeroes, which no tunnel has.
 */
static noinline int tun_ring_tx_tunnel_hdr(const struct tun_vring_chain *c,
					   const struct tun_ring_mem *mem,
					   int hdr_sz,
					   struct tun_ring_tx_packet *p)
{
	size_t done = sizeof(p->hdr.basic), rest = sizeof(p->hdr) - done;

	memset((void *)&p->hdr + done, 0, rest);
	if (hdr_sz < sizeof(p->hdr))
		return 0;
	return tun_ring_skb_get(c, mem, p->skip + done,
				(void *)&p->hdr + done, rest);
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
		struct virtio_net_hdr *basic = &p->hdr.basic;

		err = tun_ring_skb_get(c, mem, p->skip, basic, sizeof(*basic));
		if (!err && unlikely(vnet_is_tunnel(basic)))
			err = tun_ring_tx_tunnel_hdr(c, mem, hdr_sz, p);
		if (err)
			return err;
		p->le = tun_vnet_is_little_endian(tun);
		/* an empty header needs no check, as an empty record */
		p->has_vnet_hdr =
			basic->flags || basic->gso_type || basic->hdr_len;
	}
	p->skip += hdr_sz;
	return 0;
}

/* Copy a record to @r, and check the copy. */
static __always_inline int tun_ring_tx_meta(const struct tun_ring *ring,
					    const struct tun_ring_mem *mem,
					    const struct tun_dev *tun,
					    struct tun_ring_tx_packet *p,
					    union tun_ring_tx_meta *r)
{
	int err;

	err = mem->copy_from(&r->meta, &ring->tx.meta[ring->tx.chain.head],
			     sizeof(r->meta));
	/* the compiler must not load the user's memory again */
	barrier();
	if (err || !tun_ring_tx_has_meta(&r->meta))
		return err;
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

/* @r: for the packet's record, or NULL if there is none or all is zero */
static __always_inline struct sk_buff *
tun_ring_tx_build_mem(struct tun_ring *ring, const struct tun_ring_mem *mem,
		      struct tun_dev *tun, bool *xdp_done,
		      union tun_ring_tx_meta *r)
{
	struct sk_buff *skb = ERR_PTR(-EAGAIN);
	struct tun_ring_tx_packet p;
	int err = 0;

	p.skip = 0;
	p.proto = 0;
	p.has_vnet_hdr = false;
	p.has_pi = false;
	if (r)
		err = tun_ring_tx_meta(ring, mem, tun, &p, r);
	else if (!ring->tx.meta)
		err = tun_ring_tx_headers(ring, mem, tun, &p);
	if (unlikely(err))
		return ERR_PTR(err);
	p.len = ring->tx.chain.len - p.skip;
	err = tun_ring_tx_packet_check(tun, &p);
	if (unlikely(err))
		return ERR_PTR(err);

	if (xdp_done && unlikely(tun_ring_tx_xdp_native(tun, &p, r))) {
		skb = tun_ring_tx_copy_xdp(ring, tun, &p);
		*xdp_done = skb != ERR_PTR(-EAGAIN);
	}
	if (likely(skb == ERR_PTR(-EAGAIN)))
		skb = tun_ring_tx_copy(&ring->tx.chain, mem, tun, &p);
	if (IS_ERR_OR_NULL(skb))
		return skb;
	if (r)
		tun_ring_tx_meta_to_skb(skb, &r->meta);
	err = tun_ring_tx_finish(ring, mem, tun, &p, skb);
	if (unlikely(err)) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}
	return skb;
}

/* Out of line: the compiler clears the copy of the record for each packet. */
static noinline struct sk_buff *
tun_ring_tx_build_with_meta(struct tun_ring *ring, struct tun_dev *tun,
			    bool *xdp_done)
{
	union tun_ring_tx_meta r;

	return tun_ring_tx_build_mem(ring, &tun_ring_kmem, tun, xdp_done, &r);
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
	const struct tun_ring_meta *meta = ring->tx.meta;

	if (meta && unlikely(tun_ring_tx_has_meta(&meta[ring->tx.chain.head])))
		return tun_ring_tx_build_with_meta(ring, tun, xdp_done);
	return tun_ring_tx_build_mem(ring, &tun_ring_kmem, tun, xdp_done, NULL);
}

/*
 * The worker's tun_ring_tx_build(), without native XDP. Return: the skb, or an
 * ERR_PTR(): the same ones, -EFAULT or -ENODEV.
 */
struct sk_buff *tun_ring_tx_build_user(struct tun_ring *ring,
				       struct tun_dev *tun)
{
	union tun_ring_tx_meta r;

	lockdep_assert_held(&ring->worker.lock);

	return tun_ring_tx_build_mem(ring, &tun_ring_umem, tun, NULL,
				     ring->tx.meta ? &r : NULL);
}
