/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The vhost ioctls that describe, start and stop one virtqueue.
 */
#ifndef _TUN_RING_VHOST_VRING_H
#define _TUN_RING_VHOST_VRING_H

#include <linux/vhost_types.h>

struct tun_vhost;

/* Arguments of the ioctls. Each begins with the number of the virtqueue. */
union tun_vhost_arg {
	u32 index;
	struct vhost_vring_state state;
	struct vhost_vring_file file;
	struct vhost_vring_addr addr;
};

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

#endif /* _TUN_RING_VHOST_VRING_H */
