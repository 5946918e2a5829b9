// SPDX-License-Identifier: GPL-2.0
/* poll and epoll: readiness, edges, and the events that wake a caller. */
#include <pthread.h>
#include <sys/epoll.h>

#include "lib.h"
#include "harness.h"

FIXTURE(wait) {
	struct flow f;
	int fd, sk, ep;
};

FIXTURE_SETUP(wait)
{
	self->f = (struct flow) { .dport = 1 };
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", IFF_TUN | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
	self->ep = epoll_create1(0);
	ASSERT_LE(0, self->ep);
}

FIXTURE_TEARDOWN(wait)
{
	close(self->ep);
	close(self->sk);
	close(self->fd);
}

TEST_F(wait, poll)
{
	int all = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM | POLLPRI;
	char buf[64];

	EXPECT_EQ(POLLOUT | POLLWRNORM, fd_wait(self->fd, all, 0));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	EXPECT_EQ(POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM,
		  fd_wait(self->fd, all, 0));
	EXPECT_EQ(38, fd_read(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(POLLOUT | POLLWRNORM, fd_wait(self->fd, all, 0));
	ASSERT_EQ(0, if_down("t0"));
	EXPECT_EQ(0, fd_wait(self->fd, all, 0));
	ASSERT_EQ(0, if_up("t0"));
	EXPECT_EQ(POLLOUT | POLLWRNORM, fd_wait(self->fd, all, 0));
	ASSERT_EQ(0, rtnl_del("t0"));
	EXPECT_EQ(POLLERR, fd_wait(self->fd, all, 0));
}

TEST_F(wait, epoll_edges)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	char buf[64];

	ASSERT_EQ(0, epoll_ctl(self->ep, EPOLL_CTL_ADD, self->fd, &ev));
	EXPECT_EQ(0, epoll_wait(self->ep, &ev, 1, 0));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(1, epoll_wait(self->ep, &ev, 1, WAIT_MS));
	EXPECT_EQ(EPOLLIN, ev.events);
	EXPECT_EQ(0, epoll_wait(self->ep, &ev, 1, 0));
	/* each packet is an edge, even if the queue is not empty */
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	EXPECT_EQ(1, epoll_wait(self->ep, &ev, 1, WAIT_MS));
	EXPECT_EQ(38, fd_read(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(0, epoll_wait(self->ep, &ev, 1, 0));
}

TEST_F(wait, epoll_writable_on_up)
{
	struct epoll_event ev = { .events = EPOLLOUT | EPOLLET };

	ASSERT_EQ(0, if_down("t0"));
	ASSERT_EQ(0, epoll_ctl(self->ep, EPOLL_CTL_ADD, self->fd, &ev));
	EXPECT_EQ(0, epoll_wait(self->ep, &ev, 1, 0));
	ASSERT_EQ(0, if_up("t0"));
	ASSERT_EQ(1, epoll_wait(self->ep, &ev, 1, WAIT_MS));
	EXPECT_EQ(EPOLLOUT, ev.events);
}

TEST_F(wait, epoll_delete)
{
	struct epoll_event ev = { .events = EPOLLIN };

	ASSERT_EQ(0, epoll_ctl(self->ep, EPOLL_CTL_ADD, self->fd, &ev));
	ASSERT_EQ(0, rtnl_del("t0"));
	ASSERT_EQ(1, epoll_wait(self->ep, &ev, 1, WAIT_MS));
	EXPECT_EQ(EPOLLERR, ev.events);
}

/* A blocked poll() is woken by a packet and by the deletion. */
static void *poller(void *arg)
{
	return (void *)(long)fd_wait(*(int *)arg, POLLIN, WAIT_MS);
}

TEST_F(wait, poll_asleep)
{
	pthread_t t;
	void *seen;

	ASSERT_LT(0, thread_start_blocked(&t, poller, &self->fd));
	ASSERT_EQ(0, psock_send_flow(self->sk, false, &self->f, 10));
	ASSERT_EQ(0, pthread_join(t, &seen));
	EXPECT_EQ(POLLIN, (long)seen);
	EXPECT_EQ(1, fd_drain(self->fd));
	ASSERT_LT(0, thread_start_blocked(&t, poller, &self->fd));
	ASSERT_EQ(0, rtnl_del("t0"));
	ASSERT_EQ(0, pthread_join(t, &seen));
	EXPECT_EQ(POLLERR, (long)seen);
}

TEST_HARNESS_MAIN
