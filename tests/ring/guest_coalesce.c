// SPDX-License-Identifier: GPL-2.0
/*
 * A guest in pinned memory that transmits continuously does not kick for each
 * packet: a thread polls again. A guest that waits for answers kicks for each
 * one.
 */
#include "guest_coalesce.h"

/* Most kicks in a row that do not wake the thread. */
#define SKIP_MAX	63

static uint64_t kicks(const struct _test_data_coalesce *self)
{
	struct tun_ring_stats st;

	return tring_stats(self->e.fd, &st) ? -1ULL : st.tx.kicks;
}

/*
 * NAPI transmits the first packet at once. One more poll transmits the others,
 * without a kick. One signal reports all of them.
 */
static int burst(struct _test_data_coalesce *self)
{
	int i, ret = hold(self);

	if (ret)
		return ret;
	calls(self);
	if (!put(self) || !used(self, 1, 0))
		return -EALREADY;
	/* the same NAPI also polls the rx ring */
	guest_kick(&self->g, G_RX);
	for (i = 0; i < 9; i++)
		if (put(self))
			return -EBADE;
	if (!used(self, 1, 10) || calls(self))
		return -EBADR;
	ret = let_go(self) ?: went(self, 10);
	if (ret)
		return ret;
	return calls(self) == 1 ? 0 : -EBADSLT;
}

TEST_F(coalesce, one_kick_for_a_burst)
{
	uint64_t before = kicks(self);
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, burst(self));
	EXPECT_EQ(5, kicks(self) - before);
}

/* Returns how often the thread has gone to sleep. */
static long times_asleep(const struct _test_data_coalesce *self)
{
	char path[64], buf[4096], *p;

	snprintf(path, sizeof(path), "/proc/%d/status", self->thread);
	if (file_get(path, buf, sizeof(buf)) < 0)
		return -EIO;
	p = strstr(buf, "\nvoluntary_ctxt_switches:");
	return p ? atol(strchr(p, ':') + 1) : -ENOENT;
}

/* Transmits n packets, each after the previous one has been used. */
static void one_by_one(struct __test_metadata *_metadata,
		       struct _test_data_coalesce *self, int n)
{
	while (n--) {
		ASSERT_TRUE(put(self));
		ASSERT_EQ(0, went(self, 1));
	}
}

/* The 1st, 3rd, 7th, ... kick wakes the thread, and the thread finds nothing. */
TEST_F(coalesce, single_packets_need_kicks)
{
	uint64_t before = kicks(self);
	long slept = times_asleep(self);

	ASSERT_LE(0, slept);
	one_by_one(_metadata, self, SKIP_MAX - 1);
	EXPECT_EQ(5, times_asleep(self) - slept);
	one_by_one(_metadata, self, SKIP_MAX);
	EXPECT_EQ(6, times_asleep(self) - slept);
	EXPECT_EQ(2 * SKIP_MAX - 1, kicks(self) - before);
}

/*
 * The thread polls again after the skipped kicks, and then at each kick while
 * that finds packets.
 */
TEST_F(coalesce, stream_after_single_packets)
{
	unsigned int i;

	one_by_one(_metadata, self, SKIP_MAX);
	ASSERT_EQ(0, hold(self));
	for (i = 0; i <= SKIP_MAX + 1 && put(self); i++) {
		ASSERT_TRUE(used(self, 1, 0));
		tvq_take(&self->g.vq[G_TX], 1);
	}
	EXPECT_EQ(SKIP_MAX + 1, i);
	ASSERT_EQ(0, let_go(self));
	ASSERT_EQ(0, env_seen(&self->e, self->seq - i - 1, i));
	ASSERT_EQ(0, went(self, 1));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, burst(self));
}

TEST_HARNESS_MAIN
