// SPDX-License-Identifier: GPL-2.0
#include "wake.h"

#include "../tun.h"
#include "state.h"
#include "thread.h"
#include "trace.h"

/**
 * tun_ring_thread_create - create a thread that works on rings for the caller
 * @thread: to be filled in
 * @ring: the rings, and the argument of @run
 * @run: function of the thread; the caller must wake the thread
 *
 * Return: 0; -EBADFD if the queue has no device; or see tun_thread_create().
 */
int tun_ring_thread_create(struct tun_thread *thread, struct tun_ring *ring,
			   int (*run)(void *))
{
	struct tun_dev *tun = tun_dev_get(ring->q);
	char name[IFNAMSIZ + 32];

	if (!tun)
		return -EBADFD;
	snprintf(name, sizeof(name), "tun-%d-%s.%u", task_tgid_nr(current),
		 tun->dev->name, ring->q->index);
	tun_dev_put(tun);
	return tun_thread_create(thread, name, run, ring);
}

/* Make work of the worker pending. Context: any, also with interrupts off. */
void tun_worker_wake(struct tun_ring *ring, enum tun_worker_work what)
{
	struct tun_worker *w = &ring->worker;

	if (tun_pending_set(&w->work, what))
		wake_up_process(w->thread.task);
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
