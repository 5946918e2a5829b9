/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUN_IOCTL_H
#define _TUN_IOCTL_H

#include <linux/types.h>

struct tun_queue;

int tun_ioctl_init(void);
long tun_ioctl(struct tun_queue *q, unsigned int cmd, unsigned long arg);
long tun_compat_ioctl(struct tun_queue *q, unsigned int cmd,
		      unsigned long arg);

#endif /* _TUN_IOCTL_H */
