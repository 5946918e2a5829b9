/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TUNRINGSETUP and TUNRINGATTACH.
 */
#ifndef _TUN_RING_IOCTL_SETUP_H
#define _TUN_RING_IOCTL_SETUP_H

#include <linux/compiler.h>

struct tun_queue;

long tun_ring_ioctl_setup(struct tun_queue *q, void __user *argp);
long tun_ring_ioctl_attach(struct tun_queue *q, void __user *argp);

#endif /* _TUN_RING_IOCTL_SETUP_H */
