// SPDX-License-Identifier: GPL-2.0
/* The file in several processes: dup, fork, exec, SCM_RIGHTS, kill. */
#include <sys/socket.h>

#include "lib.h"
#include "harness.h"

FIXTURE(fds) {
	int fd, sk;
	struct flow f;
	char buf[256];
};

FIXTURE_SETUP(fds)
{
	self->f = (struct flow) { .sport = 1, .dport = 2 };
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", IFF_TUN | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(fds)
{
	close(self->sk);
	close(self->fd);
}

TEST_F(fds, dup)
{
	int other = dup(self->fd);

	close(self->fd);
	EXPECT_TRUE(if_exists("t0"));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	EXPECT_EQ(38, fd_read_wait(other, self->buf, sizeof(self->buf)));
	EXPECT_EQ(IFF_TUN | IFF_NO_PI, tunfd_getiff(other, NULL));
	close(other);
	EXPECT_FALSE(if_exists("t0"));
	self->fd = -1;
}

static int child_reads(void *arg)
{
	char buf[256];

	return fd_read_wait(*(int *)arg, buf, sizeof(buf));
}

static int child_sets(void *arg)
{
	return tunfd_int(*(int *)arg, TUNSETVNETHDRSZ, 33);
}

TEST_F(fds, fork_shares)
{
	int sz = 0;

	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	EXPECT_EQ(38, child_run(child_reads, &self->fd));
	EXPECT_EQ(0, child_run(child_sets, &self->fd));
	ASSERT_EQ(0, tunfd_ioctlp(self->fd, TUNGETVNETHDRSZ, &sz));
	EXPECT_EQ(33, sz);
	EXPECT_TRUE(if_exists("t0"));
}

TEST_F(fds, scm_rights)
{
	int pair[2], other;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	ASSERT_EQ(0, fd_send(pair[0], self->fd));
	close(self->fd);
	/* a descriptor in flight still holds the interface */
	EXPECT_TRUE(if_exists("t0"));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	other = fd_recv(pair[1]);
	ASSERT_LE(0, other);
	EXPECT_EQ(38, fd_read_wait(other, self->buf, sizeof(self->buf)));
	close(other);
	EXPECT_FALSE(if_exists("t0"));
	self->fd = -1;
}

TEST_F(fds, scm_rights_never_taken)
{
	int pair[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	ASSERT_EQ(0, fd_send(pair[0], self->fd));
	close(self->fd);
	self->fd = -1;
	close(pair[0]);
	close(pair[1]);
	EXPECT_EQ(0, if_wait_gone("t0"));
}

/* An unprivileged process receives the descriptor and uses it. */
static int unprivileged_use(void *arg)
{
	char buf[256];
	int fd = *(int *)arg;
	ssize_t n = fd_read_wait(fd, buf, sizeof(buf));

	return n < 0 ? n : fd_write(fd, buf, n);
}

TEST_F(fds, unprivileged_read_write)
{
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	EXPECT_EQ(38, child_as_user(4321, 4321, unprivileged_use, &self->fd));
	EXPECT_EQ(38, psock_recv(self->sk, NULL, self->buf, 256));
}

static pid_t start_holder(int fd)
{
	int p[2];
	char c;
	pid_t pid;

	if (pipe(p))
		return -1;
	pid = fork();
	if (pid)
		return read(p[0], &c, 1) == 1 ? pid : -1;
	fcntl(fd, F_SETFL, 0);
	if (write(p[1], "x", 1) != 1)
		_exit(1);
	while (read(fd, p, sizeof(p)) > 0)
		;
	_exit(0);
}

/* kill -9 during read(): the interface is deleted with its last holder. */
TEST_F(fds, kill_reader)
{
	pid_t pid = start_holder(self->fd);

	ASSERT_LT(0, pid);
	close(self->fd);
	self->fd = -1;
	EXPECT_TRUE(if_exists("t0"));
	ASSERT_EQ(0, thread_wait_blocked(pid));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(0, if_wait_gone("t0"));
}

TEST_F(fds, close_on_exec)
{
	pid_t pid;

	ASSERT_EQ(0, fcntl(self->fd, F_SETFD, 0));
	pid = fork();
	if (!pid) {
		fcntl(self->fd, F_SETFD, FD_CLOEXEC);
		execl("/bin/sleep", "sleep", "100", NULL);
		_exit(1);
	}
	ASSERT_EQ(0, thread_wait_blocked(pid));
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(0, if_wait_gone("t0"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Two files opened by one process are two queues. */
TEST_F(fds, reopen_is_another_file)
{
	char path[64];
	int other;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", self->fd);
	other = open(path, O_RDWR);
	ASSERT_LE(0, other);
	EXPECT_EQ(-EBADFD, tunfd_getiff(other, NULL));
	EXPECT_EQ(-EBUSY, tunfd_setiff(other, "t0", IFF_TUN, NULL));
}

TEST_HARNESS_MAIN
