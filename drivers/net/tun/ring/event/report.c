// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <linux/sched/signal.h>

#include "../../tun.h"
#include "../../wake.h"
#include "../engine/vring.h"
#include "../flow/flow.h"
#include "../state.h"
#include "../trace.h"
#include "eventfd.h"

/**
 * tun_ring_set_broken - mark both rings of a queue broken
 * @ring: the rings
 * @err: EPROTO if the user broke the rules, EFAULT if the memory is gone
 *
 * The other queues of the device go on. Context: any context that uses a ring.
 *
 * Return: true for the first error: the caller calls tun_ring_report_broken().
 */
bool tun_ring_set_broken(struct tun_ring *ring, int err)
{
	return !cmpxchg(&ring->broken, 0, err);
}

/**
 * tun_ring_report_broken - report broken rings to the log and to the user
 * @ring: the rings, marked broken
 * @vr: the ring with the error
 *
 * Context: the caller does not hold rx.lock, because a console may send the
 * message through this device.
 */
void tun_ring_report_broken(struct tun_ring *ring, const struct tun_vring *vr)
{
	struct tun_dev *tun;

	trace_tun_ring_broken(ring, vr == &ring->rx.vq.vr,
			      READ_ONCE(ring->broken));
	rcu_read_lock();
	tun = rcu_dereference(ring->q->tun);
	if (tun && net_ratelimit())
		netdev_err(tun->dev, "queue %u: %s ring stopped: %s\n",
			   ring->q->index, vr == &ring->rx.vq.vr ? "rx" : "tx",
			   vr->broken ?: "its memory is gone");
	if (tun)
		tun_ring_flow_broken(ring, tun->dev);
	tun_ring_eventfd_signal(&ring->rx.call);
	tun_ring_eventfd_signal(&ring->tx.call);
	tun_ring_eventfd_signal(&ring->rx.err);
	tun_ring_eventfd_signal(&ring->tx.err);
	tun_queue_notify_error(ring->q);
	rcu_read_unlock();
}

/**
 * tun_ring_report_failed - mark rings broken after an error of the worker
 * @ring: the rings
 * @vr: the ring with the error
 * @err: -EPROTO if the user broke the rules, -EFAULT if the memory is gone
 */
void tun_ring_report_failed(struct tun_ring *ring, const struct tun_vring *vr,
			    int err)
{
	if (!tun_ring_set_broken(ring, -err))
		return;
	/*
	 * a page fault that the SIGKILL of tun_worker_stop() ended is no error
	 */
	if (!fatal_signal_pending(current))
		tun_ring_report_broken(ring, vr);
}
