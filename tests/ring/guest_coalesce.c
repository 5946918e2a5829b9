// SPDX-License-Identifier: GPL-2.0
/*
 * A guest in pinned memory that transmits continuously does not kick for each
 * packet: a thread polls again. A guest that waits for answers kicks for each
 * one.
 */
#include <sched.h>

#include "attach.h"
#include "guest.h"
#include "harness.h"

/* Most kicks in a row that do not wake the thread. */
#define SKIP_MAX	63

FIXTURE(coalesce) {
	struct env e;
	struct guest g;
	struct tring r;		/* features alone, for tvq_wants_kick() */
	uint32_t seq;
	pid_t thread;
	pid_t softirqs;		/* ksoftirqd, held back in the same way */
};

FIXTURE_VARIANT(coalesce) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(coalesce, flags) { G_V1 };
FIXTURE_VARIANT_ADD(coalesce, event_idx) { G_V1 | G_EVENT };

static int on_first_cpu(pid_t pid)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	return sched_setaffinity(pid, sizeof(first), &first) ? -errno : 0;
}

/* Gives a thread a real-time priority, or the default one for 0. */
static int in_front(pid_t pid, int priority)
{
	struct sched_param p = { .sched_priority = priority };

	return sched_setscheduler(pid, priority ? SCHED_FIFO : SCHED_OTHER,
				  &p) ? -errno : 0;
}

/* Until this process sleeps, softirqs run, but the thread does not. */
static int hold(struct _test_data_coalesce *self)
{
	return on_first_cpu(self->thread) ?: on_first_cpu(0) ?:
	       in_front(self->softirqs, 2) ?: in_front(0, 1);
}

static int let_go(struct _test_data_coalesce *self)
{
	return in_front(0, 0) ?: in_front(self->softirqs, 0);
}

FIXTURE_SETUP(coalesce)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0",
			      TUN_PLAIN | IFF_MULTI_QUEUE));
	ASSERT_EQ(0, guest_flags(self->e.fd, TUN_RING_GUEST_PIN));
	ASSERT_EQ(0,
		  guest_open(&self->g, dup(self->e.fd), variant->features, 0));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
	self->r.s.features = variant->features;
	self->seq = 0;
	self->thread = thread_of_rings(getpid());
	ASSERT_LT(0, self->thread);
	self->softirqs = thread_named("ksoftirqd/0");
	ASSERT_LT(0, self->softirqs);
	/* the scheduler must not throttle real-time threads on a slow machine */
	ASSERT_EQ(0, file_put("/proc/sys/kernel/sched_rt_runtime_us", "-1"));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
}

FIXTURE_TEARDOWN(coalesce)
{
	let_go(self);
	file_put("/proc/sys/kernel/sched_rt_runtime_us", "950000");
	guest_close(&self->g);
	env_close(&self->e);
	EXPECT_EQ(0, thread_of_rings(getpid()));
}

/* Puts one packet and kicks if the driver wants it. Returns true for a kick. */
static bool put(struct _test_data_coalesce *self)
{
	uint8_t pkt[128];

	guest_put(&self->g, NULL, pkt, seq_pkt(pkt, false, self->seq++, 100));
	if (!tvq_wants_kick(&self->r, &self->g.vq[G_TX]))
		return false;
	guest_kick(&self->g, G_TX);
	return true;
}

/*
 * Are exactly n entries used, and still after this time? Waits without
 * sleeping.
 */
static bool used(const struct _test_data_coalesce *self, unsigned int n, int ms)
{
	long end = now_ms() + ms, late = now_ms() + WAIT_MS;

	while (tvq_pending(&self->g.vq[G_TX]) < n && now_ms() < late)
		;
	while (now_ms() < end)
		if (tvq_pending(&self->g.vq[G_TX]) != n)
			return false;
	return tvq_pending(&self->g.vq[G_TX]) == n;
}

/*
 * Waits until n packets are used and received, the thread has polled, and kicks
 * are enabled.
 */
static int went(struct _test_data_coalesce *self, unsigned int n)
{
	int ret = tvq_wait(&self->g.vq[G_TX], n);

	if (ret)
		return ret;
	tvq_take(&self->g.vq[G_TX], n);
	return env_seen(&self->e, self->seq - n, n) ?:
	       tvq_wait_asks(&self->r, &self->g.vq[G_TX]) ?:
	       thread_wait_blocked(self->thread);
}

static uint64_t kicks(const struct _test_data_coalesce *self)
{
	struct tun_ring_stats st;

	return tring_stats(self->e.fd, &st) ? -1ULL : st.tx.kicks;
}

