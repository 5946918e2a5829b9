// SPDX-License-Identifier: GPL-2.0
/* One queue in several processes: fork, dup, SCM_RIGHTS, exec. */
#include "env.h"
#include "harness.h"

FIXTURE(share) {
	struct env e;
	struct tring r;
};

static const struct tconf conf = { F_META, 16, 16, 2048, 0 };

FIXTURE_SETUP(share)
{
	ASSERT_EQ(0, env_open(&self->e, "share0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &conf));
	ASSERT_LE(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(share)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

struct share_test {
	struct env *e;
	struct tring *r;
	int sk;
};

static int child_uses(void *arg)
{
	struct share_test *s = arg;
	uint8_t pkt[128];
	int ret = env_expect(s->e, s->r, 0, 20);

	if (ret)
		return ret;
	return tring_send(s->r, pkt, seq_pkt(pkt, false, 4, 100), NULL);
}

/* The child uses the rings, and the parent's mapping shows the result. */
TEST_F(share, fork)
{
	struct share_test s = { &self->e, &self->r };

	ASSERT_EQ(0, env_inject_n(&self->e, 0, 20, 100));
	EXPECT_EQ(0, child_run(child_uses, &s));
	EXPECT_EQ(20, tvq_used_idx(&self->r.rx));
	EXPECT_EQ(20, tvq_used_event(&self->r.rx));
	EXPECT_EQ(1, tvq_used_idx(&self->r.tx));
	EXPECT_EQ(0, env_seen(&self->e, 4, 1));
	EXPECT_EQ(0, fd_wait(self->e.fd, POLLIN, 0));
}

static int child_tears_down(void *arg)
{
	struct share_test *s = arg;

	return tring_teardown(s->e->fd);
}

/* Rings belong to the queue, not to the process that set them up. */
TEST_F(share, child_tears_down)
{
	struct share_test s = { &self->e, &self->r };

	EXPECT_EQ(0, child_run(child_tears_down, &s));
	EXPECT_EQ(-ENXIO, tring_teardown(self->e.fd));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	EXPECT_EQ(0, env_expect_plain(&self->e, 0, 5));
}

/* Receives the file and the layout by a socket, and maps the rings. */
static int child_receives(void *arg)
{
	struct share_test *s = arg;
	struct tring r = { };
	uint8_t pkt[128];
	int fd, ret;

	tring_unmap(s->r);
	close(s->e->fd);
	fd = fd_recv(s->sk);
	if (fd < 0)
		return fd;
	if (recv(s->sk, &r.s, sizeof(r.s), MSG_WAITALL) != sizeof(r.s))
		return -EIO;
	ret = tring_map(&r, fd);
	if (ret)
		return ret;
	/* continue at the sender's indices */
	r.rx.avail_idx = 16;
	r.rx.kicked = 16;
	ret = env_expect(s->e, &r, 0, 40);
	if (ret)
		return ret;
	return tring_send(&r, pkt, seq_pkt(pkt, false, 9, 100), NULL);
}

TEST_F(share, scm_rights)
{
	struct share_test s = { &self->e, &self->r };
	int sk[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sk));
	s.sk = sk[1];
	ASSERT_EQ(0, fd_send(sk[0], self->e.fd));
	ASSERT_EQ(sizeof(self->r.s),
		  write(sk[0], &self->r.s, sizeof(self->r.s)));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 40, 100));
	EXPECT_EQ(0, child_run(child_receives, &s));
	EXPECT_EQ(0, env_seen(&self->e, 9, 1));
	close(sk[0]);
	close(sk[1]);
}

TEST_F(share, in_flight_in_a_socket)
{
	int sk[2];

	/* the socket holds the file, and is closed unread */
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sk));
	ASSERT_EQ(0, fd_send(sk[0], self->e.fd));
	close(self->e.fd);
	self->e.fd = -1;
	tring_unmap(&self->r);
	EXPECT_TRUE(if_exists("share0"));
	close(sk[0]);
	close(sk[1]);
	EXPECT_EQ(0, if_wait_gone("share0"));
}

TEST_F(share, dup)
{
	int fd = dup(self->e.fd);
	struct tun_ring_stats st;

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, tring_stats(fd, &st));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
	EXPECT_EQ(POLLIN, fd_wait(fd, POLLIN, WAIT_MS));
	EXPECT_EQ(0, close(self->e.fd));
	self->e.fd = fd;
	self->r.fd = fd;
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 3));
}

/* Forks a child and waits until it has executed sleep. */
static pid_t spawn_sleep(void)
{
	int p[2];
	char byte;
	pid_t pid;

	if (pipe2(p, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid) {
		execlp("sleep", "sleep", "1000", NULL);
		if (write(p[1], "", 1) == 1)
			_exit(127);
		_exit(126);
	}
	close(p[1]);
	/* exec closes the other end */
	if (pid > 0 && read(p[0], &byte, 1))
		pid = -ENOEXEC;
	close(p[0]);
	return pid;
}

/* With close-on-exec, the executed program holds no file of the queue. */
TEST_F(share, exec_with_cloexec)
{
	pid_t pid = spawn_sleep();
	int status;

	ASSERT_LT(0, pid);
	tring_unmap(&self->r);
	close(self->e.fd);
	self->e.fd = -1;
	EXPECT_EQ(0, if_wait_gone("share0"));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/* Without close-on-exec, queue and rings exist until the program ends. */
TEST_F(share, exec_without_cloexec)
{
	int status;
	pid_t pid;

	ASSERT_EQ(0, fcntl(self->e.fd, F_SETFD, 0));
	pid = spawn_sleep();
	ASSERT_LT(0, pid);
	tring_unmap(&self->r);
	close(self->e.fd);
	self->e.fd = -1;
	EXPECT_TRUE(if_exists("share0"));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, if_wait_gone("share0"));
}

TEST_HARNESS_MAIN
