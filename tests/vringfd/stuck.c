// SPDX-License-Identifier: GPL-2.0
/*
 * The owner of a vringfd is in a page fault that nobody resolves, in write(2) or
 * by the ring's thread. Another process that holds the tun waits for neither: it
 * closes the tun, detaches the ring or deletes the device.
 */
#include <sys/mman.h>

#include "harness.h"
#include "thread.h"
#include "tunvr.h"
#include "uffd.h"

#define PAGE	4096

enum act { CLOSE, DETACH, DELETE };

struct owner {
	bool tx;
	bool by_thread;		/* the thread faults, not a writer */
	int sk;			/* to the test */
};

static int step(int sk)
{
	char c = 0;

	return write(sk, &c, 1) == 1 ? 0 : -errno;
}

static int wait_step(int sk)
{
	char c;

	return fd_wait(sk, POLLIN, WAIT_MS) & POLLIN && read(sk, &c, 1) == 1 ?
	       0 : -ETIMEDOUT;
}

/* Makes a buffer available whose page is missing. */
static int put_missing(struct owner *o, struct vr *r)
{
	uint8_t *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int uffd = uffd_open(), ret;

	if (p == MAP_FAILED || uffd < 0)
		return -ENOMEM;
	ret = uffd_watch(uffd, p, PAGE);
	if (ret)
		return ret;
	vr_desc(r, 0, p, o->tx ? 100 : 2000, o->tx ? 0 : W, 0);
	vr_put(r, 0);
	return 0;
}

/* The owner. Returns only after an error. */
static int owner_run(struct owner *o, int fd)
{
	struct vr r;
	int ret = vr_open(&r, BUFS, 2048);

	if (!ret)
		ret = tv_set(fd, !o->tx, r.fd);
	close(fd);
	if (!ret && o->by_thread)
		ret = put_missing(o, &r);
	ret = ret ?: step(o->sk) ?: wait_step(o->sk);
	if (ret)
		return ret;
	if (o->by_thread)
		pause();
	ret = put_missing(o, &r) ?: step(o->sk);
	return ret ?: vr_kick(&r);
}

FIXTURE(stuck) {
	struct tv t;
	struct owner o;
	pid_t owner;
};

FIXTURE_VARIANT(stuck) {
	struct owner o;
};

FIXTURE_VARIANT_ADD(stuck, rx) { { .tx = false } };
FIXTURE_VARIANT_ADD(stuck, rx_thread) { { .by_thread = true } };
FIXTURE_VARIANT_ADD(stuck, tx) { { .tx = true } };

FIXTURE_SETUP(stuck)
{
	pid_t faults;
	int sk[2];

	ASSERT_EQ(0, tv_device(&self->t, TUN_PLAIN, 0));
	self->t.sk = psock_open("vr0", false);
	ASSERT_LE(0, self->t.sk);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sk));
	self->o = variant->o;
	self->o.sk = sk[1];
	self->owner = fork();
	ASSERT_LE(0, self->owner);
	if (!self->owner)
		_exit(owner_run(&self->o, self->t.fd) ? 1 : 0);
	ASSERT_EQ(0, wait_step(sk[0]));
	ASSERT_EQ(0, tv_inject(&self->t, 0, 3, 100));
	if (self->o.by_thread) {
		char name[32];

		snprintf(name, sizeof(name), "vringfd-%d", self->owner);
		faults = thread_named(name);
		ASSERT_LT(0, faults);
	} else {
		/* the thread has found no buffer */
		ASSERT_EQ(0, thread_wait_idle(self->owner));
		ASSERT_EQ(0, step(sk[0]));
		ASSERT_EQ(0, wait_step(sk[0]));
		faults = self->owner;
	}
	ASSERT_EQ(0, thread_wait_stuck(faults));
}

FIXTURE_TEARDOWN(stuck)
{
	int status;

	/* the owner is stuck until now, and SIGKILL ends its page fault */
	EXPECT_EQ(0, waitpid(self->owner, &status, WNOHANG));
	kill(self->owner, SIGKILL);
	EXPECT_EQ(self->owner, waitpid(self->owner, &status, 0));
	EXPECT_EQ(0, if_wait_gone("vr0"));
	close(self->t.sk);
}

/* Another process acts, because the act would block the test itself. */
static int act(struct _test_data_stuck *self, enum act what)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid) {
		int ret = 0;

		if (what == CLOSE)
			close(self->t.fd);
		else if (what == DETACH)
			ret = tv_set(self->t.fd, !self->o.tx, -1);
		else
			ret = rtnl_del("vr0");
		_exit(ret ? 1 : 0);
	}
	if (what != DETACH)
		close(self->t.fd);
	return child_ended(pid, WAIT_MS);
}

TEST_F(stuck, close)
{
	EXPECT_EQ(0, act(self, CLOSE));
	EXPECT_EQ(0, if_wait_gone("vr0"));
}

TEST_F(stuck, delete)
{
	EXPECT_EQ(0, act(self, DELETE));
	EXPECT_EQ(0, if_wait_gone("vr0"));
}

/* Packets that the ring had are for read(2) again, in order. */
TEST_F(stuck, detach)
{
	uint32_t i;

	EXPECT_EQ(0, act(self, DETACH));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, tv_read(&self->t, i));
	EXPECT_EQ(-ENXIO, tv_set(self->t.fd, !self->o.tx, -1));
	close(self->t.fd);
}

TEST_HARNESS_MAIN
