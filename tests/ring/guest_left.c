// SPDX-License-Identifier: GPL-2.0
/*
 * The queue of a guest ends while its worker has not ended: the worker waits for a
 * processor, and runs once more when the queue is gone.
 *
 * A thread of real-time priority keeps the worker from its processor. PREEMPT_RT runs
 * softirqs and RCU in threads that such a thread would keep away, too: the worker may
 * end in time there, and the test shows nothing.
 */
#include <pthread.h>
#include <sched.h>

#include "guest.h"
#include "harness.h"

#define POLL_US	50

FIXTURE(left) {
	struct env e;
	struct guest g;
	pthread_t hog;
	bool hogs, stop;	/* atomic */
	int other;		/* the child ends when it is closed */
};

static int on_processor(pid_t pid, unsigned int i)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(i, &set);
	return sched_setaffinity(pid, sizeof(set), &set) ? -errno : 0;
}

/*
 * Softirqs of the processor, RCU's among them, may wait for ksoftirqd: it goes before
 * the thread that keeps the worker away.
 */
static int softirqs_first(bool first)
{
	struct sched_param p = { .sched_priority = first ? 2 : 0 };
	pid_t pid = thread_named("ksoftirqd/0");

	if (pid <= 0)
		return -ESRCH;
	return sched_setscheduler(pid, first ? SCHED_FIFO : SCHED_OTHER, &p) ?
	       -errno : 0;
}

static void *hog_run(void *arg)
{
	struct sched_param p = { .sched_priority = 1 };
	struct _test_data_left *self = arg;

	on_processor(0, 0);
	if (!kernel_is_realtime())
		pthread_setschedparam(pthread_self(), SCHED_FIFO, &p);
	__atomic_store_n(&self->hogs, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&self->stop, __ATOMIC_RELAXED))
		;
	return NULL;
}

FIXTURE_SETUP(left)
{
	pid_t worker;

	ASSERT_LE(2, sysconf(_SC_NPROCESSORS_ONLN));
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open(&self->g, dup(self->e.fd), G_V1, 0));
	ASSERT_EQ(0, guest_vring(&self->g, VHOST_SET_VRING_BUSYLOOP_TIMEOUT,
				 G_RX, POLL_US));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
	worker = thread_of_rings(getpid());
	ASSERT_LT(0, worker);
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, on_processor(worker, 0));
	/* the scheduler must not throttle the thread */
	ASSERT_EQ(0, file_put("/proc/sys/kernel/sched_rt_runtime_us", "-1"));
	ASSERT_EQ(0, on_processor(0, 1));
	ASSERT_EQ(0, softirqs_first(true));
	ASSERT_EQ(0, pthread_create(&self->hog, NULL, hog_run, self));
	while (!__atomic_load_n(&self->hogs, __ATOMIC_ACQUIRE))
		usleep(1000);
}

static void let_go(struct _test_data_left *self)
{
	if (__atomic_exchange_n(&self->stop, true, __ATOMIC_RELAXED))
		return;
	pthread_join(self->hog, NULL);
	softirqs_first(false);
	file_put("/proc/sys/kernel/sched_rt_runtime_us", "950000");
}

FIXTURE_TEARDOWN(left)
{
	let_go(self);
	guest_close(&self->g);
	close(self->e.sk);
}

/* A child has the last descriptor of the queue, and ends when the parent has none. */
static pid_t last_holder(int *other)
{
	int p[2];
	pid_t pid;
	char byte;

	if (pipe(p))
		return -errno;
	pid = fork();
	if (!pid) {
		close(p[1]);
		while (read(p[0], &byte, 1) > 0)
			;
		_exit(0);
	}
	close(p[0]);
	*other = p[1];
	return pid;
}

/* The worker looks for packets in busy polling: the queue has none any more. */
TEST_F(left, polls_without_a_queue)
{
	long end;
	pid_t pid;

	/* the packet wakes the worker */
	ASSERT_EQ(0, env_inject(&self->e, 0, 100));
	pid = last_holder(&self->other);
	ASSERT_LT(0, pid);
	close(self->g.ctl);
	self->g.ctl = -1;
	close(self->e.fd);
	close(self->other);
	EXPECT_EQ(0, child_ended(pid, WAIT_MS));
	EXPECT_EQ(0, if_wait_gone("guest0"));
	let_go(self);
	end = now_ms() + WAIT_MS;
	while (thread_of_rings(getpid()) && now_ms() < end)
		usleep(1000);
	EXPECT_EQ(0, thread_of_rings(getpid()));
}

TEST_HARNESS_MAIN
