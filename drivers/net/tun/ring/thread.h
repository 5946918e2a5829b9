/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a thread has to do in a user's stead, and its sleep until there is some.
 *
 * Barriers; whoever has work for the thread is on the left:
 *
 *	make the work visible			sleeps = true
 *	E  set the bit, full barrier		full barrier		F
 *	   load sleeps				load the bits
 *
 * E matches F: either the thread sees the bit, or it is seen to sleep and is
 * woken. The thread takes the bits (full barrier) before it looks for work.
 */
#ifndef _TUN_RING_THREAD_H
#define _TUN_RING_THREAD_H

#include <linux/bitops.h>
#include <linux/cgroup.h>
#include <linux/kthread.h>
#include <linux/sched.h>

struct tun_ring;

/**
 * struct tun_pending - work for a thread
 * @bits: kinds of work
 * @sleeps: the thread is about to sleep, or does
 */
struct tun_pending {
	unsigned long bits;
	bool sleeps;
};

/**
 * tun_pending_set - there is something to do
 * @pending: the thread's
 * @what: number of a bit
 *
 * Context: any, also with interrupts off.
 *
 * Return: the thread sleeps, and the caller has to wake it.
 */
static inline bool tun_pending_set(struct tun_pending *pending, int what)
{
	/* E: the work and the bit before sleeps; matches F */
	return !test_and_set_bit(what, &pending->bits) &&
	       READ_ONCE(pending->sleeps);
}

static inline unsigned long tun_pending_get(struct tun_pending *pending)
{
	return xchg(&pending->bits, 0);
}

/**
 * tun_pending_wait - sleep until there is something to do, or the thread shall stop
 * @pending: the current thread's
 *
 * Return: there is something, which a thread that shall stop may have, too.
 */
static inline bool tun_pending_wait(struct tun_pending *pending)
{
	set_current_state(TASK_INTERRUPTIBLE);
	WRITE_ONCE(pending->sleeps, true);
	/* F: sleeps before the bits; matches E */
	smp_mb();
	if (!READ_ONCE(pending->bits) && !kthread_should_stop())
		schedule();
	__set_current_state(TASK_RUNNING);
	WRITE_ONCE(pending->sleeps, false);
	return READ_ONCE(pending->bits);
}

/**
 * tun_thread_adopt - a new thread becomes one of the caller's
 * @task: of kthread_create(), or its error
 *
 * What it does counts in the control groups of the caller, at the caller's
 * niceness.
 *
 * Return: @task, or an ERR_PTR(), and there is no thread.
 */
static inline struct task_struct *tun_thread_adopt(struct task_struct *task)
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

struct task_struct *tun_thread_create(struct tun_ring *ring,
				      int (*run)(void *));

#endif /* _TUN_RING_THREAD_H */
