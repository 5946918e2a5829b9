/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Change of the server of a guest's rings.
 */
#ifndef _TUN_RING_LIFE_CHANGE_H
#define _TUN_RING_LIFE_CHANGE_H

#include <linux/types.h>

struct tun_regions;
struct tun_ring;
struct tun_ring_server;

int tun_ring_change_server(struct tun_ring *ring,
			   const struct tun_ring_server *to,
			   struct tun_regions *regions, u64 rx_features);

#endif /* _TUN_RING_LIFE_CHANGE_H */
