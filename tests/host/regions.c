// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers lie in several regions. Regions with adjacent addresses need not be
 * adjacent in the kernel's memory.
 */
#include <stdlib.h>

#include "rig.h"
#include "harness.h"

#define NUM	8
#define LEN	64	/* bytes per region */
#define N	3

/* In the driver's addresses two regions are adjacent, and the third one is not. */
static const u64 starts[N] = { 0x1000, 0x1000 + LEN, 0x9000 };

FIXTURE(regions) {
	struct rig *rig;
	struct tun_regions *table;
	struct tun_vring_chain c;
};

FIXTURE_SETUP(regions)
{
	int i;

	self->rig = rig_new(NUM, true, false, LEN);
	self->table = calloc(1, sizeof(*self->table) +
				N * sizeof(self->table->region[0]));
	self->table->n = N;
	for (i = 0; i < N; i++) {
		self->table->region[i].start = starts[i];
		self->table->region[i].len = LEN;
		/* Each region is an allocation with red zones of its own. */
		self->table->region[i].base = malloc(LEN);
	}
	self->rig->dev.regions = self->table;
}

FIXTURE_TEARDOWN(regions)
{
	int i;

	for (i = 0; i < N; i++)
		free(self->table->region[i].base);
	free(self->table);
	rig_free(self->rig);
}

static void *place(struct tun_regions *table, int i, u32 off)
{
	return (u8 *)table->region[i].base + off;
}

static int pop_one(struct rig *rig, u64 addr, u32 len,
		   struct tun_vring_chain *c)
{
	rig_offer_one(rig, true, addr, len);
	return device_pop(&rig->dev, true, c);
}

TEST_F(regions, each)
{
	int i;

	for (i = N - 1; i >= 0; i--) {
		ASSERT_EQ(1, pop_one(self->rig, starts[i] + 8, 16, &self->c));
		ASSERT_EQ(1, self->c.nsegs);
		EXPECT_EQ(place(self->table, i, 8), self->c.seg[0].base);
		EXPECT_EQ(16, self->c.seg[0].len);
	}
}

TEST_F(regions, first_and_last_byte)
{
	int i;

	for (i = 0; i < N; i++) {
		ASSERT_EQ(1, pop_one(self->rig, starts[i], 1, &self->c));
		EXPECT_EQ(place(self->table, i, 0), self->c.seg[0].base);
		ASSERT_EQ(1, pop_one(self->rig, starts[i] + LEN - 1, 1,
				     &self->c));
		EXPECT_EQ(place(self->table, i, LEN - 1), self->c.seg[0].base);
	}
}

/* The index of a found region may lie beyond a table of fewer regions. */
TEST_F(regions, found_in_another_table)
{
	struct tun_regions *one;

	ASSERT_EQ(1, pop_one(self->rig, starts[N - 1], 1, &self->c));
	one = calloc(1, sizeof(*one) + sizeof(one->region[0]));
	one->n = 1;
	one->region[0] = self->table->region[0];
	self->rig->dev.regions = one;
	EXPECT_EQ(1, pop_one(self->rig, starts[0], 1, &self->c));
	EXPECT_EQ(-EPROTO, pop_one(self->rig, starts[N - 1], 1, &self->c));
	free(one);
}

TEST_F(regions, across_a_border)
{
	ASSERT_EQ(1, pop_one(self->rig, starts[0] + LEN - 4, 20, &self->c));
	ASSERT_EQ(2, self->c.nsegs);
	EXPECT_EQ(20, self->c.len);
	EXPECT_EQ(place(self->table, 0, LEN - 4), self->c.seg[0].base);
	EXPECT_EQ(4, self->c.seg[0].len);
	EXPECT_EQ(place(self->table, 1, 0), self->c.seg[1].base);
	EXPECT_EQ(16, self->c.seg[1].len);
}

TEST_F(regions, beyond_the_last)
{
	EXPECT_EQ(-EPROTO, pop_one(self->rig, starts[1] + LEN - 4, 8,
				   &self->c));
	EXPECT_STREQ("buffer out of range", self->rig->dev.vr.broken);
}

TEST_F(regions, between)
{
	EXPECT_EQ(-EPROTO, pop_one(self->rig, starts[1] + LEN, 1, &self->c));
}

TEST_F(regions, before_the_first)
{
	EXPECT_EQ(-EPROTO, pop_one(self->rig, starts[0] - 1, 8, &self->c));
}

/* A buffer may not wrap from the highest address to address 0. */
TEST_F(regions, around_the_end)
{
	struct tun_region *r = self->table->region;
	u64 bottom = 0, top = 0 - (u64)LEN;

	r[N - 1].start = top;
	r[0].start = bottom;
	ASSERT_EQ(1, pop_one(self->rig, top + LEN - 4, 4, &self->c));
	EXPECT_EQ(-EPROTO, pop_one(self->rig, top + LEN - 4, 8, &self->c));
}

TEST_F(regions, highest_address)
{
	EXPECT_EQ(-EPROTO, pop_one(self->rig, ~0ULL, 1, &self->c));
}

TEST_F(regions, empty_buffer)
{
	ASSERT_EQ(1, pop_one(self->rig, starts[1], 0, &self->c));
	ASSERT_EQ(1, pop_one(self->rig, starts[1] + LEN, 0, &self->c));
	EXPECT_EQ(1, self->c.nsegs);
	EXPECT_EQ(0, self->c.len);
	EXPECT_EQ(-EPROTO, pop_one(self->rig, starts[1] + LEN + 1, 0,
				   &self->c));
}

/* Offers a table of two descriptors that has @here bytes in front of region 1. */
static int pop_table(struct rig *rig, struct tun_regions *table, u32 here,
		     struct tun_vring_chain *c)
{
	u8 d[2 * VIRTQ_DESC];

	virtq_write_desc(d, starts[2], 8, VIRTQ_NEXT, 1);
	virtq_write_desc(d + VIRTQ_DESC, starts[2] + 32, 4, 0, 0);
	memcpy(place(table, 0, LEN - here), d, here < sizeof(d) ? here :
	       sizeof(d));
	if (here < sizeof(d))
		memcpy(place(table, 1, 0), d + here, sizeof(d) - here);
	virtq_write_desc(rig_desc(rig, 0), starts[1] - here, sizeof(d),
			 VIRTQ_INDIRECT, 0);
	virtq_set_avail_entry(&rig->drv, 0, 0);
	virtq_set_avail_idx(&rig->drv, 1);
	return device_pop(&rig->dev, false, c);
}

/* An indirect table may end at a border, but not cross it. */
TEST_F(regions, indirect_table_at_a_border)
{
	ASSERT_EQ(1, pop_table(self->rig, self->table, 2 * VIRTQ_DESC,
			       &self->c));
	ASSERT_EQ(2, self->c.nsegs);
	EXPECT_EQ(place(self->table, 2, 0), self->c.seg[0].base);
	EXPECT_EQ(place(self->table, 2, 32), self->c.seg[1].base);
}

TEST_F(regions, indirect_table_across_a_border)
{
	static const u32 bad[] = { 31, 20, 16, 1 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		self->rig->dev.vr.broken = NULL;
		EXPECT_EQ(-EPROTO, pop_table(self->rig, self->table, bad[i],
					     &self->c));
		EXPECT_STREQ("indirect table beyond its region",
			     self->rig->dev.vr.broken);
	}
}

TEST_HARNESS_MAIN
