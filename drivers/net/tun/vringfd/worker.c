// SPDX-License-Identifier: GPL-2.0
/*
 * An attached driver, and its thread, which calls pull. The thread uses the
 * user's memory, as long as the user lives.
 *
 * The thread or a writer may sleep in a page fault for as long as the owner of
 * the memory likes. So a driver can be detached while it is in push or pull.
 * The last thread that leaves push or pull then releases the driver.
 */
#include "worker.h"

#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/mmu_context.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "life.h"
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

static void vringfd_hook_free(struct work_struct *work)
{
	struct vringfd_hook *hook = container_of(work, struct vringfd_hook, free);

	/* vringfd_schedule() may still wake the thread */
	synchronize_rcu();
	tun_thread_release(&hook->thread);
	vringfd_put(hook->vr);
	kfree(hook);
}

static void vringfd_hook_release(struct kref *ref)
{
	struct vringfd_hook *hook = container_of(ref, struct vringfd_hook, ref);

	INIT_WORK(&hook->free, vringfd_hook_free);
	vringfd_life_queue(&hook->free);
}

/* Return: the attached driver, for one call of push or pull; or NULL. */
static struct vringfd_hook *vringfd_hook_get(struct vringfd *vr)
{
	struct vringfd_hook *hook;

	rcu_read_lock();
	hook = rcu_dereference(vr->hook);
	if (hook && !refcount_inc_not_zero(&hook->calls))
		hook = NULL;
	rcu_read_unlock();
	return hook;
}

/* The call of push or pull has returned, or the driver was detached. */
static void vringfd_hook_put(struct vringfd_hook *hook)
{
	const struct vringfd_ops *ops = hook->ops;

	if (!refcount_dec_and_test(&hook->calls))
		return;
	ops->release(hook->ctx);
	module_put(ops->owner);
	kref_put(&hook->ref, vringfd_hook_release);
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
	struct vringfd_hook *hook;
	int ret;

	lockdep_assert_held(&vr->lock);

	if (vr->broken)
		return -vr->broken;
	hook = vringfd_hook_get(vr);
	if (!hook)
		return -ENOTCONN;
	ret = push ? hook->ops->push(hook->ctx) : hook->ops->pull(hook->ctx);
	/*
	 * If a fatal signal ended a page fault, the memory may still exist. An
	 * error of a driver that was detached is no error of the ring.
	 */
	if (!READ_ONCE(hook->detached) &&
	    (ret == -EPROTO ||
	     (ret == -EFAULT && !fatal_signal_pending(current))))
		vringfd_stop(vr, -ret);
	vringfd_hook_put(hook);
	return ret;
}

/* Returns true if there is more to do. */
static bool vringfd_worker_pull(struct vringfd *vr)
{
	int ret;

	/* The owner of the lock may sleep in a page fault. The SIGKILL of
	 * vringfd_worker_end() ends the wait.
	 */
	if (mutex_lock_interruptible(&vr->lock))
		return false;
	ret = vringfd_call(vr, false);
	mutex_unlock(&vr->lock);
	return ret > 0;
}

static void vringfd_worker_run(struct vringfd_hook *hook)
{
	struct vringfd *vr = hook->vr;

	if (!mmget_not_zero(vr->mm)) {
		tun_pending_get(&hook->work);
		vringfd_stop(vr, EFAULT);
		return;
	}
	kthread_use_mm(vr->mm);
	while (!READ_ONCE(hook->detached) && tun_pending_get(&hook->work)) {
		if (vringfd_worker_pull(vr))
			set_bit(0, &hook->work.bits);
		cond_resched();
	}
	kthread_unuse_mm(vr->mm);
	mmput(vr->mm);
}

/* The thread ends by itself, and no thread waits for the end. */
static int vringfd_worker_main(void *data)
{
	struct vringfd_hook *hook = data;

	/* SIGKILL of vringfd_worker_end() ends a page fault that user space
	 * does not resolve. A kill(2) of user space has no effect.
	 */
	allow_kernel_signal(SIGKILL);
	complete(&hook->running);
	while (!READ_ONCE(hook->detached)) {
		if (tun_pending_wait(&hook->work))
			vringfd_worker_run(hook);
	}
	kref_put(&hook->ref, vringfd_hook_release);
	module_put_and_kthread_exit(0);
}

static struct vringfd_hook *vringfd_hook_new(struct vringfd *vr,
					     const struct vringfd_ops *ops,
					     void *ctx)
{
	struct vringfd_hook *hook = kzalloc(sizeof(*hook), GFP_KERNEL_ACCOUNT);

	if (!hook)
		return NULL;
	kref_init(&hook->ref);
	refcount_set(&hook->calls, 1);
	init_completion(&hook->running);
	kref_get(&vr->ref);
	hook->vr = vr;
	hook->ops = ops;
	hook->ctx = ctx;
	return hook;
}

/**
 * vringfd_worker_new - prepare a driver for vringfd_worker_attach()
 * @vr: the ring
 * @ops: functions of the driver; the caller holds the module
 * @ctx: argument of @ops
 *
 * Return: the hook, with a thread in the caller's control groups; or an
 * ERR_PTR().
 */
struct vringfd_hook *vringfd_worker_new(struct vringfd *vr,
					const struct vringfd_ops *ops,
					void *ctx)
{
	struct vringfd_hook *hook = vringfd_hook_new(vr, ops, ctx);
	char name[32];
	int err;

	if (!hook)
		return ERR_PTR(-ENOMEM);
	snprintf(name, sizeof(name), "vringfd-%d", task_tgid_nr(current));
	err = tun_thread_create(&hook->thread, name, vringfd_worker_main, hook);
	if (err) {
		kref_put(&hook->ref, vringfd_hook_release);
		return ERR_PTR(err);
	}
	/* the thread puts both */
	kref_get(&hook->ref);
	__module_get(THIS_MODULE);
	wake_up_process(hook->thread.task);
	/* Wait until the thread accepts SIGKILL. A SIGKILL that
	 * vringfd_worker_end() sends earlier would be lost.
	 */
	wait_for_completion(&hook->running);
	return hook;
}

/* Tell the thread to end, also in a page fault. */
void vringfd_worker_end(struct vringfd_hook *hook)
{
	WRITE_ONCE(hook->detached, true);
	if (tun_pending_set(&hook->work, 0))
		wake_up_process(hook->thread.task);
	send_sig(SIGKILL, hook->thread.task, 1);
}

/* Release a driver of vringfd_worker_new() that was not attached. */
void vringfd_worker_abort(struct vringfd_hook *hook)
{
	vringfd_worker_end(hook);
	kref_put(&hook->ref, vringfd_hook_release);
}

/* Release a detached driver, or let the thread in push or pull do so. */
void vringfd_worker_put(struct vringfd_hook *hook)
{
	vringfd_hook_put(hook);
}

/**
 * vringfd_schedule - wake the thread, so that it calls pull
 * @vr: the ring; the caller needs a reference only
 *
 * Context: any, also with interrupts off.
 */
void vringfd_schedule(struct vringfd *vr)
{
	struct vringfd_hook *hook;

	rcu_read_lock();
	hook = rcu_dereference(vr->hook);
	if (hook && tun_pending_set(&hook->work, 0))
		wake_up_process(hook->thread.task);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(vringfd_schedule);
