/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rings of a queue that follow the VMM's description of its virtqueues.
 */
#ifndef _TUN_RING_VHOST_BACKEND_H
#define _TUN_RING_VHOST_BACKEND_H

#include "virtqueue.h"

int tun_vhost_start(struct tun_vhost *vh, unsigned int i, struct tun_queue *q);
void tun_vhost_stop(struct tun_vhost *vh, unsigned int i, bool now);
u16 tun_vhost_base(struct tun_vhost *vh, unsigned int i);
int tun_vhost_update(struct tun_vhost *vh, unsigned int i, bool addr_changed);
int tun_vhost_set_regions(struct tun_vhost *vh);

#endif /* _TUN_RING_VHOST_BACKEND_H */
