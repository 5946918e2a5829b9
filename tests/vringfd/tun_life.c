// SPDX-License-Identifier: GPL-2.0
/* A queue and its vringfds attach, detach and close in every order, and exclude other modes. */
#include "harness.h"
#include "thread.h"
#include "tunvr.h"

FIXTURE(life) {
	struct tv t;
};

FIXTURE_SETUP(life)
{
	ASSERT_EQ(0, tv_open(&self->t, TUN_PLAIN, 0));
}

FIXTURE_TEARDOWN(life)
{
	tv_close(&self->t);
}

static int works(struct tv *t, uint32_t seq)
{
	uint8_t buf[256];
	int ret = tv_inject(t, seq, 2, 100);

	if (!ret)
		ret = tv_expect(t, seq, 2);
	if (!ret)
		ret = tv_send(t, 0, NULL, buf, seq_pkt(buf, false, seq, 100));
	if (!ret)
		ret = vr_kick(&t->tx);
	if (!ret)
		ret = tv_reap(t);
	return ret ? ret : tv_seen(t, seq);
}

TEST_F(life, refused)
{
	struct tv *t = &self->t;
	int bare = tunfd_open(), other = socket(AF_INET, SOCK_DGRAM, 0);
	struct vr r;

	ASSERT_EQ(0, vr_open(&r, 8, 64));
	EXPECT_EQ(-EBUSY, tv_set(t->fd, true, r.fd));
	EXPECT_EQ(-EBUSY, tv_set(t->fd, false, r.fd));
	EXPECT_EQ(-EBADFD, tv_set(bare, true, r.fd));
	EXPECT_EQ(-ENXIO, tv_set(bare, true, -1));
	EXPECT_EQ(0, tv_set(t->fd, true, -1));
	EXPECT_EQ(-ENXIO, tv_set(t->fd, true, -1));
	EXPECT_EQ(-EBUSY, tv_set(t->fd, true, t->tx.fd));
	EXPECT_EQ(-EBADF, tv_set(t->fd, true, 999));
	EXPECT_EQ(-EBADF, tv_set(t->fd, true, -2));
	EXPECT_EQ(-EINVAL, tv_set(t->fd, true, other));
	EXPECT_EQ(-EINVAL, tv_set(t->fd, true, t->fd));
	EXPECT_EQ(0, tv_set(t->fd, true, r.fd));
	vr_close(&r);
	close(other);
	close(bare);
}

static int set_rx(void *arg)
{
	struct tv *t = arg;

	return tv_set(t->fd, true, t->rx.fd);
}

/* The module's option unprivileged_rings concerns vringfds, too. */
TEST_F(life, refused_to_users)
{
	static const char set[] =
		"echo %c >/sys/module/tun/parameters/unprivileged_rings";
	struct tv *t = &self->t;

	ASSERT_EQ(0, tv_set(t->fd, true, -1));
	ASSERT_EQ(0, cmd_run(set, 'N'));
	EXPECT_EQ(-EPERM, child_as_user(65534, 65534, set_rx, t));
	EXPECT_EQ(0, cmd_run(set, 'Y'));
	EXPECT_EQ(0, set_rx(t));
}

/* A queue is in one mode at a time. */
TEST_F(life, no_other_rings)
{
	struct tun_ring_setup s = {
		.rx.entries = 8, .tx.entries = 8,
		.buf_size = 2048, .buf_count = 16,
	};
	struct tv *t = &self->t;
	struct tun_ring_query query;
	char path[64], buf[4096];

	ASSERT_EQ(0, tunfd_ioctlp(t->fd, TUNRINGQUERY, &query));
	EXPECT_EQ(TUN_RING_MODE_VRINGFD, query.mode);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", t->fd);
	ASSERT_LT(0, file_get(path, buf, sizeof(buf)));
	EXPECT_NE(NULL, strstr(buf, "ring-mode:\tvringfd"));
	EXPECT_EQ(-EBUSY, tunfd_ioctlp(t->fd, TUNRINGSETUP, &s));
	ASSERT_EQ(0, tv_set(t->fd, true, -1));
	EXPECT_EQ(-EBUSY, tunfd_ioctlp(t->fd, TUNRINGSETUP, &s));
	ASSERT_EQ(0, tv_set(t->fd, false, -1));
	ASSERT_EQ(0, tunfd_ioctlp(t->fd, TUNRINGQUERY, &query));
	EXPECT_EQ(TUN_RING_MODE_PLAIN, query.mode);
	EXPECT_EQ(0, tunfd_ioctlp(t->fd, TUNRINGSETUP, &s));
	EXPECT_EQ(-EBUSY, tv_set(t->fd, true, t->rx.fd));
	EXPECT_EQ(-EBUSY, tv_set(t->fd, false, t->tx.fd));
	ASSERT_EQ(0, tunfd_ioctl(t->fd, TUNRINGTEARDOWN, 0));
	EXPECT_EQ(0, tv_set(t->fd, true, t->rx.fd));
	EXPECT_EQ(0, tv_set(t->fd, false, t->tx.fd));
	tv_fill(t);
	EXPECT_EQ(0, works(t, 0));
}

TEST_F(life, read_is_refused_meanwhile)
{
	struct tv *t = &self->t;
	uint8_t buf[256];

	ASSERT_EQ(0, tv_inject(t, 0, 3, 100));
	EXPECT_EQ(-EBUSY, fd_read(t->fd, buf, sizeof(buf)));
	EXPECT_EQ(0, vr_poll(t->fd, 0) & POLLIN);
	/* The ring had no buffers, so the packets are still in the queue, in order. */
	ASSERT_EQ(0, tv_set(t->fd, true, -1));
	EXPECT_EQ(POLLIN, vr_poll(t->fd, 0) & POLLIN);
	EXPECT_EQ(0, tv_read(t, 0));
	EXPECT_EQ(0, tv_read(t, 1));
	EXPECT_EQ(0, tv_read(t, 2));
}

