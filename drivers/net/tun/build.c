// SPDX-License-Identifier: GPL-2.0
#include "build.h"

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/uio.h>
#include <linux/virtio_net.h>

#include "xdp.h"

#define PAGE_HEADROOM	(NET_IP_ALIGN + NET_SKB_PAD)

static __always_inline struct sk_buff *
tun_build_alloc(struct tun_queue *q, size_t headroom, size_t len, size_t linear,
		bool noblock)
{
	struct sk_buff *skb;
	int err;

	/* A packet below a page is not worth splitting. */
	if (headroom + len < PAGE_SIZE || !linear)
		linear = len;

	skb = sock_alloc_send_pskb(&q->sk, headroom + linear, len - linear,
				   noblock, &err, 0);
	if (unlikely(!skb))
		return ERR_PTR(err);

	skb_reserve(skb, headroom);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len = len;

	return skb;
}

/**
 * tun_build_copy - copy a packet into a new skb
 * @q: charged for the memory
 * @from: the packet
 * @headroom: bytes to leave in front
 * @len: bytes of the packet
 * @linear: bytes of a large packet that should be linear, 0 for all
 * @noblock: return -EAGAIN rather than wait for the queue's earlier packets
 *
 * Return: the skb or an ERR_PTR().
 */
struct sk_buff *tun_build_copy(struct tun_queue *q, struct iov_iter *from,
			       size_t headroom, size_t len, size_t linear,
			       bool noblock)
{
	struct sk_buff *skb =
		tun_build_alloc(q, headroom, len, linear, noblock);

	if (IS_ERR(skb))
		return skb;

	if (unlikely(skb_copy_datagram_from_iter(skb, 0, from, len))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_UCOPY_FAULT);
		return ERR_PTR(-EFAULT);
	}

	return skb;
}

/**
 * tun_build_zerocopy - build an skb whose payload stays in user pages
 * @q: charged for the memory
 * @from: the packet; not more pages than an skb has fragments
 * @headroom: bytes to leave in front
 * @copy: bytes to copy from the start of @from, at most all
 * @noblock: return -EAGAIN rather than wait for the queue's earlier packets
 *
 * Return: the skb or an ERR_PTR().
 */
struct sk_buff *tun_build_zerocopy(struct tun_queue *q, struct iov_iter *from,
				   size_t headroom, size_t copy, bool noblock)
{
	struct sk_buff *skb = tun_build_alloc(q, headroom, copy, copy, noblock);

	if (IS_ERR(skb))
		return skb;

	if (unlikely(zerocopy_sg_from_iter(skb, from))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_UCOPY_FAULT);
		return ERR_PTR(-EFAULT);
	}

	return skb;
}

/* Bytes of the buffer of a packet in a page fragment. */
static size_t tun_build_page_buflen(size_t len, size_t headroom)
{
	return SKB_DATA_ALIGN(len + headroom) +
	       SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
}

/* May tun_build_skb() build a packet of this length? tun_build_skb() never
 * waits for room in the send buffer, so the queue must have no limit on it.
 */
bool tun_build_fits_page(const struct tun_queue *q, size_t len)
{
	size_t room = PAGE_HEADROOM + XDP_PACKET_HEADROOM;

	return q->sk.sk_sndbuf == INT_MAX &&
	       tun_build_page_buflen(len, room) <= PAGE_SIZE;
}

/* Hand the buffer to a packet: the next packet starts behind it. */
static void tun_build_take_frag(struct page_frag *frag, size_t buflen)
{
	get_page(frag->page);
	frag->offset += buflen;
}

static struct sk_buff *tun_build_wrap_frag(struct tun_queue *q,
					   struct page_frag *frag, void *buf,
					   size_t buflen, size_t headroom,
					   size_t len)
{
	struct sk_buff *skb = build_skb(buf, buflen);

	if (unlikely(!skb))
		return ERR_PTR(-ENOMEM);

	skb_reserve(skb, headroom);
	skb_put(skb, len);
	skb_set_owner_w(skb, &q->sk);
	tun_build_take_frag(frag, buflen);

	return skb;
}

