// SPDX-License-Identifier: GPL-2.0
/* Dirty logging is turned on and off under traffic. */
#include "guest_log.h"

/* Receives n packets and lets the flood send n more. */
static int pass(struct guest *g, struct flood *f, uint32_t *seq, unsigned int n)
{
	int ret = guest_expect(g, false, *seq, n);

	*seq += n;
	flood_done(f, *seq);
	return ret;
}

/*
 * Logging is turned on and off under traffic. The flood is at most 100 packets
 * ahead, so the packets sent before a change are consumed first.
 */
TEST_F(glog, on_and_off_under_traffic)
{
	struct flood f = { .name = "guest0", .len = 200, .window = 100 };
	struct guest *g = &self->g;
	uint32_t seq = 0;
	unsigned int i;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, flood_start(&f));
	for (i = 0; i < 20; i++) {
		bool on = i & 1;

		ASSERT_EQ(0, guest_features(g, G_V1 | (on ? G_LOG : 0)));
		ASSERT_EQ(0, guest_addr(g, G_RX, on, USED_PAGE * PAGE));
		memset(self->log, 0, DIRTY_BYTES);
		ASSERT_EQ(0, pass(g, &f, &seq, 50));
		ASSERT_EQ(0, pass(g, &f, &seq, 50));
		ASSERT_EQ(0, pass(g, &f, &seq, 50));
		EXPECT_EQ(on, dirty_is_set(self->log, USED_PAGE));
		EXPECT_EQ(on, dirty_is_set(self->log, 0));
	}
	EXPECT_EQ(0, flood_join(&f, true));
}

TEST_HARNESS_MAIN
