// SPDX-License-Identifier: GPL-2.0
#include "thread.h"

#include <linux/cgroup.h>
#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "limit/limit.h"

/*
 * Move a new thread into the control groups of the caller, and give the thread
 * the niceness of the caller: the thread works for the caller.
 */
static struct task_struct *tun_thread_adopt(struct task_struct *task)
{
	int err;

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

/**
 * tun_thread_create - create a thread that works for the caller
 * @thread: to be filled in
 * @name: name of the thread
 * @run: function of the thread; the caller must wake the thread
 * @data: argument of @run
 *
 * The thread counts against the caller's RLIMIT_NPROC.
 *
 * Return: 0; -EAGAIN beyond the limit; -ENOMEM; or -EINTR.
 */
int tun_thread_create(struct tun_thread *thread, const char *name,
		      int (*run)(void *), void *data)
{
	struct tun_ring_limit *limit = tun_ring_limit_thread();
	struct task_struct *task;

	if (IS_ERR(limit))
		return PTR_ERR(limit);
	task = tun_thread_adopt(kthread_create(run, data, "%s", name));
	if (IS_ERR(task)) {
		tun_ring_limit_thread_end(limit);
		return PTR_ERR(task);
	}
	thread->task = get_task_struct(task);
	thread->limit = limit;
	return 0;
}
EXPORT_SYMBOL_NS_GPL(tun_thread_create, VRING_CORE);

/* The caller ensures that the thread has ended, and that nothing wakes it. */
void tun_thread_release(struct tun_thread *thread)
{
	if (!thread->task)
		return;
	put_task_struct(thread->task);
	tun_ring_limit_thread_end(thread->limit);
	thread->task = NULL;
}
EXPORT_SYMBOL_NS_GPL(tun_thread_release, VRING_CORE);
