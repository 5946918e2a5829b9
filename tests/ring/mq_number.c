// SPDX-License-Identifier: GPL-2.0
/* The number of a queue in the packets that come from the queue. */
#include <linux/bpf.h>
#include <linux/if_link.h>

#include "env.h"
#include "harness.h"

#define QUEUES	3

/* GRO holds packets of the device for a minute, or until another poll. */
struct queues {
	struct env e;
	int fd[QUEUES - 1];
	int last;
};

static int queues_open(struct queues *q, int napi)
{
	const int flags = TUN_PLAIN | IFF_MULTI_QUEUE | napi;
	int i, ret = env_open(&q->e, "mqn0", flags);

	for (i = 0; i < QUEUES - 1 && !ret; i++) {
		q->fd[i] = tunfd_create("mqn0", flags);
		ret = q->fd[i] < 0 ? q->fd[i] : 0;
	}
	q->last = q->fd[QUEUES - 2];
	return ret ?: ns_sysfs() ?:
	       file_put("/sys/class/net/mqn0/gro_flush_timeout", "60000000000");
}

static void queues_close(struct queues *q)
{
	int i;

	for (i = 0; i < QUEUES - 1; i++)
		close(q->fd[i]);
	env_close(&q->e);
}

/* Generic XDP looks up the queue of a packet, which may be detached. */
TEST(written_to_a_detached_queue)
{
	const int prog = xdp_const(XDP_PASS);
	uint8_t pkt[128];
	int i;
	struct queues q;

	ASSERT_EQ(0, queues_open(&q, 0));
	ASSERT_EQ(0, rtnl_xdp("mqn0", prog, XDP_FLAGS_SKB_MODE));
	close(prog);
	for (i = 0; i < 6; i++) {
		ASSERT_EQ(0, tunfd_queue(q.last, i & 1 ? IFF_ATTACH_QUEUE :
							 IFF_DETACH_QUEUE));
		EXPECT_EQ(90, write(q.last, pkt, seq_pkt(pkt, false, i, 90)));
		ASSERT_EQ(0, env_seen(&q.e, i, 1));
	}
	queues_close(&q);
}

/* A part of a TCP flow that GRO holds until the flush time-out. */
static size_t gro_pkt(uint8_t *pkt)
{
	const struct flow f = { .sport = 1, .dport = 7, .seq = 1,
				.proto = IPPROTO_TCP };

	return pkt_ip(pkt, &f, 100);
}

/*
 * GRO of the last queue holds a packet, unless a slow machine polled twice. The queue
 * gets the number of the queue that leaves, and its old number does not exist any
 * more. Generic XDP looks up the queue of each packet that is delivered.
 */
static int renumber_last(const struct env *e)
{
	const int prog = xdp_const(XDP_PASS);
	int ret = rtnl_xdp(e->name, prog, XDP_FLAGS_SKB_MODE);

	close(prog);
	return ret ?: tunfd_queue(e->fd, IFF_DETACH_QUEUE);
}

/* The poll for packet 1 of the test ends with the delivery of the packet held. */
static int seen_both(struct env *e)
{
	int held = 0, other = 0;
	uint8_t pkt[256];

	while (!held || !other) {
		const ssize_t n = recv(e->sk, pkt, sizeof(pkt), 0);

		if (n < 0)
			return -errno;
		held += n == 140 && pkt[9] == IPPROTO_TCP;
		other += n == 90;
	}
	return 0;
}

TEST(renumbered_while_gro_holds_a_ring_packet)
{
	const struct tconf c = { F_META, 16, 16, 2048, 0 };
	struct tring r = {};
	uint8_t pkt[256];
	struct queues q;

	ASSERT_EQ(0, queues_open(&q, 0));
	ASSERT_EQ(0, tring_start(&r, q.last, &c));
	ASSERT_EQ(0, tring_send(&r, pkt, gro_pkt(pkt), NULL));
	ASSERT_EQ(0, tring_tx_drain(&r));
	ASSERT_EQ(0, renumber_last(&q.e));
	ASSERT_EQ(0, tring_send(&r, pkt, seq_pkt(pkt, false, 1, 90), NULL));
	EXPECT_EQ(0, seen_both(&q.e));
	tring_unmap(&r);
	queues_close(&q);
}

TEST(renumbered_while_gro_holds_a_written_packet)
{
	uint8_t pkt[256];
	struct queues q;

	ASSERT_EQ(0, queues_open(&q, IFF_NAPI));
	ASSERT_EQ(140, write(q.last, pkt, gro_pkt(pkt)));
	ASSERT_EQ(0, renumber_last(&q.e));
	ASSERT_EQ(90, write(q.last, pkt, seq_pkt(pkt, false, 1, 90)));
	EXPECT_EQ(0, seen_both(&q.e));
	queues_close(&q);
}

TEST_HARNESS_MAIN
