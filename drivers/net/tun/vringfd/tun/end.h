/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vringfd that serves one direction of a queue.
 */
#ifndef _VRINGFD_TUN_END_H
#define _VRINGFD_TUN_END_H

#include <linux/kref.h>
#include <linux/rcupdate.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include "../../tun.h"
#include "../vringfd.h"

/* Packets of one turn, before others have theirs. */
#define TUN_VRING_BATCH	64

/**
 * struct tun_vring_end - a vringfd that serves one direction of a queue
 * @calls: of vringfd.ko; holds the module
 * @vr: the ring, with a reference
 * @q: the queue; valid for as long as the ring is attached
 * @dir: which of its two
 * @ref: the queue's, the ring's, and one for each packet in the user's pages
 * @rcu: frees the rest
 * @wait: in the queue's wait queue: packets for the user came, or room
 * @starved: a packet waits for a buffer: further ones change nothing
 * @next: a packet that was taken from the queue for the user, or NULL
 * @iov: scratch
 *
 * push and pull own @next, @starved and @iov.
 */
struct tun_vring_end {
	const struct vringfd_calls *calls;
	struct vringfd *vr;
	struct tun_queue *q;
	enum tun_vrings_direction dir;
	struct kref ref;
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
