// SPDX-License-Identifier: GPL-2.0
/* The kernel polls the tx ring for a while, so that the user does not kick. */
#include "attach.h"
#include "env.h"
#include "harness.h"

#define LONG_US		1000000
#define SHORT_US	20000

FIXTURE(poll) {
	struct env e;
	struct tring r;
	uint32_t seq;
};

FIXTURE_VARIANT(poll) {
	uint64_t features;
	bool pinned;
};

FIXTURE_VARIANT_ADD(poll, flags) { 0, false };
FIXTURE_VARIANT_ADD(poll, event_idx) { F_EVENT, false };
FIXTURE_VARIANT_ADD(poll, pinned) { F_EVENT | F_META, true };

static int put_device(const char *file, unsigned int n)
{
	char path[64], text[16];

	snprintf(path, sizeof(path), "/sys/class/net/poll0/%s", file);
	snprintf(text, sizeof(text), "%u", n);
	return file_put(path, text);
}

/* Turns threaded NAPI on or off. The device must have rings. */
static int threaded(bool on)
{
	return put_device("threaded", on);
}

/* Sets how often NAPI's timer polls again, and after how many milliseconds. */
static int deferred(unsigned int times, unsigned int ms)
{
	return put_device("gro_flush_timeout", ms * NS_PER_MS) ?:
	       put_device("napi_defer_hard_irqs", times);
}

static int set_up(struct _test_data_poll *self,
		  const struct _fixture_variant_poll *variant, uint32_t us)
{
	struct aconf c = { .c = { variant->features, 8, 64, 2048, 0 },
			   .pin = true };
	struct tun_ring_attach a;
	int ret;

	if (!variant->pinned) {
		self->r.s = tring_params(&c.c);
		self->r.s.tx_poll_us = us;
		ret = tring_setup_raw(self->e.fd, &self->r.s);
		return ret ?: tring_map(&self->r, self->e.fd);
	}
	ret = attach_alloc(&self->r, &c);
	if (ret)
		return ret;
	ret = attach_pool(&self->r, self->e.fd, true);
	if (ret)
		return ret;
	a = attach_params(&self->r, &c);
	a.tx_poll_us = us;
	ret = attach_raw(self->e.fd, &a);
	return ret ?: tring_begin(&self->r, self->e.fd);
}

FIXTURE_SETUP(poll)
{
	ASSERT_EQ(0, env_open(&self->e, "poll0", TUN_PLAIN));
	ASSERT_EQ(0, ns_sysfs());
	self->seq = 0;
}

FIXTURE_TEARDOWN(poll)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int put_n(struct _test_data_poll *self, unsigned int n)
{
	return env_put(&self->e, &self->r, self->seq, n, 200);
}

/* Waits until n packets are used and received. */
static int went(struct _test_data_poll *self, unsigned int n)
{
	int ret = tring_tx_drain(&self->r);

	ret = ret ?: env_seen(&self->e, self->seq, n);
	self->seq += n;
	return ret;
}

static int kick(struct _test_data_poll *self)
{
	return tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0);
}

static bool wants_kick(struct _test_data_poll *self)
{
	return tvq_wants_kick(&self->r, &self->r.tx);
}

static int wait_asks(const struct _test_data_poll *self)
{
	return tvq_wait_asks(&self->r, &self->r.tx);
}

/* Entries stay unused while kicks are enabled, until the kick. */
static int waits_for_kick(struct _test_data_poll *self)
{
	/* the kernel polls once more after it enabled kicks */
	int ret = thread_wait_idle(getpid()) ?: put_n(self, 5);

	if (ret)
		return ret;
	if (!wants_kick(self) || !tvq_quiet(&self->r.tx, 0, 20))
		return -EALREADY;
	return kick(self) ?: went(self, 5);
}

/* A machine that is suspended for a second may need one kick more. */
static void one_kick(struct __test_metadata *_metadata,
		     struct _test_data_poll *self)
{
	struct tun_ring_stats st;
	unsigned int kicks = 1;
	int i;

	ASSERT_EQ(0, put_n(self, 1));
	EXPECT_TRUE(wants_kick(self));
	ASSERT_EQ(0, kick(self));
	ASSERT_EQ(0, went(self, 1));
	for (i = 0; i < 50; i++) {
		usleep(i * 100);
		ASSERT_EQ(0, put_n(self, i + 1));
		if (wants_kick(self)) {
			kicks++;
			ASSERT_EQ(0, kick(self));
		}
		ASSERT_EQ(0, went(self, i + 1));
	}
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_GT(5, kicks);
	EXPECT_EQ(kicks, st.tx.kicks);
	EXPECT_EQ(self->seq, st.tx.packets);
}

