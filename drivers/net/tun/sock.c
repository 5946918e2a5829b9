// SPDX-License-Identifier: GPL-2.0
#include "sock.h"

#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/module.h>
#include <linux/socket.h>

#include "input.h"
#include "napi.h"
#include "ptr.h"
#include "read.h"
#include "receive.h"
#include "rings.h"
#include "stats.h"
#include "wake.h"
#include "xdp.h"
#include "xdp_generic.h"

static struct tun_queue *tun_sock_queue_of(struct socket *sock)
{
	return container_of(sock, struct tun_queue, socket);
}

/**
 * struct tun_batch - pending work after the packets of one tun_sendmsg()
 * @page: page of the packets that were dropped last
 * @page_refs: number of dropped packets in @page, whose references are held
 * @redirected: xdp_do_flush() is needed
 * @queued: napi_schedule() is needed
 */
struct tun_batch {
	struct page	*page;
	unsigned int	page_refs;
	bool		redirected;
	bool		queued;
};

static void tun_sock_put_page_refs(struct tun_batch *b)
{
	if (b->page)
		__page_frag_cache_drain(b->page, b->page_refs);
}

/* Free a dropped packet's buffer. Most buffers of a batch are in the same page,
 * so their references are dropped together.
 */
static void tun_sock_put_buffer(struct tun_batch *b, const struct xdp_buff *xdp)
{
	struct page *page = virt_to_head_page(xdp->data);

	if (b->page == page) {
		b->page_refs++;
		return;
	}
	tun_sock_put_page_refs(b);
	b->page = page;
	b->page_refs = 1;
}

/* Returns true if the packet passes, or false if XDP or @b owns the buffer. */
static bool tun_sock_run_xdp(struct tun_dev *tun, struct tun_queue *q,
			     struct bpf_prog *prog, struct xdp_buff *xdp,
			     int buflen, struct tun_batch *b)
{
	int ret;

	xdp_init_buff(xdp, buflen, &q->xdp_rxq);
	if (!TUN_XDP_HAS_META)
		xdp_set_data_meta_invalid(xdp);

	ret = tun_xdp_act(tun, prog, xdp, bpf_prog_run_xdp(prog, xdp));
	switch (ret) {
	case XDP_PASS:
		return true;
	case XDP_REDIRECT:
		b->redirected = true;
		return false;
	case XDP_TX:
		return false;
	default:
		tun_sock_put_buffer(b, xdp);
		return false;
	}
}

/* Give the packet to the stack. Consumes the packet. */
static void tun_sock_deliver(struct tun_dev *tun, struct tun_queue *q,
			     struct sk_buff *skb, unsigned int len,
			     struct tun_batch *b)
{
	if (unlikely(!tun_dev_is_up(tun))) {
		tun_stats_rx_dropped(tun);
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return;
	}

	tun_receive_learn(tun, q, skb);

	if (q->napi_enabled) {
		if (tun_napi_queue(q, skb, true))
			return;
		b->queued = true;
	} else {
		netif_receive_skb(skb);
	}
	dev_sw_netstats_rx_add(tun->dev, len);
}

/* Returns an skb that owns the page reference of the buffer, or NULL. */
static struct sk_buff *tun_sock_build(const struct xdp_buff *xdp, int buflen)
{
	struct sk_buff *skb = build_skb(xdp->data_hard_start, buflen);

	if (likely(skb)) {
		skb_reserve(skb, xdp->data - xdp->data_hard_start);
		skb_put(skb, xdp->data_end - xdp->data);
		if (TUN_XDP_HAS_META)
			tun_xdp_meta_to_skb(xdp, skb);
	}

	return skb;
}

/* Take one packet of vhost_net, in a buffer with the virtio_net_hdr in front.
 * vhost_net gets no error for a packet that is dropped here.
 */
static void tun_sock_input_one(struct tun_dev *tun, struct tun_queue *q,
			       struct xdp_buff *xdp, struct tun_batch *b)
{
	unsigned int len = xdp->data_end - xdp->data;
	const int buflen = xdp_buflen(xdp);
	union vnet_any_hdr vnet;
	struct bpf_prog *prog;
	struct sk_buff *skb;

	tun_vnet_load(&vnet, xdp_vnet_hdr(xdp), READ_ONCE(tun->vnet_hdr_sz));
	if (tun_is_tap(tun) && unlikely(len < ETH_HLEN)) {
		tun_stats_rx_dropped(tun);
		tun_sock_put_buffer(b, xdp);
		return;
	}

	prog = rcu_dereference(tun->xdp_prog);
	if (prog && !vnet.basic.gso_type &&
	    !tun_sock_run_xdp(tun, q, prog, xdp, buflen, b))
		return;

