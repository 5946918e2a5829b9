/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pending work of the worker of a ring, set in any context.
 */
#ifndef _TUN_RING_WAKE_H
#define _TUN_RING_WAKE_H

#include "state.h"

void tun_worker_wake(struct tun_ring *ring, enum tun_worker_work what);
void tun_worker_kick_rx(struct tun_ring *ring);

#endif /* _TUN_RING_WAKE_H */
