// SPDX-License-Identifier: GPL-2.0
/*
 * Threads register, push, close and delete at the same time, in thousands of rounds. The
 * kernel must survive, and everything must work afterwards.
 */
#include <pthread.h>

#include "harness.h"
#include "tunvr.h"

#define ROUNDS	10000
#define LEAST	10	/* rounds of each thread, and of a case */
/* After this time LEAST rounds must do. */
#define SHORT_MS	5000
/* A slow machine has this time for them. */
#define LONG_MS	90000
#define SLOTS	3

/* The threads share these descriptors, and replace them all the time. */
struct arena {
	int tun[SLOTS], ring[SLOTS];
	struct vr mem[SLOTS];
	int stop;
	unsigned long done[6];
	unsigned long attached[2];	/* rings attached to a tun, and to vringloop */
};

FIXTURE(race) {
	struct arena a;
};

FIXTURE_SETUP(race)
{
	unsigned int i;

	ASSERT_EQ(0, modules_load());
	ASSERT_EQ(0, ns_fresh());
	memset(&self->a, 0, sizeof(self->a));
	for (i = 0; i < SLOTS; i++) {
		self->a.tun[i] = -1;
		self->a.ring[i] = -1;
		ASSERT_EQ(0, vr_map(&self->a.mem[i], 16, 4096));
	}
}

FIXTURE_TEARDOWN(race)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		close(self->a.tun[i]);
		close(self->a.ring[i]);
		vr_unmap(&self->a.mem[i]);
	}
}

static bool go_on(const struct arena *a)
{
	return !__atomic_load_n(&a->stop, __ATOMIC_RELAXED);
}

static int get(int *slot)
{
	return __atomic_load_n(slot, __ATOMIC_RELAXED);
}

/* Replace a descriptor, and close the old one while other threads may use it. */
static void put(int *slot, int fd)
{
	int old = __atomic_exchange_n(slot, fd, __ATOMIC_RELAXED);

	if (old >= 0)
		close(old);
}

static unsigned long count(const unsigned long *n)
{
	return __atomic_load_n(n, __ATOMIC_RELAXED);
}

/* Has each thread worked for LEAST rounds, and has a ring been attached? */
static bool all_worked(const struct arena *a)
{
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(a->done); i++)
		if (count(&a->done[i]) <= LEAST)
			return false;
	return count(&a->attached[0]) && count(&a->attached[1]);
}

