/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests for a kick when the user adds receive buffers.
 */
#ifndef _TUN_RING_FLOW_ASK_H
#define _TUN_RING_FLOW_ASK_H

#include <linux/time64.h>
#include <linux/types.h>

struct tun_ring;

/* The timer checks for buffers after this time. */
#define TUN_RING_FLOW_PERIOD_NS	NSEC_PER_MSEC

void tun_ring_flow_start_timer(struct tun_ring *ring, u64 ns);
bool tun_ring_flow_ask(struct tun_ring *ring, u16 ahead);
bool tun_ring_flow_ask_quarter(struct tun_ring *ring);
bool tun_ring_flow_in_vain(struct tun_ring *ring);
bool tun_ring_flow_has_enough(struct tun_ring *ring);

#endif /* _TUN_RING_FLOW_ASK_H */
