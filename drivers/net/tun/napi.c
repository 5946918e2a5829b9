// SPDX-License-Identifier: GPL-2.0
#include "napi.h"

#include <linux/etherdevice.h>
#include <linux/skbuff.h>
#include <linux/uio.h>

#include "stats.h"

/* Written packets wait for this poll in sk_write_queue, which the socket layer
 * does not use on a tun socket.
 */
static int tun_napi_receive(struct tun_queue *q, int budget)
{
	struct sk_buff_head *queue = &q->sk.sk_write_queue;
	struct sk_buff_head todo;
	struct sk_buff *skb;
	int done = 0;

	__skb_queue_head_init(&todo);
	spin_lock(&queue->lock);
	skb_queue_splice_tail_init(queue, &todo);
	spin_unlock(&queue->lock);

	while (done < budget && (skb = __skb_dequeue(&todo))) {
		tun_queue_record(q, skb);
		napi_gro_receive(&q->napi, skb);
		done++;
	}

	if (!skb_queue_empty(&todo)) {
		spin_lock(&queue->lock);
		skb_queue_splice(&todo, queue);
		spin_unlock(&queue->lock);
	}

	return done;
}

/* For tun_napi_follow(). */
void tun_napi_renumber(const struct tun_queue *q, struct napi_struct *napi)
{
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < GRO_HASH_BUCKETS; i++)
		list_for_each_entry(skb, napi_gro_bucket(napi, i), list)
			tun_queue_record(q, skb);
}

static int tun_napi_poll(struct napi_struct *napi, int budget)
{
	struct tun_queue *q = container_of(napi, struct tun_queue, napi);
	int done;

	tun_napi_follow(q, napi, &q->napi_index);
	done = tun_napi_receive(q, budget);
	if (done < budget)
		napi_complete_done(napi, done);

	return done;
}

/* Add a NAPI to a newly attached queue if the flags of TUNSETIFF ask for it. */
void tun_napi_add(struct tun_dev *tun, struct tun_queue *q, unsigned int flags)
{
	q->napi_enabled = flags & IFF_NAPI;
	q->napi_frags = q->napi_enabled && (flags & IFF_NAPI_FRAGS);
	if (q->napi_enabled) {
		netif_napi_add_tx(tun->dev, &q->napi, tun_napi_poll);
		napi_enable(&q->napi);
	}
}

void tun_napi_enable(struct tun_queue *q)
{
	if (q->napi_enabled)
		napi_enable(&q->napi);
}

void tun_napi_disable(struct tun_queue *q)
{
	if (q->napi_enabled)
		napi_disable(&q->napi);
}

void tun_napi_del(struct tun_queue *q)
{
	if (q->napi_enabled)
		netif_napi_del(&q->napi);
}

/**
 * tun_napi_queue - hand a packet to the queue's NAPI
 * @q: the queue
 * @skb: the packet; consumed
 * @more: another packet follows at once
 *
 * Return: 0, or -EBUSY if the queue was detached.
 */
int tun_napi_queue(struct tun_queue *q, struct sk_buff *skb, bool more)
{
	struct sk_buff_head *queue = &q->sk.sk_write_queue;
	u32 len;

	spin_lock_bh(&queue->lock);
	if (unlikely(!tun_queue_is_active(q))) {
		spin_unlock_bh(&queue->lock);
		kfree_skb(skb);
		return -EBUSY;
	}
	__skb_queue_tail(queue, skb);
	len = skb_queue_len(queue);
	spin_unlock(&queue->lock);

	if (!more || len > NAPI_POLL_WEIGHT)
		napi_schedule(&q->napi);
	local_bh_enable();

	return 0;
}

/* Each segment of the writer's vector gets a fragment of its own, but the first
 * segment is linear.
 */
