/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Buffers in flight, and their limit.
 */
#ifndef _TUN_RING_FLOW_IN_FLIGHT_H
#define _TUN_RING_FLOW_IN_FLIGHT_H

#include <linux/types.h>

struct tun_ring;

void tun_ring_flow_open(struct tun_ring *ring);
bool tun_ring_flow_is_full(struct tun_ring *ring);
void tun_ring_flow_complete_all(struct tun_ring *ring);
u16 tun_ring_flow_quarter(const struct tun_ring *ring);

#endif /* _TUN_RING_FLOW_IN_FLIGHT_H */
