/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The eventfds of rings.
 */
#ifndef _TUN_RING_LIFE_KICK_H
#define _TUN_RING_LIFE_KICK_H

#include <linux/types.h>

struct file;
struct tun_ring;
struct tun_ring_attach;

void tun_ring_events_init(struct tun_ring *ring);
int tun_ring_events(struct tun_ring *ring, const struct tun_ring_attach *a);
void tun_ring_set_kick(struct tun_ring *ring, bool rx, struct file *file);
void tun_ring_events_start(struct tun_ring *ring);
void tun_ring_events_stop(struct tun_ring *ring);
void tun_ring_events_free(struct tun_ring *ring);

#endif /* _TUN_RING_LIFE_KICK_H */
