// SPDX-License-Identifier: GPL-2.0
/*
 * User to stack, by the worker.
 */
#include "worker_tx.h"

#include <linux/sched/signal.h>
#include <linux/skbuff.h>

#include "../../receive.h"
#include "../../stats.h"
#include "../../tun.h"
#include "../../wake.h"
#include "../engine/vring.h"
#include "../event/eventfd.h"
#include "../event/report.h"
#include "../keep.h"
#include "../mem/access_user.h"
#include "../state.h"
#include "../trace.h"
#include "../tx/account.h"
#include "../tx/build.h"
#include "../tx/sndbuf.h"
#include "busy_poll.h"

/* Build skbs from available chains, up to a batch. Return: chains taken. */
static int tun_worker_tx_build_batch(struct tun_ring *ring, struct tun_dev *tun,
				     struct sk_buff_head *list, int *err)
{
	struct tun_ring_tx *tx = &ring->tx;
	bool limited = tun_ring_tx_limited(ring);
	struct sk_buff *skb;
	int n;

	*err = 0;
	for (n = 0; n < TUN_WORKER_BATCH; n++) {
		if (limited && tun_ring_tx_limit_reached(ring))
			break;
		*err = tun_vring_pop(&tx->vq.vr, &tun_umem, TUN_VRING_READ,
				     tun_umem_walk_read, &tx->chain);
		if (*err <= 0)
			break;
		skb = tun_ring_tx_build_user(ring, tun);
		*err = tun_vring_push(&tx->vq.vr, &tun_umem, tx->chain.head, 0);
		if (!IS_ERR(skb) && limited)
			tun_ring_tx_own(ring, skb);
		if (!IS_ERR(skb))
			__skb_queue_tail(list, skb);
		else if (PTR_ERR(skb) == -EFAULT)
			*err = -EFAULT;
		else
			tun_ring_tx_error(ring, tun, PTR_ERR(skb));
		if (*err)
			break;
	}
	return n;
}

/*
 * A page fault may last long while the worker builds packets. Afterwards the
 * device may be down, or in another network namespace, where the marks have
 * another meaning. The queue may have ended, too.
 */
static bool tun_worker_tx_may_deliver(const struct tun_ring *ring,
				      const struct tun_dev *tun, u64 net)
{
	return !tun_worker_is_left(&ring->worker) &&
	       tun_ring_tx_may_send(ring, tun) &&
	       tun_ring_tx_net_cookie(tun) == net;
}

/*
 * Count a dropped packet. The device may have been unregistered during a page
 * fault.
 */
static void tun_worker_tx_dropped(struct tun_ring *ring, struct tun_dev *tun)
{
	tun_ring_count_inc(&ring->tx.count, dropped);
	rcu_read_lock();
	if (tun_dev_lives(tun))
		tun_stats_rx_dropped(tun);
	rcu_read_unlock();
}

static void tun_worker_tx_drop(struct tun_ring *ring, struct tun_dev *tun,
			       struct sk_buff_head *packets)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(packets))) {
		tun_worker_tx_dropped(ring, tun);
		kfree_skb(skb);
	}
}

/* @net is the network namespace of the device when the packets were built. */
static void tun_worker_tx_deliver(struct tun_ring *ring, struct tun_dev *tun,
				  struct sk_buff_head *packets, u64 net)
{
	u64 n = 0, bytes = 0;
	struct sk_buff *skb;
	LIST_HEAD(list);

	local_bh_disable();
	rcu_read_lock();
	if (unlikely(!tun_worker_tx_may_deliver(ring, tun, net)))
		tun_worker_tx_drop(ring, tun, packets);
	while ((skb = __skb_dequeue(packets))) {
		tun_queue_record(ring->q, skb);
		if (!tun_ring_tx_xdp(ring, tun, &skb))
			continue;
		n++;
		bytes += skb->len - skb_mac_offset(skb);
		tun_receive_learn(tun, ring->q, skb);
		list_add_tail(&skb->list, &list);
	}
	netif_receive_skb_list(&list);
	/* if there are no packets, the device may be gone with its counters */
	if (likely(n)) {
		tun_ring_count_packets(&ring->tx.count, n, bytes);
		tun_ring_tx_device_stats(tun->dev, n, bytes);
	}
	rcu_read_unlock();
	local_bh_enable();
}

