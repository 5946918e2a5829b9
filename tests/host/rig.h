/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver and a device over one ring. Each area is an allocation of its own
 * size, so that the address sanitizer sees every byte outside of it.
 */
#ifndef _HOST_RIG_H
#define _HOST_RIG_H

#include "device.h"
#include "virtq.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif

/**
 * struct rig - both ends of a ring
 * @dev: the engine's end
 * @drv: the driver's end
 * @regions: the table that has the pool
 * @pool: address 0 of the buffers
 * @pool_len: bytes of it
 */
struct rig {
	struct tun_vq dev;
	struct virtq drv;
	struct tun_regions *regions;
	u8 *pool;
	u32 pool_len;
};

struct rig *rig_new(u32 num, bool indirect, bool event_idx, u32 pool_len);
void rig_free(struct rig *rig);

/* Start both ends at @idx instead of 0, as after that many packets. */
void rig_start_at(struct rig *rig, u16 idx);

/* Add a chain of one buffer and offer it. Return: its head, or -1. */
int rig_offer_one(struct rig *rig, bool device_writes, u64 addr, u32 len);

/* Add any descriptors: in the table at @at, for tests that break the rules. */
static inline void *rig_desc(struct rig *rig, unsigned int at)
{
	return rig->drv.desc + VIRTQ_DESC * at;
}

#endif /* _HOST_RIG_H */
