/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Life of the table that translates the addresses in descriptors.
 */
#ifndef _TUN_RING_MEM_REGIONS_H
#define _TUN_RING_MEM_REGIONS_H

#include "../engine/regions_find.h"

struct tun_ring_region;

struct tun_regions *tun_regions_alloc(u32 n);
struct tun_regions *tun_regions_of_user(const struct tun_ring_region *from,
					u32 n, bool pin);
struct tun_regions *tun_regions_get(struct tun_regions *regions);
void tun_regions_put(struct tun_regions *regions);

#endif /* _TUN_RING_MEM_REGIONS_H */
