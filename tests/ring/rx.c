// SPDX-License-Identifier: GPL-2.0
/* Receive: packets into buffers, chains and indirect tables. */
#include "env.h"

#define STOCK_ONLY_VARIANT	"event"
#include "harness.h"

FIXTURE(rx) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(rx) {
	int flags;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(rx, tun) { TUN_PLAIN, 0 };
FIXTURE_VARIANT_ADD(rx, tun_meta_event) { TUN_PLAIN, F_META | F_EVENT };
FIXTURE_VARIANT_ADD(rx, tap_event) { TAP_PLAIN, F_EVENT };
FIXTURE_VARIANT_ADD(rx, tap_meta) { TAP_PLAIN, F_META };

FIXTURE_SETUP(rx)
{
	struct tconf c = { variant->features | F_INDIRECT, 16, 16, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "rx0", variant->flags));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	memset(self->r.pool, 0xa5, self->r.s.pool_len);
}

FIXTURE_TEARDOWN(rx)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(rx, one)
{
	struct tring *r = &self->r;
	struct vring_used_elem u;
	size_t want = 300 + (self->e.tap ? ETH_HLEN : 0), i;

	ASSERT_EQ(0, tring_rx_fill(r));
	ASSERT_EQ(0, env_inject(&self->e, 7, 300));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	u = tvq_used_at(&r->rx, 0);
	EXPECT_EQ(0, u.id);
	EXPECT_EQ(want, u.len);
	EXPECT_EQ(7, seq_of(tring_buf(r, 0), u.len, self->e.tap));
	/* no byte beyond the used length is written */
	for (i = want; i < 2048; i++)
		ASSERT_EQ(0xa5, tring_buf(r, 0)[i]);
	for (i = 0; i < 2048; i++)
		ASSERT_EQ(0xa5, tring_buf(r, 1)[i]);
	EXPECT_TRUE(tvq_quiet(&r->rx, 1, 20));
}

TEST_F(rx, many)
{
	unsigned int i;

	ASSERT_EQ(0, tring_rx_fill(&self->r));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, env_inject_n(&self->e, i * 10, 10, 24 + i * 70));
		ASSERT_EQ(0, env_expect(&self->e, &self->r, i * 10, 10));
	}
}

/* The driver uses buffers in the order of the available ring. */
TEST_F(rx, buffers_in_order_of_avail)
{
	static const uint16_t order[] = { 9, 2, 15, 0, 7 };
	struct tring *r = &self->r;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(order); i++)
		tring_rx_give(r, order[i]);
	ASSERT_LE(0, tring_rx_kick(r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, ARRAY_LEN(order), 60));
	ASSERT_EQ(0, tvq_wait(&r->rx, ARRAY_LEN(order)));
	for (i = 0; i < ARRAY_LEN(order); i++)
		EXPECT_EQ(order[i], tvq_used_at(&r->rx, i).id);
}

/* A chain of three buffers: one used entry, the packet split over the buffers. */
TEST_F(rx, chain)
{
	struct tring *r = &self->r;
	size_t len = 700 + (self->e.tap ? ETH_HLEN : 0);
	uint8_t buf[2048];

	tvq_desc(&r->rx, 4, 4 * 2048, 100,
		 VRING_DESC_F_WRITE | VRING_DESC_F_NEXT, 11);
	tvq_desc(&r->rx, 11, 11 * 2048 + 3, 1,
		 VRING_DESC_F_WRITE | VRING_DESC_F_NEXT, 6);
	tvq_desc(&r->rx, 6, 6 * 2048 + 50, 1900, VRING_DESC_F_WRITE, 0);
	tvq_put(&r->rx, 4);
	ASSERT_LE(0, tring_rx_kick(r));
	ASSERT_EQ(0, env_inject(&self->e, 3, 700));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(4, tvq_used_at(&r->rx, 0).id);
	ASSERT_EQ(len, tvq_used_at(&r->rx, 0).len);
	memcpy(buf, tring_buf(r, 4), 100);
	buf[100] = tring_buf(r, 11)[3];
	memcpy(buf + 101, tring_buf(r, 6) + 50, len - 101);
	EXPECT_EQ(3, seq_of(buf, len, self->e.tap));
	EXPECT_EQ(0xa5, tring_buf(r, 4)[100]);
	EXPECT_EQ(0xa5, tring_buf(r, 11)[4]);
	EXPECT_EQ(0xa5, tring_buf(r, 6)[50 + len - 101]);
}

