// SPDX-License-Identifier: GPL-2.0
/* Several queues with rings: each one is independent of the others. */
#include <linux/bpf.h>

#include "env.h"

#define STOCK_ONLY_VARIANT	"event"
#include "harness.h"

#define MQ	(TUN_PLAIN | IFF_MULTI_QUEUE)
#define QUEUES	3
/* The steering program sends packet n to queue n % QUEUES. */
FIXTURE(mq) {
	struct env e;
	struct env q[QUEUES];
	struct tring r[QUEUES];
};

FIXTURE_VARIANT(mq) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(mq, meta) { F_META };
FIXTURE_VARIANT_ADD(mq, event) { F_EVENT };

static int start(struct env *q, struct tring *r, uint64_t features)
{
	struct tconf c = { features, 16, 16, 2048, 0 };

	return tring_start(r, q->fd, &c);
}

FIXTURE_SETUP(mq)
{
	int i, prog;

	ASSERT_EQ(0, env_open(&self->e, "mq0", MQ));
	self->q[0] = self->e;
	for (i = 1; i < QUEUES; i++) {
		self->q[i] = self->e;
		self->q[i].fd = tunfd_create("mq0", MQ);
		ASSERT_LE(0, self->q[i].fd);
	}
	ASSERT_EQ(0, qdisc_plain_mq("mq0", QUEUES, 500));
	prog = bpf_queue_from_byte(20);
	ASSERT_LE(0, prog);
	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETSTEERINGEBPF, prog));
	close(prog);
}

FIXTURE_TEARDOWN(mq)
{
	int i;

	for (i = 0; i < QUEUES; i++) {
		tring_unmap(&self->r[i]);
		if (i)
			close(self->q[i].fd);
	}
	env_close(&self->e);
}

/* Sends n packets of one queue: first, first + QUEUES, ... */
static int inject_to(struct env *e, unsigned int first, unsigned int n)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = env_inject(e, first + i * QUEUES, 100);
	return ret;
}

static int expect_on(struct env *q, struct tring *r, unsigned int first,
		     unsigned int n)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = env_expect(q, r, first + i * QUEUES, 1);
	return ret;
}

TEST_F(mq, independent_rings)
{
	struct tun_ring_stats st;
	int i;

	for (i = 0; i < QUEUES; i++)
		ASSERT_EQ(0, start(&self->q[i], &self->r[i],
				   variant->features));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 30, 100));
	for (i = 0; i < QUEUES; i++) {
		EXPECT_EQ(0, expect_on(&self->q[i], &self->r[i], i, 10));
		ASSERT_EQ(0, tring_stats(self->q[i].fd, &st));
		EXPECT_EQ(10, st.rx.packets);
	}
}

TEST_F(mq, transmit_on_each)
{
	uint8_t pkt[128];
	int i, round;

	for (i = 0; i < QUEUES; i++)
		ASSERT_EQ(0, start(&self->q[i], &self->r[i],
				   variant->features));
	for (round = 0; round < 10; round++)
		for (i = 0; i < QUEUES; i++) {
			size_t n = seq_pkt(pkt, false, round * QUEUES + i, 90);

			ASSERT_EQ(0, tring_send(&self->r[i], pkt, n, NULL));
			/* packets of different queues have no order */
			ASSERT_EQ(0, env_seen(&self->e, round * QUEUES + i, 1));
		}
}

/*
 * ethtool -S has the counters of the queues with rings, in the direction of the
 * device: the receive ring is a tx queue. Without rings there are none.
 */
