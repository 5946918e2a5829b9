/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the thread does in one pass. Return: there is more to do at once.
 */
#ifndef _TUN_RING_SERVE_H
#define _TUN_RING_SERVE_H

#include "served.h"

struct tun_dev;
struct tun_ring;

bool tun_ring_serve_rx(struct tun_ring *ring, struct tun_dev *tun);
void tun_ring_serve_rx_end(struct tun_ring *ring);
bool tun_ring_serve_tx(struct tun_ring *ring, struct tun_dev *tun);

/* busy.c */
bool tun_ring_spin(struct tun_ring *ring, enum tun_worker_due i);

#endif /* _TUN_RING_SERVE_H */