/*
 * Use entries, up to a batch, and count them as dropped. User space may set the
 * device up and then add entries at any moment. The worker drops only entries
 * that were available before the worker found the device down once more, in the
 * order of tun_ring_tx_is_down(). Return: the number of popped chains.
 */
static int tun_worker_tx_discard(struct tun_ring *ring, struct tun_dev *tun,
				 int *err)
{
	struct tun_ring_tx *tx = &ring->tx;
	int n, left;

	*err = tun_vring_refresh(&tx->vq.vr, &tun_umem);
	if (tun_ring_tx_may_send(ring, tun))
		return 0;
	left = min(*err, TUN_WORKER_BATCH);
	for (n = 0; n < left; n++) {
		*err = tun_vring_pop(&tx->vq.vr, &tun_umem, TUN_VRING_READ,
				     tun_umem_walk_read, &tx->chain);
		if (*err <= 0)
			break;
		*err = tun_vring_push(&tx->vq.vr, &tun_umem, tx->chain.head, 0);
		if (*err)
			break;
		tun_worker_tx_dropped(ring, tun);
	}
	return n;
}

static int tun_worker_tx_send(struct tun_ring *ring, struct tun_dev *tun,
			      int *err)
{
	u64 net = tun_ring_tx_net_cookie(tun);
	struct sk_buff_head packets;
	int n;

	__skb_queue_head_init(&packets);
	n = tun_worker_tx_build_batch(ring, tun, &packets, err);
	tun_worker_tx_deliver(ring, tun, &packets, net);
	return n;
}

static int tun_worker_tx_publish(struct tun_ring *ring)
{
	struct tun_vring *vr = &ring->tx.vq.vr;
	int err;

	err = tun_vring_publish(vr, &tun_umem);
	if (err || !tun_vring_should_notify(vr, &tun_umem))
		return err;
	tun_ring_count_inc(&ring->tx.count, wakeups);
	rcu_read_lock();
	tun_ring_eventfd_signal(&ring->tx.call);
	tun_queue_notify_writers(ring->q);
	rcu_read_unlock();
	return 0;
}

/*
 * Wait for work after a pass that took fewer chains than a batch. Return: 1 if
 * work is pending, 0, or a negative errno.
 */
static int tun_worker_tx_rearm(struct tun_ring *ring, struct tun_dev *tun)
{
	if (tun_ring_tx_limited(ring) && tun_ring_tx_may_send(ring, tun) &&
	    tun_ring_tx_limit_reached(ring))
		return !tun_ring_tx_wait_space(ring);
	/*
	 * if the poll finds work, kicks stay disabled, and another pass follows
	 */
	if (tun_worker_busy_poll(ring, TUN_WORKER_TX))
		return 1;
	return tun_vring_enable_kick(&ring->tx.vq.vr, &tun_umem);
}

/**
 * tun_worker_tx - one pass over the available entries of the transmit ring
 * @ring: worker.lock is held, and the worker uses the owner's mm
 * @tun: the device, or NULL if it is gone
 *
 * Return: true if another pass must follow at once.
 */
bool tun_worker_tx(struct tun_ring *ring, struct tun_dev *tun)
{
	struct tun_vring *vr = &ring->tx.vq.vr;
	int n, err, more = 0;

	lockdep_assert_held(&ring->worker.lock);

	if (READ_ONCE(ring->tx.closed) || !tun_ring_tx_ready(ring, tun))
		return false;
	tun_vring_disable_kick(vr, &tun_umem);
	if (likely(tun_ring_tx_may_send(ring, tun)))
		n = tun_worker_tx_send(ring, tun, &err);
	else
		n = tun_worker_tx_discard(ring, tun, &err);
	if (err >= 0 && n) {
		tun_ring_trace_consumed(ring);
		err = tun_worker_tx_publish(ring);
	}
	if (err >= 0 && n < TUN_WORKER_BATCH) {
		more = tun_worker_tx_rearm(ring, tun);
		err = min(more, 0);
	}
	if (unlikely(err < 0)) {
		tun_ring_report_failed(ring, vr, err);
		return false;
	}
	return n == TUN_WORKER_BATCH || more > 0;
}