/* Writes an indirect table at any address in the pool. */
static void put_indirect(struct tring *r, unsigned int head, size_t at,
			 unsigned int n, size_t piece)
{
	struct vring_desc d;
	unsigned int i;

	for (i = 0; i < n; i++) {
		d = tvq_descriptor(8 * 2048 + i * piece, piece, VRING_DESC_F_WRITE |
				   (i < n - 1 ? VRING_DESC_F_NEXT : 0), i + 1);
		memcpy(r->pool + at + i * sizeof(d), &d, sizeof(d));
	}
	tvq_desc(&r->rx, head, at, n * sizeof(d), VRING_DESC_F_INDIRECT, 0);
	tvq_put(&r->rx, head);
}

TEST_F(rx, indirect)
{
	static const size_t at[] = { 0, 16, 8, 1 };
	struct tring *r = &self->r;
	size_t len = 900 + (self->e.tap ? ETH_HLEN : 0);
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(at); i++) {
		put_indirect(r, i + 3, at[i], 16, 64);
		ASSERT_LE(0, tring_rx_kick(r));
		ASSERT_EQ(0, env_inject(&self->e, i, 900));
		ASSERT_EQ(0, tvq_wait(&r->rx, 1));
		EXPECT_EQ(i + 3, tvq_used_at(&r->rx, i).id);
		ASSERT_EQ(len, tvq_used_at(&r->rx, i).len);
		EXPECT_EQ(i, seq_of(tring_buf(r, 8), len, self->e.tap));
		tvq_take(&r->rx, 1);
	}
}

/* The longest chain that the ABI allows. */
TEST_F(rx, longest_chain)
{
	struct tring *r = &self->r;
	uint8_t pkt[4096];
	size_t len = seq_pkt(pkt, self->e.tap, 1, 4000);

	/* 64 segments need 60 * 64 bytes */
	ASSERT_EQ(0, if_mtu("rx0", 4096));
	put_indirect(r, 0, 32, TUN_RING_MAX_CHAIN, 64);
	ASSERT_LE(0, tring_rx_kick(r));
	ASSERT_EQ(0, psock_send(self->e.sk, NULL, pkt, len));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	ASSERT_EQ(len, tvq_used_at(&r->rx, 0).len);
	EXPECT_EQ(1, seq_of(tring_buf(r, 8), len, self->e.tap));
}

/*
 * A packet of n bytes may fill 4 + n / 64 segments: 256 bytes fill 8 segments of 32
 * bytes, 257 bytes would fill 9. The chain has more segments, for longer packets.
 */
TEST_F(rx, segments_of_a_packet)
{
	struct tring *r = &self->r;
	size_t l2 = self->e.tap ? ETH_HLEN : 0;
	struct tun_ring_stats st;

	put_indirect(r, 0, 32, 16, 32);
	put_indirect(r, 1, 32, 16, 32);
	ASSERT_LE(0, tring_rx_kick(r));
	ASSERT_EQ(0, env_inject(&self->e, 0, 256 - l2));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(256, tvq_used_at(&r->rx, 0).len);
	env_inject(&self->e, 1, 257 - l2);
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	EXPECT_EQ(1, st.rx.packets);
	EXPECT_EQ(1, st.rx.dropped);
}

/* A buffer may end at the last byte of the pool. */
TEST_F(rx, end_of_pool)
{
	struct tring *r = &self->r;
	size_t len = 50 + (self->e.tap ? ETH_HLEN : 0);

	tvq_desc(&r->rx, 0, r->s.pool_len - len, len, VRING_DESC_F_WRITE, 0);
	tvq_put(&r->rx, 0);
	ASSERT_LE(0, tring_rx_kick(r));
	ASSERT_EQ(0, env_inject(&self->e, 1, 50));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(1, seq_of(r->pool + r->s.pool_len - len, len, self->e.tap));
}

/* Counters of device and ring agree, and count each packet once. */
TEST_F(rx, counters)
{
	size_t len = 100 + (self->e.tap ? ETH_HLEN : 0);
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;

	ASSERT_EQ(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 10, 100));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, 10));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	ASSERT_EQ(0, rtnl_stats("rx0", &dev));
	EXPECT_EQ(10, st.rx.packets);
	EXPECT_EQ(10 * len, st.rx.bytes);
	EXPECT_EQ(0, st.rx.dropped + st.rx.too_big + st.rx.errors);
	EXPECT_EQ(0, st.tx.packets + st.tx.errors + st.tx.dropped);
	EXPECT_EQ(10, dev.tx_packets);
	EXPECT_EQ(10 * len, dev.tx_bytes);
	EXPECT_EQ(0, dev.tx_dropped + dev.tx_errors);
}

TEST_HARNESS_MAIN
