// SPDX-License-Identifier: GPL-2.0
/*
 * The limit of flow control: the queue of the device stops when the user has so
 * many packets before it that more would only wait.
 */
#include "env.h"
#include "harness.h"

#define RX	256

FIXTURE(flow_limit) {
	struct env e;
	struct tring r;
	struct flood f;
};

/* A device with rings, and a sender that never runs out of packets. */
static int begin(struct env *e, struct tring *r, struct flood *f)
{
	struct tconf c = { F_META | F_FLOW | F_EVENT, RX, 8, 2048, 0 };
	int ret = env_open(e, "flow1", TUN_PLAIN) ?: tring_start(r, e->fd, &c);

	*f = (struct flood){ .name = "flow1", .len = 200 };
	return ret ?: flood_start(f);
}

static void end(struct env *e, struct tring *r, struct flood *f)
{
	flood_join(f, true);
	tring_unmap(r);
	env_close(e);
}

FIXTURE_SETUP(flow_limit)
{
	ASSERT_EQ(0, begin(&self->e, &self->r, &self->f));
}

FIXTURE_TEARDOWN(flow_limit)
{
	end(&self->e, &self->r, &self->f);
}

static int smaller(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static uint16_t median(uint16_t *v, unsigned int n)
{
	qsort(v, n, sizeof(*v), smaller);
	return v[n / 2];
}

/*
 * Few packets wait in the ring for a user that takes them one by one, and more
 * slowly than the sender sends.
 */
TEST_F(flow_limit, one_by_one)
{
	uint16_t before[200];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(before); i++) {
		usleep(1000);
		before[i] = tvq_pending(&self->r.rx);
		ASSERT_EQ(0, env_expect(&self->e, &self->r, i, 1));
	}
	EXPECT_GE(RX / 4, median(before, ARRAY_SIZE(before)));
	TH_LOG("median %u, largest %u", median(before, ARRAY_SIZE(before)),
	       before[ARRAY_SIZE(before) - 1]);
}

/* Takes all packets when no more come. Returns their number. */
static int take_all(struct env *e, struct tring *r, uint32_t *seq)
{
	uint16_t n = 0;
	int ret;

	ret = tvq_wait(&r->rx, 1);
	if (ret)
		return ret;
	while (n != tvq_pending(&r->rx)) {
		n = tvq_pending(&r->rx);
		usleep(3000);
	}
	ret = env_expect_used(e, r, *seq);
	if (ret < 0)
		return ret;
	*seq += ret;
	return tring_rx_kick(r) < 0 ? -EIO : ret;
}

/* The limit grows for a user that takes all packets at long intervals. */
TEST_F(flow_limit, at_intervals)
{
	int n = 0, i;
	uint32_t seq = 0;

	for (i = 0; i < 50 && n < 60; i++) {
		n = take_all(&self->e, &self->r, &seq);
		ASSERT_LE(0, n);
	}
	TH_LOG("%d packets after %d rounds", n, i);
	EXPECT_LE(60, n);
}

/*
 * Takes n packets, asks to be notified after each, and gives no buffer back.
 * Returns how often no packet came for 90 ms.
 */
static int keep(struct tring *r, unsigned int n)
{
	long last = now_ms(), now;
	int gaps = 0, ret;

	for (; n--; last = now) {
		ret = tvq_wait(&r->rx, 1);
		if (ret)
			return ret;
		now = now_ms();
		gaps += now - last >= 90;
		tvq_take(&r->rx, 1);
		tvq_set_used_event(&r->rx, r->rx.taken);
	}
	return gaps;
}

/*
 * A user that keeps its buffers has taken all packets, by its used_event. The
 * queue does not stay stopped until 100 ms without a buffer have passed, which
 * would happen three times here. A slow machine has several attempts.
 */
TEST_F(flow_limit, buffers_are_kept)
{
	int gaps = keep(&self->r, 200), i;

	for (i = 0; i < 4 && gaps >= 2; i++) {
		end(&self->e, &self->r, &self->f);
		ASSERT_EQ(0, begin(&self->e, &self->r, &self->f));
		gaps = keep(&self->r, 200);
	}
	TH_LOG("%d gaps after %d more attempts", gaps, i);
	EXPECT_LE(0, gaps);
	EXPECT_GT(2, gaps);
}

TEST_HARNESS_MAIN
