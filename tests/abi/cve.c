// SPDX-License-Identifier: GPL-2.0
/*
 * Bugs that tun once had. vhost.c has the frames of CVE-2024-41091 and the file
 * descriptors of CVE-2023-1838, which reach tun through vhost_net.
 */
#include <pthread.h>
#include <linux/bpf.h>
#include <sys/uio.h>

#include "lib.h"
#include "harness.h"

FIXTURE(cve) {
	int fd;
	struct flow f;
	char *pkt, *buf;
};

FIXTURE_SETUP(cve)
{
	self->f = (struct flow) { .sport = 5, .dport = 6 };
	self->pkt = malloc(BIG);
	self->buf = malloc(BIG);
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(cve)
{
	close(self->fd);
}

/* CVE-2022-4744: registration fails after the queue was attached. */
TEST_F(cve, failing_registration)
{
	int lo = if_nametoindex("lo"), i;

	for (i = 0; i < 20; i++) {
		int flags = i & 1 ? IFF_TAP | IFF_NAPI : IFF_TUN;

		if (i & 2)
			flags |= IFF_MULTI_QUEUE;
		ASSERT_EQ(0, tunfd_int(self->fd, TUNSETIFINDEX, lo));
		EXPECT_EQ(-EBUSY, tunfd_setiff(self->fd, "x0", flags, NULL));
		EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "x/", flags, NULL));
		EXPECT_EQ(-EBADFD, fd_write(self->fd, self->pkt, 100));
		EXPECT_EQ(POLLERR, fd_wait(self->fd, POLLIN, 0));
		if (i % 5 == 4) {
			close(self->fd);
			self->fd = tunfd_open();
		}
	}
	ASSERT_EQ(0, tunfd_int(self->fd, TUNSETIFINDEX, 0));
	ASSERT_EQ(0, tunfd_setiff(self->fd, "x0", IFF_TUN, NULL));
}

/* CVE-2025-39984: with NAPI_FRAGS, tun must not use the skb that XDP consumed. */
TEST_F(cve, xdp_and_frags)
{
	static const int actions[] = { XDP_DROP, XDP_PASS, XDP_TX, XDP_ABORTED };
	struct iovec iov[3];
	int sk, prog, i, round;
	size_t n;

	ASSERT_EQ(0,
		  tunfd_setiff(self->fd, "t0",
			       IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_NAPI_FRAGS,
			       NULL));
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(0, if_up("t0"));
	sk = psock_open("t0", false);
	n = pkt_frame(self->pkt, &self->f, 3000);
	iov[0] = (struct iovec) { self->pkt, 60 };
	iov[1] = (struct iovec) { self->pkt + 60, 1500 };
	iov[2] = (struct iovec) { self->pkt + 1560, n - 1560 };
	for (round = 0; round < 3; round++)
		for (i = 0; i < ARRAY_LEN(actions); i++) {
			/* the skb's head is reallocated */
			prog = xdp_adjust(-200, 0, actions[i]);
			ASSERT_LE(0, prog);
			ASSERT_EQ(0, rtnl_xdp("t0", prog, XDP_FLAGS_DRV_MODE));
			close(prog);
			EXPECT_EQ(n, writev(self->fd, iov, 3));
			EXPECT_EQ(n, writev(self->fd, iov, 3));
		}
	ASSERT_EQ(0, rtnl_xdp("t0", -1, XDP_FLAGS_DRV_MODE));
	for (i = 0; i < 6; i++)
		EXPECT_EQ(n + 200, psock_recv(sk, NULL, self->buf, BIG));
	EXPECT_EQ(6, fd_drain(self->fd));
	EXPECT_EQ(n, writev(self->fd, iov, 3));
	EXPECT_EQ(n, psock_recv(sk, NULL, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, n));
}

/* Many threads write to one file. Each packet arrives once and complete. */
struct crowd {
	int fd, id;
	bool frags;
};

static void *write_many(void *arg)
{
	struct crowd *c = arg;
	char pkt[2000];
	struct flow f = { .sport = 100 + c->id, .dport = 2 };
	int i;

	for (i = 0; i < 50; i++) {
		size_t n = pkt_frame(pkt, &f, 200);
		struct iovec iov[2] = { { pkt, 100 }, { pkt + 100, n - 100 } };
		ssize_t ret;

		/* NAPI_FRAGS refuses a write while another one runs */
		do {
			ret = writev(c->fd, iov, 2);
		} while (ret < 0 && errno == EBUSY);
		if (ret != n)
			return (void *)1;
	}
	return NULL;
}