/* Returns the signals to the guest since the last call. */
static int calls(const struct _test_data_coalesce *self)
{
	return guest_signalled(self->g.call[G_TX], 0);
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

/*
 * Entries that the thread would have found are transmitted after the next
 * start.
 */
TEST_F(coalesce, stopped_before_thread_polls)
{
	ASSERT_EQ(0, hold(self));
	ASSERT_TRUE(put(self));
	ASSERT_TRUE(used(self, 1, 0));
	ASSERT_FALSE(put(self));
	ASSERT_FALSE(put(self));
	ASSERT_EQ(0, calls(self));
	ASSERT_EQ(0, guest_stop(&self->g));
	EXPECT_EQ(1, calls(self));
	EXPECT_EQ(tvq_used_idx(&self->g.vq[G_TX]), guest_base(&self->g, G_TX));
	ASSERT_EQ(0, let_go(self));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
	self->thread = thread_of_rings(getpid());
	ASSERT_EQ(0, went(self, 3));
	EXPECT_TRUE(put(self));
	EXPECT_EQ(0, went(self, 1));
}

/* The thread has polled. The packets are used, and a packet of now is dropped. */
static void dropped(struct __test_metadata *_metadata,
		    struct _test_data_coalesce *self)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, tvq_wait(&self->g.vq[G_TX], 2));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	EXPECT_LT(0, calls(self));
	EXPECT_TRUE(put(self));
	ASSERT_EQ(0, tvq_wait(&self->g.vq[G_TX], 3));
	tvq_take(&self->g.vq[G_TX], 3);
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(3, st.tx.packets + st.tx.dropped);
	EXPECT_LE(1, st.tx.dropped);
	EXPECT_EQ(0, env_seen(&self->e, 0, st.tx.packets));
	ASSERT_EQ(0, tvq_wait_asks(&self->r, &self->g.vq[G_TX]));
	ASSERT_EQ(0, thread_wait_blocked(self->thread));
}

/* On a device that is down nothing is transmitted. */
TEST_F(coalesce, down_before_thread_polls)
{
	ASSERT_EQ(0, hold(self));
	ASSERT_TRUE(put(self));
	ASSERT_TRUE(used(self, 1, 0));
	ASSERT_FALSE(put(self));
	/* the call may sleep before the device is down */
	ASSERT_EQ(0, env_down(&self->e));
	ASSERT_EQ(0, let_go(self));
	dropped(_metadata, self);
	ASSERT_EQ(0, env_up(&self->e));
	EXPECT_TRUE(put(self));
	EXPECT_EQ(0, went(self, 1));
}

TEST_F(coalesce, detached_before_thread_polls)
{
	int fd = self->e.fd;

	ASSERT_EQ(0, hold(self));
	ASSERT_TRUE(put(self));
	ASSERT_TRUE(used(self, 1, 0));
	ASSERT_FALSE(put(self));
	ASSERT_EQ(0, tunfd_queue(fd, IFF_DETACH_QUEUE));
	ASSERT_EQ(0, let_go(self));
	dropped(_metadata, self);
	ASSERT_EQ(0, tunfd_queue(fd, IFF_ATTACH_QUEUE));
	EXPECT_TRUE(put(self));
	EXPECT_EQ(0, went(self, 1));
}

/*
 * A bad head behind two packets breaks the ring. The two used entries are
 * signalled.
 */
TEST_F(coalesce, broken_behind_packets)
{
	struct tvq *vq = &self->g.vq[G_TX];
	struct tun_ring_stats st;
	uint8_t pkt[128];
	int i;

	for (i = 0; i < 2; i++)
		guest_prepare(&self->g, NULL, pkt, seq_pkt(pkt, false, i, 100));
	tvq_put(vq, 999);
	tvq_publish(vq);
	guest_kick(&self->g, G_TX);
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	EXPECT_EQ(2, tvq_pending(vq));
	/* one signal for the broken ring, one for the used entries */
	EXPECT_EQ(2, calls(self));
}

/*
 * The number of unsignalled entries is limited by the ring size, even if the
 * thread does not run.
 */
TEST_F(coalesce, signalled_before_index_wraps)
{
	unsigned int i;

	ASSERT_EQ(0, hold(self));
	ASSERT_TRUE(put(self));
	ASSERT_TRUE(used(self, 1, 0));
	for (i = 2; i < G_ENTRIES; i++) {
		ASSERT_FALSE(put(self));
		guest_kick(&self->g, G_RX);
		ASSERT_TRUE(used(self, i, 0));
	}
	EXPECT_EQ(0, calls(self));
	ASSERT_FALSE(put(self));
	guest_kick(&self->g, G_RX);
	ASSERT_TRUE(used(self, i, 0));
	EXPECT_EQ(1, calls(self));
	ASSERT_EQ(0, let_go(self));
	EXPECT_EQ(0, went(self, G_ENTRIES));
}

TEST_HARNESS_MAIN
