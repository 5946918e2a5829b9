/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TUNRINGATTACH.
 */
#ifndef _TUN_RING_IOCTL_ATTACH_H
#define _TUN_RING_IOCTL_ATTACH_H

#include <linux/compiler.h>

struct tun_queue;

long tun_ring_ioctl_attach(struct tun_queue *q, void __user *argp);

#endif /* _TUN_RING_IOCTL_ATTACH_H */
