/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The vhost ioctls (0xAF) on an open /dev/net/tun: a VMM's virtqueues, which
 * lie in its guest's memory, become the rings of a queue.
 */
#ifndef _TUN_RING_VHOST_IOCTL_H
#define _TUN_RING_VHOST_IOCTL_H

#include <linux/compiler.h>
#include <linux/types.h>

struct tun_queue;

bool tun_vhost_is_cmd(unsigned int cmd);
long tun_vhost_ioctl(struct tun_queue *q, unsigned int cmd, void __user *argp);
long tun_vhost_set_guest(struct tun_queue *q, void __user *argp);
void tun_vhost_close(struct tun_queue *q);

#endif /* _TUN_RING_VHOST_IOCTL_H */
