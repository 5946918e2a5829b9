// SPDX-License-Identifier: GPL-2.0
/* The order of packets, across set-up and teardown. */
#include "env.h"

#define STOCK_ONLY_VARIANT	"meta"
#include "harness.h"

FIXTURE(order) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(order) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(order, meta) { F_META };
FIXTURE_VARIANT_ADD(order, event) { F_EVENT };

FIXTURE_SETUP(order)
{
	ASSERT_EQ(0, env_open(&self->e, "order0", TUN_PLAIN));
}

FIXTURE_TEARDOWN(order)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int start(struct env *e, struct tring *r, uint64_t features,
		 unsigned int entries)
{
	struct tconf c = { features, entries, 8, 2048, 0 };

	return tring_setup(r, e->fd, &c);
}

TEST_F(order, waiting_packets_come_first)
{
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 10, 100));
	ASSERT_EQ(0, start(&self->e, &self->r, variant->features, 32));
	ASSERT_EQ(0, env_inject_n(&self->e, 10, 5, 100));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 15, 5, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 20));
}

/* More packets wait than the ring has entries, while new ones arrive. */
TEST_F(order, waiting_packets_through_a_small_ring)
{
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 100, 100));
	ASSERT_EQ(0, start(&self->e, &self->r, variant->features, 4));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 100, 50, 100));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, 40));
	ASSERT_EQ(0, env_inject_n(&self->e, 150, 50, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 40, 160));
}

/* Packets in the ring stay in the mapping. read() gets later ones. */
TEST_F(order, teardown_leaves_packets_in_the_ring)
{
	unsigned int i;
	uint8_t buf[2048];
	ssize_t len;

	ASSERT_EQ(0, start(&self->e, &self->r, variant->features, 32));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 20, 100));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, 5));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, env_inject_n(&self->e, 20, 5, 100));
	EXPECT_EQ(15, tvq_pending(&self->r.rx));
	for (i = 5; i < 20; i++) {
		len = tring_rx_take(&self->r, buf, sizeof(buf), NULL);
		EXPECT_EQ(i, seq_of(buf, len, false));
	}
	EXPECT_EQ(0, env_expect_plain(&self->e, 20, 5));
}

/* read() gets packets without a buffer, before later ones. */
TEST_F(order, teardown_gives_waiting_packets_back)
{
	uint8_t buf[2048];
	unsigned int i;
	ssize_t len;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, 20, 100));
	ASSERT_EQ(0, start(&self->e, &self->r, variant->features, 4));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 20, 20, 100));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 4));
	for (i = 0; i < 4; i++) {
		len = tring_rx_take(&self->r, buf, sizeof(buf), NULL);
		EXPECT_EQ(i, seq_of(buf, len, false));
	}
	ASSERT_EQ(0, env_inject_n(&self->e, 40, 5, 100));
	EXPECT_EQ(0, env_expect_plain(&self->e, 4, 41));
}

/*
 * Rings are set up and torn down under traffic: each number comes once, in
 * order.
 */
TEST_F(order, set_up_and_torn_down_under_traffic)
{
	struct flood f = { .name = "order0", .len = 100, .window = 100 };
	uint32_t next = 0;
	unsigned int i;

	ASSERT_EQ(0, flood_start(&f));
	for (i = 0; i < 15; i++) {
		ASSERT_EQ(0, start(&self->e, &self->r, variant->features, 16));
		ASSERT_LE(0, tring_rx_fill(&self->r));
		ASSERT_EQ(0, env_through_teardown(&self->e, &self->r, &f,
						  &next));
		tring_unmap(&self->r);
	}
	EXPECT_EQ(0, flood_join(&f, true));
	EXPECT_EQ(0, env_expect_plain(&self->e, next, flood_sent(&f) - next));
}

/* Teardown transmits the available entries. */
TEST_F(order, teardown_sends_what_is_available)
{
	uint8_t pkt[256];
	unsigned int i;

	ASSERT_EQ(0, start(&self->e, &self->r, variant->features, 8));
	for (i = 0; i < 8; i++)
		ASSERT_LE(0, tring_tx_put(&self->r, pkt,
					  seq_pkt(pkt, false, i, 100), NULL));
	tvq_publish(&self->r.tx);
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(8, tvq_pending(&self->r.tx));
	seq_pkt(pkt, false, 8, 100);
	ASSERT_EQ(100, write(self->e.fd, pkt, 100));
	EXPECT_EQ(0, env_seen(&self->e, 0, 9));
}

/* Ring and write() keep the order of the calls. */
TEST_F(order, ring_and_write)
{
	uint8_t pkt[256];
	unsigned int i;
	int ret;

	ASSERT_EQ(0, start(&self->e, &self->r, variant->features, 8));
	for (i = 0; i < 40; i++) {
		seq_pkt(pkt, false, i, 100);
		if (i & 1) {
			ret = write(self->e.fd, pkt, 100) == 100 ? 0 : -errno;
		} else {
			ret = tring_send(&self->r, pkt, 100, NULL);
			/* a used packet may still be in NAPI's GRO list */
			if (!ret)
				ret = thread_wait_idle(getpid());
		}
		ASSERT_EQ(0, ret);
	}
	EXPECT_EQ(0, env_seen(&self->e, 0, 40));
}

TEST_HARNESS_MAIN