/* A reader that sleeps in read() when a ring is attached returns with an error. */
TEST_F(life, sleeping_reader)
{
	struct tv *t = &self->t;
	uint8_t buf[256];
	int status;
	pid_t pid;

	ASSERT_EQ(0, tv_set(t->fd, true, -1));
	pid = fork();
	if (!pid)
		_exit(read(t->fd, buf, sizeof(buf)) >= 0 ? 0 : errno);
	ASSERT_EQ(0, thread_wait_blocked(pid));
	ASSERT_EQ(0, tv_set(t->fd, true, t->rx.fd));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(EBUSY, WEXITSTATUS(status));
}

/* The ring receives the packets that were queued before it was attached. */
TEST_F(life, packets_from_before)
{
	struct tv *t = &self->t;

	ASSERT_EQ(0, tv_set(t->fd, true, -1));
	ASSERT_EQ(0, tv_inject(t, 0, 5, 100));
	tv_fill(t);
	ASSERT_EQ(0, tv_set(t->fd, true, t->rx.fd));
	EXPECT_EQ(0, tv_expect(t, 0, 5));
}

TEST_F(life, vringfd_closed_first)
{
	struct tv *t = &self->t;
	uint8_t buf[256];

	tv_fill(t);
	ASSERT_EQ(0, works(t, 0));
	vr_close(&t->rx);
	vr_close(&t->tx);
	ASSERT_EQ(0, tv_inject(t, 9, 1, 100));
	EXPECT_EQ(0, tv_read(t, 9));
	ASSERT_LT(0, fd_write(t->fd, buf, seq_pkt(buf, false, 4, 100)));
	EXPECT_EQ(0, tv_seen(t, 4));
	EXPECT_EQ(-ENXIO, tv_set(t->fd, true, -1));
	ASSERT_EQ(0, vr_open(&t->rx, BUFS, BUF_SIZE));
	ASSERT_EQ(0, vr_open(&t->tx, BUFS, BUF_SIZE));
	ASSERT_EQ(0, tv_set(t->fd, true, t->rx.fd));
	ASSERT_EQ(0, tv_set(t->fd, false, t->tx.fd));
	tv_fill(t);
	EXPECT_EQ(0, works(t, 20));
}

TEST_F(life, tun_closed_first)
{
	struct tv *t = &self->t;

	tv_fill(t);
	ASSERT_EQ(0, works(t, 0));
	close(t->fd);
	t->fd = -1;
	EXPECT_EQ(-ENOTCONN, vr_kick(&t->tx));
	EXPECT_EQ(-ENOTCONN, vr_kick(&t->rx));
	/* Another tun continues the rings at their indices. */
	t->fd = tunfd_create_up("vr0", TUN_PLAIN);
	ASSERT_LE(0, t->fd);
	close(t->sk);
	t->sk = psock_open("vr0", false);
	ASSERT_EQ(0, tv_set(t->fd, true, t->rx.fd));
	ASSERT_EQ(0, tv_set(t->fd, false, t->tx.fd));
	EXPECT_EQ(0, works(t, 5));
}

TEST_F(life, device_deleted)
{
	struct tv *t = &self->t;
	char name[IFNAMSIZ];

	ASSERT_EQ(0, tv_inject(t, 0, 2, 100));
	ASSERT_EQ(0, rtnl_del("vr0"));
	EXPECT_EQ(-EBADFD, vr_kick(&t->tx));
	EXPECT_EQ(-EBADFD, vr_kick(&t->rx));
	ASSERT_EQ(0, tunfd_setiff(t->fd, "vr1", TUN_PLAIN, name));
	EXPECT_EQ(-ENOTCONN, vr_kick(&t->tx));
	EXPECT_EQ(0, tv_set(t->fd, true, t->rx.fd));
}

/* Another process may attach the ring, and its kick serves the ring. */
TEST_F(life, queue_of_another_process)
{
	struct tv *t = &self->t;
	uint8_t buf[256];
	int status;
	pid_t pid;

	tv_fill(t);
	ASSERT_EQ(0, tv_send(t, 1, NULL, buf, seq_pkt(buf, false, 6, 100)));
	pid = fork();
	if (!pid) {
		if (tv_set(t->fd, false, -1) || tv_set(t->fd, false, t->tx.fd))
			_exit(1);
		/* The thread serves the ring once when it is attached. */
		_exit(thread_wait_idle(getppid()) || vr_kick(&t->tx));
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, tv_reap(t));
	EXPECT_EQ(0, tv_seen(t, 6));
}

TEST_F(life, detached_queue)
{
	struct tv *t = &self->t;
	uint8_t buf[256];

	tv_close(t);
	ASSERT_EQ(0, tv_open(t, TUN_PLAIN | IFF_MULTI_QUEUE, 0));
	tv_fill(t);
	ASSERT_EQ(0, works(t, 0));
	ASSERT_EQ(0, tunfd_queue(t->fd, IFF_DETACH_QUEUE));
	ASSERT_EQ(0, tv_send(t, 2, NULL, buf, seq_pkt(buf, false, 1, 50)));
	vr_kick(&t->tx);
	ASSERT_EQ(0, tunfd_queue(t->fd, IFF_ATTACH_QUEUE));
	vr_wait(&t->tx, 1);
	fd_drain(t->sk);
	*t->tx.last_used = vr_used_idx(&t->tx);
	EXPECT_EQ(0, works(t, 10));
}

TEST_HARNESS_MAIN
