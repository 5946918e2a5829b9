// SPDX-License-Identifier: GPL-2.0
/*
 * The worker is stuck in a page fault on a file of FUSE whose server has taken
 * the request and does not answer. No signal ends such a fault. Nobody but the
 * owner of the memory waits for it, and the worker puts its references when the
 * fault ends.
 */
#include "fuse_place.h"
#include "harness.h"
#include "thread.h"

/* Attached rings whose buffers are in the file. */
static int owner_attach(int tun)
{
	struct aconf c = { .c = { F_META, 16, 16, 2048, 0 } };
	struct tun_ring_region v;
	struct tring r = { };
	int ret = attach_alloc(&r, &c);

	if (!ret)
		ret = place_region(&v);
	if (!ret)
		ret = attach_regions(tun, &v, 1, 0);
	if (!ret)
		ret = attach_again(&r, tun, &c);
	return ret ?: tring_rx_fill(&r);
}

FIXTURE(fuse) {
	struct env e;
	struct place place;
	pid_t owner;
};

static int begin_owner(struct _test_data_fuse *self)
{
	int sk[2], ret;
	char c;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sk))
		return -errno;
	self->owner = fork();
	if (!self->owner) {
		ret = owner_attach(self->e.fd);
		if (ret || write(sk[1], "a", 1) != 1)
			_exit(1);
		pause();
	}
	close(sk[1]);
	ret = read(sk[0], &c, 1) == 1 ? 0 : -ECHILD;
	close(sk[0]);
	return ret;
}

FIXTURE_SETUP(fuse)
{
	char c;

	cmd_run("modprobe fuse");
	ASSERT_EQ(0, env_open(&self->e, "fuse0", TUN_PLAIN));
	ASSERT_EQ(0, place_begin(&self->place, self->e.fd));
	ASSERT_EQ(0, begin_owner(self));
	ASSERT_EQ(0, env_inject(&self->e, 0, 100));
	ASSERT_EQ(1, read(self->place.taken, &c, 1));
	ASSERT_EQ(0, thread_wait_stuck(thread_of_rings(self->owner)));
}

/* The end of the server ends the fault, and the worker frees what it holds. */
FIXTURE_TEARDOWN(fuse)
{
	long end = now_ms() + WAIT_MS;
	int status;

	EXPECT_LT(0, thread_of_rings(self->owner));
	place_end(&self->place);
	kill(self->owner, SIGKILL);
	waitpid(self->owner, &status, 0);
	while (thread_of_rings(self->owner) && now_ms() < end)
		usleep(1000);
	EXPECT_EQ(0, thread_of_rings(self->owner));
	close(self->e.sk);
}

/* The owner holds the last descriptor, and is killed. */
TEST_F(fuse, owner_killed)
{
	close(self->e.fd);
	ASSERT_EQ(0, kill(self->owner, SIGKILL));
	EXPECT_EQ(SIGKILL, child_ended(self->owner, WAIT_MS));
	EXPECT_EQ(0, if_wait_gone("fuse0"));
}

/* Another process holds the last descriptor, and closes it. */
TEST_F(fuse, closed_by_another)
{
	pid_t pid;

	ASSERT_EQ(0, kill(self->owner, SIGKILL));
	ASSERT_EQ(SIGKILL, child_ended(self->owner, WAIT_MS));
	pid = fork();
	if (!pid) {
		close(self->e.fd);
		_exit(0);
	}
	close(self->e.fd);
	EXPECT_EQ(0, child_ended(pid, WAIT_MS));
	EXPECT_EQ(0, if_wait_gone("fuse0"));
}

TEST_F(fuse, torn_down_by_another)
{
	struct tconf c = { F_META, 16, 16, 2048, 0 };
	struct tring r = { };
	pid_t pid = fork();

	if (!pid)
		_exit(tring_teardown(self->e.fd) ? 1 : 0);
	EXPECT_EQ(0, child_ended(pid, WAIT_MS));
	/* the queue works, with rings of its new user */
	ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&r));
	ASSERT_EQ(0, env_inject_n(&self->e, 1, 5, 100));
	EXPECT_EQ(0, env_expect(&self->e, &r, 1, 5));
	tring_unmap(&r);
	close(self->e.fd);
}

TEST_F(fuse, device_deleted)
{
	pid_t pid = fork();

	if (!pid)
		_exit(rtnl_del("fuse0") ? 1 : 0);
	EXPECT_EQ(0, child_ended(pid, WAIT_MS));
	EXPECT_EQ(0, if_wait_gone("fuse0"));
	close(self->e.fd);
}

TEST_HARNESS_MAIN
