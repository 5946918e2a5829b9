// SPDX-License-Identifier: GPL-2.0
/*
 * Stack to user, by the worker: packets wait in the tx_ring, as packets for
 * read() do, and the worker delivers them in its own context, which may sleep.
 */
#include "worker_rx.h"

#include <linux/skbuff.h>

#include "../../backpressure/backpressure.h"
#include "../../ptr.h"
#include "../../stats.h"
#include "../../tun.h"
#include "../../wake.h"
#include "../engine/vring.h"
#include "../event/eventfd.h"
#include "../event/report.h"
#include "../keep.h"
#include "../mem/access_user.h"
#include "../rx/deliver.h"
#include "../state.h"
#include "../trace.h"
#include "busy_poll.h"

/* Return: number of packets that were taken from the queue into the batch. */
static u32 tun_worker_rx_consume(struct tun_ring *ring)
{
	struct ptr_ring *packets = &ring->q->tx_ring;
	u32 n = 0;

	/* after tun_worker_leave(), the queue may end */
	spin_lock(&packets->consumer_lock);
	if (likely(!tun_worker_is_left(&ring->worker)))
		n = __ptr_ring_consume_batched(packets, ring->worker.batch,
					       TUN_WORKER_BATCH);
	if (n)
		tun_backpressure_consumed(ring->q, n);
	spin_unlock(&packets->consumer_lock);
	return n;
}

/* Return: the next packet, which stays in the batch for now, or NULL. */
static void *tun_worker_rx_next_packet(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;

	if (w->next == w->end) {
		w->next = 0;
		w->end = tun_worker_rx_consume(ring);
	}
	return w->next < w->end && !tun_worker_is_left(w) ? w->batch[w->next] :
							    NULL;
}

/* Packets that a pass has delivered, and not counted yet. */
struct tun_worker_rx_delivered {
	u32 packets;
	u32 bytes;
};

static int tun_worker_rx_deliver(struct tun_ring *ring, struct tun_dev *tun,
				 void *ptr, struct tun_worker_rx_delivered *done)
{
	struct tun_ring_packet p;
	int err;

	if (tun_is_xdp_frame(ptr))
		tun_ring_rx_packet_of_frame(&p, tun_ptr_to_xdp(ptr));
	else
		tun_ring_rx_packet_of_skb(&p, ptr);
	err = tun_ring_rx_deliver_user(ring, tun, &p);
	if (likely(!err)) {
		done->packets++;
		done->bytes += p.len + p.vlan_hlen;
	}
	return err;
}

/* Count the packets of a pass before their publication. */
static void tun_worker_rx_count(struct tun_ring *ring, struct tun_dev *tun,
				const struct tun_worker_rx_delivered *done)
{
	if (!done->packets)
		return;
	tun_ring_count_packets(&ring->rx.count, done->packets, done->bytes);
	/* the device may have been unregistered during a page fault */
	rcu_read_lock();
	if (likely(tun_dev_lives(tun)))
		tun_stats_tx(tun, done->packets, done->bytes);
	rcu_read_unlock();
}

static void tun_worker_rx_drop(struct tun_ring *ring, struct tun_dev *tun,
			       void *ptr, int err)
{
	if (err == -EMSGSIZE)
		tun_ring_count_inc(&ring->rx.count, too_big);
	else
		tun_ring_count_inc(&ring->rx.count, dropped);
	rcu_read_lock();
	if (tun && tun_dev_lives(tun))
		tun_stats_tx_dropped(tun);
	rcu_read_unlock();
	tun_ptr_free(ptr);
}

/*
 * Enable kicks, and check for buffers again.
 * Return: 1 if there are buffers now, 0, or a negative errno.
 */
static int tun_worker_rx_wait_for_buffers(struct tun_ring *ring)
{
	struct tun_vring *vr = &ring->rx.vq.vr;
	u16 seen = vr->avail_idx;
	int err;

	if (!ring->worker.rx_starved) {
		tun_ring_count_inc(&ring->rx.count, full);
		trace_tun_ring_stopped(ring);
	}
	WRITE_ONCE(ring->worker.rx_starved, true);
	/*
	 * store rx_starved before avail_event, so that the kick which the user
	 * makes after it has seen avail_event clears rx_starved. Matches b in
	 * vring.h: the user's full barrier, and then its system call
	 */
	smp_wmb();
	err = tun_vring_enable_kick(vr, &tun_umem);
	if (err < 0 || vr->avail_idx == seen)
		return min(err, 0);
	WRITE_ONCE(ring->worker.rx_starved, false);
	trace_tun_ring_woken(ring);
	return tun_vring_disable_kick(vr, &tun_umem) ?: 1;
}

