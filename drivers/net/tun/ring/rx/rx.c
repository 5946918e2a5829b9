// SPDX-License-Identifier: GPL-2.0
/*
 * Stack to user: the context that transmits a packet copies the packet straight
 * into the user's buffers.
 */
#include "rx.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "../../tun.h"
#include "../../vnet.h"
#include "../../wake.h"
#include "../state.h"
#include "../wake.h"
#include "deliver.h"
#include "fast.h"
#include "packet.h"
#include "stop.h"

static int tun_ring_rx_deliver_skb(struct tun_ring *ring,
				   const struct tun_dev *tun,
				   const struct sk_buff *skb)
{
	struct tun_ring_packet p;

	tun_ring_rx_packet_of_skb(&p, skb);
	return ring->rx.blocked ? -ENOSPC : tun_ring_rx_deliver(ring, tun, &p);
}

/*
 * Handle a packet that was not delivered. Return: -EBUSY if the packet waits in
 * the stopped queue, else the reason why the packet was dropped and counted.
 */
static int tun_ring_rx_failed(struct tun_ring *ring, struct tun_dev *tun,
			      int err, u16 txq)
{
	struct tun_ring_rx *rx = &ring->rx;

	lockdep_assert_held(&rx->lock);

	/* a broken ring never has room again: a packet must not wait for it */
	if (err == -ENOSPC && !READ_ONCE(ring->broken) &&
	    (rx->closed || !ring->rx_drop)) {
		tun_ring_rx_stop_queue(ring, tun->dev, txq);
		return -EBUSY;
	}
	tun_ring_rx_drop(ring, tun, err);
	return err;
}

static netdev_tx_t tun_ring_rx_not_delivered(const struct tun_dev *tun,
					     struct sk_buff *skb, int err)
{
	struct virtio_net_hdr hdr;

	if (err == -EBUSY)
		return NETDEV_TX_BUSY;
	/* convert again, to log the error without rx.lock */
	if (err == -EINVAL)
		tun_vnet_hdr_from_skb(tun, skb, &hdr, true, 0);
	skb_tx_error(skb);
	kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
	return NETDEV_TX_OK;
}

/* Wake the worker for packets in the tx_ring. Context: any. */
void tun_ring_rx_notify(struct tun_ring *ring)
{
	/* packet before rx_starved; a kick clears the flag, then sets work */
	smp_mb();
	if (!READ_ONCE(ring->worker.rx_starved))
		tun_worker_wake(ring, TUN_WORKER_RX);
	/* read() competes with a guest's rings for packets */
	if (ring->mode == TUN_RING_MODE_GUEST)
		tun_queue_notify_readers(ring->q);
}

/**
 * tun_ring_rx_xmit - ndo_start_xmit of a queue with rings
 * @ring: the rings; the caller is under RCU, with bottom halves off
 * @skb: the packet, filtered and trimmed
 * @txq: the netdev queue
 *
 * Return: NETDEV_TX_OK if the skb is consumed, or dropped and counted;
 * NETDEV_TX_BUSY if the queue is stopped, and the caller still owns the skb.
 */
netdev_tx_t tun_ring_rx_xmit(struct tun_ring *ring, struct sk_buff *skb,
			     u16 txq)
{
	struct net_device *dev = skb->dev;
	struct tun_dev *tun = netdev_priv(dev);
	struct tun_ring_rx *rx = &ring->rx;
	struct netdev_queue *queue = netdev_get_tx_queue(dev, txq);
	enum tun_ring_rx_action action = TUN_RING_RX_NOTHING;
	u32 len = skb->len;
	int err;

	spin_lock(&rx->lock);
	if (likely(!rx->blocked && !READ_ONCE(ring->broken) &&
		   tun_ring_rx_fast_deliver(ring, tun, skb))) {
		err = 0;
	} else {
		err = tun_ring_rx_deliver_skb(ring, tun, skb);
		len += skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;
	}
	if (likely(!err)) {
		/* count a packet before its publication to the user */
		tun_ring_count_packets(&rx->count, 1, len);
		dev_sw_netstats_tx_add(dev, 1, len);
	} else {
		err = tun_ring_rx_failed(ring, tun, err, txq);
	}
	/* a burst also ends if another CPU stopped the queue */
	if (!netdev_xmit_more() || err || netif_xmit_stopped(queue))
		action = tun_ring_rx_flush(ring);
	spin_unlock(&rx->lock);

	tun_ring_rx_complete(ring, action);
	if (unlikely(err))
		return tun_ring_rx_not_delivered(tun, skb, err);

	txq_trans_cond_update(queue);
	skb_tx_timestamp(skb);
	consume_skb(skb);
	return NETDEV_TX_OK;
}

/**
 * tun_ring_rx_xmit_flush - end a burst whose last packet was filtered out
 * @ring: the rings; the caller is under RCU, with bottom halves off
 */
void tun_ring_rx_xmit_flush(struct tun_ring *ring)
{
	READ_ONCE(ring->server)->flush(ring);
}

/**
 * tun_ring_rx_publish - publish the packets of a burst that has ended
 * @ring: the rings, served by NAPI; the caller is under RCU, with bottom halves
 *	off
 */
void tun_ring_rx_publish(struct tun_ring *ring)
{
	enum tun_ring_rx_action action;

	spin_lock(&ring->rx.lock);
	action = tun_ring_rx_flush(ring);
	spin_unlock(&ring->rx.lock);
	tun_ring_rx_complete(ring, action);
}

/**
 * tun_ring_rx_flush_queue - end a burst that may lack its last packet
 * @q: a queue, with rings or without; no transmitter is inside a burst to @q
 */
void tun_ring_rx_flush_queue(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring)
		return;
	local_bh_disable();
	rcu_read_lock();
	tun_ring_rx_xmit_flush(ring);
	rcu_read_unlock();
	local_bh_enable();
}

/**
 * tun_ring_rx_xdp_xmit - ndo_xdp_xmit of a queue with rings
 * @ring: the rings; the caller is under RCU, with bottom halves off
 * @n: elements of @frames
 * @frames: the packets
 * @flags: XDP_XMIT_*
 *
 * XDP has no queue in which frames could wait. The caller drops the frames that
 * find no room.
 *
 * Return: the number of delivered frames, which this function freed.
 */
int tun_ring_rx_xdp_xmit(struct tun_ring *ring, int n,
			 struct xdp_frame **frames, u32 flags)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_dev *tun;
	enum tun_ring_rx_action action = TUN_RING_RX_NOTHING;
	int i, err = 0;

	tun = rcu_dereference(ring->q->tun);
	if (unlikely(!tun))
		return 0;

	spin_lock(&rx->lock);
	for (i = 0; i < n && !rx->blocked; i++) {
		err = tun_ring_rx_packet_frame(ring, tun, frames[i]);
		if (unlikely(err))
			break;
	}
	if (err)
		tun_ring_rx_drop(ring, tun, err);
	if (flags & XDP_XMIT_FLUSH || err)
		action = tun_ring_rx_flush(ring);
	spin_unlock(&rx->lock);

	tun_ring_rx_complete(ring, action);
	n = i;
	while (i--)
		xdp_return_frame_rx_napi(frames[i]);
	return n;
}
