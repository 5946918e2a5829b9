// SPDX-License-Identifier: GPL-2.0
/*
 * Sets the protocol of a packet from user space, and gives the packet to the
 * stack.
 */
#include "receive.h"

#include "napi.h"

/**
 * tun_receive_prepare - prepare a written packet for the stack
 * @tun: the device
 * @q: the queue that the packet came from
 * @skb: the packet; freed on error
 * @vnet: the packet's header, or NULL
 * @proto: on a TUN device: the EtherType, or NULL to derive it
 *
 * Return: 0 or a negative errno.
 */
int tun_receive_prepare(struct tun_dev *tun, struct tun_queue *q,
			struct sk_buff *skb, const union vnet_any_hdr *vnet,
			const __be16 *proto)
{
	return tun_receive_prepare_inline(tun, q, skb, vnet, proto);
}

/* Collect up to rx_batched written packets (ethtool -C), and give them to the
 * stack together.
 */
static noinline void tun_receive_batched(struct tun_queue *q,
					 struct sk_buff *skb, u32 batch,
					 bool more)
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
		while ((skb = __skb_dequeue(&todo))) {
			tun_queue_record(q, skb);
			netif_receive_skb(skb);
		}
	}
	local_bh_enable();
}

static void tun_receive_one(const struct tun_dev *tun, struct tun_queue *q,
			    struct sk_buff *skb, bool more)
{
	u32 batch = READ_ONCE(tun->rx_batched);

	if (unlikely(batch)) {
		tun_receive_batched(q, skb, batch, more);
		return;
	}

	local_bh_disable();
	tun_queue_record(q, skb);
	netif_receive_skb(skb);
	local_bh_enable();
}

/**
 * tun_receive_skb - give a packet to the stack
 * @tun: the device
 * @q: the queue that the packet came from
 * @skb: the packet, prepared; consumed
 * @len: bytes to count in the statistics
 * @more: another packet follows at once
 *
 * Return: 0 or a negative errno.
 */
int tun_receive_skb(struct tun_dev *tun, struct tun_queue *q,
		    struct sk_buff *skb, size_t len, bool more)
{
	int err = 0;

	/* Unregistering the device clears IFF_UP, and then waits for this RCU
	 * section before it frees the queue's NAPI and the device.
	 */
	rcu_read_lock();
	if (unlikely(!tun_dev_is_up(tun))) {
		rcu_read_unlock();
		tun_stats_rx_dropped(tun);
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return -EIO;
	}

	tun_receive_learn(tun, q, skb);

	if (unlikely(q->napi_frags))
		err = tun_napi_deliver_frags(tun, q, skb);
	else if (q->napi_enabled)
		err = tun_napi_queue(q, skb, more);
	else
		tun_receive_one(tun, q, skb, more);
	rcu_read_unlock();

	if (likely(!err))
		tun_stats_rx(tun, len);

	return err;
}
