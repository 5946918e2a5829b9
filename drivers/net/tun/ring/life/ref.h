/* SPDX-License-Identifier: GPL-2.0 */
/*
 * References on rings.
 */
#ifndef _TUN_RING_LIFE_REF_H
#define _TUN_RING_LIFE_REF_H

struct tun_queue;
struct tun_ring;

struct tun_ring *tun_ring_ref_get(struct tun_queue *q);
void tun_ring_ref_put(struct tun_ring *ring);
void tun_ring_ref_put_mmap(struct tun_ring *ring);
void tun_ring_ref_free_parked(struct tun_queue *q);

#endif /* _TUN_RING_LIFE_REF_H */
