// SPDX-License-Identifier: GPL-2.0
/*
 * Transmission of a packet that cannot be delivered at once: the packet waits or
 * is dropped.
 */
#include "slow.h"

#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "../../ptr.h"
#include "../../tun.h"
#include "../../vnet.h"
#include "../flow/ask.h"
#include "../flow/flow.h"
#include "../state.h"
#include "fifo.h"
#include "packet.h"
#include "wait.h"

/* May a packet wait for room? rx.lock is held. A broken ring never has room again. */
bool tun_ring_rx_may_wait(const struct tun_ring *ring)
{
	lockdep_assert_held(&ring->rx.lock);

	return !READ_ONCE(ring->broken) &&
	       (!ring->rx_drop || ring->rx.state == TUN_RING_RX_CLOSED);
}

/*
 * Deliver a packet that is ready to wait, or let it wait.
 * Return: 0; -EINPROGRESS if the packet waits; or another negative errno.
 */
static int tun_ring_rx_deliver_or_wait(struct tun_ring *ring,
				       struct tun_dev *tun,
				       struct sk_buff *skb, u16 txq, bool *more)
{
	struct tun_ring_rx *rx = &ring->rx;
	bool stopped;
	int err;

	lockdep_assert_held(&rx->lock);

	if (rx->state == TUN_RING_RX_WAITING)
		*more = tun_ring_rx_wait_drain(ring, tun);
	err = tun_ring_rx_gate(ring) ?: tun_ring_rx_packet_skb(ring, tun, skb);
	if (err != -ENOSPC || !tun_ring_rx_may_wait(ring))
		return err;
	if (!tun_ring_rx_fifo_add_skb(ring, skb))
		return -ENOSPC;
	if (rx->state == TUN_RING_RX_CLOSED)
		return -EINPROGRESS;
	/* two CPUs transmit: the queue may run although the ring is full */
	stopped = tun_ring_flow_stop(ring, tun->dev, txq);
	if (!stopped && rx->state == TUN_RING_RX_OPEN)
		tun_ring_count_inc(&rx->count, full);
	if (rx->state == TUN_RING_RX_OPEN)
		*more = tun_ring_rx_wait_begin(ring, tun);
	else if (stopped)
		/* packets waited while the queue ran: the timer may have ended */
		tun_ring_flow_start_timer(ring, TUN_RING_FLOW_PERIOD_NS);
	return -EINPROGRESS;
}

static enum skb_drop_reason tun_ring_rx_drop_reason(int err)
{
	switch (err) {
	case -ENOSPC:
		return SKB_DROP_REASON_FULL_RING;
	case -ENOMEM:
		return SKB_DROP_REASON_SKB_UCOPY_FAULT;
	case -EMSGSIZE:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	case -EINVAL:
		return SKB_DROP_REASON_UNHANDLED_PROTO;
	default:
		return SKB_DROP_REASON_DEV_READY;
	}
}

/* The caller has counted the packet as dropped. */
static netdev_tx_t tun_ring_rx_dropped(const struct tun_dev *tun,
				       struct sk_buff *skb, int err)
{
	struct virtio_net_hdr hdr;

	/* make the header again, to log the error without rx.lock */
	if (err == -EINVAL)
		tun_vnet_hdr_from_skb(tun, skb, &hdr, true, 0);
	skb_tx_error(skb);
	kfree_skb_reason(skb, tun_ring_rx_drop_reason(err));
	return NET_XMIT_DROP;
}

/*
 * Transmit a packet that probably has to wait. The function prepares the packet
 * for waiting without rx.lock, because the release of the packet's socket may
 * wake a sender.
 */
static netdev_tx_t tun_ring_rx_xmit_wait(struct tun_ring *ring,
					 struct sk_buff *skb, u16 txq)
{
	struct net_device *dev = skb->dev;
	struct tun_dev *tun = netdev_priv(dev);
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_ring_rx_action action;
	bool more = false;
	int err = 0;

	if (tun_ptr_prepare_skb(skb) != SKB_NOT_DROPPED_YET)
		err = -ENOMEM;

	spin_lock(&rx->lock);
	if (likely(!err))
		err = tun_ring_rx_deliver_or_wait(ring, tun, skb, txq, &more);
	if (err && err != -EINPROGRESS)
		tun_ring_rx_drop(ring, tun, err);
	action = tun_ring_rx_flush(ring);
	spin_unlock(&rx->lock);

	tun_ring_rx_complete(ring, action);
	if (unlikely(more))
		tun_ring_rx_wait_later(ring);
	if (err && err != -EINPROGRESS)
		return tun_ring_rx_dropped(tun, skb, err);

	txq_trans_cond_update(netdev_get_tx_queue(dev, txq));
	if (!err)
		consume_skb(skb);
	return NETDEV_TX_OK;
}

/**
 * tun_ring_rx_xmit_failed - handle a packet that was not delivered
 * @ring: the rings; rx.lock is held, and this function releases the lock
 * @skb: the packet; consumed
 * @txq: the netdev queue
 * @err: a negative errno of tun_ring_rx_packet_skb()
 *
 * Return: as tun_ring_rx_xmit().
 */
netdev_tx_t tun_ring_rx_xmit_failed(struct tun_ring *ring,
				    struct sk_buff *skb,
				    u16 txq, int err)
	__releases(&ring->rx.lock)
{
	bool wait = err == -ENOSPC &&
		    (tun_ring_rx_may_wait(ring) ||
		     ring->rx.state == TUN_RING_RX_WAITING);
	struct tun_dev *tun = netdev_priv(skb->dev);
	enum tun_ring_rx_action action;

	lockdep_assert_held(&ring->rx.lock);

	if (!wait)
		tun_ring_rx_drop(ring, tun, err);
	action = tun_ring_rx_flush(ring);
	spin_unlock(&ring->rx.lock);
	tun_ring_rx_complete(ring, action);
	return wait ? tun_ring_rx_xmit_wait(ring, skb, txq)
		    : tun_ring_rx_dropped(tun, skb, err);
}
