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
#include "../state.h"
#include "../thread.h"
#include "../wake.h"
#include "worker_rx.h"
#include "worker_tx.h"

static void tun_worker_run_pass(struct tun_ring *ring, unsigned long work)
{
	struct tun_worker *w = &ring->worker;
	struct tun_dev *tun = tun_dev_get(ring->q);
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
		tun_dev_put(tun);
}

/*
 * Run passes until no work is pending. After kthread_stop() the size of the
 * ring bounds the number of passes.
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
		if (kthread_should_stop())
			left--;
		cond_resched();
	}
	kthread_unuse_mm(ring->mm);
	mmput(ring->mm);
}

static int tun_worker_main(void *data)
{
	struct tun_ring *ring = data;
	struct tun_worker *w = &ring->worker;

	/*
	 * The driver's SIGKILL ends a page fault that the owner leaves
	 * unanswered. kill(2) of a user does not reach the worker. The worker
	 * loses a SIGKILL before this call, so tun_worker_stop() waits for the
	 * completion.
	 */
	allow_kernel_signal(SIGKILL);
	complete(&w->begun);
	while (!kthread_should_stop()) {
		if (tun_pending_wait(&w->work))
			tun_worker_run_pending(ring);
	}
	/* work may have become pending after the last pass */
	if (READ_ONCE(w->work.bits))
		tun_worker_run_pending(ring);
	return 0;
}

/**
 * tun_worker_create - create a worker for rings in the caller's memory
 * @ring: rings without a worker; @ring->mm is the caller's
 *
 * tun_worker_start() runs the worker. The worker belongs to the caller's
 * control groups.
 *
 * Return: 0 or a negative errno.
 */
int tun_worker_create(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;
	struct task_struct *task = tun_thread_create(ring, tun_worker_main);

	if (IS_ERR(task))
		return PTR_ERR(task);
	init_completion(&w->begun);
	w->started = false;
	w->task = task;
	return 0;
}

/* Start the worker of rings that are in service. */
void tun_worker_start(struct tun_ring *ring)
{
	ring->worker.work.bits = BIT(TUN_WORKER_RX) | BIT(TUN_WORKER_TX);
	ring->worker.started = true;
	wake_up_process(ring->worker.task);
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
 */
void tun_worker_stop(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;

	if (!w->task)
		return;
	if (w->started)
		wait_for_completion(&w->begun);
	tun_worker_wake(ring, TUN_WORKER_TX);
	send_sig(SIGKILL, w->task, 1);
	kthread_stop(w->task);
	tun_worker_rx_release(ring);
}

/* No packet path finds the worker any more: put the task_struct. */
void tun_worker_release(struct tun_ring *ring)
{
	struct tun_worker *w = &ring->worker;

	if (w->task)
		put_task_struct(w->task);
	w->task = NULL;
}
