/* SPDX-License-Identifier: GPL-2.0 */
/* Fixture and macros of broken.c and broken_table.c, which are two programs. */
#ifndef _HOST_BROKEN_H
#define _HOST_BROKEN_H

#include "rig.h"

#include "harness.h"

#define NUM	128
#define POOL	8192

FIXTURE(broken) {
	struct rig *rig;
	struct tun_vring_chain c;
};

FIXTURE_SETUP(broken)
{
	self->rig = rig_new(NUM, true, true, POOL);
}

FIXTURE_TEARDOWN(broken)
{
	rig_free(self->rig);
}

/* The engine marks the ring broken for good, for this reason, and keeps its position. */
#define EXPECT_BROKEN(rig, why) do {					\
	struct tun_vring *vr_ = &(rig)->dev.vr;				\
	u16 at_ = vr_->last_avail;					\
									\
	EXPECT_EQ(-EPROTO, device_pop(&(rig)->dev, false, &self->c));	\
	ASSERT_NE(NULL, vr_->broken);					\
	EXPECT_STREQ(why, vr_->broken);					\
	EXPECT_EQ(at_, vr_->last_avail);				\
	vr_->avail_idx = vr_->last_avail;				\
	virtq_set_avail_idx(&(rig)->drv, vr_->last_avail);		\
	EXPECT_EQ(-EPROTO, device_pop(&(rig)->dev, false, &self->c));	\
	EXPECT_EQ(-EPROTO, device_refresh(&(rig)->dev));		\
	EXPECT_EQ(-EPROTO, device_enable_kick(&(rig)->dev));		\
	EXPECT_STREQ(why, vr_->broken);					\
} while (0)

/* The driver offers descriptor 0, which the test has written. */
static inline void offer(struct rig *rig)
{
	virtq_set_avail_entry(&rig->drv, 0, 0);
	virtq_set_avail_idx(&rig->drv, 1);
}

static inline void desc(struct rig *rig, unsigned int at, u64 addr, u32 len, u16 flags,
		 u16 next)
{
	virtq_write_desc(rig_desc(rig, at), addr, len, flags, next);
}

static inline void table(struct rig *rig, unsigned int at, u64 addr, u32 len,
		  u16 flags, u16 next)
{
	virtq_write_desc(rig->pool + VIRTQ_DESC * at, addr, len, flags, next);
}

#endif /* _HOST_BROKEN_H */
