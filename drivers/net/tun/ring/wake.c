// SPDX-License-Identifier: GPL-2.0
#include "wake.h"

#include "state.h"
#include "thread.h"
#include "trace.h"

/* Make work of the worker pending. Context: any, also with interrupts off. */
void tun_worker_wake(struct tun_ring *ring, enum tun_worker_work what)
{
	struct tun_worker *w = &ring->worker;

	if (tun_pending_set(&w->work, what))
		wake_up_process(w->task);
}

/* The user made receive buffers available. */
void tun_worker_kick_rx(struct tun_ring *ring)
{
	atomic64_inc(&ring->rx.count.kicks);
	if (READ_ONCE(ring->worker.rx_starved)) {
		WRITE_ONCE(ring->worker.rx_starved, false);
		trace_tun_ring_woken(ring);
	}
	tun_worker_wake(ring, TUN_WORKER_RX);
}
