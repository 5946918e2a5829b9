/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kick eventfds and notification eventfds of rings.
 */
#ifndef _TUN_RING_LIFE_KICK_H
#define _TUN_RING_LIFE_KICK_H

#include <linux/types.h>

struct file;
struct tun_queue;
struct tun_ring;
struct tun_ring_attach;

void tun_ring_kick_init(struct tun_ring *ring);
int tun_ring_kick_attach(struct tun_ring *ring,
			 const struct tun_ring_attach *a);
void tun_ring_kick_set(struct tun_ring *ring, bool rx, struct file *file);
void tun_ring_kick_space(struct tun_queue *q);
void tun_ring_kick_start(struct tun_ring *ring);
void tun_ring_kick_new(struct tun_ring *ring);
void tun_ring_kick_stop(struct tun_ring *ring);
void tun_ring_kick_free(struct tun_ring *ring);

#endif /* _TUN_RING_LIFE_KICK_H */
