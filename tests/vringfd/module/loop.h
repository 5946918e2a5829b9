/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One open file of /dev/vringloop.
 */
#ifndef LOOP_H
#define LOOP_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "vringfd.h"
#include "vringloop.h"

#define MAX_HELD	256

/**
 * struct loop - one open file
 * @ref: references of the file, and of the ring while it is attached
 * @lock: serializes attach and detach, protects @vr
 * @vr: the ring, or NULL
 * @released: completed when push and pull of the attached ring do not run
 * @flags: VRINGLOOP_*
 * @count: counters for the test
 * @in: scratch space of push and pull
 * @out: scratch space of push and pull
 * @bounce: scratch space of push and pull
 * @timer: uses the buffers in @held
 * @held_lock: protects @held and @nheld
 * @held: heads and lengths of the buffers that the timer shall use
 * @nheld: number of elements of @held
 */
struct loop {
	struct kref ref;
	struct mutex lock;		/* protects vr */
	struct vringfd *vr;
	struct completion released;
	u32 flags;
	struct vringloop_stats count;
	struct iovec in[VRINGFD_MAX_SEGS];
	struct iovec out[VRINGFD_MAX_SEGS];
	u8 bounce[4096];
	struct timer_list timer;
	spinlock_t held_lock;		/* protects held, nheld */
	struct {
		u16 head;
		u32 len;
	} held[MAX_HELD];
	unsigned int nheld;
};

void loop_tick(struct timer_list *timer);
int loop_push(void *ctx);
int loop_pull(void *ctx);

#endif