TEST_F(cve, many_writers)
{
	struct crowd c[4];
	pthread_t t[4];
	int flags, sk, i, round;
	void *bad;

	for (round = 0; round < 2; round++) {
		flags = IFF_TAP | IFF_NO_PI | IFF_NAPI;
		flags |= round ? IFF_NAPI_FRAGS : 0;
		self->fd = tunfd_create_up("t0", flags);
		ASSERT_LE(0, self->fd);
		sk = psock_open("t0", false);
		for (i = 0; i < 4; i++) {
			c[i] = (struct crowd) { self->fd, i, round };
			ASSERT_EQ(0, pthread_create(&t[i], NULL, write_many,
						    &c[i]));
		}
		for (i = 0; i < 4; i++) {
			ASSERT_EQ(0, pthread_join(t[i], &bad));
			EXPECT_EQ(NULL, bad);
		}
		for (i = 0; i < 200; i++) {
			ASSERT_EQ(242, psock_recv(sk, NULL, self->buf, BIG));
			EXPECT_TRUE(pkt_l4_ok(self->buf + 14, 228));
		}
		EXPECT_EQ(-EAGAIN, psock_recv_now(sk, NULL, self->buf, BIG));
		close(sk);
		close(self->fd);
		ASSERT_EQ(0, if_wait_gone("t0"));
	}
	self->fd = -1;
}

/*
 * Attaching, detaching, deletion and traffic at once leave nothing broken or
 * held.
 */
struct storm {
	volatile int stop;
	int fd[2];
};

static void *storm_queues(void *arg)
{
	struct storm *s = arg;

	while (!s->stop) {
		tunfd_queue(s->fd[1], IFF_DETACH_QUEUE);
		tunfd_queue(s->fd[1], IFF_ATTACH_QUEUE);
	}
	return NULL;
}

static void *storm_traffic(void *arg)
{
	struct storm *s = arg;
	struct flow f = { .sport = 1, .dport = 2 };
	char pkt[256], buf[256];
	size_t n = pkt_frame(pkt, &f, 100);

	while (!s->stop) {
		if (write(s->fd[0], pkt, n) < 0 && errno == EFAULT)
			return (void *)1;
		if (write(s->fd[1], pkt, n) < 0 && errno == EFAULT)
			return (void *)1;
		if (read(s->fd[0], buf, 256) + read(s->fd[1], buf, 256) > 1000)
			return (void *)1;
	}
	return NULL;
}

TEST_F(cve, storm)
{
	int flags = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE | IFF_NAPI, i, round;
	struct storm s = { };
	pthread_t t[3];
	void *bad;
	long end;

	for (round = 0; round < 3; round++) {
		s.stop = 0;
		/* a slow machine is under the same load for the same time */
		end = now_ms() + 10000;
		for (i = 0; i < 2; i++) {
			s.fd[i] = tunfd_create("t0", flags);
			ASSERT_LE(0, s.fd[i]);
			ASSERT_EQ(0, fd_nonblock(s.fd[i]));
		}
		ASSERT_EQ(0, if_up("t0"));
		ASSERT_EQ(0, pthread_create(&t[0], NULL, storm_queues, &s));
		ASSERT_EQ(0, pthread_create(&t[1], NULL, storm_traffic, &s));
		ASSERT_EQ(0, pthread_create(&t[2], NULL, storm_traffic, &s));
		for (i = 0; i < 5 && (!i || now_ms() < end); i++) {
			if_txqlen("t0", 10 + i);
			if_down("t0");
			if_up("t0");
		}
		EXPECT_EQ(0, rtnl_del("t0"));
		s.stop = 1;
		for (i = 0; i < 3; i++) {
			ASSERT_EQ(0, pthread_join(t[i], &bad));
			EXPECT_EQ(NULL, bad);
		}
		close(s.fd[0]);
		close(s.fd[1]);
		EXPECT_EQ(0, if_wait_gone("t0"));
	}
}

/* The driver writes no kernel memory behind the known part of a longer header. */
TEST_F(cve, header_tail_untouched)
{
	struct mode m = { IFF_TAP | IFF_NO_PI, 64, 0 };
	int fd = mode_create(&m, "t0"), sk, i;

	ASSERT_LE(0, fd);
	sk = psock_open("t0", false);
	ASSERT_EQ(0, psock_send_flow(sk, true, &self->f, 10));
	memset(self->buf, 0x5a, 256);
	ASSERT_EQ(64 + 52, fd_read(fd, self->buf, 256));
	for (i = 10; i < 64; i++)
		EXPECT_TRUE(self->buf[i] == 0x5a || self->buf[i] == 0);
	for (i = 64 + 52; i < 256; i++)
		EXPECT_EQ(0x5a, self->buf[i]);
}

TEST_HARNESS_MAIN
