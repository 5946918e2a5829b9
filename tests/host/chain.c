// SPDX-License-Identifier: GPL-2.0
/* The engine resolves well-formed chains of both directions into segments. */
#include "rig.h"

#include "harness.h"

#define POOL	8192

FIXTURE(chain) {
	struct rig *rig;
	struct tun_vring_chain c;
};

FIXTURE_VARIANT(chain) {
	bool device_writes;
};

FIXTURE_VARIANT_ADD(chain, rx) { .device_writes = true };
FIXTURE_VARIANT_ADD(chain, tx) { .device_writes = false };

FIXTURE_SETUP(chain)
{
	self->rig = rig_new(128, true, true, POOL);
}

FIXTURE_TEARDOWN(chain)
{
	rig_free(self->rig);
}

/* Consecutive buffers of 1, 2, 3... bytes. */
static void fill(struct virtq_buf *buf, unsigned int n, bool device_writes)
{
	u64 addr = 0;
	unsigned int i;

	for (i = 0; i < n; addr += buf[i++].len)
		buf[i] = (struct virtq_buf) {
			.addr = addr,
			.len = i + 1,
			.device_writes = device_writes,
		};
}

static bool same(const struct rig *rig, const struct tun_vring_chain *c,
		 const struct virtq_buf *buf, unsigned int n)
{
	unsigned int i;
	u32 len = 0;

	if (c->nsegs != n)
		return false;
	for (i = 0; i < n; len += buf[i++].len)
		if (c->seg[i].base != rig->pool + buf[i].addr ||
		    c->seg[i].len != buf[i].len)
			return false;
	return c->len == len;
}

TEST_F(chain, none)
{
	EXPECT_EQ(0, device_pop(&self->rig->dev, variant->device_writes,
				&self->c));
	EXPECT_EQ(0, device_known(&self->rig->dev));
	EXPECT_EQ(NULL, self->rig->dev.vr.broken);
}

TEST_F(chain, not_offered)
{
	struct virtq_buf buf[1];

	fill(buf, 1, variant->device_writes);
	virtq_add(&self->rig->drv, buf, 1, NULL, 0);
	EXPECT_EQ(0, device_pop(&self->rig->dev, variant->device_writes,
				&self->c));
}

TEST_F(chain, every_length)
{
	struct virtq_buf buf[TUN_VRING_MAX_CHAIN];
	struct rig *rig = self->rig;
	u32 cookie, len;
	int n, head;

	for (n = 1; n <= TUN_VRING_MAX_CHAIN; n++) {
		fill(buf, n, variant->device_writes);
		head = virtq_add(&rig->drv, buf, n, NULL, n);
		ASSERT_LE(0, head);
		virtq_offer(&rig->drv);
		ASSERT_EQ(1, device_pop(&rig->dev, variant->device_writes,
					&self->c));
		EXPECT_EQ(head, self->c.head);
		ASSERT_TRUE(same(rig, &self->c, buf, n));
		ASSERT_EQ(0, device_push(&rig->dev, self->c.head, 7 * n));
		ASSERT_EQ(0, device_publish(&rig->dev));
		ASSERT_TRUE(virtq_get(&rig->drv, &cookie, &len));
		EXPECT_EQ(n, cookie);
		EXPECT_EQ(7 * n, len);
	}
	EXPECT_EQ(0, device_pop(&rig->dev, variant->device_writes, &self->c));
}

/* The engine counts the readable buffers that precede the writable ones. */
TEST_F(chain, both_directions)
{
	struct virtq_buf buf[6];
	struct rig *rig = self->rig;
	unsigned int nread, i;
	u32 cookie, len;

	for (nread = 7; nread--;) {
		fill(buf, 6, true);
		for (i = 0; i < nread; i++)
			buf[i].device_writes = false;
		ASSERT_LE(0, virtq_add(&rig->drv, buf, 6, NULL, 0));
		virtq_offer(&rig->drv);
		ASSERT_EQ(1, device_pop_both(&rig->dev, &self->c));
		EXPECT_EQ(nread, self->c.nread);
		ASSERT_TRUE(same(rig, &self->c, buf, 6));
		ASSERT_EQ(0, device_push(&rig->dev, self->c.head, 0));
		ASSERT_EQ(0, device_publish(&rig->dev));
		ASSERT_TRUE(virtq_get(&rig->drv, &cookie, &len));
	}
}

/* An unaligned table holds the whole chain, or only its end. */
TEST_F(chain, every_table)
{
	struct virtq_buf buf[TUN_VRING_MAX_CHAIN];
	struct rig *rig = self->rig;
	struct virtq_table t = { };
	u32 cookie, len;
	int n;

	for (n = 1; n <= TUN_VRING_MAX_CHAIN; n++) {
		t.from = n % 5 < n ? n % 5 : 0;
		t.addr = 4000 + n;
		t.mem = rig->pool + t.addr;
		fill(buf, n, variant->device_writes);
		ASSERT_LE(0, virtq_add(&rig->drv, buf, n, &t, n));
		virtq_offer(&rig->drv);
		ASSERT_EQ(1, device_pop(&rig->dev, variant->device_writes,
					&self->c));
		ASSERT_TRUE(same(rig, &self->c, buf, n));
		device_push(&rig->dev, self->c.head, 0);
		device_publish(&rig->dev);
		ASSERT_TRUE(virtq_get(&rig->drv, &cookie, &len));
	}
}

