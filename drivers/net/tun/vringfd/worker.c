// SPDX-License-Identifier: GPL-2.0
/*
 * The thread of a ring, which calls the driver's pull. The thread uses the
 * user's memory, as long as the user lives.
 */
#include "worker.h"

#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/mmu_context.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

#include "state.h"
#include "vringfd.h"

/* Stop a ring that broke the rules, or whose memory is gone. Context: any. */
void vringfd_stop(struct vringfd *vr, int err)
{
	if (cmpxchg(&vr->broken, 0, err))
		return;
	pr_err_ratelimited("vringfd: a ring was stopped: %s\n",
			   READ_ONCE(vr->vq.vr.broken) ?: "its memory is gone");
	wake_up_interruptible_poll(&vr->wait, EPOLLERR | EPOLLIN | EPOLLRDNORM);
}

/**
 * vringfd_call - call the driver's push or pull
 * @vr: the ring; the caller runs with the user's memory
 * @push: call push, because the user wrote to the file; else call pull
 *
 * Return: the driver's return value; -ENOTCONN if no driver is attached; or the
 * errno of a ring that was stopped.
 */
int vringfd_call(struct vringfd *vr, bool push)
{
	int ret;

	lockdep_assert_held(&vr->lock);

	if (vr->broken)
		return -vr->broken;
	if (!vr->ops)
		return -ENOTCONN;
	ret = push ? vr->ops->push(vr->ctx) : vr->ops->pull(vr->ctx);
	/* A page fault that a fatal signal ended does not mean that the memory
	 * is gone.
	 */
	if (ret == -EPROTO || (ret == -EFAULT && !fatal_signal_pending(current)))
		vringfd_stop(vr, -ret);
	return ret;
}

/* Returns true if there is more to do. */
static bool vringfd_worker_pull(struct vringfd *vr)
{
	int ret;

	/* The owner of the lock may sleep in a page fault. The SIGKILL of
	 * vringfd_worker_stop() ends the wait.
	 */
	if (mutex_lock_interruptible(&vr->lock))
		return false;
	ret = vringfd_call(vr, false);
	mutex_unlock(&vr->lock);
	return ret > 0;
}

static void vringfd_worker_run(struct vringfd *vr)
{
	if (!mmget_not_zero(vr->mm)) {
		tun_pending_get(&vr->work);
		vringfd_stop(vr, EFAULT);
		return;
	}
	kthread_use_mm(vr->mm);
	while (!kthread_should_stop() && tun_pending_get(&vr->work)) {
		if (vringfd_worker_pull(vr))
			set_bit(0, &vr->work.bits);
		cond_resched();
	}
	kthread_unuse_mm(vr->mm);
	mmput(vr->mm);
}

static int vringfd_worker_main(void *data)
{
	struct vringfd *vr = data;

	/* SIGKILL of vringfd_worker_stop() ends a page fault that user space
	 * does not resolve. A kill(2) of user space has no effect.
	 */
	allow_kernel_signal(SIGKILL);
	complete(&vr->running);
	while (!kthread_should_stop()) {
		if (tun_pending_wait(&vr->work))
			vringfd_worker_run(vr);
	}
	return 0;
}

/* Return: a thread in the caller's control groups, which does not run yet; or
 * an ERR_PTR().
 */
struct task_struct *vringfd_worker_create(struct vringfd *vr)
{
	return tun_thread_adopt(kthread_create(vringfd_worker_main, vr,
					       "vringfd-%d",
					       task_tgid_nr(current)));
}

/* The driver is attached: start the thread with one pull. */
void vringfd_worker_start(struct vringfd *vr, struct task_struct *task)
{
	lockdep_assert_held(&vr->attach_lock);

	init_completion(&vr->running);
	get_task_struct(task);
	vr->work.bits = 1;
	spin_lock_irq(&vr->task_lock);
	vr->task = task;
	spin_unlock_irq(&vr->task_lock);
	wake_up_process(task);
	/* Wait until the thread accepts SIGKILL. A SIGKILL that
	 * vringfd_worker_stop() sends earlier would be lost.
	 */
	wait_for_completion(&vr->running);
}

/* On return, the thread has ended and vringfd_schedule() cannot wake it. */
void vringfd_worker_stop(struct vringfd *vr)
{
	struct task_struct *task = vr->task;

	lockdep_assert_held(&vr->attach_lock);

	if (!task)
		return;
	spin_lock_irq(&vr->task_lock);
	vr->task = NULL;
	spin_unlock_irq(&vr->task_lock);
	send_sig(SIGKILL, task, 1);
	kthread_stop(task);
	put_task_struct(task);
}

/**
 * vringfd_schedule - wake the thread, so that it calls pull
 * @vr: the ring; the caller needs a reference only
 *
 * Context: any, also with interrupts off.
 */
void vringfd_schedule(struct vringfd *vr)
{
	unsigned long flags;

	if (!tun_pending_set(&vr->work, 0))
		return;
	spin_lock_irqsave(&vr->task_lock, flags);
	if (vr->task)
		wake_up_process(vr->task);
	spin_unlock_irqrestore(&vr->task_lock, flags);
}
EXPORT_SYMBOL_GPL(vringfd_schedule);
