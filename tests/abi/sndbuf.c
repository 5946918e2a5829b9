// SPDX-License-Identifier: GPL-2.0
/*
 * TUNSETSNDBUF limits the bytes that a writer has in flight. A bridge keeps
 * them in flight, by forwarding to an interface whose tbf sends one bit a
 * second.
 */
#include <pthread.h>
#include <sys/epoll.h>

#include "lib.h"
#include "harness.h"

FIXTURE(sndbuf) {
	int fd;
	struct flow f;
	char pkt[2048];
	size_t n;
};

FIXTURE_SETUP(sndbuf)
{
	ASSERT_EQ(0, ns_enter());
	self->f = (struct flow) { .sport = 1, .dport = 2 };
	self->fd = tunfd_create_up("t0", IFF_TAP | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(0, rtnl_slow_bridge("t0"));
	self->n = pkt_frame(self->pkt, &self->f, 1000);
	/* the tbf's burst lets the first packet through */
	ASSERT_EQ(self->n, fd_write(self->fd, self->pkt, self->n));
}

/*
 * Packets in the queue of v0 hold the file's socket, and with it the namespace.
 * At one bit a second that lasts for hours, so the test takes v0 down.
 */
FIXTURE_TEARDOWN(sndbuf)
{
	if_down("v0");
	close(self->fd);
}

/*
 * Limits the writer after the first packet was freed. If it were freed later,
 * one more packet would fit. With a limit of four bytes, the file is writable
 * only while no byte is in flight.
 */
static int bound(int fd)
{
	int ret = tunfd_int(fd, TUNSETSNDBUF, 4);

	if (!ret && fd_wait(fd, POLLOUT, WAIT_MS) != POLLOUT)
		ret = -ETIMEDOUT;
	return ret ?: tunfd_int(fd, TUNSETSNDBUF, 20000);
}

/* Writes until the file would block. Returns the number of packets. */
static int fill(int fd, const char *pkt, size_t n)
{
	int i;

	for (i = 0; i < 1000; i++) {
		ssize_t ret = fd_write(fd, pkt, n);

		if (ret == -EAGAIN)
			return i;
		if (ret != n)
			return ret;
	}
	return i;
}

TEST_F(sndbuf, unlimited_by_default)
{
	EXPECT_EQ(1000, fill(self->fd, self->pkt, self->n));
}

TEST_F(sndbuf, full_and_free)
{
	struct rtnl_link_stats64 st;
	int first;

	ASSERT_EQ(0, bound(self->fd));
	first = fill(self->fd, self->pkt, self->n);
	EXPECT_LT(1, first);
	EXPECT_GT(20, first);
	EXPECT_EQ(0, fd_wait(self->fd, POLLOUT, 0));
	EXPECT_EQ(-EAGAIN, fd_write(self->fd, self->pkt, self->n));
	/* a packet that must wait is not a drop */
	ASSERT_EQ(0, rtnl_stats("t0", &st));
	EXPECT_EQ(0, st.rx_dropped);
	EXPECT_EQ(first + 1, st.rx_packets);
	/* v0 drops its queue when it goes down */
	ASSERT_EQ(0, if_down("v0"));
	EXPECT_EQ(POLLOUT, fd_wait(self->fd, POLLOUT, WAIT_MS));
	EXPECT_EQ(self->n, fd_write(self->fd, self->pkt, self->n));
}

TEST_F(sndbuf, room_is_an_edge)
{
	struct epoll_event ev = { .events = EPOLLOUT | EPOLLET };
	int ep = epoll_create1(0);

	ASSERT_EQ(0, bound(self->fd));
	fill(self->fd, self->pkt, self->n);
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->fd, &ev));
	EXPECT_EQ(0, epoll_wait(ep, &ev, 1, 0));
	ASSERT_EQ(0, if_down("v0"));
	ASSERT_EQ(1, epoll_wait(ep, &ev, 1, WAIT_MS));
	EXPECT_EQ(EPOLLOUT, ev.events);
}

struct writer {
	int fd;
	const char *pkt;
	size_t n;
	ssize_t ret;
};

static void *blocking_write(void *arg)
{
	struct writer *w = arg;

	w->ret = fd_write(w->fd, w->pkt, w->n);
	return NULL;
}

/*
 * Stock wakes a blocked writer only if poll() saw the full buffer before. A
 * driver that always wakes the writer passes, too.
 */
TEST_F(sndbuf, blocking_writer_waits)
{
	struct writer w = { self->fd, self->pkt, self->n };
	pthread_t t;

	ASSERT_EQ(0, bound(self->fd));
	fill(self->fd, self->pkt, self->n);
	EXPECT_EQ(0, fd_wait(self->fd, POLLOUT, 0));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	ASSERT_LT(0, thread_start_blocked(&t, blocking_write, &w));
	ASSERT_EQ(0, if_down("v0"));
	ASSERT_EQ(0, pthread_join(t, NULL));
	EXPECT_EQ(self->n, w.ret);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST_F(sndbuf, blocking_writer_interrupted)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct writer w = { self->fd, self->pkt, self->n };
	pthread_t t;

	sigaction(SIGUSR1, &sa, NULL);
	ASSERT_EQ(0, bound(self->fd));
	fill(self->fd, self->pkt, self->n);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	ASSERT_LT(0, thread_start_blocked(&t, blocking_write, &w));
	pthread_kill(t, SIGUSR1);
	ASSERT_EQ(0, pthread_join(t, NULL));
	EXPECT_EQ(-EINTR, w.ret);
}

/* Deleting the interface does not wait for packets in flight. */
TEST_F(sndbuf, delete_with_packets_in_flight)
{
	ASSERT_EQ(0, bound(self->fd));
	EXPECT_LT(0, fill(self->fd, self->pkt, self->n));
	ASSERT_EQ(0, rtnl_del("t0"));
	close(self->fd);
	self->fd = -1;
	ASSERT_EQ(0, if_down("v0"));
}

TEST_HARNESS_MAIN