static int tun_napi_add_frags(struct sk_buff *skb, struct iov_iter segs)
{
	/* nr_segs may be 0 for an iterator over a single buffer. */
	unsigned int want = max(segs.nr_segs, 1UL);
	unsigned int n;

	iov_iter_advance(&segs, iov_iter_single_seg_count(&segs));
	for (n = 1; iov_iter_count(&segs); n++) {
		size_t len = iov_iter_single_seg_count(&segs);
		struct page *page;
		void *frag;

		if (len > PAGE_SIZE || n > MAX_SKB_FRAGS)
			return -EINVAL;
		frag = netdev_alloc_frag(len);
		if (!frag)
			return -ENOMEM;
		page = virt_to_head_page(frag);
		skb_fill_page_desc(skb, n - 1, page, frag - page_address(page),
				   len);
		iov_iter_advance(&segs, len);
	}

	/* The iterator skips empty segments. Empty segments are an error. */
	return n == want ? 0 : -EINVAL;
}

/* Take the skb out of the NAPI, so that no other path frees it. The NAPI exists
 * inside this RCU section: it is deleted only after IFF_UP is clear and a grace
 * period has passed.
 */
static struct sk_buff *tun_napi_get_skb(struct tun_dev *tun,
					struct tun_queue *q)
{
	struct sk_buff *skb = ERR_PTR(-EIO);

	rcu_read_lock_bh();
	if (likely(tun_dev_is_up(tun))) {
		skb = napi_get_frags(&q->napi) ?: ERR_PTR(-ENOMEM);
		q->napi.skb = NULL;
	}
	rcu_read_unlock_bh();

	return skb;
}

/**
 * tun_napi_build - allocate an skb with a fragment for each segment of @from
 * @tun: the device
 * @q: the queue; the caller holds napi_mutex
 * @from: the packet
 * @len: bytes of the packet
 *
 * Return: the skb, without contents, or an ERR_PTR().
 */
struct sk_buff *tun_napi_build(struct tun_dev *tun, struct tun_queue *q,
			       struct iov_iter *from, size_t len)
{
	size_t linear = iov_iter_single_seg_count(from);
	struct sk_buff *skb;
	int err;

	lockdep_assert_held(&q->napi_mutex);

	if (from->nr_segs > MAX_SKB_FRAGS + 1 ||
	    len > ETH_MAX_MTU - NET_SKB_PAD - NET_IP_ALIGN)
		return ERR_PTR(-EMSGSIZE);

	skb = tun_napi_get_skb(tun, q);
	if (IS_ERR(skb))
		return skb;

	err = __skb_grow(skb, linear);
	if (err)
		goto free;

	skb->len = len;
	skb->data_len = len - linear;
	skb->truesize += skb->data_len;

	err = tun_napi_add_frags(skb, *from);
	if (err)
		goto free;

	return skb;
free:
	kfree_skb(skb);
	return ERR_PTR(err);
}

/**
 * tun_napi_deliver_frags - give a packet of tun_napi_build() to the stack
 * @tun: the device, which is up
 * @q: the queue; the caller holds napi_mutex and rcu_read_lock()
 * @skb: the packet, behind eth_type_trans(); consumed
 *
 * Return: 0, -ENOMEM, or -EBUSY if the NAPI is disabled or already scheduled.
 */
int tun_napi_deliver_frags(struct tun_dev *tun, struct tun_queue *q,
			   struct sk_buff *skb)
{
	u32 headlen;

	lockdep_assert_held(&q->napi_mutex);

	/* GRO expects data to start at the Ethernet header. IFF_NAPI_FRAGS
	 * exists for testing, and eth_get_headlen() tests the flow dissector.
	 */
	skb_push(skb, ETH_HLEN);
	headlen = eth_get_headlen(tun->dev, skb->data, skb_headlen(skb));
	if (WARN_ON_ONCE(headlen > skb_headlen(skb))) {
		tun_stats_rx_dropped(tun);
		kfree_skb(skb);
		return -ENOMEM;
	}

	if (unlikely(!napi_schedule_prep(&q->napi))) {
		kfree_skb(skb);
		return -EBUSY;
	}

	local_bh_disable();
	tun_napi_follow(q, &q->napi, &q->napi_index);
	kfree_skb(q->napi.skb);
	tun_queue_record(q, skb);
	q->napi.skb = skb;
	napi_gro_frags(&q->napi);
	napi_complete(&q->napi);
	local_bh_enable();

	return 0;
}
