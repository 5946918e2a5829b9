// SPDX-License-Identifier: GPL-2.0
/*
 * Stack to user: the context that transmits a packet copies the packet straight
 * into the user's buffers. A packet that finds no buffer waits, see wait.c.
 */
#include "rx.h"

#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "../../compat/vnet.h"
#include "../../tun.h"
#include "../../wake.h"
#include "../flow/flow.h"
#include "../state.h"
#include "../wake.h"
#include "fast.h"
#include "fifo.h"
#include "packet.h"
#include "slow.h"
#include "wait.h"

/**
 * tun_ring_rx_takes_tunnels - have packets for a queue room for the offsets of a tunnel?
 * @tun: the device
 * @q: a queue of the device; the caller is under RCU
 *
 * Records have no room, and a virtio_net_hdr has room from 24 bytes on, unless
 * VHOST_NET_F_VIRTIO_NET_HDR keeps the device from making headers.
 *
 * Return: true also if the queue has no rings.
 */
bool tun_ring_rx_takes_tunnels(const struct tun_dev *tun,
			       const struct tun_queue *q)
{
	const struct tun_ring *ring = rcu_dereference_check(q->ring,
							    rcu_read_lock_bh_held());

	if (!ring)
		return true;
	return !ring->rx.meta && !READ_ONCE(ring->vhost_hlen) &&
	       tun_ring_hdr_sz(0, tun, READ_ONCE(tun->flags)) >=
	       sizeof(union vnet_any_hdr);
}

/* Wake the worker for packets in the tx_ring. Context: any. */
void tun_ring_rx_notify(struct tun_ring *ring)
{
	/*
	 * add the packet before the load of rx_starved; a kick clears the flag,
	 * then sets work
	 */
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
 * @skb: the packet, filtered, trimmed and time-stamped; consumed
 * @txq: the netdev queue
 *
 * Return: NETDEV_TX_OK if the packet was delivered or waits; NET_XMIT_DROP if
 * the packet was dropped and counted.
 */
netdev_tx_t tun_ring_rx_xmit(struct tun_ring *ring, struct sk_buff *skb,
			     u16 txq)
{
	struct net_device *dev = skb->dev;
	struct tun_dev *tun = netdev_priv(dev);
	struct tun_ring_rx *rx = &ring->rx;
	struct netdev_queue *queue = netdev_get_tx_queue(dev, txq);
	enum tun_ring_rx_action action = TUN_RING_RX_NOTHING;
	int err;

	spin_lock(&rx->lock);
	if (likely(!tun_ring_rx_gate(ring) &&
		   tun_ring_rx_fast_deliver(ring, tun, skb))) {
		tun_ring_rx_count(ring, dev, skb->len);
	} else {
		err = tun_ring_rx_gate(ring) ?:
		      tun_ring_rx_packet_skb(ring, tun, skb);
		if (unlikely(err))
			return tun_ring_rx_xmit_failed(ring, skb, txq, err);
	}
	if (unlikely(tun_ring_flow_is_on(ring)))
		tun_ring_rx_wait_flow(ring, tun, txq);
	/* a burst also ends if the queue was stopped */
	if (!netdev_xmit_more() || netif_xmit_stopped(queue))
		action = tun_ring_rx_flush(ring);
	spin_unlock(&rx->lock);

	tun_ring_rx_complete(ring, action);
	txq_trans_cond_update(queue);
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
 * tun_ring_rx_flush_queue - end a burst whose last packet may be missing
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

/*
 * Deliver frames, and drop frames that no buffers can hold. Return: the number
 * of these frames. @err is 0 or the reason why the rest was not delivered.
 */
static int tun_ring_rx_deliver_frames(struct tun_ring *ring,
				      struct tun_dev *tun, int n,
				      struct xdp_frame **frames, int *err)
{
	int i;

	*err = tun_ring_rx_gate(ring);
	for (i = 0; i < n && !*err; i++) {
		if (likely(tun_ring_rx_fast_frame(ring, tun, frames[i]))) {
			tun_ring_rx_count(ring, tun->dev, frames[i]->len);
			continue;
		}
		*err = tun_ring_rx_packet_frame(ring, tun, frames[i]);
		if (*err == -ENOSPC || *err == -EPROTO)
			break;
		if (unlikely(*err))
			tun_ring_rx_drop(ring, tun, *err);
		*err = 0;
	}
	return i;
}

/* Let frames wait. Return: the number of frames that wait now. */
static int tun_ring_rx_add_frames(struct tun_ring *ring, int n,
				  struct xdp_frame **frames)
{
	int i;

	for (i = 0; i < n; i++)
		if (!tun_ring_rx_fifo_add_frame(ring, frames[i]))
			break;
	return i;
}

/**
 * tun_ring_rx_xdp_xmit - ndo_xdp_xmit of a queue with rings
 * @ring: the rings; the caller is under RCU, with bottom halves off
 * @n: elements of @frames
 * @frames: the packets
 * @flags: XDP_XMIT_*
 *
 * Return: the number of frames that were delivered or wait. This function
 * counted the other frames as dropped, and the caller frees them.
 */
int tun_ring_rx_xdp_xmit(struct tun_ring *ring, int n,
			 struct xdp_frame **frames, u32 flags)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_dev *tun;
	enum tun_ring_rx_action action = TUN_RING_RX_NOTHING;
	int i, taken, delivered, err = 0;
	bool more = false;

	tun = rcu_dereference(ring->q->tun);
	if (unlikely(!tun))
		return 0;

	spin_lock(&rx->lock);
	if (unlikely(rx->state == TUN_RING_RX_WAITING))
		more = tun_ring_rx_wait_drain(ring, tun);
	delivered = tun_ring_rx_deliver_frames(ring, tun, n, frames, &err);
	taken = delivered;
	if (err == -ENOSPC && tun_ring_rx_may_wait(ring))
		taken += tun_ring_rx_add_frames(ring, n - taken,
						frames + taken);
	if (taken > delivered && rx->state == TUN_RING_RX_OPEN) {
		tun_ring_count_inc(&rx->count, full);
		more = tun_ring_rx_wait_begin(ring, tun);
	}
	for (i = taken; i < n; i++)
		tun_ring_rx_drop(ring, tun, err);
	if (flags & XDP_XMIT_FLUSH || err)
		action = tun_ring_rx_flush(ring);
	spin_unlock(&rx->lock);

	tun_ring_rx_complete(ring, action);
	if (unlikely(more))
		tun_ring_rx_wait_later(ring);
	for (i = 0; i < delivered; i++)
		xdp_return_frame_rx_napi(frames[i]);
	return taken;
}
