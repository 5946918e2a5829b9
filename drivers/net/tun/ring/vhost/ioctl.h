/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The vhost ioctls (0xAF) on an open /dev/net/tun: a VMM's virtqueues, which
 * lie in its guest's memory, become the rings of a queue.
 */
#ifndef _TUN_RING_VHOST_H
#define _TUN_RING_VHOST_H

#include <linux/compiler.h>
#include <linux/vhost_types.h>

struct tun_queue;
struct tun_vhost;

/* What is said of one virtqueue; each begins with its number. */
union tun_vhost_arg {
	u32 index;
	struct vhost_vring_state state;
	struct vhost_vring_file file;
	struct vhost_vring_addr addr;
};

/* vhost.c */
long tun_vhost_ioctl(struct tun_queue *q, unsigned int cmd, void __user *argp);
long tun_vhost_set_guest(struct tun_queue *q, void __user *argp);
void tun_vhost_close(struct tun_queue *q);

/* vhost_mem.c: what is said of memory */
long tun_vhost_set_mem_table(struct tun_vhost *vh, void __user *argp);
long tun_vhost_set_log_base(struct tun_vhost *vh, void __user *argp);
long tun_vhost_set_log_fd(struct tun_vhost *vh, void __user *argp);

/* vhost_vq.c: what is said of one virtqueue */
int tun_vhost_set_num(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_set_base(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_get_base(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_set_addr(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_set_kick(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_set_call(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_set_err(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_set_endian(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_get_endian(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_set_busyloop(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_get_busyloop(struct tun_vhost *vh, union tun_vhost_arg *arg);
int tun_vhost_set_backend(struct tun_vhost *vh, union tun_vhost_arg *arg);

#endif /* _TUN_RING_VHOST_H */
