/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entry points of the chardev: the ring ioctls, mmap, close.
 */
#ifndef _TUN_RING_IOCTL_IOCTL_H
#define _TUN_RING_IOCTL_IOCTL_H

#include <linux/compiler.h>

struct tun_queue;
struct vm_area_struct;

long tun_ring_ioctl(struct tun_queue *q, unsigned int cmd, void __user *argp);
int tun_ring_mmap(struct tun_queue *q, struct vm_area_struct *vma);
bool tun_ring_close(struct tun_queue *q);

#endif /* _TUN_RING_IOCTL_IOCTL_H */
