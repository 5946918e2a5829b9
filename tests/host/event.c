// SPDX-License-Identifier: GPL-2.0
/* The device notifies and the driver kicks when needed, by event index and by flags. */
#include "rig.h"

#include "harness.h"

#define NUM	8

FIXTURE(event) {
	struct rig *rig;
	struct tun_vring_chain c;
};

FIXTURE_VARIANT(event) {
	bool event_idx;
};

FIXTURE_VARIANT_ADD(event, index) { .event_idx = true };
FIXTURE_VARIANT_ADD(event, flags) { .event_idx = false };

FIXTURE_SETUP(event)
{
	self->rig = rig_new(NUM, false, variant->event_idx, 4096);
}

FIXTURE_TEARDOWN(event)
{
	rig_free(self->rig);
}

static void offer(struct rig *rig, unsigned int n)
{
	while (n--)
		rig_offer_one(rig, true, 0, 64);
}

/* The device uses @n chains and publishes them. */
static void use(struct rig *rig, struct tun_vring_chain *c, unsigned int n)
{
	while (n--) {
		device_pop(&rig->dev, true, c);
		device_push(&rig->dev, c->head, 1);
	}
	device_publish(&rig->dev);
}

static void take_all(struct rig *rig)
{
	u32 cookie, len;

	while (virtq_get(&rig->drv, &cookie, &len))
		;
}

static void put16(u8 *p, u16 v)
{
	p[0] = v;
	p[1] = v >> 8;
}

static u16 get16(const u8 *p)
{
	return p[0] | p[1] << 8;
}

/* The event lies at each distance from the burst, and the burst at each kind of index. */
TEST_F(event, notify_exactly)
{
	static const u16 starts[] = { 0, 100, 65535, 65530 };
	struct rig *rig = self->rig;
	unsigned int s, n, i;
	int at;

	for (s = 0; s < 4; s++)
		for (n = 1; n <= NUM; n++)
			for (at = -NUM - 1; at <= NUM + 1; at++) {
				u16 start = starts[s];
				bool want = false;

				rig_start_at(rig, start);
				offer(rig, n);
				put16(rig->drv.avail + 4 + 2 * NUM, start + at);
				put16(rig->drv.avail, at & 1);
				use(rig, &self->c, n);
				for (i = 0; i < n; i++)
					want |= i == at;
				if (!variant->event_idx)
					want = !(at & 1);
				ASSERT_EQ(want, device_should_notify(&rig->dev)) {
					TH_LOG("start %u, burst %u, event at %d",
					       start, n, at);
				}
				take_all(rig);
			}
}

/* The device notifies once for each burst since its last decision, and never without one. */
TEST_F(event, notify_once)
{
	struct rig *rig = self->rig;

	EXPECT_FALSE(device_should_notify(&rig->dev));
	offer(rig, 3);
	virtq_want_interrupt(&rig->drv);
	use(rig, &self->c, 2);
	EXPECT_TRUE(device_should_notify(&rig->dev));
	EXPECT_FALSE(device_should_notify(&rig->dev));
	use(rig, &self->c, 1);
	/* The index has passed used_event; with flags, the driver wants each burst. */
	EXPECT_EQ(!variant->event_idx, device_should_notify(&rig->dev));
	take_all(rig);
	virtq_want_interrupt(&rig->drv);
	offer(rig, 1);
	use(rig, &self->c, 1);
	EXPECT_TRUE(device_should_notify(&rig->dev));
}

TEST_F(event, notify_declined)
{
	struct rig *rig = self->rig;

	offer(rig, 2);
	virtq_want_interrupt(&rig->drv);
	virtq_no_interrupt(&rig->drv);
	use(rig, &self->c, 1);
	device_should_notify(&rig->dev);
	take_all(rig);
	virtq_no_interrupt(&rig->drv);
	use(rig, &self->c, 1);
	EXPECT_FALSE(device_should_notify(&rig->dev));
}

/* The engine ignores and leaves alone the words that only the other mode uses. */
TEST_F(event, other_mode_is_ignored)
{
	struct rig *rig = self->rig;

	offer(rig, 2);
	put16(rig->drv.avail, variant->event_idx ? 1 : 0xfffe);
	put16(rig->drv.avail + 4 + 2 * NUM, variant->event_idx ? 0 : 99);
	use(rig, &self->c, 1);
	EXPECT_TRUE(device_should_notify(&rig->dev));

	memset(rig->drv.used, 0x5a, 2);
	put16(rig->drv.used + 4 + 8 * NUM, 0x5a5a);
	device_enable_kick(&rig->dev);
	if (variant->event_idx) {
		EXPECT_EQ(0x5a5a, get16(rig->drv.used));
		EXPECT_EQ(2, get16(rig->drv.used + 4 + 8 * NUM));
	} else {
		EXPECT_EQ(0, get16(rig->drv.used));
		EXPECT_EQ(0x5a5a, get16(rig->drv.used + 4 + 8 * NUM));
	}
	device_disable_kick(&rig->dev);
	EXPECT_EQ(variant->event_idx ? 0x5a5a : 1, get16(rig->drv.used));
}

TEST_F(event, kick)
{
	struct rig *rig = self->rig;

	device_enable_kick(&rig->dev);
	offer(rig, 1);
	EXPECT_TRUE(virtq_kick_needed(&rig->drv));
	EXPECT_EQ(0, device_disable_kick(&rig->dev));
	use(rig, &self->c, 1);
	offer(rig, 2);
	EXPECT_FALSE(virtq_kick_needed(&rig->drv));
	EXPECT_EQ(2, device_enable_kick(&rig->dev));
	use(rig, &self->c, 2);
	EXPECT_EQ(0, device_enable_kick(&rig->dev));
	offer(rig, 3);
	EXPECT_TRUE(virtq_kick_needed(&rig->drv));
}

/* The device leaves too few entries in the ring: the next entry must cause a kick. */
TEST_F(event, kick_beyond_what_is_there)
{
	static const u16 starts[] = { 0, 65534 };
	struct rig *rig = self->rig;
	int s;

	for (s = 0; s < 2; s++) {
		rig_start_at(rig, starts[s]);
		offer(rig, 2);
		virtq_kick_needed(&rig->drv);
		ASSERT_EQ(2, device_refresh(&rig->dev));
		ASSERT_EQ(2, device_enable_kick(&rig->dev));
		EXPECT_EQ(2, device_known(&rig->dev));
		offer(rig, 1);
		EXPECT_TRUE(virtq_kick_needed(&rig->drv));
		use(rig, &self->c, 3);
		take_all(rig);
	}
}

/* Enabling kicks reads the index again and finds entries that were added without a kick. */
TEST_F(event, kick_last_look)
{
	struct rig *rig = self->rig;

	device_disable_kick(&rig->dev);
	ASSERT_EQ(0, device_pop(&rig->dev, true, &self->c));
	offer(rig, 2);
	EXPECT_EQ(2, device_enable_kick(&rig->dev));
}

TEST_HARNESS_MAIN
