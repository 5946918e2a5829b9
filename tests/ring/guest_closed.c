// SPDX-License-Identifier: GPL-2.0
/*
 * The monitor serves a queue from a file of its own, and sleeps in an ioctl until a
 * page of its memory comes. Another process has the queue's file. Neither close() nor
 * calls on the file wait for the page, and SIGKILL ends a call that needs the rings.
 */
#include <sys/mman.h>

#include "guest.h"
#include "harness.h"
#include "uffd.h"

/* A call that waits for the page never returns. */
#define SOON_MS	(WAIT_MS / 2)

FIXTURE(closed) {
	struct env e;
	pid_t monitor;
	int ready;		/* a byte when the monitor is blocked */
	pthread_t thread;
	bool done;		/* atomic */
};

FIXTURE_VARIANT(closed) {
	bool pin;
};

FIXTURE_VARIANT_ADD(closed, worker) { false };
FIXTURE_VARIANT_ADD(closed, pinned) { true };

struct blocked {
	struct guest g;
	bool pin;
};

/*
 * With a worker, the ioctl waits for the worker, which waits for the page. In pinned
 * memory the ioctl pins the page.
 */
static void *block(void *arg)
{
	struct blocked *b = arg;

	if (b->pin)
		guest_addr(&b->g, G_RX, 0, 0);
	else
		guest_file(&b->g, VHOST_SET_VRING_CALL, G_RX, b->g.call[G_TX]);
	return NULL;
}

/* The worker sleeps in a page fault of a receive buffer. */
static int stop_worker(struct guest *g, const struct env *e, int uffd)
{
	int ret = uffd_watch(uffd, g->pool, G_POOL);

	if (ret)
		return ret;
	guest_fill(g);
	ret = env_inject(e, 0, 100);
	return ret ?: fd_wait(uffd, POLLIN, WAIT_MS) & POLLIN ? 0 : -ETIMEDOUT;
}

/* The next addresses of the receive ring are in memory that never comes. */
static int move_ring(struct guest *g, int uffd)
{
	uint8_t *p = mmap(NULL, 3 * G_PART, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	g->vq[G_RX].desc = (void *)p;
	g->vq[G_RX].avail = (void *)(p + G_PART);
	g->vq[G_RX].used = (void *)(p + 2 * G_PART);
	return uffd_watch(uffd, p, 3 * G_PART);
}

static void *never(void *arg)
{
	pause();
	return NULL;
}

static int monitor(struct env *e, bool pin, int ready)
{
	struct blocked b = { .pin = pin };
	pthread_t thread;
	int uffd = uffd_open(), ret;

	ret = guest_open_in(&b.g, tunfd_open(), pin, G_V1, 0) ?:
	      guest_start(&b.g, e->fd);
	if (!ret)
		ret = pin ? move_ring(&b.g, uffd) : stop_worker(&b.g, e, uffd);
	if (ret)
		return 2;
	close(e->fd);
	if (pthread_create(&thread, NULL, block, &b))
		return 3;
	if (pin && !(fd_wait(uffd, POLLIN, WAIT_MS) & POLLIN))
		return 4;
	/* the thread is in the ioctl soon, if it is not there */
	usleep(500000);
	if (write(ready, "r", 1) != 1)
		return 5;
	never(NULL);
	return 0;
}

FIXTURE_SETUP(closed)
{
	int p[2];

	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, pipe(p));
	self->monitor = fork();
	ASSERT_LE(0, self->monitor);
	if (!self->monitor)
		_exit(monitor(&self->e, variant->pin, p[1]));
	close(p[1]);
	self->ready = p[0];
	self->done = false;
}

FIXTURE_TEARDOWN(closed)
{
	kill(self->monitor, SIGKILL);
	waitpid(self->monitor, NULL, 0);
	close(self->ready);
	close(self->e.fd);
	close(self->e.sk);
}

static void *closer(void *arg)
{
	struct _test_data_closed *self = arg;

	close(self->e.fd);
	__atomic_store_n(&self->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static int is_done(struct _test_data_closed *self)
{
	long end = now_ms() + SOON_MS;

	while (!__atomic_load_n(&self->done, __ATOMIC_ACQUIRE)) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	return 0;
}

TEST_F(closed, close_does_not_wait)
{
	char byte;

	ASSERT_EQ(1, read(self->ready, &byte, 1));
	ASSERT_EQ(0, pthread_create(&self->thread, NULL, closer, self));
	EXPECT_EQ(0, is_done(self));
	EXPECT_EQ(0, if_wait_gone("guest0"));
	/* the monitor ends the queue */
	EXPECT_EQ(0, kill(self->monitor, SIGKILL));
	EXPECT_LE(0, child_ended(self->monitor, WAIT_MS));
	pthread_join(self->thread, NULL);
	self->e.fd = -1;
}

/* Calls that change nothing return, and do not wait for the monitor's ioctl. */
static int call_in_vain(int fd)
{
	struct ifreq ifr = { .ifr_flags = TUN_PLAIN };

	return tunfd_ioctl(fd, TUNRINGTEARDOWN, 0) != -EBUSY ? 1 :
	       tunfd_ioctlp(fd, TUNSETIFF, &ifr) != -EEXIST ? 2 : 0;
}

TEST_F(closed, calls_do_not_wait)
{
	char byte;
	pid_t pid;

	ASSERT_EQ(1, read(self->ready, &byte, 1));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(call_in_vain(self->e.fd));
	EXPECT_EQ(0, child_ended(pid, SOON_MS));
}

/* The rings are dead, and TUNSETIFF waits for their end: SIGKILL ends the wait. */
TEST_F(closed, killed_in_set_iff)
{
	struct ifreq ifr = { .ifr_flags = TUN_PLAIN };
	char byte;
	pid_t pid;

	ASSERT_EQ(1, read(self->ready, &byte, 1));
	ASSERT_EQ(0, rtnl_del("guest0"));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(tunfd_ioctlp(self->e.fd, TUNSETIFF, &ifr) ? 1 : 0);
	EXPECT_EQ(-ETIMEDOUT, child_ended(pid, 500));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(SIGKILL, child_ended(pid, SOON_MS));
}

TEST_HARNESS_MAIN
