/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Polling for work before the worker sleeps.
 */
#ifndef _TUN_RING_WORKER_BUSY_POLL_H
#define _TUN_RING_WORKER_BUSY_POLL_H

#include "../state.h"

bool tun_worker_busy_poll(struct tun_ring *ring, enum tun_worker_work i);

#endif /* _TUN_RING_WORKER_BUSY_POLL_H */