/* Publish the delivered packets. Return: 0 or a negative errno. */
static int tun_worker_rx_publish(struct tun_ring *ring)
{
	struct tun_vring *vr = &ring->rx.vq.vr;
	int err;

	if (vr->used_idx == vr->published)
		return 0;
	tun_ring_trace_delivered(ring);
	err = tun_vring_publish(vr, &tun_umem);
	if (err || !tun_vring_should_notify(vr, &tun_umem))
		return err;
	tun_ring_count_inc(&ring->rx.count, wakeups);
	rcu_read_lock();
	tun_ring_eventfd_signal(&ring->rx.call);
	tun_queue_notify_readers(ring->q);
	rcu_read_unlock();
	return 0;
}

/*
 * Deliver packets that wait, and count them. @n is set to the number of packets
 * that left the batch. Return: 0, or the reason of the last packet; -ENOSPC if
 * that packet still waits.
 */
static int tun_worker_rx_batch(struct tun_ring *ring, struct tun_dev *tun,
			       int *n)
{
	struct tun_worker_rx_delivered done = {};
	struct tun_worker *w = &ring->worker;
	int err = 0;
	void *ptr;

	for (*n = 0; *n < TUN_WORKER_BATCH; ++*n) {
		ptr = tun_worker_rx_next_packet(ring);
		if (!ptr)
			break;
		err = tun ? tun_worker_rx_deliver(ring, tun, ptr, &done) :
			    -ENODEV;
		if (err == -ENOSPC && !ring->rx_drop)
			break;
		w->next++;
		if (likely(!err))
			tun_ptr_consume(ptr);
		else
			tun_worker_rx_drop(ring, tun, ptr, err);
		if (err == -EPROTO || err == -EFAULT)
			break;
	}
	tun_worker_rx_count(ring, tun, &done);
	return err;
}

/**
 * tun_worker_rx - one pass over the packets that wait
 * @ring: worker.lock is held, and the worker uses the owner's mm
 * @tun: the device, or NULL if it is gone
 *
 * Return: true if another pass must follow at once.
 */
bool tun_worker_rx(struct tun_ring *ring, struct tun_dev *tun)
{
	int n, err, more;

	lockdep_assert_held(&ring->worker.lock);

	/* the packets wait for read() after the teardown of broken rings */
	if (tun_ring_is_closed(ring, TUN_RING_RX) || READ_ONCE(ring->broken))
		return false;
	err = tun_worker_rx_batch(ring, tun, &n);
	more = n == TUN_WORKER_BATCH;
	if (likely(err != -EPROTO && err != -EFAULT)) {
		bool wait = err == -ENOSPC && !ring->rx_drop;

		err = tun_worker_rx_publish(ring);
		if (!err && wait) {
			more = tun_worker_rx_wait_for_buffers(ring);
			err = more;
		} else if (!err && !more) {
			tun_worker_busy_poll(ring, TUN_WORKER_RX);
		}
	}
	if (unlikely(err < 0)) {
		tun_ring_report_failed(ring, &ring->rx.vq.vr, err);
		return false;
	}
	return more;
}

/* Drop the packets of the worker's batch. */
void tun_worker_rx_purge(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;

	lockdep_assert_held(&w->lock);

	while (w->next < w->end)
		tun_ptr_free(w->batch[w->next++]);
}

/* Put the packets of the worker's batch back into the tx_ring, for read(). */
void tun_worker_rx_release(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;

	ptr_ring_unconsume(&ring->q->tx_ring, w->batch + w->next,
			   w->end - w->next, tun_ptr_free);
	w->next = 0;
	w->end = 0;
}

/* The worker was left behind: free the packets of its batch. */
void tun_worker_rx_free(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;

	for (; w->next < w->end; w->next++) {
		tun_ring_count_inc(&ring->rx.count, dropped);
		tun_ptr_free(w->batch[w->next]);
	}
}
