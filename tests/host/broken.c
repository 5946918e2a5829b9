// SPDX-License-Identifier: GPL-2.0
/* For each rule that a driver can break: the engine marks the ring broken, with the reason. */
#include "broken.h"

TEST_F(broken, index_ran_away)
{
	virtq_set_avail_idx(&self->rig->drv, NUM + 1);
	EXPECT_BROKEN(self->rig, "avail index beyond ring size");
}

TEST_F(broken, index_went_back)
{
	rig_start_at(self->rig, 0);
	virtq_set_avail_idx(&self->rig->drv, 65535);
	EXPECT_BROKEN(self->rig, "avail index beyond ring size");
}

TEST_F(broken, index_may_fill_the_ring)
{
	virtq_set_avail_idx(&self->rig->drv, NUM);
	EXPECT_EQ(NUM, device_refresh(&self->rig->dev));
	EXPECT_EQ(NULL, self->rig->dev.vr.broken);
}

TEST_F(broken, head)
{
	offer(self->rig);
	virtq_set_avail_entry(&self->rig->drv, 0, NUM);
	EXPECT_BROKEN(self->rig, "head out of range");
}

TEST_F(broken, head_65535)
{
	offer(self->rig);
	virtq_set_avail_entry(&self->rig->drv, 0, 65535);
	EXPECT_BROKEN(self->rig, "head out of range");
}

TEST_F(broken, direction)
{
	desc(self->rig, 0, 0, 8, VIRTQ_WRITE, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "descriptor of the wrong direction");
}

TEST_F(broken, direction_rx)
{
	desc(self->rig, 0, 0, 8, 0, 0);
	offer(self->rig);
	EXPECT_EQ(-EPROTO, device_pop(&self->rig->dev, true, &self->c));
	EXPECT_STREQ("descriptor of the wrong direction",
		     self->rig->dev.vr.broken);
}

TEST_F(broken, direction_of_the_second)
{
	desc(self->rig, 0, 0, 8, VIRTQ_NEXT, 1);
	desc(self->rig, 1, 0, 8, VIRTQ_WRITE, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "descriptor of the wrong direction");
}

TEST_F(broken, direction_turns_back)
{
	desc(self->rig, 0, 0, 8, VIRTQ_NEXT, 1);
	desc(self->rig, 1, 0, 8, VIRTQ_NEXT | VIRTQ_WRITE, 2);
	desc(self->rig, 2, 0, 8, 0, 0);
	offer(self->rig);
	EXPECT_EQ(-EPROTO, device_pop_both(&self->rig->dev, &self->c));
	EXPECT_STREQ("descriptor of the wrong direction",
		     self->rig->dev.vr.broken);
}

TEST_F(broken, range)
{
	static const struct {
		u64 addr;
		u32 len;
	} bad[] = {
		{ POOL, 1 }, { POOL + 1, 0 }, { 0, POOL + 1 }, { 1, POOL },
		{ ~0ULL, 1 }, { ~0ULL, 0 }, { ~0ULL - 8, 9 }, { 1ULL << 63, 1 },
		{ 1ULL << 32, 1 }, { 0, INT_MAX },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		desc(self->rig, 0, bad[i].addr, bad[i].len, 0, 0);
		offer(self->rig);
		EXPECT_BROKEN(self->rig, "buffer out of range");
		rig_free(self->rig);
		self->rig = rig_new(NUM, true, true, POOL);
	}
}

TEST_F(broken, range_of_the_second)
{
	desc(self->rig, 0, 0, 8, VIRTQ_NEXT, 1);
	desc(self->rig, 1, POOL - 7, 8, 0, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "buffer out of range");
}

TEST_F(broken, too_many_bytes)
{
	desc(self->rig, 0, 0, INT_MAX + 1U, 0, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "chain of too many bytes");
}

/* Each buffer lies in the pool, but the bytes of the chain sum up to more than INT_MAX. */
TEST_F(broken, too_many_bytes_in_all)
{
	unsigned int i;

	self->rig->regions->region[0].len = 1U << 30;
	for (i = 0; i < 3; i++)
		desc(self->rig, i, 0, 1U << 30, VIRTQ_NEXT, i + 1);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "chain of too many bytes");
}

TEST_F(broken, most_bytes)
{
	self->rig->regions->region[0].len = 1U << 30;
	desc(self->rig, 0, 0, 1U << 30, VIRTQ_NEXT, 1);
	desc(self->rig, 1, 0, (1U << 30) - 1, 0, 0);
	offer(self->rig);
	EXPECT_EQ(1, device_pop(&self->rig->dev, false, &self->c));
	EXPECT_EQ(INT_MAX, self->c.len);
}

TEST_F(broken, next)
{
	desc(self->rig, 0, 0, 8, VIRTQ_NEXT, NUM);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "next descriptor out of range");
}

TEST_F(broken, loop)
{
	desc(self->rig, 0, 0, 1, VIRTQ_NEXT, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "chain too long");
}

TEST_F(broken, loop_of_nothing)
{
	desc(self->rig, 0, 0, 0, VIRTQ_NEXT, 1);
	desc(self->rig, 1, 0, 0, VIRTQ_NEXT, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "chain too long");
}

TEST_F(broken, sixty_five)
{
	unsigned int i;

	for (i = 0; i < 65; i++)
		desc(self->rig, i, i, 1, i < 64 ? VIRTQ_NEXT : 0, i + 1);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "chain too long");
}

/* The engine still publishes entries before the bad one, and keeps the first reason. */
TEST_F(broken, later)
{
	struct rig *rig = self->rig;

	rig_offer_one(rig, false, 0, 8);
	rig_offer_one(rig, true, 0, 8);
	EXPECT_EQ(1, device_pop(&rig->dev, false, &self->c));
	EXPECT_EQ(0, device_push(&rig->dev, self->c.head, 0));
	EXPECT_BROKEN(rig, "descriptor of the wrong direction");
	EXPECT_EQ(0, device_publish(&rig->dev));
	EXPECT_TRUE(virtq_pending(&rig->drv));
	EXPECT_EQ(-EPROTO, device_set_broken(&rig->dev, "another"));
	EXPECT_STREQ("descriptor of the wrong direction", rig->dev.vr.broken);
}

TEST_HARNESS_MAIN
