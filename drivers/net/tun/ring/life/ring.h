/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rings of a queue: set-up and teardown.
 */
#ifndef _TUN_RING_LIFE_RING_H
#define _TUN_RING_LIFE_RING_H

#include <linux/types.h>

struct tun_queue;
struct tun_dev;
struct tun_regions;
struct tun_ring;
struct tun_vq_params;
struct tun_vring;

void tun_ring_vring_init(struct tun_vring *vr, const struct tun_vq_params *p);
void tun_ring_set_vhost_hdr(struct tun_ring *ring,
			    const struct tun_vq_params *p);
long tun_ring_install(struct tun_queue *q, struct tun_ring *ring);
int tun_ring_replace_regions(struct tun_ring *ring,
			     struct tun_regions *regions);
long tun_ring_teardown(struct tun_queue *q);
bool tun_ring_refuses_read(struct tun_queue *q);

#endif /* _TUN_RING_LIFE_RING_H */
