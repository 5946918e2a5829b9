/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Creation of threads for rings, and pending work of the worker.
 */
#ifndef _TUN_RING_WAKE_H
#define _TUN_RING_WAKE_H

#include "state.h"

int tun_ring_thread_create(struct tun_thread *thread, struct tun_ring *ring,
			   int (*run)(void *));
void tun_worker_wake(struct tun_ring *ring, enum tun_worker_work what);
void tun_worker_kick_rx(struct tun_ring *ring);

#endif /* _TUN_RING_WAKE_H */
