// SPDX-License-Identifier: GPL-2.0
/*
 * The thread that serves rings in memory that may fault.
 *
 * The worker adopts the owner's address space while work is pending. In between
 * the worker holds no reference that keeps the address space alive: the memory
 * of an owner that dies is released, and the rings are set broken.
 */
#include "worker.h"

#include <linux/kthread.h>
#include <linux/mmu_context.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

#include "../../tun.h"
#include "../event/report.h"
#include "../keep.h"
#include "../limit/limit.h"
#include "../state.h"
#include "../thread.h"
#include "../wake.h"
#include "worker_rx.h"
#include "worker_tx.h"

/* A worker that has not ended after this time counts as stuck. */
#define WAIT_END	HZ

static void tun_worker_run_pass(struct tun_ring *ring, unsigned long work)
{
	struct tun_worker *w = &ring->worker;
	struct tun_dev *tun = tun_dev_keep(ring->q);
	bool more;

	/* the holder may sleep in a page fault: SIGKILL ends the wait */
	if (mutex_lock_interruptible(&w->lock))
		goto out;
	if (work & BIT(TUN_WORKER_PURGE))
		tun_worker_rx_purge(ring);
	if (work & BIT(TUN_WORKER_RX)) {
		more = tun_worker_rx(ring, tun);
		if (more)
			set_bit(TUN_WORKER_RX, &w->work.bits);
	}
	if (work & BIT(TUN_WORKER_TX)) {
		more = tun_worker_tx(ring, tun);
		if (more)
			set_bit(TUN_WORKER_TX, &w->work.bits);
	}
	mutex_unlock(&w->lock);
out:
	if (tun)
		tun_dev_unkeep(tun);
}

/*
 * Run passes until no work is pending. Once the worker must stop, the size of
 * the ring limits the number of passes.
 */
static void tun_worker_run_pending(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;
	u32 left = 2 + ring->tx.vq.vr.num / TUN_WORKER_BATCH;
	unsigned long work;

	if (!mmget_not_zero(ring->mm)) {
		tun_pending_get(&w->work);
		tun_ring_report_failed(ring, &ring->rx.vq.vr, -EFAULT);
		return;
	}
	kthread_use_mm(ring->mm);
	while ((work = tun_pending_get(&w->work)) && left) {
		tun_worker_run_pass(ring, work);
		if (READ_ONCE(w->stop))
			left--;
		cond_resched();
	}
	kthread_unuse_mm(ring->mm);
	/*
	 * If the owner has exited, the last reference unmaps all of its memory.
	 * tun_worker_wait_end() must not wait for that.
	 */
	mmput_async(ring->mm);
}

/**
 * tun_worker_run - the function of the worker's thread
 * @ring: the rings; the caller has a reference to them, to their queue and to
 *	this module
 *
 * Return: true if tun_worker_stop() waits: the caller completes @ended of the
 * worker, with the last access to the rings.
 */
bool tun_worker_run(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;

	/*
	 * The driver's SIGKILL ends a page fault that the owner leaves
	 * unanswered. kill(2) of a user does not reach the worker. A SIGKILL
	 * before this call would be lost, so tun_worker_stop() waits for the
	 * completion.
	 */
	allow_kernel_signal(SIGKILL);
	complete(&w->begun);
	while (!READ_ONCE(w->stop)) {
		if (tun_pending_wait(&w->work))
			tun_worker_run_pending(ring);
	}
	/* work may have become pending after the last pass */
	if (READ_ONCE(w->work.bits))
		tun_worker_run_pending(ring);
	if (cmpxchg(&w->state, TUN_WORKER_RUNNING, TUN_WORKER_ENDED) ==
	    TUN_WORKER_RUNNING)
		return true;
	tun_worker_rx_free(ring);
	tun_ring_limit_stuck(w->thread.limit, false);
	return false;
}

