/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread that works for a user: its creation, its pending work, and its sleep
 * until work is pending.
 *
 * Barriers; the waker is on the left, the thread on the right:
 *
 *	make the work visible			sleeps = true
 *	E  set the bit, full barrier		full barrier		F
 *	   load sleeps				load the bits
 *
 * E matches F: either the thread sees the bit, or the waker sees that the
 * thread sleeps, and wakes the thread. The thread clears the bits (full
 * barrier) before the thread checks the rings.
 */
#ifndef _TUN_RING_THREAD_H
#define _TUN_RING_THREAD_H

#include <linux/bitops.h>
#include <linux/kthread.h>
#include <linux/sched.h>

struct tun_ring_limit;

/**
 * struct tun_thread - a thread that works for a user
 * @task: the thread, one reference; or NULL
 * @limit: the count of the user's threads
 */
struct tun_thread {
	struct task_struct *task;
	struct tun_ring_limit *limit;
};

/**
 * struct tun_pending - pending work of a thread
 * @bits: kinds of work
 * @sleeps: the thread sleeps, or is about to sleep
 */
struct tun_pending {
	unsigned long bits;
	bool sleeps;
};

/**
 * tun_pending_set - make work of a thread pending
 * @pending: the work of the thread
 * @what: number of a bit
 *
 * Context: any, also with interrupts off.
 *
 * Return: true if the thread sleeps, and the caller must wake the thread.
 */
static inline bool tun_pending_set(struct tun_pending *pending, int what)
{
	/* E: order the work and the bit before the load of sleeps; matches F */
	return !test_and_set_bit(what, &pending->bits) &&
	       READ_ONCE(pending->sleeps);
}

static inline unsigned long tun_pending_get(struct tun_pending *pending)
{
	return xchg(&pending->bits, 0);
}

/**
 * tun_pending_wait - sleep until work is pending, or kthread_stop() is called
 * @pending: the work of the current thread
 *
 * Return: true if work is pending. Work may be pending after kthread_stop(),
 * too.
 */
static inline bool tun_pending_wait(struct tun_pending *pending)
{
	set_current_state(TASK_INTERRUPTIBLE);
	WRITE_ONCE(pending->sleeps, true);
	/*
	 * F: order the store of sleeps before the load of the bits; matches E
	 */
	smp_mb();
	if (!READ_ONCE(pending->bits) && !kthread_should_stop())
		schedule();
	__set_current_state(TASK_RUNNING);
	WRITE_ONCE(pending->sleeps, false);
	return READ_ONCE(pending->bits);
}

int tun_thread_create(struct tun_thread *thread, const char *name,
		      int (*run)(void *), void *data);
void tun_thread_release(struct tun_thread *thread);

#endif /* _TUN_RING_THREAD_H */
