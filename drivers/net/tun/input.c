// SPDX-License-Identifier: GPL-2.0
#include "input.h"

#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/skbuff.h>
#include <linux/uio.h>

#include "build.h"
#include "napi.h"
#include "receive.h"
#include "stats.h"
#include "vnet.h"
#include "xdp.h"
#include "xdp_generic.h"

/* Bytes of a zerocopy packet that are copied if user space gives no length of
 * its headers.
 */
#define GOOD_COPY	128

/**
 * struct tun_write_hdrs - the headers in front of a written packet
 * @flags: tun_dev.flags, read once; a vringfd sets its own format in them
 * @hdr_len: length of the packet's own headers, 0 if not known
 * @proto: EtherType from the struct tun_pi; valid without IFF_NO_PI in @flags
 * @vnet: the header from user space; valid with IFF_VNET_HDR in @flags
 */
struct tun_write_hdrs {
	unsigned int		flags;
	unsigned int		hdr_len;
	__be16			proto;
	union vnet_any_hdr	vnet;
};

/**
 * struct tun_write_packet - a written packet behind its headers
 * @tun: the device
 * @q: the queue
 * @h: the headers
 * @uarg: completed when the user pages are no longer needed; or NULL
 * @from: the packet
 * @len: length of the packet
 * @noblock: return -EAGAIN rather than wait
 * @more: another packet follows at once
 */
struct tun_write_packet {
	struct tun_dev		*tun;
	struct tun_queue	*q;
	const struct tun_write_hdrs *h;
	struct ubuf_info	*uarg;
	struct iov_iter		*from;
	size_t			len;
	bool			noblock;
	bool			more;
};

static int tun_input_get_vnet(const struct tun_dev *tun, struct iov_iter *from,
			      struct tun_write_hdrs *h, size_t *len)
{
	size_t hdr_sz = READ_ONCE(tun->vnet_hdr_sz);
	size_t parsed = tun_vnet_parsed_size(hdr_sz);
	int hdr_len;

	if (unlikely(*len < hdr_sz))
		return -EINVAL;
	*len -= hdr_sz;

	memset((void *)&h->vnet + parsed, 0, sizeof(h->vnet) - parsed);
	if (unlikely(!copy_from_iter_full(&h->vnet, parsed, from)))
		return -EFAULT;

	hdr_len = tun_vnet_hdr_check(&h->vnet.basic, *len,
				     tun_vnet_is_little_endian(tun));
	if (unlikely(hdr_len < 0))
		return hdr_len;
	h->hdr_len = hdr_len;

	if (hdr_sz > parsed)
		iov_iter_advance(from, hdr_sz - parsed);

	return 0;
}

/* Returns 0, with *len the length of the packet behind its headers, or a
 * negative errno. Invalid headers are not counted as a dropped packet here.
 */
static __always_inline int tun_input_get_headers(const struct tun_dev *tun,
						 struct iov_iter *from,
						 struct tun_write_hdrs *h,
						 size_t *len)
{
	int err;

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
		err = tun_input_get_vnet(tun, from, h, len);
		if (unlikely(err))
			return err;
	}

	if (tun_flags_tap(h->flags) &&
	    unlikely(*len < ETH_HLEN || (h->hdr_len && h->hdr_len < ETH_HLEN)))
		return -EINVAL;

	return 0;
}

/* Returns the skb, which XDP may have replaced, or NULL if XDP consumed it. */
static noinline struct sk_buff *tun_input_run_generic_xdp(struct tun_dev *tun,
							  struct tun_queue *q,
							  struct sk_buff *skb)
{
	bool pass;

	local_bh_disable();
	rcu_read_lock();
	tun_queue_record(q, skb);
	pass = tun_xdp_generic(tun, &skb);
	rcu_read_unlock();
	local_bh_enable();

	return pass ? skb : NULL;
}

/* The part of tun_get_user() after building the skb. Consumes the skb. */
static __always_inline int tun_input_process(const struct tun_write_packet *in,
					     struct sk_buff *skb, bool zerocopy,
					     bool xdp_done)
{
	const struct tun_write_hdrs *h = in->h;
	struct tun_dev *tun = in->tun;
	int err;

	err = tun_receive_prepare(tun, in->q, skb,
				  h->flags & IFF_VNET_HDR ? &h->vnet : NULL,
				  h->flags & IFF_NO_PI ? NULL : &h->proto);
	if (unlikely(err))
		return err;

	/* From here on the skb owns the callback. */
	if (unlikely(zerocopy))
		skb_zcopy_init(skb, in->uarg);
	else if (unlikely(in->uarg))
		skb_ubuf_complete(in->uarg, false);

	if (unlikely(rcu_access_pointer(tun->xdp_prog)) && !xdp_done) {
		skb = tun_input_run_generic_xdp(tun, in->q, skb);
		if (!skb)
			return 0;
	}

	return tun_receive_skb(tun, in->q, skb, in->len, in->more);
}

/* Bytes of a zerocopy packet to copy: the hdr_len from user space, but at least
 * @least. Returns 0 if the rest has more pages than an skb has fragments.
 */
static size_t tun_input_zerocopy_head(const struct tun_write_hdrs *h,
				      size_t least, size_t max, size_t len,
				      struct iov_iter rest)
{
	size_t copy = max_t(size_t, h->hdr_len, least) ?: GOOD_COPY;

	copy = min3(copy, max, len);
	iov_iter_advance(&rest, copy);

	return iov_iter_npages(&rest, INT_MAX) <= MAX_SKB_FRAGS ? copy : 0;
}

/* Count a packet that was not sent. The caller of tun_input_vring() sends a
 * packet with a missing page again.
 */
