/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of rings that the packet paths of the driver look at.
 */
#ifndef _TUN_RING_COMMON_H
#define _TUN_RING_COMMON_H

#include <linux/types.h>

struct tun_ring;

/**
 * struct tun_ring_face - what packet paths see of rings; struct tun_ring begins
 *	with it
 * @uses_fifo: a worker serves the rings: packets are to go into the queue's fifo
 */
struct tun_ring_face {
	bool uses_fifo;
};

static inline bool tun_ring_uses_fifo(const struct tun_ring *ring)
{
	return ((const struct tun_ring_face *)ring)->uses_fifo;
}

#endif /* _TUN_RING_COMMON_H */
