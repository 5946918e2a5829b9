// SPDX-License-Identifier: GPL-2.0
/*
 * The thread that looks at a ring in the user's stead: with the user's memory,
 * while the user lives.
 */
#include "worker.h"

#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/mmu_context.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

#include "state.h"
#include "vringfd.h"

/* Stop the ring: it broke the rules, or its memory is gone. Context: any. */
void vringfd_stop(struct vringfd *vr, int err)
{
	if (cmpxchg(&vr->broken, 0, err))
		return;
	pr_err_ratelimited("vringfd: a ring was stopped: %s\n",
			   READ_ONCE(vr->vq.vr.broken) ?: "its memory is gone");
	wake_up_interruptible_poll(&vr->wait, EPOLLERR | EPOLLIN | EPOLLRDNORM);
}

/**
 * vringfd_call - let the driver look at the ring
 * @vr: the ring; the user's memory is at hand
 * @push: the user asked for it
 *
 * Return: what the driver returned; -ENOTCONN there is none; or the errno of a
 * ring that was stopped.
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
	/* a fault that a signal ended says nothing about the memory */
	if (ret == -EPROTO || (ret == -EFAULT && !fatal_signal_pending(current)))
		vringfd_stop(vr, -ret);
	return ret;
}

/* Returns that there is more to do. */
static bool vringfd_worker_pull(struct vringfd *vr)
{
	int ret;

	/* who holds it may sleep in a page fault; a signal means the end */
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

	/* ends a page fault that the user does not let end; nobody's kill(2) */
	allow_kernel_signal(SIGKILL);
	complete(&vr->running);
	while (!kthread_should_stop()) {
		if (tun_pending_wait(&vr->work))
			vringfd_worker_run(vr);
	}
	return 0;
}

/* A thread in the caller's control groups, not running yet. Or an ERR_PTR(). */
struct task_struct *vringfd_worker_create(struct vringfd *vr)
{
	return tun_thread_adopt(kthread_create(
		vringfd_worker_main, vr, "vringfd-%d", task_tgid_nr(current)));
}

/* The driver is attached: let the thread look at the ring at once. */
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
	/* from then on the signal is not lost that ends it */
	wait_for_completion(&vr->running);
}

/* When this returns, there is no thread, and nobody can wake it. */
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
 * vringfd_schedule - have pull called
 * @vr: the ring; a reference is enough
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
