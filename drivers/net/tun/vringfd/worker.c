// SPDX-License-Identifier: GPL-2.0
/*
 * The thread that looks at a ring in the user's stead: with the user's memory,
 * while the user lives.
 *
 * Barriers; whoever has work for the thread is on the left:
 *
 *	make the work visible			sleeps = true
 *	E  set the bit of due, full barrier	full barrier		F
 *	   load sleeps				load due
 *
 * E matches F: either the thread sees the bit, or it is seen to sleep and is
 * woken. The thread clears the bit (full barrier) before it looks for work.
 */
#include "state.h"

#include <linux/cgroup.h>
#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/mmu_context.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

/* Returns that there is more to do. */
static bool pull(struct vringfd *vr)
{
	int ret;

	/* who holds it may sleep in a page fault; a signal means the end */
	if (mutex_lock_interruptible(&vr->lock))
		return false;
	ret = vringfd_call(vr, false);
	mutex_unlock(&vr->lock);
	return ret > 0;
}

static void serve(struct vringfd *vr)
{
	if (!mmget_not_zero(vr->mm)) {
		xchg(&vr->due, 0);
		vringfd_stop(vr, EFAULT);
		return;
	}
	kthread_use_mm(vr->mm);
	while (!kthread_should_stop() && xchg(&vr->due, 0)) {
		if (pull(vr))
			set_bit(0, &vr->due);
		cond_resched();
	}
	kthread_unuse_mm(vr->mm);
	mmput(vr->mm);
}

static int worker_run(void *data)
{
	struct vringfd *vr = data;

	/* ends a page fault that the user does not let end; nobody's kill(2) */
	allow_kernel_signal(SIGKILL);
	complete(&vr->running);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		WRITE_ONCE(vr->sleeps, true);
		/* F: sleeps before due; matches E */
		smp_mb();
		if (!READ_ONCE(vr->due) && !kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
		WRITE_ONCE(vr->sleeps, false);
		if (READ_ONCE(vr->due))
			serve(vr);
	}
	return 0;
}

/* A thread in the caller's control groups, not running yet. Or an ERR_PTR(). */
struct task_struct *vringfd_worker_create(struct vringfd *vr)
{
	struct task_struct *task;
	int err;

	task = kthread_create(worker_run, vr, "vringfd-%d",
			      task_tgid_nr(current));
	if (IS_ERR(task))
		return task;
	err = cgroup_attach_task_all(current, task);
	if (err) {
		kthread_stop(task);
		return ERR_PTR(err);
	}
	set_user_nice(task, task_nice(current));
	return task;
}

/* The driver is attached: let the thread look at the ring at once. */
void vringfd_worker_start(struct vringfd *vr, struct task_struct *task)
{
	lockdep_assert_held(&vr->attach_lock);

	init_completion(&vr->running);
	get_task_struct(task);
	vr->due = 1;
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

	/* E: the work and the bit before sleeps; matches F */
	if (test_and_set_bit(0, &vr->due) || !READ_ONCE(vr->sleeps))
		return;
	spin_lock_irqsave(&vr->task_lock, flags);
	if (vr->task)
		wake_up_process(vr->task);
	spin_unlock_irqrestore(&vr->task_lock, flags);
}
EXPORT_SYMBOL_GPL(vringfd_schedule);