static void tun_input_failed(const struct tun_dev *tun,
			     const struct iov_iter *from, int err)
{
	if (err != -EAGAIN && !(err == -EFAULT && from->nofault))
		tun_stats_rx_dropped(tun);
}

static noinline ssize_t tun_input_frags(const struct tun_write_packet *in)
{
	struct tun_queue *q = in->q;
	struct sk_buff *skb;
	int err;

	mutex_lock(&q->napi_mutex);

	skb = tun_napi_build(in->tun, q, in->from, in->len);
	if (IS_ERR(skb)) {
		err = PTR_ERR(skb);
	} else if (skb_copy_datagram_from_iter(skb, 0, in->from, in->len)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_UCOPY_FAULT);
		err = -EFAULT;
	} else {
		err = tun_input_process(in, skb, false, false);
		goto unlock;
	}
	tun_input_failed(in->tun, in->from, err);
unlock:
	mutex_unlock(&q->napi_mutex);
	return err;
}

static __always_inline struct sk_buff *
tun_input_build(const struct tun_write_packet *in, bool *xdp_done)
{
	size_t headroom = READ_ONCE(in->tun->align);
	const struct tun_write_hdrs *h = in->h;

	if (tun_flags_tap(h->flags)) {
		if (in->noblock && tun_build_fits_page(in->q, in->len))
			return tun_build_skb(in->tun, in->q, in->from,
					     h->flags & IFF_VNET_HDR ?
						     &h->vnet.basic : NULL,
					     in->len, xdp_done);
		headroom += NET_IP_ALIGN;
	}

	return tun_build_copy(in->q, in->from, headroom, in->len,
			      min_t(size_t, h->hdr_len, SKB_MAX_HEAD(headroom)),
			      in->noblock);
}

/* The common part of tun_get_user() and tun_input_vring(). @total: length of the
 * packet with its headers. @least: see tun_input_zerocopy_head().
 */
static __always_inline ssize_t
tun_input_packet(const struct tun_write_packet *in, size_t total, size_t least)
{
	bool xdp_done = false;
	size_t zerocopy = 0;
	struct sk_buff *skb;
	int err;

	if (unlikely(in->q->napi_frags)) {
		/* a copy, so that the other path keeps @in in registers */
		struct tun_write_packet frags = *in;

		err = tun_input_frags(&frags);
		return err ?: total;
	}

	if (unlikely(in->uarg)) {
		size_t headroom = READ_ONCE(in->tun->align) + NET_IP_ALIGN;

		zerocopy = tun_input_zerocopy_head(in->h, least,
						   SKB_MAX_HEAD(headroom),
						   in->len, *in->from);
		if (zerocopy)
			skb = tun_build_zerocopy(in->q, in->from, headroom,
						 zerocopy, in->noblock);
	}
	if (likely(!zerocopy))
		skb = tun_input_build(in, &xdp_done);

	if (IS_ERR_OR_NULL(skb)) {
		err = PTR_ERR_OR_ZERO(skb);
		if (err)
			tun_input_failed(in->tun, in->from, err);
		/* XDP consumed the packet: the user pages are free again. */
		if (!err && unlikely(in->uarg))
			skb_ubuf_complete(in->uarg, false);
		return err ?: total;
	}

	err = tun_input_process(in, skb, zerocopy, xdp_done);

	return err ?: total;
}

/**
 * tun_get_user - take one packet from user space
 * @tun: the device
 * @q: the queue
 * @uarg: completed when the user pages are no longer needed; or NULL
 * @from: the packet with its headers
 * @noblock: return -EAGAIN rather than wait
 * @more: another packet follows at once
 *
 * Return: the length of the packet with its headers, or a negative errno.
 */
ssize_t tun_get_user(struct tun_dev *tun, struct tun_queue *q,
		     struct ubuf_info *uarg, struct iov_iter *from,
		     bool noblock, bool more)
{
	const size_t total = iov_iter_count(from);
	size_t len = total;
	struct tun_write_hdrs h;
	struct tun_write_packet in = {
		.tun		= tun,
		.q		= q,
		.h		= &h,
		.uarg		= uarg,
		.from		= from,
		.noblock	= noblock,
		.more		= more,
	};
	int err;

	h.flags = READ_ONCE(tun->flags);
	err = tun_input_get_headers(tun, from, &h, &len);
	if (unlikely(err))
		return err;

	in.len = len;

	return tun_input_packet(&in, total, 0);
}

/**
 * tun_input_vring - take one packet from a vringfd
 * @tun: the device
 * @q: the queue
 * @uarg: see tun_get_user()
 * @from: the packet behind a virtio_net_hdr and no other header; the device's
 *	flags do not matter
 *
 * Does not wait. Counts a packet with invalid headers as dropped.
 *
 * Return: the length of the packet with its header, or a negative errno. After
 * -EAGAIN and -EFAULT the packet is not consumed.
 */
ssize_t tun_input_vring(struct tun_dev *tun, struct tun_queue *q,
			struct ubuf_info *uarg, struct iov_iter *from)
{
	const size_t total = iov_iter_count(from);
	size_t len = total;
	struct tun_write_hdrs h;
	struct tun_write_packet in = {
		.tun		= tun,
		.q		= q,
		.h		= &h,
		.uarg		= uarg,
		.from		= from,
		.noblock	= true,
	};
	int err;

	h.flags = READ_ONCE(tun->flags) | IFF_VNET_HDR | IFF_NO_PI;
	err = tun_input_get_headers(tun, from, &h, &len);
	if (unlikely(err)) {
		tun_input_failed(tun, from, err);
		return err;
	}

	/* hdr_len is only a hint. Copy GOOD_COPY bytes at least, so that user
	 * space cannot change the link and network headers any more.
	 */
	in.len = len;

	return tun_input_packet(&in, total, GOOD_COPY);
}
