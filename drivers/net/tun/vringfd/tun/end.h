/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vringfd that serves one direction of a queue.
 */
#ifndef _VRINGFD_TUN_END_H
#define _VRINGFD_TUN_END_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include "../../tun.h"
#include "../vringfd.h"

/* Packets of one call of push or pull, which holds the ring's lock. */
#define TUN_VRING_BATCH	64

/**
 * struct tun_vring_end - a vringfd that serves one direction of a queue
 * @calls: functions of vringfd.ko, with a reference on that module
 * @vr: the ring, with a reference
 * @q: the queue; valid while the ring's reference lasts. The queue may be used
 *	only under @lock and while @dead is false
 * @dir: direction of packets
 * @ref: one for the queue, one for the ring, one for each packet whose payload
 *	is in user pages
 * @lock: protects @dead and @next, and the queue against its end. Never held
 *	over a page fault of the user
 * @dead: the ring was detached from the queue
 * @rcu: frees the struct after a grace period
 * @wait: entry in the queue's wait queue, woken by new packets for user space,
 *	or by room in the send buffer
 * @starved: a packet waits for a receive buffer, so another packet need not
 *	schedule the ring
 * @next: packet that was taken from the queue and is not delivered yet, or NULL
 * @iov: scratch
 *
 * push and pull own @starved and @iov.
 */
struct tun_vring_end {
	const struct vringfd_calls *calls;
	struct vringfd *vr;
	struct tun_queue *q;
	enum tun_vrings_direction dir;
	struct kref ref;
	struct mutex lock;		/* dead, next, the queue */
	bool dead;
	struct rcu_head rcu;
	wait_queue_entry_t wait;
	bool starved;
	void *next;
	struct iovec iov[VRINGFD_MAX_SEGS];
};

struct tun_vring_end *tun_vring_end_new(struct tun_queue *q,
					enum tun_vrings_direction dir, int fd,
					wait_queue_func_t wake);
void tun_vring_end_put(struct tun_vring_end *end);

#if IS_ENABLED(CONFIG_TUN_RING)

void tun_vrings_exit(void);

#else

static inline void tun_vrings_exit(void)
{
}

#endif

#endif /* _VRINGFD_TUN_END_H */
