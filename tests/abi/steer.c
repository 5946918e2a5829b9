// SPDX-License-Identifier: GPL-2.0
/*
 * Automatic steering: a flow is delivered to the queue that last wrote its
 * packets.
 */
#include <netinet/ip.h>

#include "lib.h"
#include "harness.h"

#define NQ	3
#define FLOWS	12

FIXTURE(steer) {
	int fd[NQ], sk;
	bool tap;
	int seen[FLOWS];	/* the queue of each flow */
	char buf[512];
};

FIXTURE_VARIANT(steer) {
	int flags;
};

FIXTURE_VARIANT_ADD(steer, tun) { .flags = IFF_TUN };
FIXTURE_VARIANT_ADD(steer, tap) { .flags = IFF_TAP };
FIXTURE_VARIANT_ADD(steer, tap_napi) { .flags = IFF_TAP | IFF_NAPI };

FIXTURE_SETUP(steer)
{
	int i;

	self->tap = variant->flags & IFF_TAP;
	ASSERT_EQ(0, ns_enter());
	for (i = 0; i < NQ; i++) {
		self->fd[i] = tunfd_create("t0", variant->flags | IFF_NO_PI |
							 IFF_MULTI_QUEUE);
		ASSERT_LE(0, self->fd[i]);
		ASSERT_EQ(0, fd_nonblock(self->fd[i]));
	}
	ASSERT_EQ(0, if_up("t0"));
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(steer)
{
	int i;

	rtnl_del("t0");
	for (i = 0; i < NQ; i++)
		close(self->fd[i]);
	close(self->sk);
}

static struct flow flow_of(int i, bool back)
{
	struct flow f = { .proto = i & 1 ? IPPROTO_TCP : IPPROTO_UDP };
	uint16_t a = 1000 + i, b = 2000 + 3 * i;

	f.sport = back ? b : a;
	f.dport = back ? a : b;
	return f;
}

/* A packet of the flow's other direction: ports and addresses are swapped. */
static size_t reply(void *buf, bool tap, int i)
{
	struct flow f = flow_of(i, true);
	size_t n = pkt_any(buf, tap, &f, 20);
	struct iphdr *ip = (void *)((char *)buf + (tap ? 14 : 0));
	uint32_t a = ip->saddr;

	ip->saddr = ip->daddr;
	ip->daddr = a;
	return n;
}

/* Sends one packet of each flow and stores the queue that received it. */
static int round_trip(const int *fd, int sk, bool tap, int *seen)
{
	char buf[256];
	int i, q;

	for (i = 0; i < FLOWS; i++) {
		struct flow f = flow_of(i, false);

		seen[i] = -1;
		if (psock_send_flow(sk, tap, &f, 20))
			return -EIO;
		for (q = 0; q < NQ; q++)
			if (fd[q] >= 0 && fd_read(fd[q], buf, sizeof(buf)) > 0)
				seen[i] = seen[i] < 0 ? q : 99;
		if (seen[i] < 0 || seen[i] == 99)
			return -ENOENT;
	}
	return 0;
}

TEST_F(steer, follows_writer)
{
	int i, q, shift;
	size_t n;

	for (shift = 0; shift < 2; shift++) {
		for (i = 0; i < FLOWS; i++) {
			q = (i + shift) % NQ;
			n = reply(self->buf, self->tap, i);
			ASSERT_EQ(n, fd_write(self->fd[q], self->buf, n));
		}
		ASSERT_EQ(0, round_trip(self->fd, self->sk, self->tap,
					self->seen));
		for (i = 0; i < FLOWS; i++)
			EXPECT_EQ((i + shift) % NQ, self->seen[i])
				TH_LOG("flow %d", i);
	}
}

/*
 * Without a writer the flow hash selects the queue: the same one each time, and
 * not one queue for all flows.
 */
TEST_F(steer, unknown_flows_spread)
{
	int again[FLOWS], i, first = 0;

	ASSERT_EQ(0, round_trip(self->fd, self->sk, self->tap, self->seen));
	ASSERT_EQ(0, round_trip(self->fd, self->sk, self->tap, again));
	EXPECT_EQ(0, memcmp(again, self->seen, sizeof(again)));
	for (i = 0; i < FLOWS; i++)
		first += self->seen[i] == self->seen[0];
	EXPECT_GT(FLOWS, first);
}

/* A flow whose queue left is delivered to another queue. */
TEST_F(steer, queue_left)
{
	int i;
	size_t n;

	for (i = 0; i < FLOWS; i++) {
		n = reply(self->buf, self->tap, i);
		ASSERT_EQ(n, fd_write(self->fd[2], self->buf, n));
	}
	ASSERT_EQ(0, tunfd_queue(self->fd[2], IFF_DETACH_QUEUE));
	ASSERT_EQ(0, round_trip(self->fd, self->sk, self->tap, self->seen));
	for (i = 0; i < FLOWS; i++)
		EXPECT_GT(2, self->seen[i]);
}

/* After a steering program is removed, the learned queues are used again. */
TEST_F(steer, program_overrides)
{
	int prog = bpf_const(1 /* BPF_PROG_TYPE_SOCKET_FILTER */, 1), i;
	size_t n;

	ASSERT_LE(0, prog);
	ASSERT_EQ(0, tunfd_int(self->fd[0], TUNSETSTEERINGEBPF, prog));
	ASSERT_EQ(0, round_trip(self->fd, self->sk, self->tap, self->seen));
	for (i = 0; i < FLOWS; i++)
		EXPECT_EQ(1, self->seen[i]);
	ASSERT_EQ(0, tunfd_int(self->fd[0], TUNSETSTEERINGEBPF, -1));
	for (i = 0; i < FLOWS; i++) {
		n = reply(self->buf, self->tap, i);
		ASSERT_EQ(n, fd_write(self->fd[2], self->buf, n));
	}
	ASSERT_EQ(0, round_trip(self->fd, self->sk, self->tap, self->seen));
	for (i = 0; i < FLOWS; i++)
		EXPECT_EQ(2, self->seen[i]);
}

/* A single queue receives every flow, learned or not. */
TEST_F(steer, one_queue)
{
	int i;

	close(self->fd[0]);
	close(self->fd[1]);
	self->fd[0] = self->fd[1] = -1;
	ASSERT_EQ(0, round_trip(self->fd, self->sk, self->tap, self->seen));
	for (i = 0; i < FLOWS; i++)
		EXPECT_EQ(2, self->seen[i]);
}

TEST_HARNESS_MAIN
