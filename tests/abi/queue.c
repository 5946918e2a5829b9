// SPDX-License-Identifier: GPL-2.0
/* Multi-queue: attaching, detaching, renumbering. */
#include <linux/bpf.h>

#include "lib.h"

#define STOCK_ONLY_VARIANT	"tun"
#include "harness.h"

#define NQ 4

FIXTURE(mq) {
	int fd[NQ], sk;
	bool tap;
	int flags;
	struct flow f;
	struct link_info li;
	char buf[512];
};

FIXTURE_VARIANT(mq) {
	int flags;
};

FIXTURE_VARIANT_ADD(mq, tun) { .flags = IFF_TUN };
FIXTURE_VARIANT_ADD(mq, tap_napi) { .flags = IFF_TAP | IFF_NAPI };

FIXTURE_SETUP(mq)
{
	int i;

	self->flags = variant->flags | IFF_NO_PI | IFF_MULTI_QUEUE;
	self->tap = variant->flags & IFF_TAP;
	self->f = (struct flow) { .sport = 1, .dport = 2 };
	ASSERT_EQ(0, ns_enter());
	for (i = 0; i < NQ; i++) {
		self->fd[i] = tunfd_create("t0", self->flags);
		ASSERT_LE(0, self->fd[i]);
		ASSERT_EQ(0, fd_nonblock(self->fd[i]));
	}
	ASSERT_EQ(0, if_up("t0"));
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(mq)
{
	int i;

	rtnl_del("t0");
	for (i = 0; i < NQ; i++)
		close(self->fd[i]);
	close(self->sk);
}

/* Sets a program that steers every packet to one queue. */
static int steer_to(int fd, int queue)
{
	int prog = bpf_const(BPF_PROG_TYPE_SOCKET_FILTER, queue), ret;

	if (prog < 0)
		return prog;
	ret = tunfd_int(fd, TUNSETSTEERINGEBPF, prog);
	close(prog);
	return ret;
}

/* Returns the queue that receives a packet sent now, or -1. */
static int hears(const int *fd, int sk, bool tap)
{
	static const struct flow f = { .sport = 1, .dport = 2 };
	int i, who = -1;
	char buf[128];

	psock_send_flow(sk, tap, &f, 10);
	for (i = 0; i < NQ; i++)
		if (fd[i] >= 0 && fd_read(fd[i], buf, sizeof(buf)) > 0)
			who = who < 0 ? i : 99;
	return who;
}

TEST_F(mq, counts)
{
	ASSERT_EQ(0, rtnl_get("t0", &self->li));
	EXPECT_EQ(NQ, self->li.tun[IFLA_TUN_NUM_QUEUES]);
	EXPECT_EQ(0, self->li.tun[IFLA_TUN_NUM_DISABLED_QUEUES]);
	EXPECT_EQ(256, self->li.ntx);
	EXPECT_EQ(256, self->li.nrx);
	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_DETACH_QUEUE));
	ASSERT_EQ(0, rtnl_get("t0", &self->li));
	EXPECT_EQ(NQ - 1, self->li.tun[IFLA_TUN_NUM_QUEUES]);
	EXPECT_EQ(1, self->li.tun[IFLA_TUN_NUM_DISABLED_QUEUES]);
}

/*
 * Queues are numbered in the order of attaching. The program's result is taken
 * modulo their number.
 */
TEST_F(mq, steering_program)
{
	int q;

	for (q = 0; q < NQ; q++) {
		ASSERT_EQ(0, steer_to(self->fd[0], q));
		EXPECT_EQ(q, hears(self->fd, self->sk, self->tap));
	}
	ASSERT_EQ(0, steer_to(self->fd[2], NQ + 1));
	EXPECT_EQ(1, hears(self->fd, self->sk, self->tap));
	ASSERT_EQ(0, steer_to(self->fd[2], 0xffff));
	EXPECT_EQ(0xffff % NQ, hears(self->fd, self->sk, self->tap));
}

TEST_F(mq, steering_program_reads_packet)
{
	int off = self->tap ? 14 : 0, prog, i;

	/* the low byte of the UDP destination port */
	prog = bpf_queue_from_byte(off + 20 + 3);
	ASSERT_LE(0, prog);
	ASSERT_EQ(0, tunfd_int(self->fd[0], TUNSETSTEERINGEBPF, prog));
	for (i = 0; i < 10; i++) {
		self->f.dport = i;
		ASSERT_EQ(0, psock_send_flow(self->sk, self->tap, &self->f, 4));
		EXPECT_LT(0, fd_read(self->fd[i % NQ], self->buf,
				     sizeof(self->buf)));
	}
}

