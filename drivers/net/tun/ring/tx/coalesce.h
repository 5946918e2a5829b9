/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread coalesces the kicks of a guest in pinned memory.
 */
#ifndef _TUN_RING_COALESCE_H
#define _TUN_RING_COALESCE_H

#include <linux/types.h>

struct tun_ring;

int tun_ring_tx_coalesce_start(struct tun_ring *ring);
void tun_ring_tx_coalesce_stop(struct tun_ring *ring);
bool tun_ring_tx_coalesce(struct tun_ring *ring, int done);

#endif /* _TUN_RING_COALESCE_H */