TEST_F(poll, one_kick_for_all)
{
	ASSERT_EQ(0, set_up(self, variant, LONG_US));
	ASSERT_EQ(0, threaded(true));
	one_kick(_metadata, self);
}

/* NAPI's timer, which defers interrupts of other devices, works the same way. */
TEST_F(poll, one_kick_for_all_by_timer)
{
	ASSERT_EQ(0, set_up(self, variant, 0));
	ASSERT_EQ(0, deferred(100, 10));
	one_kick(_metadata, self);
}

/* After a kick, the kernel polls for a while and then enables kicks. */
static int sleeps_again(struct _test_data_poll *self)
{
	int i, ret = 0;

	for (i = 0; !ret && i < 3; i++)
		ret = waits_for_kick(self) ?: wait_asks(self);
	return ret;
}

/* After polling in vain for that time, the kernel enables kicks and needs one. */
TEST_F(poll, ends_when_idle)
{
	ASSERT_EQ(0, set_up(self, variant, SHORT_US));
	ASSERT_EQ(0, threaded(true));
	ASSERT_EQ(0, sleeps_again(self));
}

TEST_F(poll, timer_ends_when_idle)
{
	ASSERT_EQ(0, set_up(self, variant, 0));
	ASSERT_EQ(0, deferred(2, 2));
	ASSERT_EQ(0, sleeps_again(self));
	/* one of the two settings is not enough */
	ASSERT_EQ(0, deferred(100, 0));
	ASSERT_EQ(0, waits_for_kick(self));
	ASSERT_EQ(0, waits_for_kick(self));
	ASSERT_EQ(0, deferred(0, 10));
	ASSERT_EQ(0, waits_for_kick(self));
	ASSERT_EQ(0, waits_for_kick(self));
}

/* Without a thread, a softirq would poll without end. */
TEST_F(poll, not_without_a_thread)
{
	ASSERT_EQ(0, set_up(self, variant, LONG_US));
	EXPECT_EQ(0, waits_for_kick(self));
	EXPECT_EQ(0, waits_for_kick(self));
}

TEST_F(poll, thread_on_and_off)
{
	int i;

	ASSERT_EQ(0, set_up(self, variant, LONG_US));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, threaded(true));
		ASSERT_EQ(0, put_n(self, 1));
		ASSERT_EQ(0, kick(self));
		ASSERT_EQ(0, went(self, 1));
		ASSERT_EQ(0, put_n(self, 3));
		if (wants_kick(self))
			ASSERT_EQ(0, kick(self));
		ASSERT_EQ(0, went(self, 3));
		ASSERT_EQ(0, threaded(false));
		ASSERT_EQ(0, wait_asks(self));
		ASSERT_EQ(0, thread_wait_idle(getpid()));
		wants_kick(self);
		ASSERT_EQ(0, put_n(self, 3));
		EXPECT_TRUE(wants_kick(self));
		ASSERT_EQ(0, kick(self));
		ASSERT_EQ(0, went(self, 3));
	}
}

/*
 * The device goes down and up, and the rings are torn down, while the kernel
 * polls.
 */
static void interrupt(struct __test_metadata *_metadata,
		      struct _test_data_poll *self)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, put_n(self, 1));
	ASSERT_EQ(0, kick(self));
	ASSERT_EQ(0, went(self, 1));
	ASSERT_EQ(0, env_down(&self->e));
	ASSERT_EQ(0, put_n(self, 4));
	EXPECT_EQ(-EIO, kick(self));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.tx.packets);
	EXPECT_EQ(4, st.tx.dropped);
	ASSERT_EQ(0, env_up(&self->e));
	ASSERT_EQ(0, put_n(self, 4));
	ASSERT_EQ(0, kick(self));
	ASSERT_EQ(0, went(self, 4));
	ASSERT_EQ(0, put_n(self, 4));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(0, env_seen(&self->e, self->seq, 4));
}

TEST_F(poll, interrupted)
{
	ASSERT_EQ(0, set_up(self, variant, LONG_US));
	ASSERT_EQ(0, threaded(true));
	interrupt(_metadata, self);
}

/* The timer would poll again in two seconds. */
TEST_F(poll, timer_interrupted)
{
	ASSERT_EQ(0, set_up(self, variant, 0));
	ASSERT_EQ(0, deferred(1, 2000));
	interrupt(_metadata, self);
}

TEST_F(poll, fdinfo)
{
	char path[64], text[4096];

	ASSERT_EQ(0, set_up(self, variant, 12345));
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", self->e.fd);
	ASSERT_LT(0, file_get(path, text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "ring-tx-poll-us:\t12345\n"));
}

TEST_HARNESS_MAIN