/* The last queue takes the number of a queue that leaves. */
TEST_F(mq, detach_renumbers)
{
	ASSERT_EQ(0, steer_to(self->fd[0], 1));
	EXPECT_EQ(1, hears(self->fd, self->sk, self->tap));
	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_DETACH_QUEUE));
	EXPECT_EQ(3, hears(self->fd, self->sk, self->tap));
	ASSERT_EQ(0, steer_to(self->fd[0], 2));
	EXPECT_EQ(2, hears(self->fd, self->sk, self->tap));
	/* a queue that attaches again is the last one */
	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_ATTACH_QUEUE));
	ASSERT_EQ(0, steer_to(self->fd[0], 3));
	EXPECT_EQ(1, hears(self->fd, self->sk, self->tap));
	ASSERT_EQ(0, steer_to(self->fd[0], 1));
	EXPECT_EQ(3, hears(self->fd, self->sk, self->tap));
}

TEST_F(mq, close_renumbers)
{
	ASSERT_EQ(0, steer_to(self->fd[3], 0));
	close(self->fd[0]);
	self->fd[0] = -1;
	EXPECT_EQ(3, hears(self->fd, self->sk, self->tap));
	ASSERT_EQ(0, steer_to(self->fd[3], 1));
	EXPECT_EQ(1, hears(self->fd, self->sk, self->tap));
	/* a new queue is the last one */
	self->fd[0] = tunfd_create("t0", self->flags);
	ASSERT_LE(0, self->fd[0]);
	ASSERT_EQ(0, fd_nonblock(self->fd[0]));
	ASSERT_EQ(0, steer_to(self->fd[3], 3));
	EXPECT_EQ(0, hears(self->fd, self->sk, self->tap));
}

TEST_F(mq, attach_detach_errors)
{
	EXPECT_EQ(-EINVAL, tunfd_queue(self->fd[0], IFF_ATTACH_QUEUE));
	EXPECT_EQ(-EINVAL, tunfd_queue(self->fd[0], 0));
	EXPECT_EQ(-EINVAL, tunfd_queue(self->fd[0], IFF_MULTI_QUEUE));
	EXPECT_EQ(0, tunfd_queue(self->fd[0], IFF_DETACH_QUEUE));
	EXPECT_EQ(-EINVAL, tunfd_queue(self->fd[0], IFF_DETACH_QUEUE));
	/* with both bits set, the driver attaches */
	EXPECT_EQ(0, tunfd_queue(self->fd[0],
				 IFF_ATTACH_QUEUE | IFF_DETACH_QUEUE));
	EXPECT_EQ(-EINVAL, tunfd_queue(self->fd[0],
				       IFF_ATTACH_QUEUE | IFF_DETACH_QUEUE));
}

TEST_F(mq, detached_shows)
{
	int flags = tunfd_getiff(self->fd[2], NULL);

	EXPECT_EQ(0, flags & IFF_DETACH_QUEUE);
	ASSERT_EQ(0, tunfd_queue(self->fd[2], IFF_DETACH_QUEUE));
	EXPECT_EQ(flags | IFF_DETACH_QUEUE, tunfd_getiff(self->fd[2], NULL));
	EXPECT_EQ(flags, tunfd_getiff(self->fd[1], NULL));
	EXPECT_EQ(-EEXIST, tunfd_setiff(self->fd[2], "t0", self->flags, NULL));
	ASSERT_EQ(0, tunfd_queue(self->fd[2], IFF_ATTACH_QUEUE));
	EXPECT_EQ(flags, tunfd_getiff(self->fd[2], NULL));
}

/* Detaching a queue drops its packets. */
TEST_F(mq, detach_purges)
{
	ASSERT_EQ(0, steer_to(self->fd[0], 1));
	ASSERT_EQ(0, psock_send_flow(self->sk, self->tap, &self->f, 10));
	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_DETACH_QUEUE));
	EXPECT_EQ(-EAGAIN, fd_read(self->fd[1], self->buf, sizeof(self->buf)));
	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_ATTACH_QUEUE));
	EXPECT_EQ(-EAGAIN, fd_read(self->fd[1], self->buf, sizeof(self->buf)));
}

/*
 * A detached queue can be written to. With NAPI the write fails, because NAPI
 * is disabled.
 */
