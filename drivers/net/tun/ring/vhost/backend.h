/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rings of a queue that follow what a VMM says of its virtqueues.
 */
#ifndef _TUN_RING_VHOST_BACKEND_H
#define _TUN_RING_VHOST_BACKEND_H

#include "types.h"

int tun_guest_start(struct tun_vhost *vh, unsigned int i, struct tun_queue *q);
void tun_guest_stop(struct tun_vhost *vh, unsigned int i, bool now);
u16 tun_guest_base(struct tun_vhost *vh, unsigned int i);
int tun_guest_update(struct tun_vhost *vh, unsigned int i, bool moved);
int tun_guest_set_regions(struct tun_vhost *vh);

#endif /* _TUN_RING_VHOST_BACKEND_H */
