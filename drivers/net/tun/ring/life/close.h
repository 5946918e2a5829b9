/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The end of a queue's rings: TUNRINGTEARDOWN, TUNSETIFF, close(2).
 */
#ifndef _TUN_RING_LIFE_CLOSE_H
#define _TUN_RING_LIFE_CLOSE_H

struct tun_queue;

long tun_ring_ioctl_teardown(struct tun_queue *q);
int tun_ring_release_dead(struct tun_queue *q);
void tun_ring_end(struct tun_queue *q);
void tun_ring_closed(struct tun_queue *q);

#endif /* _TUN_RING_LIFE_CLOSE_H */
