// SPDX-License-Identifier: GPL-2.0
/*
 * Stack to user: a packet is copied straight into the user's buffers, in the
 * context that transmits it.
 */
#include "state.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "../queue.h"
#include "../stats.h"
#include "../tun.h"
#include "deliver.h"
#include "linear.h"
#include "ring.h"

/*
 * The ring has no room for a packet. The queue stops, the user is asked for a
 * kick, and the ring is looked at once more: buffers may have been made
 * available just before the user could know that we wait for them.
 */
static void rx_stop(struct tun_ring *ring, struct net_device *dev, u16 txq)
{
	struct tun_ring_rx *rx = &ring->rx;
	u16 seen = rx->m.vr.avail_idx;

	lockdep_assert_held(&rx->lock);

	netif_tx_stop_queue(netdev_get_tx_queue(dev, txq));
	if (!rx->stopped)
		rx->count.full++;
	rx->stopped = true;
	rx->txq = txq;
	if (rx->hold)
		return;
	if (tun_vring_enable_kick(&rx->m.vr, &tun_mapped) > 0 &&
	    rx->m.vr.avail_idx != seen) {
		rx->stopped = false;
		tun_vring_disable_kick(&rx->m.vr, &tun_mapped);
		netif_tx_wake_queue(netdev_get_tx_queue(dev, txq));
	}
}

/* Publish what was delivered. Return: the user wants to be woken. */
static bool rx_flush(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->m.vr;

	lockdep_assert_held(&rx->lock);

	if (vr->used_idx == vr->published)
		return false;
	tun_vring_publish(vr, &tun_mapped);
	if (!tun_vring_should_notify(vr, &tun_mapped))
		return false;
	rx->count.wakeups++;
	return true;
}

static void rx_drop(struct tun_ring *ring, const struct tun_dev *tun, int err)
{
	struct tun_ring_rx *rx = &ring->rx;

	lockdep_assert_held(&rx->lock);

	if (err == -EMSGSIZE)
		rx->count.too_big++;
	else
		rx->count.dropped++;
	if (err == -EPROTO)
		tun_ring_break(ring, &rx->m.vr);
	tun_stats_tx_dropped(tun);
}

static int rx_deliver_skb(struct tun_ring *ring, const struct tun_dev *tun,
			  const struct sk_buff *skb)
{
	struct tun_ring_packet p;

	tun_ring_packet_of_skb(&p, skb);
	return ring->rx.hold ? -ENOSPC : tun_ring_deliver(ring, tun, &p);
}

/*
 * A packet was not delivered. Return: -EBUSY if it is to wait, with the queue
 * stopped, else why it is dropped, counted.
 */
static int rx_failed(struct tun_ring *ring, struct tun_dev *tun, int err,
		     u16 txq)
{
	struct tun_ring_rx *rx = &ring->rx;

	lockdep_assert_held(&rx->lock);

	if (err == -ENOSPC && (rx->closed || !ring->rx_drop)) {
		rx_stop(ring, tun->dev, txq);
		return -EBUSY;
	}
	rx_drop(ring, tun, err);
	return err;
}

static netdev_tx_t rx_not_taken(struct sk_buff *skb, int err)
{
	if (err == -EBUSY)
		return NETDEV_TX_BUSY;
	skb_tx_error(skb);
	kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
	return NETDEV_TX_OK;
}

/**
 * tun_ring_xmit - ndo_start_xmit of a queue with rings
 * @ring: under RCU, bottom halves off
 * @skb: the packet, filtered and trimmed
 * @txq: the netdev queue
 *
 * Return: NETDEV_TX_OK: the skb is consumed, or dropped and counted;
 * NETDEV_TX_BUSY: the queue is stopped, the skb is the caller's.
 */
netdev_tx_t tun_ring_xmit(struct tun_ring *ring, struct sk_buff *skb, u16 txq)
{
	struct net_device *dev = skb->dev;
	struct tun_dev *tun = netdev_priv(dev);
	struct tun_ring_rx *rx = &ring->rx;
	bool wake = false;
	u32 len = skb->len;
	int err;

	spin_lock(&rx->lock);
	if (likely(!rx->hold && !READ_ONCE(ring->broken) &&
		   tun_ring_deliver_linear(ring, skb))) {
		err = 0;
	} else {
		err = rx_deliver_skb(ring, tun, skb);
		len += skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;
	}
	if (likely(!err)) {
		rx->count.packets++;
		rx->count.bytes += len;
	} else {
		err = rx_failed(ring, tun, err, txq);
	}
	if (!netdev_xmit_more() || err)
		wake = rx_flush(ring);
	spin_unlock(&rx->lock);

	if (wake)
		tun_queue_notify_readers(ring->q);
	if (unlikely(err))
		return rx_not_taken(skb, err);

	dev_sw_netstats_tx_add(dev, 1, len);
	txq_trans_cond_update(netdev_get_tx_queue(dev, txq));
	skb_tx_timestamp(skb);
	consume_skb(skb);
	return NETDEV_TX_OK;
}