TEST_F(mq, write_detached)
{
	bool napi = self->flags & IFF_NAPI;
	size_t n = pkt_any(self->buf, self->tap, &self->f, 20);

	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_DETACH_QUEUE));
	EXPECT_EQ(napi ? -EBUSY : n, fd_write(self->fd[1], self->buf, n));
	if (!napi)
		EXPECT_EQ(n, psock_recv(self->sk, NULL, self->buf, 500));
	EXPECT_EQ(POLLOUT, fd_wait(self->fd[1], POLLIN | POLLOUT, 0));
	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_ATTACH_QUEUE));
	EXPECT_EQ(n, fd_write(self->fd[1], self->buf, n));
}

TEST_F(mq, all_detached_then_back)
{
	int i;

	ASSERT_EQ(0, steer_to(self->fd[0], 0));
	for (i = 0; i < NQ; i++)
		ASSERT_EQ(0, tunfd_queue(self->fd[i], IFF_DETACH_QUEUE));
	EXPECT_EQ(-1, hears(self->fd, self->sk, self->tap));
	EXPECT_EQ(-EPERM, tunfd_int(self->fd[0], TUNSETCARRIER, 1));
	EXPECT_TRUE(if_exists("t0"));
	ASSERT_EQ(0, tunfd_queue(self->fd[2], IFF_ATTACH_QUEUE));
	EXPECT_EQ(2, hears(self->fd, self->sk, self->tap));
}

TEST_F(mq, close_detached)
{
	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_DETACH_QUEUE));
	close(self->fd[1]);
	self->fd[1] = -1;
	ASSERT_EQ(0, rtnl_get("t0", &self->li));
	EXPECT_EQ(NQ - 1, self->li.tun[IFLA_TUN_NUM_QUEUES]);
	EXPECT_EQ(0, self->li.tun[IFLA_TUN_NUM_DISABLED_QUEUES]);
}

/* The device exists while a queue does, detached or not. */
TEST_F(mq, last_close_deletes)
{
	int i;

	ASSERT_EQ(0, tunfd_queue(self->fd[3], IFF_DETACH_QUEUE));
	for (i = 0; i < NQ - 1; i++)
		close(self->fd[i]);
	EXPECT_TRUE(if_exists("t0"));
	close(self->fd[3]);
	EXPECT_FALSE(if_exists("t0"));
	for (i = 0; i < NQ; i++)
		self->fd[i] = -1;
}

TEST_F(mq, delete_with_detached)
{
	int i;

	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_DETACH_QUEUE));
	ASSERT_EQ(0, tunfd_queue(self->fd[2], IFF_DETACH_QUEUE));
	ASSERT_EQ(0, rtnl_del("t0"));
	for (i = 0; i < NQ; i++) {
		EXPECT_EQ(-EBADFD, tunfd_getiff(self->fd[i], NULL));
		EXPECT_EQ(-EINVAL, tunfd_queue(self->fd[i], IFF_ATTACH_QUEUE));
		EXPECT_EQ(-EINVAL, tunfd_queue(self->fd[i], IFF_DETACH_QUEUE));
	}
	EXPECT_EQ(0, tunfd_setiff(self->fd[0], "t0", self->flags, NULL));
}

/* Later files do not change the flags while others are attached. */
TEST_F(mq, first_flags_stay)
{
	int before = tunfd_getiff(self->fd[0], NULL);
	int fd = tunfd_create("t0", variant->flags | IFF_MULTI_QUEUE |
					    IFF_VNET_HDR | IFF_ONE_QUEUE);

	ASSERT_LE(0, fd);
	EXPECT_EQ(before, tunfd_getiff(fd, NULL));
	EXPECT_EQ(before, tunfd_getiff(self->fd[0], NULL));
}

TEST_F(mq, rx_from_every_queue)
{
	size_t n = pkt_any(self->buf, self->tap, &self->f, 20);
	struct rtnl_link_stats64 st;
	int i;

	for (i = 0; i < NQ; i++) {
		ASSERT_EQ(n, fd_write(self->fd[i], self->buf, n));
		EXPECT_EQ(n, psock_recv(self->sk, NULL, self->buf, 500));
	}
	ASSERT_EQ(0, rtnl_stats("t0", &st));
	EXPECT_EQ(NQ, st.rx_packets);
	EXPECT_EQ(NQ * n, st.rx_bytes);
}

TEST_HARNESS_MAIN