TEST_F(mq, ethtool_statistics)
{
	uint8_t pkt[128];
	char buf[4096];

	ASSERT_EQ(0, start(&self->q[1], &self->r[1], variant->features));
	ASSERT_EQ(0, inject_to(&self->e, 1, 4));
	ASSERT_EQ(0, tring_send(&self->r[1], pkt, seq_pkt(pkt, false, 7, 90),
				NULL));
	ASSERT_EQ(0, env_seen(&self->e, 7, 1));
	ASSERT_EQ(0, cmd_out(buf, sizeof(buf), "ethtool -S mq0"));
	EXPECT_NE(NULL, strstr(buf, "tx_queue_1_packets: 4\n"))
		TH_LOG("%s", buf);
	EXPECT_NE(NULL, strstr(buf, "tx_queue_1_bytes: 400\n"));
	EXPECT_NE(NULL, strstr(buf, "tx_queue_1_full: 0\n"));
	EXPECT_NE(NULL, strstr(buf, "rx_queue_1_packets: 1\n"));
	EXPECT_NE(NULL, strstr(buf, "rx_queue_1_bytes: 90\n"));
	EXPECT_NE(NULL, strstr(buf, "rx_queue_1_kicks: "));
	EXPECT_NE(NULL, strstr(buf, "rx_queue_1_errors: 0\n"));
	EXPECT_EQ(NULL, strstr(buf, "queue_0"));
	EXPECT_EQ(NULL, strstr(buf, "queue_2"));
	ASSERT_EQ(0, tring_teardown(self->q[1].fd));
	EXPECT_NE(0, cmd_out(buf, sizeof(buf), "ethtool -S mq0 2>&1"));
	EXPECT_NE(NULL, strstr(buf, "no stats available")) TH_LOG("%s", buf);
}

/* One queue with rings, one that is read, one whose ring is full. */
TEST_F(mq, full_queue_others_continue)
{
	unsigned int i;

	ASSERT_EQ(0, start(&self->q[0], &self->r[0], variant->features));
	ASSERT_EQ(0, start(&self->q[1], &self->r[1], variant->features));
	ASSERT_EQ(0, inject_to(&self->e, 0, 40));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, inject_to(&self->e, 1, 10));
		ASSERT_EQ(0, expect_on(&self->q[1], &self->r[1], 1, 10));
		ASSERT_EQ(0, inject_to(&self->e, 2, 1));
		ASSERT_EQ(0, env_expect_plain(&self->q[2], 2, 1));
	}
	EXPECT_EQ(0, expect_on(&self->q[0], &self->r[0], 0, 40));
}

TEST_F(mq, broken_queue_others_continue)
{
	struct tun_ring_stats st;
	unsigned int i;

	for (i = 0; i < QUEUES; i++)
		ASSERT_EQ(0, start(&self->q[i], &self->r[i],
				   variant->features));
	tvq_put(&self->r[0].tx, 0xffff);
	tvq_publish(&self->r[0].tx);
	/* the kick may be handled on another CPU */
	tring_enter(self->q[0].fd, TUN_RING_ENTER_TX, 0);
	EXPECT_TRUE(fd_wait(self->q[0].fd, POLLIN, WAIT_MS) & POLLERR);
	tring_enter(self->q[0].fd, TUN_RING_ENTER_TX, 0);
	ASSERT_EQ(0, tring_wait_broken(self->q[0].fd, &st));
	EXPECT_EQ(-EPROTO, tring_enter(self->q[0].fd, TUN_RING_ENTER_TX, 0));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 30, 100));
	EXPECT_EQ(0, expect_on(&self->q[1], &self->r[1], 1, 10));
	EXPECT_EQ(0, expect_on(&self->q[2], &self->r[2], 2, 10));
	ASSERT_EQ(0, tring_stats(self->q[0].fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	EXPECT_EQ(10, st.rx.packets + st.rx.dropped);
}

/* The rings stay set up while the queue is detached and attached. */
TEST_F(mq, detach_and_attach)
{
	struct env *q = &self->q[QUEUES - 1];
	struct tring *r = &self->r[QUEUES - 1];
	uint8_t pkt[128];
	int i;

	ASSERT_EQ(0, start(q, r, variant->features));
	ASSERT_EQ(0, inject_to(&self->e, 2, 5));
	ASSERT_EQ(0, tvq_wait(&r->rx, 5));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, tunfd_queue(q->fd, IFF_DETACH_QUEUE));
		EXPECT_EQ(-EIO, tring_enter(q->fd, TUN_RING_ENTER_TX, 0));
		EXPECT_EQ(5, tvq_pending(&r->rx));
		ASSERT_LE(0, tring_tx_put(r, pkt, seq_pkt(pkt, false, 99, 90),
					  NULL));
		tvq_publish(&r->tx);
		EXPECT_EQ(-EIO, tring_enter(q->fd, TUN_RING_ENTER_TX, 0));
		ASSERT_EQ(0, tring_tx_drain(r));
		ASSERT_EQ(0, tunfd_queue(q->fd, IFF_ATTACH_QUEUE));
		ASSERT_EQ(0, tring_send(r, pkt, seq_pkt(pkt, false, i, 90),
					NULL));
		EXPECT_EQ(0, env_seen(&self->e, i, 1));
	}
	EXPECT_EQ(0, expect_on(q, r, 2, 5));
	ASSERT_EQ(0, inject_to(&self->e, 50, 5));
	EXPECT_EQ(0, expect_on(q, r, 50, 5));
}

