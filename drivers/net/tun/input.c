// SPDX-License-Identifier: GPL-2.0
#include "input.h"

#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/skbuff.h>
#include <linux/uio.h>

#include "build.h"
#include "napi.h"
#include "stats.h"
#include "vnet.h"
#include "xdp.h"

/* A packet with less than this is copied whole, if the user names no length of
 * its headers.
 */
#define GOOD_COPY	128

/**
 * struct headers - what stands in front of a written packet
 * @flags: tun_dev.flags, read once
 * @hdr_len: length of the packet's own headers, 0 if not known
 * @proto: EtherType, from the struct tun_pi
 * @vnet: as the user wrote it, valid if @flags says so
 */
struct headers {
	unsigned int		flags;
	unsigned int		hdr_len;
	__be16			proto;
	struct virtio_net_hdr	vnet;
};

static int take_vnet(const struct tun_dev *tun, struct iov_iter *from,
		     struct headers *h, size_t *len)
{
	size_t hdr_sz = READ_ONCE(tun->vnet_hdr_sz);
	int hdr_len;

	if (unlikely(*len < hdr_sz))
		return -EINVAL;
	*len -= hdr_sz;

	if (unlikely(!copy_from_iter_full(&h->vnet, sizeof(h->vnet), from)))
		return -EFAULT;

	hdr_len = tun_vnet_hdr_check(&h->vnet, *len,
				     tun_vnet_is_little_endian(tun));
	if (unlikely(hdr_len < 0))
		return hdr_len;
	h->hdr_len = hdr_len;

	if (hdr_sz > sizeof(h->vnet))
		iov_iter_advance(from, hdr_sz - sizeof(h->vnet));

	return 0;
}

/* Returns 0, with *len the length of the packet behind its headers, or a
 * negative errno. A packet refused here is not counted: it never was one.
 */
static int take_headers(const struct tun_dev *tun, struct iov_iter *from,
			struct headers *h, size_t *len)
{
	int err;

	h->flags = READ_ONCE(tun->flags);
	h->hdr_len = 0;

	if (!(h->flags & IFF_NO_PI)) {
		struct tun_pi pi;

		if (unlikely(*len < sizeof(pi)))
			return -EINVAL;
		*len -= sizeof(pi);
		if (unlikely(!copy_from_iter_full(&pi, sizeof(pi), from)))
			return -EFAULT;
		h->proto = pi.proto;
	}

	if (h->flags & IFF_VNET_HDR) {
		err = take_vnet(tun, from, h, len);
		if (unlikely(err))
			return err;
	}

	if (tun_flags_tap(h->flags) &&
	    unlikely(*len < ETH_HLEN || (h->hdr_len && h->hdr_len < ETH_HLEN)))
		return -EINVAL;

	return 0;
}

/* The EtherType that goes with the IP version, or 0. */
static __always_inline __be16 derive_protocol(struct sk_buff *skb)
{
	if (unlikely(!pskb_may_pull(skb, 1)))
		return 0;

	switch (skb->data[0] >> 4) {
	case 4:
		return htons(ETH_P_IP);
	case 6:
		return htons(ETH_P_IPV6);
	default:
		return 0;
	}
}

static void set_tun_protocol(struct tun_dev *tun, struct sk_buff *skb,
			     __be16 proto)
{
	skb_reset_mac_header(skb);
	skb->protocol = proto;
	skb->dev = tun->dev;
}

/* tun_input_set_protocol(), without a call for each written packet. */
static __always_inline int set_protocol(struct tun_dev *tun,
					struct sk_buff *skb, bool tap,
					__be16 proto)
{
	if (tap) {
		if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
			return -ENOMEM;
		skb->protocol = eth_type_trans(skb, tun->dev);
		return 0;
	}

	if (!proto) {
		proto = derive_protocol(skb);
		if (unlikely(!proto))
			return -EINVAL;
	}
	set_tun_protocol(tun, skb, proto);

	return 0;
}

/**
 * tun_input_set_protocol - find out what a packet is
 * @tun: the device
 * @skb: the packet; with a TAP device its link-layer header is pulled
 * @proto: for a TUN device: the EtherType, 0 to derive it from the IP version
 *
 * Return: 0, -EINVAL if that is no IP version, or -ENOMEM.
 */
int tun_input_set_protocol(struct tun_dev *tun, struct sk_buff *skb,
			   __be16 proto)
{
	return set_protocol(tun, skb, tun_is_tap(tun), proto);
}

