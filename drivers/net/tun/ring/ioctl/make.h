/* SPDX-License-Identifier: GPL-2.0 */
/*
 * New rings for a queue.
 */
#ifndef _TUN_RING_IOCTL_MAKE_H
#define _TUN_RING_IOCTL_MAKE_H

#include <linux/types.h>

struct tun_queue;
struct tun_ring;

long tun_ring_make(struct tun_queue *q, u64 features, u32 mode,
		   int (*fill)(struct tun_ring *ring, void *arg), void *arg);

#endif /* _TUN_RING_IOCTL_MAKE_H */
