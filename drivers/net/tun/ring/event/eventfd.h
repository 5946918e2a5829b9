/* SPDX-License-Identifier: GPL-2.0 */
/*
 * eventfds of a ring: kicks from the user, and notifications to the user.
 */
#ifndef _TUN_RING_EVENT_H
#define _TUN_RING_EVENT_H

#include <linux/eventfd.h>

#include "../state.h"

void tun_ring_eventfd_init(struct tun_ring_kickfd *kick, struct file *file,
			   void (*kicked)(struct tun_ring_kickfd *kick));
void tun_ring_eventfd_arm(struct tun_ring_kickfd *kick);
void tun_ring_eventfd_disarm(struct tun_ring_kickfd *kick);
void tun_ring_eventfd_free(struct tun_ring_kickfd *kick);

struct eventfd_ctx *tun_ring_eventfd_get(int fd);
void tun_ring_eventfd_signal(struct eventfd_ctx __rcu **call);

#endif /* _TUN_RING_EVENT_H */
