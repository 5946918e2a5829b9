// SPDX-License-Identifier: GPL-2.0
/*
 * All calls at once. Each thread repeats one call until the time is over. The
 * kernel must survive, and the queue must work afterwards.
 */
#include <pthread.h>
#include <sys/mman.h>

#include "env.h"
#include "harness.h"

#define RACE_MS		1000
#define MAX_WORKERS	6

struct race {
	struct env e;
	int stop;			/* atomic */
	unsigned int wins, refusals, bad;	/* atomic */
};

FIXTURE(race) {
	struct race r;
};

FIXTURE_SETUP(race)
{
	ASSERT_EQ(0, env_open(&self->r.e, "race0", TUN_PLAIN));
}

static bool over(struct race *r)
{
	return __atomic_load_n(&r->stop, __ATOMIC_RELAXED);
}

static void count(unsigned int *n)
{
	__atomic_add_fetch(n, 1, __ATOMIC_RELAXED);
}

static const struct tconf conf = { F_META | F_EVENT, 16, 16, 2048, 0 };

/* Counts a result that is neither success nor an error expected here. */
static void check(struct race *r, int ret)
{
	static const int fine[] = { EBUSY, ENXIO, EBADFD, EIO, EBADF, ENODEV,
				    EINVAL, EPROTO };
	unsigned int i;

	if (ret >= 0) {
		count(&r->wins);
		return;
	}
	for (i = 0; i < ARRAY_LEN(fine); i++)
		if (ret == -fine[i]) {
			count(&r->refusals);
			return;
		}
	fprintf(stderr, "# unexpected error: %s\n", strerror(-ret));
	count(&r->bad);
}

static void *do_setup(void *arg)
{
	struct race *r = arg;
	struct tun_ring_setup s;

	while (!over(r)) {
		s = tring_params(&conf);
		check(r, tring_setup_raw(r->e.fd, &s));
	}
	return NULL;
}

static void *do_teardown(void *arg)
{
	struct race *r = arg;

	while (!over(r))
		check(r, tring_teardown(r->e.fd));
	return NULL;
}

static void *do_traffic(void *arg)
{
	struct race *r = arg;
	uint8_t pkt[256];
	uint32_t seq = 0;
	size_t n;
	int sk = psock_open(r->e.name, false);

	fcntl(sk, F_SETFL, O_NONBLOCK);
	while (!over(r)) {
		n = seq_pkt(pkt, false, seq++, 100);
		if (send(sk, pkt, n, 0) < 0)
			usleep(100);
	}
	close(sk);
	return NULL;
}

static void *do_read_write(void *arg)
{
	struct race *r = arg;
	uint8_t pkt[2048];

	while (!over(r)) {
		write(r->e.fd, pkt, seq_pkt(pkt, false, 1, 100));
		write(r->e.fd, pkt, 0);
		read(r->e.fd, pkt, sizeof(pkt));
	}
	return NULL;
}

static void *do_look(void *arg)
{
	struct race *r = arg;
	struct tun_ring_query q;
	struct tun_ring_stats st;
	char buf[1024], path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", r->e.fd);
	while (!over(r)) {
		fd_wait(r->e.fd, POLLIN | POLLOUT, 0);
		tring_query(r->e.fd, &q);
		check(r, tring_stats(r->e.fd, &st));
		file_get(path, buf, sizeof(buf));
	}
	return NULL;
}

static void *do_wait(void *arg)
{
	struct race *r = arg;

	while (!over(r)) {
		check(r, tring_enter(r->e.fd,
				     TUN_RING_ENTER_WAIT | TUN_RING_ENTER_TX |
					     TUN_RING_ENTER_RX,
				     20 * NS_PER_MS));
		fd_wait(r->e.fd, POLLIN, 1);
	}
	return NULL;
}

/* Maps, reads and unmaps the areas, if there are any. */
static void *do_map(void *arg)
{
	struct race *r = arg;
	struct tun_ring_setup s = tring_params(&conf);
	unsigned int i = 0, n;
	volatile uint16_t *p;
	size_t len;

	while (!over(r)) {
		/* the offsets of the areas are known after one set-up */
		if (!s.pool_len)
			tring_setup_raw(r->e.fd, &s);
		len = i & 1 ? s.pool_len : s.driver_len;
		p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED,
			 r->e.fd, i & 1 ? s.pool_offset : s.driver_offset);
		i++;
		if (p == MAP_FAILED) {
			check(r, -errno);
			continue;
		}
		for (n = 0; n < 2048; n++)
			p[n] = n;
		munmap((void *)p, len);
		count(&r->wins);
	}
	return NULL;
}

