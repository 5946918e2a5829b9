/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The thread that serves rings in memory that may fault.
 */
#ifndef _TUN_RING_WORKER_WORKER_H
#define _TUN_RING_WORKER_WORKER_H

#include <linux/types.h>

struct tun_ring;

bool tun_worker_run(struct tun_ring *ring);
int tun_worker_create(struct tun_ring *ring, int (*run)(void *));
void tun_worker_start(struct tun_ring *ring);
void tun_worker_stop(struct tun_ring *ring);
void tun_worker_release(struct tun_ring *ring);

#endif /* _TUN_RING_WORKER_WORKER_H */