TEST_F(mq, teardown_while_detached)
{
	struct env *q = &self->q[QUEUES - 1];
	struct tring *r = &self->r[QUEUES - 1];

	ASSERT_EQ(0, start(q, r, variant->features));
	ASSERT_EQ(0, tunfd_queue(q->fd, IFF_DETACH_QUEUE));
	EXPECT_EQ(0, tring_teardown(q->fd));
	tring_unmap(r);
	ASSERT_EQ(0, tunfd_queue(q->fd, IFF_ATTACH_QUEUE));
	ASSERT_EQ(0, start(q, r, variant->features));
	ASSERT_EQ(0, inject_to(&self->e, 2, 5));
	EXPECT_EQ(0, expect_on(q, r, 2, 5));
}

/* A queue with packets that wait is renumbered, and keeps them. */
TEST_F(mq, renumbered_while_full)
{
	struct env *q = &self->q[2];
	struct tring *r = &self->r[2];
	int prog;

	ASSERT_EQ(0, start(q, r, variant->features));
	ASSERT_EQ(0, inject_to(&self->e, 2, 30));
	ASSERT_EQ(0, tvq_wait(&r->rx, 16));
	/* the last queue takes the number of the one that leaves */
	ASSERT_EQ(0, tunfd_queue(self->q[0].fd, IFF_DETACH_QUEUE));
	prog = bpf_const(BPF_PROG_TYPE_SOCKET_FILTER, 0);
	ASSERT_LE(0, prog);
	ASSERT_EQ(0, tunfd_int(q->fd, TUNSETSTEERINGEBPF, prog));
	close(prog);
	ASSERT_EQ(0, expect_on(q, r, 2, 30));
	ASSERT_EQ(0, env_inject_n(&self->e, 500, 40, 100));
	EXPECT_EQ(0, env_expect(q, r, 500, 40));
	ASSERT_EQ(0, tunfd_queue(self->q[0].fd, IFF_ATTACH_QUEUE));
	ASSERT_EQ(0, env_inject_n(&self->e, 600, 40, 100));
	EXPECT_EQ(0, env_expect(q, r, 600, 40));
}

/* Queues are opened and closed under traffic. */
TEST_F(mq, close_one_under_traffic)
{
	struct flood f = { .name = "mq0", .len = 100 };
	uint8_t buf[256];
	int i, n;

	ASSERT_EQ(0, start(&self->q[0], &self->r[0], variant->features));
	ASSERT_EQ(0, flood_start(&f));
	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, start(&self->q[1], &self->r[1],
				   variant->features));
		for (n = 0; n < 20; n++)
			ASSERT_LT(0, tring_recv(&self->r[0], buf, sizeof(buf),
						NULL));
		close(self->q[1].fd);
		tring_unmap(&self->r[1]);
		self->q[1].fd = tunfd_create("mq0", MQ);
		ASSERT_LE(0, self->q[1].fd);
	}
	EXPECT_EQ(0, flood_join(&f, true));
}

TEST_HARNESS_MAIN