static void *do_updown(void *arg)
{
	struct race *r = arg;

	while (!over(r)) {
		if_down(r->e.name);
		if_up(r->e.name);
	}
	return NULL;
}

static void *do_txqlen(void *arg)
{
	struct race *r = arg;
	unsigned int i = 0;

	while (!over(r))
		if_txqlen(r->e.name, i++ & 1 ? 3 : 800);
	return NULL;
}

/* Deletes the device; the same file gets another one. */
static void *do_delete(void *arg)
{
	struct race *r = arg;

	while (!over(r)) {
		rtnl_del(r->e.name);
		tunfd_setiff(r->e.fd, r->e.name, TUN_PLAIN, NULL);
		if_up(r->e.name);
		/* give the other threads time to meet a device */
		usleep(2000);
	}
	return NULL;
}

/* Puts another file at the same descriptor while calls run. */
static void *do_close(void *arg)
{
	struct race *r = arg;
	int fd;

	while (!over(r)) {
		fd = tunfd_open();
		tunfd_setiff(fd, "race%d", TUN_PLAIN, NULL);
		dup3(fd, r->e.fd, O_CLOEXEC);
		close(fd);
	}
	return NULL;
}

static void run(struct __test_metadata *_metadata, struct race *r,
		void *(*const *fn)(void *), unsigned int n)
{
	long end = now_ms() + WAIT_MS;
	pthread_t t[MAX_WORKERS];
	unsigned int i;

	ASSERT_EQ(0, fd_nonblock(r->e.fd));
	for (i = 0; i < n; i++)
		ASSERT_EQ(0, pthread_create(&t[i], NULL, fn[i], r));
	usleep(RACE_MS * 1000);
	/* longer if the machine was suspended all the time */
	while (!__atomic_load_n(&r->wins, __ATOMIC_RELAXED) && now_ms() < end)
		usleep(1000);
	__atomic_store_n(&r->stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < n; i++)
		ASSERT_EQ(0, pthread_join(t[i], NULL));
	EXPECT_LT(0, r->wins);
	EXPECT_EQ(0, r->bad);
}

/* A new queue of this name works, even if the old device is gone. */
FIXTURE_TEARDOWN(race)
{
	struct race *r = &self->r;
	struct tring ring;
	uint8_t buf[256];

	env_close(&r->e);
	EXPECT_EQ(0, env_open(&r->e, "race0", TUN_PLAIN));
	EXPECT_EQ(0, tring_setup(&ring, r->e.fd, &conf));
	EXPECT_LE(0, tring_rx_fill(&ring));
	EXPECT_EQ(0, env_inject_n(&r->e, 0, 40, 100));
	EXPECT_EQ(0, env_expect(&r->e, &ring, 0, 40));
	EXPECT_EQ(0, tring_send(&ring, buf, seq_pkt(buf, false, 1, 100), NULL));
	EXPECT_EQ(0, env_seen(&r->e, 1, 1));
	tring_unmap(&ring);
	env_close(&r->e);
}

#define RACE(name, ...)							\
	TEST_F(race, name)						\
	{								\
		static void *(*const fn[])(void *) = { __VA_ARGS__ };	\
									\
		run(_metadata, &self->r, fn, ARRAY_LEN(fn));		\
	}

RACE(setup_teardown, do_setup, do_teardown, do_traffic, do_look)
RACE(setup_setup, do_setup, do_setup, do_teardown)
RACE(read_write, do_setup, do_teardown, do_read_write, do_traffic)
RACE(wait, do_setup, do_teardown, do_wait, do_wait, do_traffic)
RACE(map, do_setup, do_teardown, do_map, do_map)
RACE(updown, do_setup, do_teardown, do_updown, do_traffic, do_wait)
RACE(txqueuelen, do_setup, do_teardown, do_txqlen, do_traffic, do_look)
RACE(device_deleted, do_setup, do_teardown, do_delete, do_wait, do_look, do_map)
RACE(closed, do_setup, do_close, do_wait, do_look, do_map)

TEST_HARNESS_MAIN
