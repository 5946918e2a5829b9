// SPDX-License-Identifier: GPL-2.0
/* Free-running indices wrap in rings of every size; pushed entries are published or undone. */
#include "rig.h"

#include "harness.h"

FIXTURE(index) {
	struct rig *rig;
	struct tun_vring_chain c;
};

FIXTURE_VARIANT(index) {
	u32 num;
};

FIXTURE_VARIANT_ADD(index, num_1) { .num = 1 };
FIXTURE_VARIANT_ADD(index, num_2) { .num = 2 };
FIXTURE_VARIANT_ADD(index, num_256) { .num = 256 };
FIXTURE_VARIANT_ADD(index, num_32768) { .num = 32768 };

FIXTURE_SETUP(index)
{
	self->rig = rig_new(variant->num, true, true, 4096);
}

FIXTURE_TEARDOWN(index)
{
	rig_free(self->rig);
}

/* The driver fills the ring; the device pops, uses and publishes all chains. */
static bool once_around(struct rig *rig, struct tun_vring_chain *c, u32 base)
{
	u32 i, cookie, len, num = rig->drv.num;
	struct virtq_buf buf = { .len = 1 };

	for (i = 0; i < num; i++) {
		buf.addr = i % 4096;
		if (virtq_add(&rig->drv, &buf, 1, NULL, base + i) < 0)
			return false;
	}
	if (virtq_add(&rig->drv, &buf, 1, NULL, 0) >= 0)
		return false;
	virtq_offer(&rig->drv);
	if (device_refresh(&rig->dev) != (int)num ||
	    device_known(&rig->dev) != (u16)num)
		return false;
	for (i = 0; i < num; i++)
		if (device_pop(&rig->dev, false, c) != 1 ||
		    c->seg[0].base != rig->pool + i % 4096 ||
		    device_push(&rig->dev, c->head, base + i))
			return false;
	if (device_pop(&rig->dev, false, c) || virtq_pending(&rig->drv))
		return false;
	if (device_publish(&rig->dev))
		return false;
	for (i = 0; i < num; i++)
		if (!virtq_get(&rig->drv, &cookie, &len) ||
		    cookie != base + i || len != base + i)
			return false;
	return !virtq_get(&rig->drv, &cookie, &len);
}

/* The indices wrap three times. */
TEST_F(index, wrap)
{
	u32 done;

	for (done = 0; done < 3 * 65536 + 100; done += variant->num)
		ASSERT_TRUE(once_around(self->rig, &self->c, done)) {
			TH_LOG("after %u packets", done);
		}
	EXPECT_EQ(NULL, self->rig->dev.vr.broken);
}

/* Starts at which an engine could confuse the end of the ring with the wrap of the index. */
TEST_F(index, starts)
{
	static const u16 start[] = { 1, 32767, 32768, 65279, 65534, 65535 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(start); i++) {
		rig_start_at(self->rig, start[i]);
		EXPECT_TRUE(once_around(self->rig, &self->c, i)) {
			TH_LOG("from %u", start[i]);
		}
	}
}

/* The driver never sees packets that the device undid, also across the wrap. */
TEST_F(index, rewind)
{
	struct rig *rig = self->rig;
	u16 start = 65535, n = variant->num < 4 ? variant->num : 4, i, back;
	struct virtq_buf buf = { .len = 1, .device_writes = true };
	int head[4];

	for (back = 0; back <= n; back++, start += n) {
		rig_start_at(rig, start);
		for (i = 0; i < n; i++)
			head[i] = virtq_add(&rig->drv, &buf, 1, NULL, i);
		virtq_offer(&rig->drv);
		for (i = 0; i < n; i++) {
			ASSERT_EQ(1, device_pop(&rig->dev, true, &self->c));
			ASSERT_EQ(head[i], self->c.head);
			device_push(&rig->dev, self->c.head, 11);
		}
		device_rewind(&rig->dev, back, back);
		EXPECT_EQ(back, device_known(&rig->dev));
		device_publish(&rig->dev);
		for (i = 0; i < n - back; i++) {
			u32 cookie, len;

			ASSERT_TRUE(virtq_get(&rig->drv, &cookie, &len));
			EXPECT_EQ(i, cookie);
			EXPECT_EQ(11, len);
		}
		EXPECT_FALSE(virtq_pending(&rig->drv));
		for (i = n - back; i < n; i++) {
			u32 cookie, len;

			ASSERT_EQ(1, device_pop(&rig->dev, true, &self->c));
			ASSERT_EQ(head[i], self->c.head);
			device_push(&rig->dev, self->c.head, 22);
			device_publish(&rig->dev);
			ASSERT_TRUE(virtq_get(&rig->drv, &cookie, &len));
			EXPECT_EQ(22, len);
		}
	}
}

/* The device undoes a packet of two chains, of which it has popped more than it has pushed. */
TEST_F(index, rewind_unpushed)
{
	struct rig *rig = self->rig;

	rig_offer_one(rig, true, 0, 8);
	ASSERT_EQ(1, device_pop(&rig->dev, true, &self->c));
	device_rewind(&rig->dev, 1, 0);
	device_publish(&rig->dev);
	EXPECT_FALSE(virtq_pending(&rig->drv));
	EXPECT_EQ(1, device_pop(&rig->dev, true, &self->c));
}

/* The engine writes the pushed entries into the used ring, and no other byte of the ring. */
TEST_F(index, footprint)
{
	u32 size = virtq_used_size(variant->num), i;
	struct rig *rig = self->rig;
	u8 *used = rig->drv.used;

	memset(used, 0xa5, size);
	rig_offer_one(rig, true, 0, 8);
	ASSERT_EQ(1, device_pop(&rig->dev, true, &self->c));
	device_push(&rig->dev, self->c.head, 0x01020304);
	for (i = 0; i < size; i++)
		if (i < 4 || i >= 12)
			ASSERT_EQ(0xa5, used[i]);
	EXPECT_EQ(self->c.head, used[4] | used[5] << 8);
	EXPECT_EQ(0, used[6] | used[7]);
	EXPECT_EQ(0, memcmp(used + 8, "\4\3\2\1", 4));
	device_publish(&rig->dev);
	EXPECT_EQ(0, memcmp(used, "\xa5\xa5\1\0", 4));
}

/* used_event is the user's position. poll(2) and TUNRINGENTER report entries beyond it. */
TEST_F(index, untaken)
{
	struct rig *rig = self->rig;
	u32 cookie, len;

	rig_start_at(rig, 65535);
	EXPECT_EQ(0, device_untaken(&rig->dev));
	rig_offer_one(rig, true, 0, 8);
	ASSERT_EQ(1, device_pop(&rig->dev, true, &self->c));
	device_push(&rig->dev, self->c.head, 8);
	EXPECT_EQ(0, device_untaken(&rig->dev));
	device_publish(&rig->dev);
	EXPECT_EQ(1, device_untaken(&rig->dev));
	ASSERT_TRUE(virtq_get(&rig->drv, &cookie, &len));
	EXPECT_EQ(1, device_untaken(&rig->dev));
	virtq_want_interrupt(&rig->drv);
	EXPECT_EQ(0, device_untaken(&rig->dev));
}

TEST_HARNESS_MAIN
