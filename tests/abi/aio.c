// SPDX-License-Identifier: GPL-2.0
/* io_uring and splice on the tun's file. */
#include <sys/sendfile.h>
#include <linux/io_uring.h>

#include "lib.h"
#include "harness.h"

FIXTURE(aio) {
	struct flow f;
	struct uring u;
	int fd, sk;
	char buf[2048];
	uint64_t data;
	int res;
};

FIXTURE_SETUP(aio)
{
	memset(self, 0, sizeof(*self));
	self->f.dport = 1;
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", IFF_TUN | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
	ASSERT_EQ(0, uring_open(&self->u));
}

FIXTURE_TEARDOWN(aio)
{
	close(self->u.fd);
	close(self->sk);
	close(self->fd);
}

TEST_F(aio, uring_read_ready)
{
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_READ, self->fd, self->buf,
			      sizeof(self->buf), 7));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(7, self->data);
	EXPECT_EQ(38, self->res);
	EXPECT_TRUE(pkt_ip_ok(self->buf, 38));
}

/* The read waits for a packet, and the submitter does not block. */
TEST_F(aio, uring_read_waits)
{
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_READ, self->fd, self->buf,
			      sizeof(self->buf), 8));
	EXPECT_EQ(0, fd_wait(self->u.fd, POLLIN, 20));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(38, self->res);
}

TEST_F(aio, uring_read_cut)
{
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_READ, self->fd, self->buf,
			      20, 9));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(20, self->res);
}

TEST_F(aio, uring_readv_writev)
{
	struct iovec iov[2] = { { self->buf, 5 }, { self->buf + 5, 1000 } };

	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_READV, self->fd, iov, 2, 1));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(38, self->res);
	iov[1].iov_len = 33;
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_WRITEV, self->fd, iov, 2, 2));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(38, self->res);
	EXPECT_EQ(38, psock_recv(self->sk, NULL, self->buf, 1000));
}

TEST_F(aio, uring_write)
{
	size_t n = pkt_ip(self->buf, &self->f, 10);

	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_WRITE, self->fd, self->buf,
			      n, 3));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(38, self->res);
	EXPECT_EQ(38, psock_recv(self->sk, NULL, self->buf, 1000));
	self->buf[0] = 0;
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_WRITE, self->fd, self->buf,
			      n, 4));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(-EINVAL, self->res);
}

TEST_F(aio, uring_poll)
{
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_POLL_ADD, self->fd, NULL,
			      POLLIN, 5));
	EXPECT_EQ(0, fd_wait(self->u.fd, POLLIN, 0));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(5, self->data);
	EXPECT_EQ(POLLIN, self->res);
	ASSERT_EQ(1, fd_drain(self->fd));
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_POLL_ADD, self->fd, NULL,
			      POLLIN, 6));
	ASSERT_EQ(0, rtnl_del("t0"));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(6, self->data);
	/* io_uring reports the waker's mask or the mask of poll() */
	EXPECT_LT(0, self->res & (POLLIN | POLLERR));
}

/* With O_NONBLOCK, io_uring polls the file until a packet is queued. */
TEST_F(aio, uring_nonblock)
{
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_READ, self->fd, self->buf,
			      sizeof(self->buf), 6));
	EXPECT_EQ(0, fd_wait(self->u.fd, POLLIN, 20));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_EQ(38, self->res);
}

/* A read in flight ends with an error when the interface is deleted. */
TEST_F(aio, uring_read_delete)
{
	ASSERT_EQ(0, uring_rw(&self->u, IORING_OP_READ, self->fd, self->buf,
			      sizeof(self->buf), 6));
	ASSERT_EQ(0, rtnl_del("t0"));
	ASSERT_EQ(0, uring_wait(&self->u, &self->data, &self->res));
	EXPECT_TRUE(self->res == -EFAULT || self->res == -EBADFD);
}

/* The stock driver of 6.1 does not implement splice. */
TEST_F(aio, no_splice)
{
	int p[2];

	ASSERT_EQ(0, pipe(p));
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	EXPECT_EQ(-1, splice(self->fd, NULL, p[1], NULL, 1000,
			     SPLICE_F_NONBLOCK));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(38, write(p[1], self->buf, 38));
	EXPECT_EQ(-1, splice(p[0], NULL, self->fd, NULL, 1000,
			     SPLICE_F_NONBLOCK));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(38, fd_read(self->fd, self->buf, 1000));
}

TEST_HARNESS_MAIN