/* The program may have moved both ends of the packet, and added metadata. */
static struct sk_buff *tun_build_wrap_xdp(struct tun_queue *q,
					  struct page_frag *frag,
					  const struct xdp_buff *xdp,
					  size_t buflen)
{
	struct sk_buff *skb;

	skb = tun_build_wrap_frag(q, frag, xdp->data_hard_start, buflen,
				  xdp->data - xdp->data_hard_start,
				  xdp->data_end - xdp->data);
	if (!IS_ERR(skb))
		tun_xdp_meta_to_skb(xdp, skb);
	return skb;
}

/* Run the native XDP program over a packet in a fragment. Returns true if the
 * packet passes; *xdp then has its new bounds. Returns false if XDP consumed
 * the packet.
 */
static bool tun_build_run_xdp(struct tun_dev *tun, struct xdp_buff *xdp,
			      struct page_frag *frag, size_t buflen)
{
	struct bpf_net_context ctx_on_stack, *ctx;
	bool pass = true;
	struct bpf_prog *prog;
	u32 act;
	int ret;

	local_bh_disable();
	ctx = bpf_net_ctx_set(&ctx_on_stack);
	rcu_read_lock();

	prog = rcu_dereference(tun->xdp_prog);
	if (prog) {
		bool taken;

		act = bpf_prog_run_xdp(prog, xdp);
		taken = act == XDP_REDIRECT || act == XDP_TX;
		if (taken)
			tun_build_take_frag(frag, buflen);

		ret = tun_xdp_act(tun, prog, xdp, act);
		if (ret < 0 && taken)
			put_page(frag->page);
		if (ret == XDP_REDIRECT)
			xdp_do_flush();
		pass = ret == XDP_PASS;
	}

	rcu_read_unlock();
	bpf_net_ctx_clear(ctx);
	local_bh_enable();

	return pass;
}

/**
 * tun_build_skb - build a packet in a fragment of the task's page
 * @tun: the device; its native XDP program runs before there is an skb
 * @q: the queue
 * @from: the packet
 * @hdr: the header in front of the packet, or NULL. The native XDP program does
 *	not run over a GSO packet.
 * @len: bytes of the packet, see tun_build_fits_page()
 * @xdp_done: out: native XDP ran, so the caller must not run generic XDP
 *
 * Return: the skb, NULL if XDP consumed the packet, or an ERR_PTR().
 */
struct sk_buff *tun_build_skb(struct tun_dev *tun, struct tun_queue *q,
			      struct iov_iter *from,
			      const struct virtio_net_hdr *hdr, size_t len,
			      bool *xdp_done)
{
	bool xdp_on = rcu_access_pointer(tun->xdp_prog);
	struct page_frag *frag = &current->task_frag;
	size_t headroom = PAGE_HEADROOM;
	struct xdp_buff xdp;
	size_t buflen;
	void *buf;

	if (xdp_on)
		headroom += XDP_PACKET_HEADROOM;
	buflen = tun_build_page_buflen(len, headroom);

	frag->offset = ALIGN((u64)frag->offset, SMP_CACHE_BYTES);
	if (unlikely(!skb_page_frag_refill(buflen, frag, GFP_KERNEL)))
		return ERR_PTR(-ENOMEM);

	buf = page_address(frag->page) + frag->offset;
	if (unlikely(copy_page_from_iter(frag->page, frag->offset + headroom,
					 len, from) != len))
		return ERR_PTR(-EFAULT);

	/* A program attached just now finds no headroom here. The caller runs
	 * it over the skb instead.
	 */
	if (likely(!xdp_on) || (hdr && hdr->gso_type))
		return tun_build_wrap_frag(q, frag, buf, buflen, headroom, len);

	*xdp_done = true;
	xdp_init_buff(&xdp, buflen, &q->xdp_rxq);
	xdp_prepare_buff(&xdp, buf, headroom, len, TUN_XDP_HAS_META);
	if (!tun_build_run_xdp(tun, &xdp, frag, buflen))
		return NULL;

	return tun_build_wrap_xdp(q, frag, &xdp, buflen);
}
