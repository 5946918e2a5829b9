/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The thread that serves rings in memory that may fault.
 */
#ifndef _TUN_RING_WORKER_H
#define _TUN_RING_WORKER_H

#include "served.h"

struct tun_ring;

struct task_struct *tun_ring_thread(struct tun_ring *ring, int (*run)(void *));
int tun_ring_worker_create(struct tun_ring *ring);
void tun_ring_worker_start(struct tun_ring *ring);
void tun_ring_worker_stop(struct tun_ring *ring);
void tun_ring_worker_wake(struct tun_ring *ring, enum tun_worker_due what);
void tun_ring_worker_kick_rx(struct tun_ring *ring);

#endif /* _TUN_RING_WORKER_H */
