// SPDX-License-Identifier: GPL-2.0
/*
 * A worker that has just begun accepts its kill: rings are taken away as soon
 * as they are there, and the worker's first look at them would never end.
 *
 * The test runs before every other thread on its processor, and keeps the other
 * processors busy. So a kernel with preemption runs it at the very moment at
 * which the worker says that it has begun. PREEMPT_RT runs softirqs and RCU in
 * threads. The test gives the other processors no real-time work there, because
 * the grace periods of the teardown need these threads.
 */
#include <pthread.h>
#include <sched.h>

#include "attach.h"
#include "env.h"
#include "harness.h"
#include "uffd.h"

#define ROUNDS	20
#define HOGS	7	/* processors beside the first one, at most */

FIXTURE(worker) {
	struct env e;
	struct tring r;
	struct aconf c;
	int uffd;
	pthread_t hog[HOGS], rescuer;
	unsigned int hogs;
	bool done;		/* atomic */
	bool rescued;
	bool stop;		/* atomic */
};

static int realtime(int priority)
{
	struct sched_param p = { .sched_priority = priority };

	return pthread_setschedparam(pthread_self(), SCHED_FIFO, &p);
}

static int on_processor(unsigned int i)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(i, &set);
	return pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

struct hog {
	unsigned int processor;
	bool *stop;
};

static void *hog_run(void *arg)
{
	struct hog h = *(struct hog *)arg;

	free(arg);
	on_processor(h.processor);
	if (!kernel_is_realtime())
		realtime(1);
	while (!__atomic_load_n(h.stop, __ATOMIC_RELAXED))
		;
	return NULL;
}

FIXTURE_SETUP(worker)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int i;

	self->c = (struct aconf) { .c = { F_META, 16, 16, 2048, 0 } };
	ASSERT_EQ(0, env_open(&self->e, "kill0", TUN_PLAIN));
	self->uffd = uffd_open();
	ASSERT_LE(0, self->uffd);
	for (i = 1; i < n && i <= HOGS; i++) {
		struct hog *h = malloc(sizeof(*h));

		ASSERT_NE(NULL, h);
		*h = (struct hog) { i, &self->stop };
		ASSERT_EQ(0, pthread_create(&self->hog[self->hogs], NULL,
					    hog_run, h));
		self->hogs++;
	}
	ASSERT_EQ(0, on_processor(0));
	ASSERT_EQ(0, realtime(10));
}

FIXTURE_TEARDOWN(worker)
{
	__atomic_store_n(&self->stop, true, __ATOMIC_RELAXED);
	while (self->hogs)
		pthread_join(self->hog[--self->hogs], NULL);
	close(self->uffd);
	env_close(&self->e);
}

/* Gives the worker its page after a time-out: the test has failed then. */
static void *rescue(void *arg)
{
	struct _test_data_worker *self = arg;
	long end = now_ms() + WAIT_MS / 4;
	size_t i;

	while (!__atomic_load_n(&self->done, __ATOMIC_ACQUIRE)) {
		if (now_ms() > end) {
			self->rescued = true;
			for (i = 0; i < self->r.s.driver_len; i += 4096)
				uffd_answer(self->uffd, self->r.driver + i,
					    4096);
		}
		usleep(10000);
	}
	return NULL;
}

/* Rings whose available entries are in memory that never comes. */
static int begin_and_end(struct _test_data_worker *self)
{
	struct tun_ring_attach a;
	size_t len;
	int ret = attach_alloc(&self->r, &self->c);

	if (!ret)
		ret = attach_pool(&self->r, self->e.fd, false);
	len = (self->r.s.driver_len + 4095) & ~4095UL;
	if (!ret)
		ret = uffd_watch(self->uffd, self->r.driver, len);
	if (ret)
		return ret;
	self->done = false;
	if (pthread_create(&self->rescuer, NULL, rescue, self))
		return -EAGAIN;
	a = attach_params(&self->r, &self->c);
	ret = attach_raw(self->e.fd, &a);
	if (!ret)
		ret = tring_teardown(self->e.fd);
	__atomic_store_n(&self->done, true, __ATOMIC_RELEASE);
	pthread_join(self->rescuer, NULL);
	tring_unmap(&self->r);
	return self->rescued ? -ETIMEDOUT : ret;
}

TEST_F(worker, ends_as_it_begins)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		ASSERT_EQ(0, begin_and_end(self));
}

TEST_HARNESS_MAIN
