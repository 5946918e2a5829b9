/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One virtqueue of a guest, on the rings of a queue.
 */
#ifndef _TUN_RING_GUEST_VQ_H
#define _TUN_RING_GUEST_VQ_H

#include "../state.h"
#include "types.h"

bool tun_vhost_has(const struct tun_vhost *vh, unsigned int bit);
int tun_vhost_vq_check(const struct tun_vhost_vq *vq);
int tun_vhost_vq_open(struct tun_vhost *vh, unsigned int i,
		      struct tun_ring *ring);
int tun_vhost_vq_close(struct tun_vhost *vh, unsigned int i,
		       struct tun_ring *ring);
int tun_vhost_vq_update(struct tun_vhost *vh, unsigned int i,
			struct tun_ring *ring, bool addr_changed);
void tun_vhost_vq_set_events(const struct tun_vhost *vh, unsigned int i,
			     struct tun_ring *ring);
u16 tun_vhost_vq_base(struct tun_ring *ring, unsigned int i);

#endif /* _TUN_RING_GUEST_VQ_H */
