/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kicks from the user, and waiting.
 */
#ifndef _TUN_RING_IOCTL_ENTER_H
#define _TUN_RING_IOCTL_ENTER_H

#include <linux/compiler.h>

struct tun_queue;

int tun_ring_enter_write(struct tun_queue *q);
long tun_ring_ioctl_enter(struct tun_queue *q, void __user *argp);

#endif /* _TUN_RING_IOCTL_ENTER_H */
