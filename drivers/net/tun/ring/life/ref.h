/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The object of a queue's rings: allocation and references.
 */
#ifndef _TUN_RING_LIFE_REF_H
#define _TUN_RING_LIFE_REF_H

#include <linux/types.h>

struct mm_struct;
struct tun_queue;
struct tun_regions;
struct tun_ring;
struct tun_ring_server;

struct tun_ring *tun_ring_new(struct tun_queue *q, u64 features, u32 mode);
void tun_ring_set_server(struct tun_ring *ring,
			 const struct tun_ring_server *server);
void tun_ring_set_owner(struct tun_ring *ring, struct mm_struct *mm);
void tun_ring_set_rx_features(struct tun_ring *ring, u64 features);
void tun_ring_use_regions(struct tun_ring *ring, struct tun_regions *regions);
struct tun_ring *tun_ring_ref_get(struct tun_queue *q);
void tun_ring_ref_put(struct tun_ring *ring);
void tun_ring_ref_put_mmap(struct tun_ring *ring);
void tun_ring_ref_free_parked(struct tun_queue *q);

#endif /* _TUN_RING_LIFE_REF_H */