static void *make_rings(void *arg)
{
	struct arena *a = arg;
	struct vringfd_create args = { .num = 16 };
	long start = now_ms(), ms;
	unsigned int i, n = 0;

	while (n < ROUNDS) {
		ms = now_ms() - start;
		if (ms > LONG_MS || (ms > SHORT_MS && all_worked(a)))
			break;
		i = n % SLOTS;
		args.addr = (uintptr_t)a->mem[i].mem;
		args.last_used = (uintptr_t)a->mem[i].last_used;
		a->mem[i].v.used->idx = a->mem[i].v.avail->idx;
		put(&a->ring[i], vr_create(&args));
		a->done[0] = ++n;
	}
	__atomic_store_n(&a->stop, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void *make_tuns(void *arg)
{
	struct arena *a = arg;
	char name[IFNAMSIZ];
	unsigned int n = 0;

	while (go_on(a)) {
		snprintf(name, sizeof(name), "race%u", n % SLOTS);
		put(&a->tun[n % SLOTS], -1);
		put(&a->tun[n % SLOTS], tunfd_create_up(name, TUN_PLAIN));
		if (n % 4 == 3)
			rtnl_del(name);
		usleep(3000);
		a->done[1] = ++n;
	}
	return NULL;
}

static void *attach(void *arg)
{
	struct arena *a = arg;
	unsigned int n = 0;

	while (go_on(a)) {
		if (n % 5 == 0)
			tv_set(get(&a->tun[n % SLOTS]), n & 1, -1);
		else if (!tv_set(get(&a->tun[n % SLOTS]), n & 1,
				 get(&a->ring[n / 2 % SLOTS])))
			a->attached[0]++;
		a->done[2] = ++n;
	}
	return NULL;
}

static void *echo(void *arg)
{
	struct arena *a = arg;
	unsigned int n = 0;
	int loop;

	while (go_on(a)) {
		loop = loop_attach(get(&a->ring[n % SLOTS]),
				   n % 8 < 4 ? VRINGLOOP_PIN | VRINGLOOP_ATOMIC :
					       0);
		if (loop >= 0) {
			a->attached[1]++;
			close(loop);
		}
		a->done[3] = ++n;
	}
	return NULL;
}

static void *push(void *arg)
{
	struct arena *a = arg;
	struct vr *r;
	unsigned int n = 0;

	while (go_on(a)) {
		r = &a->mem[n % SLOTS];
		r->avail = r->v.avail->idx;
		memset(vr_buf(r, n % 8), 0, 10);
		seq_pkt(vr_buf(r, n % 8) + 10, false, n, 100);
		vr_give(r, n % 8, n & 1 ? 110 : 4096, n % 3 ? 0 : W);
		if (write(get(&a->ring[n % SLOTS]), "", n % 2) < 0)
			sched_yield();
		a->done[4] = ++n;
	}
	return NULL;
}

static void *look(void *arg)
{
	struct arena *a = arg;
	unsigned int n = 0;

	while (go_on(a)) {
		vr_poll(get(&a->ring[n % SLOTS]), 0);
		vr_poll(get(&a->tun[n % SLOTS]), 0);
		ioctl(get(&a->ring[n % SLOTS]), VRINGSETLIMIT,
		      n & 64 ? ~0UL : 1UL << 40);
		*a->mem[n % SLOTS].last_used = n;
		a->done[5] = ++n;
	}
	return NULL;
}

TEST_F(race, all_at_once)
{
	static void *(*const fn[])(void *) = {
		make_rings, make_tuns, attach, echo, push, look
	};
	pthread_t thread[ARRAY_LEN(fn)];
	unsigned int i;
	struct tv t;

	for (i = 0; i < ARRAY_LEN(fn); i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, fn[i], &self->a));
	for (i = 0; i < ARRAY_LEN(fn); i++)
		pthread_join(thread[i], NULL);
	for (i = 0; i < ARRAY_LEN(fn); i++)
		EXPECT_LT(LEAST, self->a.done[i]);
	TH_LOG("rounds: %lu %lu %lu %lu %lu %lu", self->a.done[0],
	       self->a.done[1], self->a.done[2], self->a.done[3],
	       self->a.done[4], self->a.done[5]);
	TH_LOG("attached: %lu %lu", self->a.attached[0], self->a.attached[1]);
	EXPECT_LT(0, self->a.attached[0]);
	EXPECT_LT(0, self->a.attached[1]);
	ASSERT_EQ(0, tv_open(&t, TUN_PLAIN, 0));
	tv_fill(&t);
	ASSERT_EQ(0, tv_inject(&t, 0, 10, 100));
	EXPECT_EQ(0, tv_expect(&t, 0, 10));
	tv_close(&t);
}

/* Two threads close the tun and the vringfd of a pair at the same time. */
static void *close_it(void *arg)
{
	close(*(int *)arg);
	return NULL;
}

TEST_F(race, both_closed)
{
	struct vr *r = &self->a.mem[0];
	struct vringfd_create args = {
		.num = 16, .addr = (uintptr_t)r->mem,
		.last_used = (uintptr_t)r->last_used,
	};
	long end = now_ms() + SHORT_MS;
	pthread_t thread;
	unsigned int i;
	int tun, ring;

	for (i = 0; i < 300 && (i <= LEAST || now_ms() < end); i++) {
		ring = vr_create(&args);
		tun = tunfd_create("both0", TUN_PLAIN);
		ASSERT_LE(0, ring);
		ASSERT_LE(0, tun);
		ASSERT_EQ(0, tv_set(tun, i & 1, ring));
		ASSERT_EQ(0, pthread_create(&thread, NULL, close_it, &ring));
		close(tun);
		pthread_join(thread, NULL);
	}
	TH_LOG("rounds: %u", i);
}

TEST_HARNESS_MAIN