/* tun_input_prepare(), without a call for each written packet. */
static __always_inline int prepare(struct tun_dev *tun, struct tun_queue *q,
				   struct sk_buff *skb,
				   const struct virtio_net_hdr *vnet,
				   bool tap, const __be16 *proto)
{
	int err;

	if (vnet) {
		err = tun_vnet_hdr_to_skb(tun, skb, vnet,
					  tun_vnet_is_little_endian(tun));
		if (unlikely(err))
			goto free;
	}

	/* The user may call a packet protocol 0: that is not "derive it". */
	if (proto && !tap) {
		set_tun_protocol(tun, skb, *proto);
	} else {
		err = set_protocol(tun, skb, tap, 0);
		if (unlikely(err)) {
			tun_stats_rx_dropped(tun);
			goto free;
		}
	}

	skb_reset_network_header(skb);
	skb_probe_transport_header(skb);
	skb_record_rx_queue(skb, READ_ONCE(q->index));

	return 0;
free:
	kfree_skb(skb);
	return err;
}

/**
 * tun_input_prepare - make a received packet out of a written one
 * @tun: the device
 * @q: the queue that it came from
 * @skb: the packet; freed on error
 * @vnet: its header, or NULL
 * @proto: for a TUN device: its EtherType, or NULL to derive it
 *
 * Return: 0 or a negative errno.
 */
int tun_input_prepare(struct tun_dev *tun, struct tun_queue *q,
		      struct sk_buff *skb, const struct virtio_net_hdr *vnet,
		      const __be16 *proto)
{
	return prepare(tun, q, skb, vnet, tun_is_tap(tun), proto);
}

/* Written packets wait for one another, rx_batched of them (ethtool -C). */
static noinline void receive_batched(struct tun_queue *q, struct sk_buff *skb,
				     u32 batch, bool more)
{
	struct sk_buff_head *queue = &q->sk.sk_write_queue;
	struct sk_buff_head todo;

	__skb_queue_head_init(&todo);

	local_bh_disable();
	spin_lock(&queue->lock);
	if (more && skb_queue_len(queue) < batch) {
		__skb_queue_tail(queue, skb);
		skb = NULL;
	} else {
		skb_queue_splice_tail_init(queue, &todo);
	}
	spin_unlock(&queue->lock);

	if (skb) {
		__skb_queue_tail(&todo, skb);
		while ((skb = __skb_dequeue(&todo)))
			netif_receive_skb(skb);
	}
	local_bh_enable();
}

static void receive(const struct tun_dev *tun, struct tun_queue *q,
		    struct sk_buff *skb, bool more)
{
	u32 batch = READ_ONCE(tun->rx_batched);

	if (unlikely(batch)) {
		receive_batched(q, skb, batch, more);
		return;
	}

	local_bh_disable();
	netif_receive_skb(skb);
	local_bh_enable();
}

/* Into the stack. Consumes the packet. */
static __always_inline int deliver(struct tun_dev *tun, struct tun_queue *q,
				   struct sk_buff *skb, size_t len, bool more)
{
	int err = 0;

	/* unregister clears IFF_UP and waits for us before it takes apart what
	 * is used here.
	 */
	rcu_read_lock();
	if (unlikely(!(tun->dev->flags & IFF_UP))) {
		rcu_read_unlock();
		tun_stats_rx_dropped(tun);
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return -EIO;
	}

	tun_input_learn(tun, q, skb);

	if (unlikely(q->napi_frags))
		err = tun_napi_deliver_frags(tun, q, skb);
	else if (q->napi_enabled)
		err = tun_napi_queue(q, skb, more);
	else
		receive(tun, q, skb, more);
	rcu_read_unlock();

	if (likely(!err))
		tun_stats_rx(tun, len);

	return err;
}

/* Returns the packet, which may be another one, or NULL if it is consumed. */
static noinline struct sk_buff *run_generic_xdp(struct tun_dev *tun,
						struct sk_buff *skb)
{
	bool pass;

	local_bh_disable();
	rcu_read_lock();
	pass = tun_xdp_generic(tun, &skb);
	rcu_read_unlock();
	local_bh_enable();

	return pass ? skb : NULL;
}

/* The part of tun_input() between building the skb and the stack. Consumes
 * the packet.
 */
