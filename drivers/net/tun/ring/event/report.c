// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <linux/sched/signal.h>

#include "../../tun.h"
#include "../../wake.h"
#include "../engine/vring.h"
#include "../state.h"
#include "eventfd.h"

/**
 * tun_ring_set_broken - stop both rings of a queue
 * @ring: the ring
 * @err: why: EPROTO it broke the rules; EFAULT its memory is gone
 *
 * The rest of the device is not touched. Context: any that uses a ring.
 *
 * Return: true the first time: tun_ring_report_broken() is to follow.
 */
bool tun_ring_set_broken(struct tun_ring *ring, int err)
{
	return !cmpxchg(&ring->broken, 0, err);
}

/**
 * tun_ring_report_broken - tell the log, the user, and who waits for room
 * @ring: stopped
 * @vr: the one that broke the rules
 *
 * Context: rx.lock is not held: a console may log over this very device.
 */
void tun_ring_report_broken(struct tun_ring *ring, const struct tun_vring *vr)
{
	struct tun_dev *tun;
	u16 txq;

	rcu_read_lock();
	tun = rcu_dereference(ring->q->tun);
	if (tun && net_ratelimit())
		netdev_err(tun->dev, "queue %u: %s ring stopped: %s\n",
			   ring->q->index, vr == &ring->rx.vq.vr ? "rx" : "tx",
			   vr->broken ?: "its memory is gone");
	/* pairs with the barrier in tun_ring_rx_stop_queue(): what comes now is dropped */
	if (tun && READ_ONCE(ring->rx.stopped) && netif_running(tun->dev)) {
		txq = READ_ONCE(ring->rx.txq);
		netif_tx_wake_queue(netdev_get_tx_queue(tun->dev, txq));
	}
	tun_ring_eventfd_signal(&ring->rx.call);
	tun_ring_eventfd_signal(&ring->tx.call);
	tun_ring_eventfd_signal(&ring->rx.err);
	tun_ring_eventfd_signal(&ring->tx.err);
	tun_queue_notify_error(ring->q);
	rcu_read_unlock();
}

/**
 * tun_ring_report_failed - the worker cannot use the rings any more
 * @ring: the rings
 * @vr: the one that failed
 * @err: -EPROTO the user broke the rules; -EFAULT its memory is gone
 */
void tun_ring_report_failed(struct tun_ring *ring, const struct tun_vring *vr,
			    int err)
{
	if (!tun_ring_set_broken(ring, -err))
		return;
	/* the fault was ended because the rings end: that is no news */
	if (!fatal_signal_pending(current))
		tun_ring_report_broken(ring, vr);
}
