// SPDX-License-Identifier: GPL-2.0
/*
 * The thread that serves rings in memory that may fault.
 *
 * It adopts the owner's address space while it has something to do, and holds
 * no reference that keeps that alive in between: an owner that dies takes its
 * memory along, and the rings are stopped.
 */
#include "state.h"

#include <linux/kthread.h>
#include <linux/mmu_context.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

#include "../tun.h"
#include "serve.h"
#include "worker.h"

static void run_pass(struct tun_ring *ring, unsigned long due)
{
	struct tun_ring_worker *w = &ring->worker;
	struct tun_dev *tun = tun_dev_get(ring->q);
	bool more;

	/* who holds it may sleep in a page fault; a signal means the end */
	if (mutex_lock_interruptible(&w->lock))
		goto out;
	if (due & BIT(TUN_WORKER_RX)) {
		more = tun_ring_serve_rx(ring, tun);
		if (more)
			set_bit(TUN_WORKER_RX, &w->due.bits);
	}
	if (due & BIT(TUN_WORKER_TX)) {
		more = tun_ring_serve_tx(ring, tun);
		if (more)
			set_bit(TUN_WORKER_TX, &w->due.bits);
	}
	mutex_unlock(&w->lock);
out:
	if (tun)
		tun_dev_put(tun);
}

/* Until nothing is due. The last pass of a thread is bounded by the rings. */
static void serve(struct tun_ring *ring)
{
	struct tun_ring_worker *w = &ring->worker;
	u32 left = 2 + ring->tx.m.vr.num / TUN_WORKER_BATCH;
	unsigned long due;

	if (!mmget_not_zero(ring->mm)) {
		tun_due_take(&w->due);
		tun_ring_failed(ring, &ring->rx.m.vr, -EFAULT);
		return;
	}
	kthread_use_mm(ring->mm);
	while ((due = tun_due_take(&w->due)) && left) {
		run_pass(ring, due);
		if (kthread_should_stop())
			left--;
		cond_resched();
	}
	kthread_unuse_mm(ring->mm);
	mmput(ring->mm);
}

static int worker_run(void *data)
{
	struct tun_ring *ring = data;
	struct tun_ring_worker *w = &ring->worker;

	/*
	 * The driver's SIGKILL ends a page fault that the owner leaves
	 * unanswered; nobody's kill(2) reaches the worker. Until it is allowed
	 * the signal is lost, so tun_ring_worker_stop() may go on after that.
	 */
	allow_kernel_signal(SIGKILL);
	complete(&w->begun);
	while (!kthread_should_stop()) {
		if (tun_due_wait(&w->due))
			serve(ring);
	}
	/* what became due between the last look and the end */
	if (READ_ONCE(w->due.bits))
		serve(ring);
	return 0;
}

/**
 * tun_ring_thread - a thread of the caller's for the rings of a queue
 * @ring: the rings, and the argument of @run
 * @run: what the thread does; it is not begun yet
 *
 * Return: the thread, with a reference, or an ERR_PTR().
 */
struct task_struct *tun_ring_thread(struct tun_ring *ring, int (*run)(void *))
{
	struct tun_dev *tun = tun_dev_get(ring->q);
	struct task_struct *task;

	if (!tun)
		return ERR_PTR(-EBADFD);
	task = tun_due_thread(kthread_create(run, ring, "tun-%d-%s.%u",
					     task_tgid_nr(current),
					     tun->dev->name, ring->q->index));
	tun_dev_put(tun);
	return IS_ERR(task) ? task : get_task_struct(task);
}

/**
 * tun_ring_worker_create - a thread for rings of the caller's memory
 * @ring: new; @ring->mm is the caller's
 *
 * It does not run yet. It belongs to the caller's control groups.
 *
 * Return: 0 or a negative errno.
 */
int tun_ring_worker_create(struct tun_ring *ring)
{
	struct tun_ring_worker *w = &ring->worker;
	struct task_struct *task = tun_ring_thread(ring, worker_run);

	if (IS_ERR(task))
		return PTR_ERR(task);
	init_completion(&w->begun);
	w->task = task;
	return 0;
}

/* The rings are in service. */
void tun_ring_worker_start(struct tun_ring *ring)
{
	ring->worker.due.bits = BIT(TUN_WORKER_RX) | BIT(TUN_WORKER_TX);
	ring->worker.started = true;
	wake_up_process(ring->worker.task);
}

/**
 * tun_ring_worker_stop - the thread ends
 * @ring: in service still; no lock held but the queue's ring_mutex
 *
 * What is available in the transmit ring goes first, if its memory lets it;
 * packets that were taken from the queue for the user are put back. Until the
 * rings are out of service they may find work for the thread, and wake what is
 * left of it.
 */
void tun_ring_worker_stop(struct tun_ring *ring)
{
	struct tun_ring_worker *w = &ring->worker;

	if (!w->task)
		return;
	if (w->started)
		wait_for_completion(&w->begun);
	tun_ring_worker_wake(ring, TUN_WORKER_TX);
	send_sig(SIGKILL, w->task, 1);
	kthread_stop(w->task);
	tun_ring_serve_rx_end(ring);
}

/* There is something to do. Context: any, also with interrupts off. */
void tun_ring_worker_wake(struct tun_ring *ring, enum tun_worker_due what)
{
	struct tun_ring_worker *w = &ring->worker;

	if (tun_due_set(&w->due, what))
		wake_up_process(w->task);
}

/* The user made receive buffers available. */
void tun_ring_worker_kick_rx(struct tun_ring *ring)
{
	atomic64_inc(&ring->worker.rx_kicks);
	WRITE_ONCE(ring->worker.rx_starved, false);
	tun_ring_worker_wake(ring, TUN_WORKER_RX);
}
