// SPDX-License-Identifier: GPL-2.0
#include "xmit.h"

#include <linux/filter.h>
#include <linux/skbuff.h>

#include "backpressure/backpressure.h"
#include "ptr.h"
#include "rings.h"
#include "stats.h"
#include "wake.h"

/* Run the filters of the device and the queue over a packet, and trim the
 * packet to the length that the eBPF program returns.
 */
static enum skb_drop_reason tun_xmit_apply_filters(const struct tun_dev *tun,
						   struct tun_queue *q,
						   struct sk_buff *skb)
{
	unsigned int len;

	if (unlikely(!tun_filter_mac(&tun->filter, skb)))
		return SKB_DROP_REASON_TAP_TXFILTER;

	if (rcu_access_pointer(q->sk.sk_filter) && sk_filter(&q->sk, skb))
		return SKB_DROP_REASON_SOCKET_FILTER;

	len = tun_filter_len(&tun->filter, skb);
	if (unlikely(!len))
		return SKB_DROP_REASON_TAP_FILTER;

	if (unlikely(pskb_trim(skb, len)))
		return SKB_DROP_REASON_NOMEM;

	return SKB_NOT_DROPPED_YET;
}

/* Queue the packet for read(), vhost_net or the worker. */
static enum skb_drop_reason tun_xmit_queue_skb(struct tun_queue *q,
					       struct sk_buff *skb)
{
	enum skb_drop_reason reason = tun_ptr_prepare_skb(skb);
	int err;

	if (unlikely(reason != SKB_NOT_DROPPED_YET))
		return reason;
	if (tun_backpressure_is_on(q))
		err = tun_backpressure_produce(q, skb);
	else
		err = ptr_ring_produce(&q->tx_ring, skb);
	if (unlikely(err))
		return SKB_DROP_REASON_FULL_RING;

	return SKB_NOT_DROPPED_YET;
}

static netdev_tx_t tun_xmit_drop(const struct tun_dev *tun, struct tun_queue *q,
				 struct sk_buff *skb,
				 enum skb_drop_reason reason)
{
	struct tun_ring *ring = q ? rcu_dereference(q->ring) : NULL;

	tun_stats_tx_dropped(tun);
	skb_tx_error(skb);
	kfree_skb_reason(skb, reason);

	/* The ring publishes its packets at the end of a burst. The last packet
	 * of this burst is dropped here, so publish the packets before it.
	 */
	if (unlikely(ring) && !netdev_xmit_more())
		tun_ring_rx_xmit_flush(ring);

	return NET_XMIT_DROP;
}

static netdev_tx_t tun_xmit_rcu(struct tun_dev *tun, struct sk_buff *skb,
				u16 txq)
{
	struct tun_queue *q = rcu_dereference(tun->queues[txq]);
	enum skb_drop_reason reason;
	struct tun_ring *ring;

	if (unlikely(!q))
		return tun_xmit_drop(tun, q, skb, SKB_DROP_REASON_DEV_READY);

	netif_info(tun, tx_queued, tun->dev, "transmit %u bytes\n", skb->len);

	reason = tun_xmit_apply_filters(tun, q, skb);
	if (unlikely(reason != SKB_NOT_DROPPED_YET))
		return tun_xmit_drop(tun, q, skb, reason);

	/* User space must not have the packet before its time stamp is taken. */
	skb_tx_timestamp(skb);

	/* A ring copies the packet at once if it has buffers, so the packet need
	 * not be orphaned.
	 */
	ring = rcu_dereference(q->ring);
	if (unlikely(ring) && !tun_ring_via_ptr_ring(ring))
		return tun_ring_rx_xmit(ring, skb, txq);

	reason = tun_xmit_queue_skb(q, skb);
	if (unlikely(reason != SKB_NOT_DROPPED_YET))
		return tun_xmit_drop(tun, q, skb, reason);

	/* The core takes no tx lock here, so the driver updates trans_start. */
	txq_trans_cond_update(netdev_get_tx_queue(tun->dev, txq));
	if (unlikely(ring))
		tun_ring_rx_notify(ring);
	else
		tun_queue_notify_readers(q);

	return NETDEV_TX_OK;
}

/* ndo_start_xmit */
netdev_tx_t tun_net_xmit(struct sk_buff *skb, struct net_device *dev)
{
	netdev_tx_t ret;

	rcu_read_lock();
	ret = tun_xmit_rcu(netdev_priv(dev), skb, skb_get_queue_mapping(skb));
	rcu_read_unlock();

	return ret;
}
