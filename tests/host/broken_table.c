// SPDX-License-Identifier: GPL-2.0
/* The tests of broken.c, for indirect tables. */
#include "broken.h"

TEST_F(broken, direction_in_a_table)
{
	desc(self->rig, 0, 0, VIRTQ_DESC, VIRTQ_INDIRECT, 0);
	table(self->rig, 0, 0, 8, VIRTQ_WRITE, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "descriptor of the wrong direction");
}

TEST_F(broken, next_in_a_table)
{
	desc(self->rig, 0, 0, 2 * VIRTQ_DESC, VIRTQ_INDIRECT, 0);
	table(self->rig, 0, 0, 8, VIRTQ_NEXT, 2);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "next descriptor out of range");
}

TEST_F(broken, loop_in_a_table)
{
	desc(self->rig, 0, 0, VIRTQ_DESC, VIRTQ_INDIRECT, 0);
	table(self->rig, 0, 0, 1, VIRTQ_NEXT, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "chain too long");
}

TEST_F(broken, table_without_the_feature)
{
	self->rig->dev.vr.indirect = false;
	desc(self->rig, 0, 0, VIRTQ_DESC, VIRTQ_INDIRECT, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "indirect table without the feature");
}

TEST_F(broken, table_with_a_successor)
{
	desc(self->rig, 0, 0, VIRTQ_DESC, VIRTQ_INDIRECT | VIRTQ_NEXT, 1);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "indirect table with a successor");
}

TEST_F(broken, table_in_a_table)
{
	desc(self->rig, 0, 0, VIRTQ_DESC, VIRTQ_INDIRECT, 0);
	table(self->rig, 0, 0, VIRTQ_DESC, VIRTQ_INDIRECT, 0);
	offer(self->rig);
	EXPECT_BROKEN(self->rig, "indirect table in an indirect table");
}

TEST_F(broken, table_size)
{
	static const u32 bad[] = { 0, 1, 15, 17, 31, 0xffffffff, 0xfffffff1 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		desc(self->rig, 0, 0, bad[i], VIRTQ_INDIRECT, 0);
		offer(self->rig);
		EXPECT_BROKEN(self->rig, "indirect table of a bad size");
		rig_free(self->rig);
		self->rig = rig_new(NUM, true, true, POOL);
	}
}

TEST_F(broken, table_range)
{
	static const u64 bad[] = {
		POOL, POOL + 1, ~0ULL, ~0ULL - 15, ~0ULL - 16,
		1ULL << 63,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		desc(self->rig, 0, bad[i], VIRTQ_DESC, VIRTQ_INDIRECT, 0);
		offer(self->rig);
		EXPECT_BROKEN(self->rig, "buffer out of range");
		rig_free(self->rig);
		self->rig = rig_new(NUM, true, true, POOL);
	}
}

/* The table begins in the pool, and ends outside of the pool. */
TEST_F(broken, table_end)
{
	static const struct {
		u32 before, descs;
	} bad[] = {
		{ 1, 1 }, { 15, 1 }, { 16, 2 }, { 31, 2 }, { 16, 4 },
		{ 16, 0xfffffff },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		u64 at = POOL - bad[i].before;

		desc(self->rig, 0, at, bad[i].descs * VIRTQ_DESC,
		     VIRTQ_INDIRECT, 0);
		if (bad[i].before >= VIRTQ_DESC)
			virtq_write_desc(self->rig->pool + at, 0, 1, 0, 0);
		offer(self->rig);
		EXPECT_BROKEN(self->rig, "indirect table beyond its region");
		rig_free(self->rig);
		self->rig = rig_new(NUM, true, true, POOL);
	}
}

TEST_HARNESS_MAIN
