/* SPDX-License-Identifier: GPL-2.0 */
/* A guest in pinned memory whose tx ring a thread polls again. */
#ifndef TUN_TESTS_GUEST_COALESCE_H
#define TUN_TESTS_GUEST_COALESCE_H

#include <sched.h>

#include "attach.h"
#include "guest.h"

#define STOCK_ONLY_VARIANT	"flags"
#include "harness.h"

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

/* Returns the signals to the guest since the last call. */
static int calls(const struct _test_data_coalesce *self)
{
	return guest_signalled(self->g.call[G_TX], 0);
}

#endif
