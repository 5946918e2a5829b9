/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of rings when their queue, their device or their server changes.
 */
#ifndef _TUN_RING_LIFE_SWITCH_H
#define _TUN_RING_LIFE_SWITCH_H

#include <linux/types.h>

struct tun_dev;
struct tun_queue;
struct tun_regions;
struct tun_ring;
struct tun_ring_server;

void tun_ring_server_attach(struct tun_ring *ring, struct tun_dev *tun);
void tun_ring_quiesce(struct tun_ring *ring);
void tun_ring_switch_attach(struct tun_queue *q);
void tun_ring_switch_detach(struct tun_queue *q);
void tun_ring_switch_dead(struct tun_queue *q);
void tun_ring_switch_purge(struct tun_queue *q);
int tun_ring_switch_server(struct tun_ring *ring,
			   const struct tun_ring_server *to,
			   struct tun_regions *regions, u64 rx_features);

#endif /* _TUN_RING_LIFE_SWITCH_H */
