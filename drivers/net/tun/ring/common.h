/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of rings that the packet paths of the driver look at.
 */
#ifndef _TUN_RING_COMMON_H
#define _TUN_RING_COMMON_H

#include <linux/types.h>

struct tun_ring;

/**
 * struct tun_ring_common - what packet paths see of rings; struct tun_ring begins
 *	with it
 * @via_ptr_ring: packets go into the queue's tx_ring, as the server wants it
 */
struct tun_ring_common {
	bool via_ptr_ring;
};

static inline bool tun_ring_via_ptr_ring(const struct tun_ring *ring)
{
	return ((const struct tun_ring_common *)ring)->via_ptr_ring;
}

#endif /* _TUN_RING_COMMON_H */
