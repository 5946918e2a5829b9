/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of a vringfd.
 *
 * Locks, outermost first; ../tun.h has the order of all locks:
 *
 *	attach_lock	the attached driver: attach, detach, close
 *	lock		the engine; push and pull run under it, so it is held
 *			over page faults on user memory
 *	used_lock	if the ring is pinned: the used half of the engine,
 *			from any context; and @dead
 *	task_lock	@task, against vringfd_schedule(); any context
 *
 * A driver may hold locks of its own while it calls attach or detach, and may
 * take them in gone. The driver must not take these locks in push or pull.
 */
#ifndef _VRINGFD_STATE_H
#define _VRINGFD_STATE_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/vring.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../ring/engine/regions_find.h"
#include "../ring/mem/pinned.h"
#include "../ring/thread.h"
#include "vringfd.h"

/**
 * struct vringfd - a ring in a user's memory
 * @vq: the engine
 * @ref: references of the file and of drivers
 * @mm: the user's mm_struct; mmgrab() keeps the struct, not the memory
 * @addr: user address of the ring
 * @lock: protects the engine, see above
 * @used_lock: protects the used half of the engine, if pinned; and @dead
 * @dead: the file is closed, so user memory is not written any more
 * @begun: a driver has been attached, so the indices are valid
 * @broken: 0, or the errno with which the ring was stopped
 * @base: added to the addresses of buffers; under @lock
 * @limit: end of the addresses of buffers, without @base; under @lock
 * @last_used: kernel address of the user's position
 * @used_idx: kernel address of used->idx
 * @pin_last: pin of @last_used
 * @pin_idx: pin of @used_idx
 * @pin_ring: pin of the whole ring, or empty
 * @pinned: the engine's pointers are kernel addresses
 * @wait: pollers
 * @attach_lock: @ops, @ctx and @task change under it
 * @ops: functions of the attached driver, or NULL; changes under @lock, too
 * @ctx: argument of @ops
 * @task_lock: protects @task
 * @task: the thread that calls pull, or NULL
 * @work: pending work of @task; bit 0: call pull
 * @running: completed when @task accepts signals
 * @chain: scratch, under @lock
 * @free: frees the struct in a context that may sleep
 */
struct vringfd {
	struct tun_vq vq;
	struct kref ref;
	struct mm_struct *mm;
	unsigned long addr;
	struct mutex lock;		/* the engine */
	spinlock_t used_lock;		/* used half of the engine */
	bool dead;
	bool begun;
	int broken;
	unsigned long base;
	unsigned long limit;
	const u16 *last_used;
	const __virtio16 *used_idx;
	struct tun_pin pin_last;
	struct tun_pin pin_idx;
	struct tun_pin pin_ring;
	bool pinned;
	wait_queue_head_t wait;
	struct mutex attach_lock;	/* the attached driver */
	const struct vringfd_ops *ops;
	void *ctx;
	spinlock_t task_lock;		/* task */
	struct task_struct *task;
	struct tun_pending work;
	struct completion running;
	struct tun_vring_chain chain;
	struct work_struct free;
};

#endif /* _VRINGFD_STATE_H */
