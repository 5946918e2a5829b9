/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver and a device share one ring. Each area is an allocation of its own, so that
 * the address sanitizer detects an access to any byte outside of it.
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
 * @dev: the device's end, run by the engine
 * @drv: the driver's end
 * @regions: the table whose only region is the pool
 * @pool: memory of the buffers; the driver's address 0
 * @pool_len: bytes of @pool
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

/* Start both ends at index @idx, as if @idx packets had passed. */
void rig_start_at(struct rig *rig, u16 idx);

/* The driver adds a chain of one buffer and offers the chain. Return: the head, or -1. */
int rig_offer_one(struct rig *rig, bool device_writes, u64 addr, u32 len);

/* Return: descriptor @at, which tests overwrite to break the rules. */
static inline void *rig_desc(struct rig *rig, unsigned int at)
{
	return rig->drv.desc + VIRTQ_DESC * at;
}

#endif /* _HOST_RIG_H */
