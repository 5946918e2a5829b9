/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vringfd, from the inside.
 *
 * Lock order, outermost first:
 *
 *	attach_lock	who is attached: attach, detach, close
 *	lock		the engine; push and pull run under it, so it is held
 *			over page faults of the user's
 *	used_lock	if the ring is pinned: the used half of the engine,
 *			from any context; and @dead
 *	task_lock	@task, against who wakes it; any context
 *
 * A driver may hold locks of its own while it calls attach or detach, and may
 * take them in gone; it takes none of those in push or pull.
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

#include "../ring/thread.h"
#include "engine/engine.h"
#include "vringfd.h"

/**
 * struct vringfd - a ring in a user's memory
 * @vq: the engine
 * @ref: the file's, the drivers'
 * @mm: of the user; a reference that does not keep the memory
 * @addr: of the ring, the user's
 * @lock: the engine, see above
 * @used_lock: its used half, if pinned; @dead
 * @dead: the file is closed: nothing is written to the user's memory any more
 * @begun: a driver has been attached, and the indices are known
 * @broken: 0, or the errno with which the ring was stopped
 * @base: added to the addresses of buffers; under @lock
 * @limit: they end there, before @base is added; under @lock
 * @last_used: kernel address of the user's position
 * @used_idx: kernel address of used->idx
 * @pin_last: of @last_used
 * @pin_idx: of @used_idx
 * @pin_ring: of the whole ring, or empty
 * @pinned: the engine's pointers are kernel addresses
 * @wait: pollers
 * @attach_lock: @ops, @ctx and @task change under it
 * @ops: the driver, or NULL; changes under @lock, too
 * @ctx: the driver's
 * @task_lock: @task
 * @task: the thread that pulls, or NULL
 * @work: its bit 0: there is something to pull
 * @running: the thread takes signals
 * @chain: scratch, under @lock
 * @free: frees the rest, in a context that may sleep
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
	struct mutex attach_lock;	/* who is attached */
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
