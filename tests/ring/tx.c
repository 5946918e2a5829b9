// SPDX-License-Identifier: GPL-2.0
/* Transmit: packets from buffers, chains and indirect tables. */
#include "env.h"

#define STOCK_ONLY_VARIANT	"event"
#include "harness.h"

FIXTURE(tx) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(tx) {
	int flags;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(tx, tun) { TUN_PLAIN, 0 };
FIXTURE_VARIANT_ADD(tx, tun_meta_event) { TUN_PLAIN, F_META | F_EVENT };
FIXTURE_VARIANT_ADD(tx, tap_event) { TAP_PLAIN, F_EVENT };
FIXTURE_VARIANT_ADD(tx, tap_meta) { TAP_PLAIN, F_META };
/* write() uses NAPI on this device, too. */
FIXTURE_VARIANT_ADD(tx, tap_napi_frags) {
	TAP_PLAIN | IFF_NAPI | IFF_NAPI_FRAGS, F_EVENT };

FIXTURE_SETUP(tx)
{
	struct tconf c = { variant->features | F_INDIRECT, 8, 256, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "tx0", variant->flags));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(tx)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Transmits n packets with one kick. */
static int send_n(struct env *e, struct tring *r, uint32_t from,
		  unsigned int n, size_t len)
{
	uint8_t pkt[2048];
	unsigned int i;
	int ret;

	for (i = 0; i < n; i++) {
		ret = tring_tx_put(r, pkt, seq_pkt(pkt, e->tap, from + i, len),
				   NULL);
		if (ret < 0)
			return ret;
	}
	ret = tring_tx_kick(r);
	return ret < 0 ? ret : 0;
}

TEST_F(tx, one)
{
	struct vring_used_elem u;

	ASSERT_EQ(0, send_n(&self->e, &self->r, 5, 1, 300));
	ASSERT_EQ(0, tvq_wait(&self->r.tx, 1));
	u = tvq_used_at(&self->r.tx, 0);
	EXPECT_EQ(0, u.id);
	EXPECT_EQ(0, u.len);
	EXPECT_EQ(0, env_seen(&self->e, 5, 1));
	EXPECT_TRUE(tvq_quiet(&self->r.tx, 1, 20));
}

TEST_F(tx, sizes)
{
	static const size_t lens[] = { SEQ_MIN, 25, 64, 255, 1000, 1500, 2000 };
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(lens); i++) {
		ASSERT_EQ(0, send_n(&self->e, &self->r, i, 1, lens[i]));
		ASSERT_EQ(0, tring_tx_drain(&self->r));
		EXPECT_EQ(0, env_seen(&self->e, i, 1));
	}
}

/*
 * More packets in one kick than a NAPI poll may process: no further kick is
 * needed.
 */
TEST_F(tx, many_in_one_kick)
{
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;
	size_t len = 100 + (self->e.tap ? ETH_HLEN : 0);

	ASSERT_EQ(0, send_n(&self->e, &self->r, 0, 256, 100));
	ASSERT_EQ(0, env_seen(&self->e, 0, 256));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.tx.kicks);
	EXPECT_EQ(256, st.tx.packets);
	EXPECT_EQ(256 * len, st.tx.bytes);
	EXPECT_EQ(0, st.tx.errors + st.tx.dropped);
	ASSERT_EQ(0, rtnl_stats("tx0", &dev));
	EXPECT_EQ(256, dev.rx_packets);
	EXPECT_EQ(256 * len, dev.rx_bytes);
	EXPECT_EQ(0, dev.rx_dropped + dev.rx_errors);
}

TEST_F(tx, used_in_order)
{
	unsigned int i;

	ASSERT_EQ(0, send_n(&self->e, &self->r, 0, 100, 60));
	ASSERT_EQ(0, tvq_wait(&self->r.tx, 100));
	for (i = 0; i < 100; i++) {
		EXPECT_EQ(i, tvq_used_at(&self->r.tx, i).id);
		EXPECT_EQ(0, tvq_used_at(&self->r.tx, i).len);
	}
}

TEST_F(tx, chain)
{
	struct tring *r = &self->r;
	uint8_t pkt[2048];
	size_t n = seq_pkt(pkt, self->e.tap, 8, 900);

	memcpy(r->pool + 100, pkt, 1);
	memcpy(r->pool + 5000, pkt + 1, 500);
	memcpy(r->pool + 3001, pkt + 501, n - 501);
	tvq_desc(&r->tx, 200, 100, 1, VRING_DESC_F_NEXT, 7);
	tvq_desc(&r->tx, 7, 5000, 500, VRING_DESC_F_NEXT, 8);
	tvq_desc(&r->tx, 8, 3001, n - 501, 0, 99);
	tvq_put(&r->tx, 200);
	ASSERT_LE(0, tring_tx_kick(r));
	EXPECT_EQ(0, env_seen(&self->e, 8, 1));
	ASSERT_EQ(0, tvq_wait(&r->tx, 1));
	EXPECT_EQ(200, tvq_used_at(&r->tx, 0).id);
}

/* Indirect chains of up to the allowed number of descriptors. */
TEST_F(tx, indirect)
{
	struct tring *r = &self->r;
	uint8_t pkt[2048];
	unsigned int n, i;

	for (n = 1; n <= TUN_RING_MAX_CHAIN; n++) {
		size_t len = seq_pkt(pkt, self->e.tap, n, 640);
		size_t piece = len / n, at = 8192 + n, off = 0;

		memcpy(r->pool, pkt, len);
		for (i = 0; i < n; i++) {
			struct vring_desc d = tvq_descriptor(off,
				i < n - 1 ? piece : len - off,
				i < n - 1 ? VRING_DESC_F_NEXT : 0, i + 1);

			memcpy(r->pool + at + i * sizeof(d), &d, sizeof(d));
			off += piece;
		}
		tvq_desc(&r->tx, n, at, n * sizeof(struct vring_desc),
			 VRING_DESC_F_INDIRECT, 0);
		tvq_put(&r->tx, n);
		ASSERT_LE(0, tring_tx_kick(r));
		ASSERT_EQ(0, env_seen(&self->e, n, 1));
		ASSERT_EQ(0, tvq_wait(&r->tx, n));
	}
}

/* The user may overwrite a used buffer, because the kernel copied it. */
TEST_F(tx, buffer_is_free_when_used)
{
	struct tring *r = &self->r;

	ASSERT_EQ(0, send_n(&self->e, r, 0, 60, 1000));
	ASSERT_EQ(0, tring_tx_drain(r));
	memset(r->pool, 0xee, r->s.pool_len);
	EXPECT_EQ(0, env_seen(&self->e, 0, 60));
}

TEST_F(tx, write_kicks)
{
	struct tring *r = &self->r;
	uint8_t pkt[256];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		tring_tx_put(r, pkt, seq_pkt(pkt, self->e.tap, i, 100), NULL);
		tvq_publish(&r->tx);
		EXPECT_EQ(0, write(self->e.fd, i ? "" : NULL, 0));
		EXPECT_EQ(0, env_seen(&self->e, i, 1));
	}
}

/* A write() with data sends a packet. */
TEST_F(tx, write_sends_packet)
{
	uint8_t pkt[256];
	size_t n = seq_pkt(pkt, self->e.tap, 77, 100);

	EXPECT_EQ(n, write(self->e.fd, pkt, n));
	EXPECT_EQ(0, env_seen(&self->e, 77, 1));
	EXPECT_EQ(0, tvq_used_idx(&self->r.tx));
}

TEST_HARNESS_MAIN
