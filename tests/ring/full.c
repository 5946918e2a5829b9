// SPDX-License-Identifier: GPL-2.0
/* A receive ring without buffers: packets wait in the fifo or are dropped. */
#include "env.h"

#define STOCK_ONLY_VARIANT	"flags"
#include "harness.h"

FIXTURE(full) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(full) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(full, flags) { F_META };
FIXTURE_VARIANT_ADD(full, event) { F_META | F_EVENT };

FIXTURE_SETUP(full)
{
	struct tconf c = { variant->features, 8, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "full0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(full)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Makes n consumed buffers available again, starting with this head. */
static int give(struct tring *r, unsigned int head, unsigned int n)
{
	while (n--)
		tring_rx_give(r, head++ % r->rx.entries);
	return tring_rx_kick(r);
}

/* Many more packets than entries, and a consumer slower than the sender. */
TEST_F(full, nothing_is_lost)
{
	/* at most as many packets wait as the device's fifo of 500 holds */
	struct flood f = { .name = "full0", .len = 200, .n = 3000,
			   .window = 400 };
	struct tun_ring_stats st;
	unsigned int i;

	ASSERT_EQ(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, flood_start(&f));
	ASSERT_EQ(0, tring_wait_count(self->e.fd, &st.rx.full, &st, 1));
	for (i = 0; i < f.n; i += 100) {
		usleep(i % 500 ? 100 : 4000);
		ASSERT_EQ(0, env_expect(&self->e, &self->r, i, 100));
		flood_done(&f, i + 100);
	}
	EXPECT_EQ(0, flood_join(&f, false));
	EXPECT_EQ(0, env_none_lost(&self->e, f.n));
}

/* The ring has no buffer at first: packets wait until a kick. */
TEST_F(full, empty_from_the_start)
{
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 30, 100));
	EXPECT_TRUE(tvq_quiet(&self->r.rx, 0, 20));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 30));
}

/* The kernel enables the kick that it needs, and no other. */
TEST_F(full, kick_enabled_when_full)
{
	struct tun_ring_stats st;
	unsigned int i;

	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 8, 100));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 8));
	ASSERT_EQ(0, env_inject_n(&self->e, 8, 4, 100));
	tvq_take(&self->r.rx, 8);
	for (i = 0; i < 4; i++)
		tring_rx_give(&self->r, i);
	tvq_publish(&self->r.rx);
	ASSERT_TRUE(tvq_wants_kick(&self->r, &self->r.rx));
	ASSERT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_RX, 0));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 4));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.rx.full);
}

/* A ring that was never full needs no kick for more buffers. */
TEST_F(full, no_kick_while_room)
{
	unsigned int i;

	ASSERT_LE(0, tring_rx_fill(&self->r));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, env_inject(&self->e, i, 100));
		ASSERT_EQ(0, tvq_wait(&self->r.rx, 1));
		tvq_take(&self->r.rx, 1);
		tring_rx_give(&self->r, i % 8);
		tvq_publish(&self->r.rx);
		EXPECT_FALSE(tvq_wants_kick(&self->r, &self->r.rx));
	}
}

/* Each buffer and kick deliver one packet, in order. */
TEST_F(full, one_packet_per_kick)
{
	unsigned int i;

	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 60, 100));
	for (i = 0; i < 52; i++) {
		ASSERT_EQ(0, tvq_wait(&self->r.rx, 8));
		EXPECT_EQ(8, tvq_pending(&self->r.rx));
		EXPECT_EQ(i, seq_of(tring_buf(&self->r, i % 8), 100, false));
		tvq_take(&self->r.rx, 1);
		ASSERT_LE(0, give(&self->r, i, 1));
	}
}

/* An empty write() kicks both rings. */
TEST_F(full, write_kicks)
{
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 12, 100));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 8));
	tvq_take(&self->r.rx, 8);
	tring_rx_give(&self->r, 0);
	tring_rx_give(&self->r, 1);
	tvq_publish(&self->r.rx);
	EXPECT_EQ(0, write(self->e.fd, "", 0));
	EXPECT_EQ(0, tvq_wait(&self->r.rx, 2));
}

/* The ring and the fifo keep their packets while the device is down. */
TEST_F(full, down_and_up)
{
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 13, 100));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, 1));
	ASSERT_EQ(0, env_down(&self->e));
	ASSERT_EQ(0, env_up(&self->e));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 1, 12));
	ASSERT_EQ(0, env_inject_n(&self->e, 13, 20, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 13, 20));
}

/* Deleting the device does not wait for a consumer that has stopped. */
TEST_F(full, delete_while_full)
{
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 40, 100));
	EXPECT_EQ(0, rtnl_del("full0"));
	EXPECT_EQ(8, tvq_pending(&self->r.rx));
}

/* A shorter fifo keeps the oldest packets, as on a device without rings. */
TEST_F(full, txqueuelen_while_full)
{
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 40, 100));
	ASSERT_EQ(0, if_txqlen("full0", 10));
	ASSERT_EQ(0, if_txqlen("full0", 2000));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 18));
	ASSERT_EQ(0, env_inject_n(&self->e, 500, 3, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 500, 3));
}

FIXTURE(drop) {
	struct env e;
	struct tring r;
};

FIXTURE_SETUP(drop)
{
	struct tconf c = { F_META | F_DROP, 8, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "drop0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(drop)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(drop, counted)
{
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;

	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 100, 100));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 8));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(8, st.rx.packets);
	EXPECT_EQ(92, st.rx.dropped);
	EXPECT_EQ(0, st.rx.full);
	ASSERT_EQ(0, rtnl_stats("drop0", &dev));
	EXPECT_EQ(8, dev.tx_packets);
	EXPECT_EQ(92, dev.tx_dropped);
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 8));
	ASSERT_EQ(0, env_inject_n(&self->e, 200, 8, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 200, 8));
}

TEST_HARNESS_MAIN
