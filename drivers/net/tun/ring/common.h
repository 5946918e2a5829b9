/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of rings that the packet paths of the driver read.
 */
#ifndef _TUN_RING_COMMON_H
#define _TUN_RING_COMMON_H

#include <linux/types.h>

struct tun_ring;

/**
 * struct tun_ring_common - first member of struct tun_ring, for packet paths
 * @via_ptr_ring: packets go into the queue's tx_ring; see struct
 *	tun_ring_server
 */
struct tun_ring_common {
	bool via_ptr_ring;
};

static inline bool tun_ring_via_ptr_ring(const struct tun_ring *ring)
{
	return READ_ONCE(((const struct tun_ring_common *)ring)->via_ptr_ring);
}

#endif /* _TUN_RING_COMMON_H */