/* 2.7.5.3.2: the device must ignore the write flag of a descriptor that refers to a table. */
TEST_F(chain, table_with_write_flag)
{
	struct virtq_table t = { .addr = 4096, .mem = self->rig->pool + 4096 };
	struct rig *rig = self->rig;
	struct virtq_buf buf[3];
	int head;

	fill(buf, 3, variant->device_writes);
	head = virtq_add(&rig->drv, buf, 3, &t, 0);
	virtq_write_desc(rig_desc(rig, head), t.addr, 3 * VIRTQ_DESC,
			 VIRTQ_INDIRECT | VIRTQ_WRITE, 0);
	virtq_offer(&rig->drv);
	ASSERT_EQ(1, device_pop(&rig->dev, variant->device_writes, &self->c));
	EXPECT_TRUE(same(rig, &self->c, buf, 3));
}

/* A chain may visit the entries of a table in any order, and need not visit all. */
TEST_F(chain, table_out_of_order)
{
	u16 flags = VIRTQ_NEXT | (variant->device_writes ? VIRTQ_WRITE : 0);
	struct rig *rig = self->rig;
	u8 *table = rig->pool + POOL - 5 * VIRTQ_DESC;

	virtq_write_desc(table, 10, 1, flags, 4);
	virtq_write_desc(table + 4 * VIRTQ_DESC, 20, 2, flags, 2);
	virtq_write_desc(table + 2 * VIRTQ_DESC, 30, 3, flags & ~VIRTQ_NEXT,
			 65535);
	virtq_write_desc(rig_desc(rig, 9), POOL - 5 * VIRTQ_DESC,
			 5 * VIRTQ_DESC, VIRTQ_INDIRECT, 65535);
	virtq_set_avail_entry(&rig->drv, 0, 9);
	virtq_set_avail_idx(&rig->drv, 1);
	ASSERT_EQ(1, device_pop(&rig->dev, variant->device_writes, &self->c));
	EXPECT_EQ(9, self->c.head);
	ASSERT_EQ(3, self->c.nsegs);
	EXPECT_EQ(rig->pool + 10, self->c.seg[0].base);
	EXPECT_EQ(rig->pool + 20, self->c.seg[1].base);
	EXPECT_EQ(rig->pool + 30, self->c.seg[2].base);
	EXPECT_EQ(6, self->c.len);
}

/* A table may have more entries than the ring: the engine bounds the chain, not the table. */
TEST_F(chain, table_larger_than_the_ring)
{
	u16 flags = variant->device_writes ? VIRTQ_WRITE : 0;
	struct rig *rig = self->rig;

	virtq_write_desc(rig->pool, 1, 1, flags | VIRTQ_NEXT, 200);
	virtq_write_desc(rig->pool + 200 * VIRTQ_DESC, 2, 1, flags, 0);
	virtq_write_desc(rig_desc(rig, 0), 0, 201 * VIRTQ_DESC, VIRTQ_INDIRECT,
			 0);
	virtq_set_avail_idx(&rig->drv, 1);
	ASSERT_EQ(1, device_pop(&rig->dev, variant->device_writes, &self->c));
	EXPECT_EQ(2, self->c.nsegs);
}

TEST_F(chain, edges_of_the_pool)
{
	static const struct {
		u64 addr;
		u32 len;
	} good[] = {
		{ 0, 0 }, { 0, 1 }, { 0, POOL }, { POOL - 1, 1 }, { POOL, 0 },
		{ 1, POOL - 1 },
	};
	struct rig *rig = self->rig;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		ASSERT_LE(0, rig_offer_one(rig, variant->device_writes,
					   good[i].addr, good[i].len));
		ASSERT_EQ(1, device_pop(&rig->dev, variant->device_writes,
					&self->c));
		ASSERT_EQ(1, self->c.nsegs);
		EXPECT_EQ(rig->pool + good[i].addr, self->c.seg[0].base);
		EXPECT_EQ(good[i].len, self->c.seg[0].len);
		EXPECT_EQ(good[i].len, self->c.len);
	}
}

/* The engine treats a descriptor of length 0 as a segment. */
TEST_F(chain, empty_segments)
{
	struct virtq_buf buf[3] = {
		{ .addr = 5 }, { .addr = 6, .len = 4 }, { .addr = POOL },
	};
	struct rig *rig = self->rig;
	int i;

	for (i = 0; i < 3; i++)
		buf[i].device_writes = variant->device_writes;
	virtq_add(&rig->drv, buf, 3, NULL, 0);
	virtq_offer(&rig->drv);
	ASSERT_EQ(1, device_pop(&rig->dev, variant->device_writes, &self->c));
	EXPECT_TRUE(same(rig, &self->c, buf, 3));
}

/* The device ignores descriptor flags that split rings do not define. */
TEST_F(chain, unknown_flags)
{
	u16 flags = variant->device_writes ? VIRTQ_WRITE : 0;
	struct rig *rig = self->rig;

	virtq_write_desc(rig_desc(rig, 0), 16, 5, flags | 0xfff8, 77);
	virtq_set_avail_idx(&rig->drv, 1);
	ASSERT_EQ(1, device_pop(&rig->dev, variant->device_writes, &self->c));
	EXPECT_EQ(1, self->c.nsegs);
	EXPECT_EQ(5, self->c.len);
}

TEST_HARNESS_MAIN
