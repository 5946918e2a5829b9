// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait for receive buffers: the netdev queue stops, and goes on
 * when the user has made some available.
 */
#include "stop.h"

#include <linux/skbuff.h>

#include "../../tun.h"
#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../state.h"
#include "../wake.h"
#include "deliver.h"
#include "packet.h"

/**
 * tun_ring_rx_stop_queue - let a packet wait in the netdev queue
 * @ring: rx.lock held; it has no room
 * @dev: the device
 * @txq: the netdev queue
 *
 * The queue stops, the user is asked for a
 * kick, and the ring is looked at once more: buffers may have been made
 * available just before the user could know that we wait for them.
 */
void tun_ring_rx_stop_queue(struct tun_ring *ring, struct net_device *dev,
			    u16 txq)
{
	struct tun_ring_rx *rx = &ring->rx;
	u16 seen = rx->vq.vr.avail_idx;

	lockdep_assert_held(&rx->lock);

	netif_tx_stop_queue(netdev_get_tx_queue(dev, txq));
	if (!rx->stopped)
		rx->count.full++;
	rx->txq = txq;
	rx->stopped = true;
	/* pairs with the cmpxchg in tun_ring_set_broken(), before it looks for us */
	smp_mb();
	if (unlikely(READ_ONCE(ring->broken))) {
		rx->stopped = false;
		netif_tx_wake_queue(netdev_get_tx_queue(dev, txq));
		return;
	}
	if (rx->blocked)
		return;
	if (tun_vring_enable_kick(&rx->vq.vr, &tun_kmem) > 0 &&
	    rx->vq.vr.avail_idx != seen) {
		rx->stopped = false;
		tun_vring_disable_kick(&rx->vq.vr, &tun_kmem);
		netif_tx_wake_queue(netdev_get_tx_queue(dev, txq));
	}
}

/* Deliver the backlog as far as it goes. Return: nothing of it is left. */
static bool tun_ring_rx_drain_backlog(struct tun_ring *ring,
				      struct tun_dev *tun)
{
	struct tun_ring_backlog *b = &ring->rx.backlog;
	int err;

	lockdep_assert_held(&ring->rx.lock);

	for (; b->next < b->end; b->next++) {
		void *ptr = b->ptrs[b->next];

		if (tun_is_xdp_frame(ptr)) {
			err = tun_ring_rx_packet_frame(ring, tun,
						       tun_ptr_to_xdp(ptr));
		} else {
			struct tun_ring_packet p;

			tun_ring_rx_packet_of_skb(&p, ptr);
			err = tun_ring_rx_packet(ring, tun, &p);
		}
		if (err == -ENOSPC)
			return false;
		if (err)
			tun_ring_rx_drop(ring, tun, err);
		tun_ptr_free(ptr);
	}
	return true;
}

/*
 * Buffers may have been made available: the backlog goes first, then the
 * stopped queue. What still waits afterwards needs another kick, which is
 * asked for before the ring is looked at for the last time.
 */
static void tun_ring_rx_resume(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_rx *rx = &ring->rx;
	struct tun_vring *vr = &rx->vq.vr;
	u16 seen;

	lockdep_assert_held(&rx->lock);

	if (rx->closed)
		return;
	while (rx->blocked && !tun_ring_rx_drain_backlog(ring, tun)) {
		seen = vr->avail_idx;
		if (tun_vring_enable_kick(vr, &tun_kmem) <= 0 ||
		    vr->avail_idx == seen)
			return;
	}
	rx->blocked = false;
	tun_vring_disable_kick(vr, &tun_kmem);
	if (rx->stopped) {
		rx->stopped = false;
		/* else it starts when the device comes up */
		if (netif_running(tun->dev))
			netif_tx_wake_queue(netdev_get_tx_queue(tun->dev,
								rx->txq));
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
	enum tun_ring_rx_action action;

	if (tun_ring_has_worker(ring)) {
		tun_worker_kick_rx(ring);
		return;
	}
	tun = rcu_dereference(ring->q->tun);
	if (!tun)
		return;

	spin_lock_bh(&rx->lock);
	rx->count.kicks++;
	tun_ring_rx_resume(ring, tun);
	action = tun_ring_rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	tun_ring_rx_complete(ring, action);
}

/* The backlog is known: packets may come once it has gone. */
void tun_ring_rx_open(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_ring_rx_action action;

	rcu_read_lock();
	spin_lock_bh(&rx->lock);
	rx->closed = false;
	tun_ring_rx_resume(ring, tun);
	action = tun_ring_rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	tun_ring_rx_complete(ring, action);
	rcu_read_unlock();
}

/* From here on packets wait in the netdev queue; teardown wakes it. */
void tun_ring_rx_close(struct tun_ring *ring)
{
	struct tun_ring_rx *rx = &ring->rx;
	enum tun_ring_rx_action action;

	/* for the eventfd: another may be set while the device goes */
	rcu_read_lock();
	spin_lock_bh(&rx->lock);
	rx->closed = true;
	rx->blocked = true;
	action = tun_ring_rx_flush(ring);
	spin_unlock_bh(&rx->lock);
	tun_ring_rx_complete(ring, action);
	rcu_read_unlock();
}
