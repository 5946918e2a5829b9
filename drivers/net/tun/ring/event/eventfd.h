/* SPDX-License-Identifier: GPL-2.0 */
/*
 * eventfds of a ring: a kick from the user, a call to it.
 */
#ifndef _TUN_RING_EVENT_H
#define _TUN_RING_EVENT_H

#include <linux/eventfd.h>
#include <linux/rcupdate.h>

#include "../state.h"

void tun_ring_kick_init(struct tun_ring_kick *kick, struct file *file,
			void (*kicked)(struct tun_ring_kick *kick));
void tun_ring_kick_arm(struct tun_ring_kick *kick);
void tun_ring_kick_disarm(struct tun_ring_kick *kick);
void tun_ring_kick_free(struct tun_ring_kick *kick);

struct eventfd_ctx *tun_ring_call_get(int fd);

/**
 * tun_ring_call - signal an eventfd
 * @call: the eventfd, or NULL; the caller is in rcu_read_lock()
 */
static inline void tun_ring_call(struct eventfd_ctx __rcu **call)
{
	struct eventfd_ctx *ctx = rcu_dereference(*call);

	if (ctx)
		eventfd_signal(ctx, 1);
}

#endif /* _TUN_RING_EVENT_H */