/**
 * tun_ring_xmit_flush - the burst ended with a packet that was filtered out
 * @ring: under RCU, bottom halves off
 */
void tun_ring_xmit_flush(struct tun_ring *ring)
{
	bool wake;

	spin_lock(&ring->rx.lock);
	wake = rx_flush(ring);
	spin_unlock(&ring->rx.lock);
	if (wake)
		tun_queue_notify_readers(ring->q);
}

/* With counting; the caller frees what was delivered. */
static int rx_deliver_counted(struct tun_ring *ring, struct tun_dev *tun,
			      const struct tun_ring_packet *p)
{
	u32 len = p->len + p->vlan_hlen;
	int err;

	err = tun_ring_deliver(ring, tun, p);
	if (err)
		return err;
	ring->rx.count.packets++;
	ring->rx.count.bytes += len;
	dev_sw_netstats_tx_add(tun->dev, 1, len);
	return 0;
}

static int rx_deliver_frame(struct tun_ring *ring, struct tun_dev *tun,
			    const struct xdp_frame *frame)
{
	struct tun_ring_packet p;

	tun_ring_packet_of_frame(&p, frame);
	return rx_deliver_counted(ring, tun, &p);
}

/**
 * tun_ring_xdp_xmit - ndo_xdp_xmit of a queue with rings
 * @ring: under RCU, bottom halves off
 * @n: elements of @frames
 * @frames: the packets
 * @flags: XDP_XMIT_*
 *
 * XDP has no queue that could wait: what finds no room is left to the caller,
 * who drops it.
 *
 * Return: frames taken; they are freed.
 */
int tun_ring_xdp_xmit(struct tun_ring *ring, int n, struct xdp_frame **frames,
		      u32 flags)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_dev *tun;
	bool wake = false;
	int i, err = 0;

	tun = rcu_dereference(ring->q->tun);
	if (unlikely(!tun))
		return 0;

	spin_lock(&rx->lock);
	for (i = 0; i < n && !rx->hold; i++) {
		err = rx_deliver_frame(ring, tun, frames[i]);
		if (unlikely(err))
			break;
	}
	if (err)
		rx_drop(ring, tun, err);
	if (flags & XDP_XMIT_FLUSH || err)
		wake = rx_flush(ring);
	spin_unlock(&rx->lock);

	if (wake)
		tun_queue_notify_readers(ring->q);
	n = i;
	while (i--)
		xdp_return_frame_rx_napi(frames[i]);
	return n;
}

/* Deliver the backlog as far as it goes. Return: nothing of it is left. */
static bool rx_drain_backlog(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_backlog *b = &ring->rx.backlog;
	int err;

	lockdep_assert_held(&ring->rx.lock);

	for (; b->next < b->end; b->next++) {
		void *ptr = b->ptrs[b->next];

		if (tun_is_xdp_frame(ptr)) {
			err = rx_deliver_frame(ring, tun, tun_ptr_to_xdp(ptr));
		} else {
			struct tun_ring_packet p;

			tun_ring_packet_of_skb(&p, ptr);
			err = rx_deliver_counted(ring, tun, &p);
		}
		if (err == -ENOSPC)
			return false;
		if (err)
			rx_drop(ring, tun, err);
		tun_ptr_free(ptr);
	}
	return true;
}

/*
 * Buffers may have been made available: the backlog goes first, then the
 * stopped queue. What still waits afterwards needs another kick, which is
 * asked for before the ring is looked at for the last time.
 */
static void rx_resume(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->m.vr;
	u16 seen;

	lockdep_assert_held(&rx->lock);

	if (rx->closed)
		return;
	while (rx->hold && !rx_drain_backlog(ring, tun)) {
		seen = vr->avail_idx;
		if (tun_vring_enable_kick(vr, &tun_mapped) <= 0 ||
		    vr->avail_idx == seen)
			return;
	}
	rx->hold = false;
	tun_vring_disable_kick(vr, &tun_mapped);
	if (rx->stopped) {
		rx->stopped = false;
		netif_tx_wake_queue(netdev_get_tx_queue(tun->dev, rx->txq));
	}
}

/**
 * tun_ring_rx_kick - the user has made receive buffers available
 * @ring: under RCU
 */
void tun_ring_rx_kick(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_dev *tun;
	bool wake;

	tun = rcu_dereference(ring->q->tun);
	if (!tun)
		return;

	spin_lock_bh(&rx->lock);
	rx->count.kicks++;
	rx_resume(ring, tun);
	wake = rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	if (wake)
		tun_queue_notify_readers(ring->q);
}

/* The backlog is known: packets may come once it has gone. */
void tun_ring_rx_open(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_rx *rx = &ring->rx;

	spin_lock_bh(&rx->lock);
	rx->closed = false;
	rx_resume(ring, tun);
	spin_unlock_bh(&rx->lock);
}

/* From here on packets wait in the netdev queue; teardown wakes it. */
void tun_ring_rx_close(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;

	spin_lock_bh(&rx->lock);
	rx->closed = true;
	rx->hold = true;
	rx_flush(ring);
	spin_unlock_bh(&rx->lock);
}