/**
 * tun_worker_create - create a worker for rings in the caller's memory
 * @ring: rings without a worker; @ring->mm is the caller's
 * @run: function of the thread, which calls tun_worker_run()
 *
 * tun_worker_start() runs the worker. The worker belongs to the caller's
 * control groups.
 *
 * Return: 0 or a negative errno.
 */
int tun_worker_create(struct tun_ring *ring, int (*run)(void *))
{
	struct tun_worker *w = &ring->worker;

	init_completion(&w->begun);
	init_completion(&w->ended);
	w->started = false;
	w->stop = false;
	w->state = TUN_WORKER_RUNNING;
	return tun_ring_thread_create(&w->thread, ring, run);
}

/* Start the worker of rings that are in service. */
void tun_worker_start(struct tun_ring *ring)
{
	ring->worker.work.bits = BIT(TUN_WORKER_RX) | BIT(TUN_WORKER_TX);
	ring->worker.started = true;
	wake_up_process(ring->worker.thread.task);
}

/*
 * A worker of closed rings does not access the owner's memory, so all callers
 * wait for its end. Otherwise the owner waits, because it can answer its own
 * page faults. Another caller waits for WAIT_END, and does not wait if a worker
 * of this user is stuck already. Return: true if the worker has ended.
 */
static bool tun_worker_wait_end(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;

	if (tun_ring_is_closed(ring, TUN_RING_RX) &&
	    tun_ring_is_closed(ring, TUN_RING_TX)) {
		wait_for_completion(&w->ended);
		return true;
	}
	if (current->mm && current->mm == ring->mm)
		return !wait_for_completion_killable(&w->ended);
	if (tun_ring_limit_is_stuck(w->thread.limit))
		return try_wait_for_completion(&w->ended);
	return wait_for_completion_timeout(&w->ended, WAIT_END);
}

/*
 * The worker is stuck in a page fault, and no thread waits for the worker. The
 * worker has references of its own. When the fault ends, the worker frees its
 * packets and drops the references.
 */
static void tun_worker_leave(struct tun_ring *ring)
{
	struct ptr_ring *packets = &ring->q->tx_ring;
	struct tun_worker *w = &ring->worker;
	bool ended;

	/* after this the worker takes no packet, see tun_worker_rx_consume() */
	spin_lock(&packets->consumer_lock);
	ended = cmpxchg(&w->state, TUN_WORKER_RUNNING, TUN_WORKER_LEFT) !=
		TUN_WORKER_RUNNING;
	if (!ended)
		tun_ring_limit_stuck(w->thread.limit, true);
	spin_unlock(&packets->consumer_lock);
	if (!ended)
		return;
	wait_for_completion(&w->ended);
	tun_worker_rx_release(ring);
}

/**
 * tun_worker_stop - end the worker
 * @ring: rings that are still in service; the caller holds the queue's
 *	ring_mutex and no other lock
 *
 * The worker first sends the entries that are available in the transmit ring,
 * if the memory of the ring does not fault. Packets that the worker took from
 * the queue go back into the tx_ring. Packet paths may still wake the worker
 * until the server is replaced or q->ring is cleared. The task_struct is kept
 * for that.
 *
 * The function leaves a worker behind that is stuck in a page fault, unless the
 * caller is the owner of the memory. The caller must tear the rings down in
 * this case.
 */
void tun_worker_stop(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;

	lockdep_assert_held(&ring->q->ring_mutex);

	if (!w->thread.task)
		return;
	if (!w->started) {
		/* this returns without running the thread */
		kthread_stop(w->thread.task);
		return;
	}
	wait_for_completion(&w->begun);
	WRITE_ONCE(w->stop, true);
	tun_worker_wake(ring, TUN_WORKER_TX);
	send_sig(SIGKILL, w->thread.task, 1);
	if (tun_worker_wait_end(ring))
		tun_worker_rx_release(ring);
	else
		tun_worker_leave(ring);
}

/* Put the task_struct. No packet path finds the worker any more. */
void tun_worker_release(struct tun_ring *ring)
{
	tun_thread_release(&ring->worker.thread);
}
