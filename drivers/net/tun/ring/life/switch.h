/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of rings when their queue and their device come and go.
 */
#ifndef _TUN_RING_LIFE_SWITCH_H
#define _TUN_RING_LIFE_SWITCH_H

struct tun_dev;
struct tun_queue;
struct tun_ring;

void tun_ring_server_attach(struct tun_ring *ring, struct tun_dev *tun);
void tun_ring_quiesce(struct tun_ring *ring);
void tun_ring_switch_attach(struct tun_queue *q);
void tun_ring_switch_detach(struct tun_queue *q);
void tun_ring_switch_dead(struct tun_queue *q);
void tun_ring_switch_purge(struct tun_queue *q);

#endif /* _TUN_RING_LIFE_SWITCH_H */
