/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of a vringfd.
 *
 * Locks, outermost first; ../tun.h has the order of all locks:
 *
 *	attach_lock	one attach at a time
 *	lock		the engine; push and pull run under it, so it is held
 *			over page faults on user memory
 *	used_lock	@dead, and changes of @hook. If the ring is pinned, also
 *			the used half of the engine. Any context
 *	RCU		readers of @hook
 *
 * The owner of the memory decides how long a page fault lasts. So detach and
 * close take neither attach_lock nor lock. They remove the hook from the ring
 * and do not wait for push and pull.
 *
 * A driver may hold locks of its own while it calls attach or detach, and may
 * take these locks in gone. The driver must not take them in push or pull.
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
 * struct vringfd_hook - a driver that is or was attached to a ring
 * @ref: one for the thread, one for @calls
 * @calls: one while the driver is attached, one for each call of push or pull
 * @vr: the ring, one reference
 * @ops: functions of the driver
 * @ctx: argument of @ops
 * @detached: the thread must end
 * @thread: calls pull
 * @work: pending work of @thread; bit 0: call pull, or end
 * @running: completed when @thread accepts signals
 * @free: frees the struct
 */
struct vringfd_hook {
	struct kref ref;
	refcount_t calls;
	struct vringfd *vr;
	const struct vringfd_ops *ops;
	void *ctx;
	bool detached;
	struct tun_thread thread;
	struct tun_pending work;
	struct completion running;
	struct work_struct free;
};

/**
 * struct vringfd - a ring in a user's memory
 * @vq: the engine
 * @ref: references of the file and of drivers
 * @mm: the user's mm_struct; mmgrab() keeps the struct, not the memory
 * @addr: user address of the ring
 * @lock: protects the engine, see above
 * @used_lock: protects the used half of the engine, if pinned; @dead; @hook
 * @dead: the file is closed: nothing writes to user memory any more
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
 * @attach_lock: serializes attach
 * @hook: the attached driver, or NULL
 * @chain: scratch, under @lock
 * @free: frees the struct in a context that may sleep
 */
struct vringfd {
	struct tun_vq vq;
	struct kref ref;
	struct mm_struct *mm;
	unsigned long addr;
	struct mutex lock;		/* the engine */
	spinlock_t used_lock;		/* used half of the engine, hook */
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
	struct mutex attach_lock;	/* attach */
	struct vringfd_hook __rcu *hook;
	struct tun_vring_chain chain;
	struct work_struct free;
};

#endif /* _VRINGFD_STATE_H */