static __always_inline int process(struct tun_dev *tun, struct tun_queue *q,
				   struct sk_buff *skb,
				   const struct headers *h, size_t len,
				   struct ubuf_info *uarg, bool zerocopy,
				   bool xdp_done, bool more)
{
	int err;

	err = prepare(tun, q, skb, h->flags & IFF_VNET_HDR ? &h->vnet : NULL,
		      tun_flags_tap(h->flags),
		      h->flags & IFF_NO_PI ? NULL : &h->proto);
	if (unlikely(err))
		return err;

	/* From here on the callback belongs to the packet. */
	if (unlikely(zerocopy))
		skb_zcopy_init(skb, uarg);
	else if (unlikely(uarg))
		skb_ubuf_complete(uarg, false);

	if (unlikely(rcu_access_pointer(tun->xdp_prog)) && !xdp_done) {
		skb = run_generic_xdp(tun, skb);
		if (!skb)
			return 0;
	}

	return deliver(tun, q, skb, len, more);
}

/* How much of a zerocopy packet is to be copied, or 0 if that would leave more
 * pages than an skb has fragments.
 */
static size_t zerocopy_head(const struct headers *h, size_t max, size_t len,
			    struct iov_iter rest)
{
	size_t copy = h->hdr_len ?: GOOD_COPY;

	copy = min3(copy, max, len);
	iov_iter_advance(&rest, copy);

	return iov_iter_npages(&rest, INT_MAX) <= MAX_SKB_FRAGS ? copy : 0;
}

static noinline ssize_t input_frags(struct tun_dev *tun, struct tun_queue *q,
				    const struct headers *h,
				    struct ubuf_info *uarg,
				    struct iov_iter *from, size_t len,
				    bool more)
{
	struct sk_buff *skb;
	int err;

	mutex_lock(&q->napi_mutex);

	skb = tun_napi_build(tun, q, from, len);
	if (IS_ERR(skb)) {
		err = PTR_ERR(skb);
	} else if (skb_copy_datagram_from_iter(skb, 0, from, len)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_UCOPY_FAULT);
		err = -EFAULT;
	} else {
		err = process(tun, q, skb, h, len, uarg, false, false, more);
		goto unlock;
	}
	tun_stats_rx_dropped(tun);
unlock:
	mutex_unlock(&q->napi_mutex);
	return err;
}

static __always_inline struct sk_buff *
build(struct tun_dev *tun, struct tun_queue *q, const struct headers *h,
      struct iov_iter *from, size_t len, bool noblock, bool *xdp_done)
{
	size_t headroom = READ_ONCE(tun->align);

	if (tun_flags_tap(h->flags)) {
		if (noblock && tun_build_fits_page(q, len))
			return tun_build_page(tun, q, from, len,
					      (h->flags & IFF_VNET_HDR) &&
					      h->vnet.gso_type, xdp_done);
		headroom += NET_IP_ALIGN;
	}

	return tun_build_copy(q, from, headroom, len,
			      min_t(size_t, h->hdr_len, SKB_MAX_HEAD(headroom)),
			      noblock);
}

/**
 * tun_input - one packet from the user
 * @tun: the device
 * @q: the queue
 * @uarg: to be told when the user's pages are no longer needed; or NULL
 * @from: the packet with its headers
 * @noblock: -EAGAIN rather than wait
 * @more: another one follows at once
 *
 * Return: the length of it all, or a negative errno.
 */
ssize_t tun_input(struct tun_dev *tun, struct tun_queue *q,
		  struct ubuf_info *uarg, struct iov_iter *from, bool noblock,
		  bool more)
{
	const size_t total = iov_iter_count(from);
	bool xdp_done = false;
	size_t zerocopy = 0;
	size_t len = total;
	struct sk_buff *skb;
	struct headers h;
	int err;

	err = take_headers(tun, from, &h, &len);
	if (unlikely(err))
		return err;

	if (unlikely(q->napi_frags)) {
		err = input_frags(tun, q, &h, uarg, from, len, more);
		return err ?: total;
	}

	if (unlikely(uarg)) {
		size_t headroom = READ_ONCE(tun->align) + NET_IP_ALIGN;

		zerocopy = zerocopy_head(&h, SKB_MAX_HEAD(headroom), len,
					 *from);
		if (zerocopy)
			skb = tun_build_zerocopy(q, from, headroom, zerocopy,
						 noblock);
	}
	if (likely(!zerocopy))
		skb = build(tun, q, &h, from, len, noblock, &xdp_done);

	if (IS_ERR_OR_NULL(skb)) {
		err = PTR_ERR_OR_ZERO(skb);
		if (err && err != -EAGAIN)
			tun_stats_rx_dropped(tun);
		return err ?: total;
	}

	err = process(tun, q, skb, &h, len, uarg, zerocopy, xdp_done, more);

	return err ?: total;
}
