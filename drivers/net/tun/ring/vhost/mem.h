/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The vhost ioctls that set the table of the guest's memory and the dirty log.
 */
#ifndef _TUN_RING_VHOST_MEM_H
#define _TUN_RING_VHOST_MEM_H

#include <linux/compiler.h>

struct tun_vhost;

long tun_vhost_set_mem_table(struct tun_vhost *vh, void __user *argp);
long tun_vhost_set_log_base(struct tun_vhost *vh, void __user *argp);
long tun_vhost_set_log_fd(struct tun_vhost *vh, void __user *argp);

#endif /* _TUN_RING_VHOST_MEM_H */
