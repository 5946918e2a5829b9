/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rings of a guest on a queue.
 */
#ifndef _TUN_RING_GUEST_RING_H
#define _TUN_RING_GUEST_RING_H

#include "../state.h"
#include "virtqueue.h"

int tun_vhost_rings_open(struct tun_vhost *vh, unsigned int i,
			 struct tun_queue *q);
int tun_vhost_rings_change(struct tun_vhost *vh, struct tun_ring *ring,
			   int mask);
int tun_vhost_rings_update(struct tun_vhost *vh, unsigned int i,
			   struct tun_ring *ring, bool addr_changed);
bool tun_vhost_rings_server_matches(const struct tun_vhost *vh,
				    const struct tun_ring *ring);
bool tun_vhost_rings_is_idle(struct tun_ring *ring);
struct tun_regions *tun_vhost_rings_regions(const struct tun_vhost *vh);

#endif /* _TUN_RING_GUEST_RING_H */
