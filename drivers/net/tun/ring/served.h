/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of the thread that serves rings in memory that may fault.
 */
#ifndef _TUN_RING_SERVED_H
#define _TUN_RING_SERVED_H

#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "due.h"

/* Packets of one pass in one direction, then the other has its turn. */
#define TUN_WORKER_BATCH	64

/* What a worker may have to look at: bits of @due. */
enum tun_worker_due {
	TUN_WORKER_RX,
	TUN_WORKER_TX,
};

/**
 * struct tun_ring_worker - serves both rings of a queue
 * @task: the thread, with a reference as long as the rings live; or NULL: the
 *	packet paths reach the rings themselves
 * @started: the thread was woken for the first time
 * @begun: completed when the worker runs and accepts SIGKILL. kthread_stop()
 *	before that returns without running the worker, and its last pass would
 *	be lost
 * @lock: the rings, as rx.lock and the tx NAPI are elsewhere. Held for a pass,
 *	which may sleep in a page fault of the owner's for as long as the owner
 *	likes: taken interruptibly, and never under rtnl
 * @due: bits are of enum tun_worker_due
 * @rx_starved: there are no receive buffers; packets need not wake the thread
 * @rx_kicks: times the user kicked the receive ring
 * @batch: packets that were taken from the queue
 * @next: the first of @batch that is not delivered
 * @end: one past the last
 */
struct tun_ring_worker {
	struct task_struct *task;
	bool started;
	struct completion begun;
	struct mutex lock;	/* the rings, for a pass */
	struct tun_due due;
	bool rx_starved;
	atomic64_t rx_kicks;
	void *batch[TUN_WORKER_BATCH];
	u32 next;
	u32 end;
};

#endif /* _TUN_RING_SERVED_H */