	skb = tun_sock_build(xdp, buflen);
	if (unlikely(!skb)) {
		tun_stats_rx_dropped(tun);
		tun_sock_put_buffer(b, xdp);
		return;
	}

	if (tun_receive_prepare_inline(tun, q, skb, &vnet, NULL))
		return;

	tun_queue_record(q, skb);
	if (prog && vnet.basic.gso_type && !tun_xdp_generic(tun, &skb))
		return;

	tun_sock_deliver(tun, q, skb, len, b);
}

static void tun_sock_input_batch(struct tun_dev *tun, struct tun_queue *q,
				 struct xdp_buff *xdp, unsigned int n)
{
	struct bpf_net_context ctx_on_stack, *ctx;
	struct tun_batch b = { };
	unsigned int i;

	local_bh_disable();
	ctx = bpf_net_ctx_set(&ctx_on_stack);
	rcu_read_lock();

	for (i = 0; i < n; i++)
		tun_sock_input_one(tun, q, &xdp[i], &b);
	if (b.redirected)
		xdp_do_flush();
	if (b.queued)
		napi_schedule(&q->napi);

	rcu_read_unlock();
	bpf_net_ctx_clear(ctx);
	local_bh_enable();

	tun_sock_put_page_refs(&b);
}

static int tun_sendmsg(struct socket *sock, struct msghdr *m, size_t len)
{
	struct tun_msg_ctl *ctl = m->msg_control;
	struct tun_queue *q = tun_sock_queue_of(sock);
	struct tun_dev *tun = tun_dev_get(q);
	int ret;

	if (!tun)
		return -EBADFD;

	if (m->msg_controllen == sizeof(*ctl) && ctl &&
	    ctl->type == TUN_MSG_PTR) {
		tun_sock_input_batch(tun, q, ctl->ptr, ctl->num);
		ret = len;
	} else {
		ret = tun_get_user(tun, q, ctl ? ctl->ptr : NULL, &m->msg_iter,
				   m->msg_flags & MSG_DONTWAIT,
				   m->msg_flags & MSG_MORE);
	}

	tun_dev_put(tun);
	return ret;
}

static int tun_sock_receive_packet(struct tun_dev *tun, struct tun_queue *q,
				   struct msghdr *m, size_t len, int flags,
				   void *ptr)
{
	int ret;

	ret = tun_do_read(tun, q, &m->msg_iter, flags & MSG_DONTWAIT, ptr);
	if (ret > (ssize_t)len) {
		m->msg_flags |= MSG_TRUNC;
		if (!(flags & MSG_TRUNC))
			ret = len;
	}

	return ret;
}

/* msg_control may be a packet that vhost_net has already taken from the
 * tx_ring.
 */
static int tun_recvmsg(struct socket *sock, struct msghdr *m, size_t len,
		       int flags)
{
	struct tun_queue *q = tun_sock_queue_of(sock);
	struct tun_dev *tun = tun_dev_get(q);
	void *ptr = m->msg_control;
	int ret;

	if (!tun) {
		tun_ptr_free(ptr);
		return -EBADFD;
	}

	if (flags & ~(MSG_DONTWAIT | MSG_TRUNC | MSG_ERRQUEUE)) {
		tun_ptr_free(ptr);
		ret = -EINVAL;
	} else if (flags & MSG_ERRQUEUE) {
		ret = sock_recv_errqueue(sock->sk, m, len, SOL_PACKET,
					 TUN_TX_TIMESTAMP);
	} else {
		ret = tun_sock_receive_packet(tun, q, m, len, flags, ptr);
	}

	tun_dev_put(tun);
	return ret;
}

static int tun_peek_len(struct socket *sock)
{
	struct tun_queue *q = tun_sock_queue_of(sock);
	struct tun_dev *tun = tun_dev_get(q);
	int len;

	if (!tun)
		return 0;

	len = PTR_RING_PEEK_CALL(&q->tx_ring, tun_ptr_len);
	tun_dev_put(tun);
	return len;
}

const struct proto_ops tun_socket_ops = {
	.peek_len	= tun_peek_len,
	.sendmsg	= tun_sendmsg,
	.recvmsg	= tun_recvmsg,
};

struct proto tun_proto = {
	.name		= TUN_DRV_NAME,
	.owner		= THIS_MODULE,
	.obj_size	= sizeof(struct tun_queue),
};

/* sk_write_space: called by the socket layer when written packets were freed,
 * and by tun_netdev_up() when the device came up.
 */
void tun_sock_write_space(struct sock *sk)
{
	struct tun_queue *q = container_of(sk, struct tun_queue, sk);

	tun_ring_kick_space(q);
	if (!sock_writeable(sk))
		return;
	if (test_and_clear_bit(SOCKWQ_ASYNC_NOSPACE, &q->socket.flags))
		tun_queue_notify_writers(q);
}
