/* SPDX-License-Identifier: GPL-2.0 */
/*
 * poll(2) of a queue with rings.
 */
#ifndef _TUN_RING_EVENT_POLL_H
#define _TUN_RING_EVENT_POLL_H

#include <linux/types.h>

struct tun_ring;

__poll_t tun_ring_poll(struct tun_ring *ring);
u16 tun_ring_poll_unconsumed(const struct tun_ring *ring);

#endif /* _TUN_RING_EVENT_POLL_H */
