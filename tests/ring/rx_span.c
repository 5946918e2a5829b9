// SPDX-License-Identifier: GPL-2.0
/* Receive: packets larger than a buffer. */
#include "env.h"
#include "harness.h"

FIXTURE(span) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(span) {
	int vnet;	/* bytes of the virtio_net_hdr, or 0 */
	uint64_t features;
};

/* The number of buffers is in the record or in the header. */
FIXTURE_VARIANT_ADD(span, meta) { 0, F_META };
FIXTURE_VARIANT_ADD(span, meta_event) { 0, F_META | F_EVENT };
FIXTURE_VARIANT_ADD(span, header) { 12, F_EVENT };

FIXTURE_SETUP(span)
{
	struct tconf c = { variant->features, 8, 1, 512, 0 };
	int flags = TUN_PLAIN | (variant->vnet ? IFF_VNET_HDR : 0);

	ASSERT_EQ(0, env_open(&self->e, "span0", flags));
	if (variant->vnet)
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ,
				       variant->vnet));
	ASSERT_EQ(0, if_mtu("span0", 9000));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(span)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(span, several_buffers)
{
	static const size_t lens[] = { 24, 500, 512, 513, 1024, 1200, 1536,
				       2000 };
	struct tring *r = &self->r;
	struct tun_ring_meta m;
	uint8_t buf[4096];
	unsigned int i, n;
	size_t total;
	ssize_t len;

	ASSERT_EQ(0, tring_rx_fill(r));
	for (i = 0; i < ARRAY_LEN(lens); i++) {
		total = lens[i] + variant->vnet;
		n = (total + 511) / 512;
		ASSERT_EQ(0, env_inject(&self->e, i, lens[i]));
		ASSERT_EQ(0, tvq_wait(&r->rx, n));
		EXPECT_EQ(n, tvq_pending(&r->rx));
		EXPECT_EQ(total < 512 ? total : 512,
			  tvq_used_at(&r->rx, r->rx.taken).len);
		len = tring_rx_take(r, buf, sizeof(buf), &m);
		ASSERT_EQ(total, len);
		if (!variant->vnet)
			EXPECT_EQ(n, m.num_buffers);
		EXPECT_EQ(i, seq_of(buf + variant->vnet, lens[i], false));
		ASSERT_LE(0, tring_rx_kick(r));
	}
}

/* Chains of two buffers, and a packet that needs two chains. */
TEST_F(span, several_chains)
{
	struct tring *r = &self->r;
	size_t total = 1500 + variant->vnet;
	uint8_t buf[2048];
	unsigned int i;

	for (i = 0; i < 8; i += 2) {
		tvq_desc(&r->rx, i, i * 512, 512,
			 VRING_DESC_F_WRITE | VRING_DESC_F_NEXT, i + 1);
		tvq_desc(&r->rx, i + 1, (i + 1) * 512, 512, VRING_DESC_F_WRITE,
			 0);
		tvq_put(&r->rx, i);
	}
	ASSERT_LE(0, tring_rx_kick(r));
	ASSERT_EQ(0, env_inject(&self->e, 9, 1500));
	ASSERT_EQ(0, tvq_wait(&r->rx, 2));
	EXPECT_EQ(0, tvq_used_at(&r->rx, 0).id);
	EXPECT_EQ(1024, tvq_used_at(&r->rx, 0).len);
	EXPECT_EQ(2, tvq_used_at(&r->rx, 1).id);
	EXPECT_EQ(total - 1024, tvq_used_at(&r->rx, 1).len);
	memcpy(buf, tring_buf(r, 0), total);
	EXPECT_EQ(9, seq_of(buf + variant->vnet, 1500, false));
}

/* A packet waits for its last buffer, and no part of it is used before. */
TEST_F(span, waits_for_all_buffers)
{
	struct tring *r = &self->r;
	uint8_t buf[4096];
	unsigned int i;

	ASSERT_EQ(0, tring_rx_fill(r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	ASSERT_EQ(0, tvq_wait(&r->rx, 5));
	tvq_take(&r->rx, 5);
	ASSERT_EQ(0, env_inject(&self->e, 5, 1700));
	ASSERT_TRUE(tvq_quiet(&r->rx, 0, 50));
	for (i = 0; i < 2; i++)
		tring_rx_give(r, i);
	ASSERT_LE(0, tring_rx_kick(r));
	ASSERT_EQ(0, tvq_wait(&r->rx, 4));
	ASSERT_EQ(1700 + variant->vnet,
		  tring_rx_take(r, buf, sizeof(buf), NULL));
	EXPECT_EQ(5, seq_of(buf + variant->vnet, 1700, false));
}

/* A packet larger than the ring is dropped, and the next one is received. */
TEST_F(span, too_big)
{
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;
	uint8_t big[8192] = { 0x45 }, buf[4096];

	ASSERT_EQ(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, psock_send(self->e.sk, NULL, big, sizeof(big)));
	ASSERT_EQ(0, env_inject(&self->e, 6, 40));
	ASSERT_EQ(40 + variant->vnet,
		  tring_recv(&self->r, buf, sizeof(buf), NULL));
	EXPECT_EQ(6, seq_of(buf + variant->vnet, 40, false));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.rx.too_big);
	EXPECT_EQ(1, st.rx.packets);
	ASSERT_EQ(0, rtnl_stats("span0", &dev));
	EXPECT_EQ(1, dev.tx_dropped);
	EXPECT_EQ(1, dev.tx_packets);
}

/*
 * Without a field for the number of buffers, a packet takes one buffer or is
 * dropped.
 */
FIXTURE(single) {
	struct env e;
	struct tring r;
};

FIXTURE_SETUP(single)
{
	struct tconf c = { 0, 8, 1, 512, 0 };

	ASSERT_EQ(0, env_open(&self->e, "single0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(single)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(single, no_spanning)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject(&self->e, 0, 512));
	ASSERT_EQ(0, env_inject(&self->e, 1, 513));
	ASSERT_EQ(0, env_inject(&self->e, 2, 100));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, 1));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 2, 1));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.rx.too_big);
	EXPECT_EQ(2, st.rx.packets);
}

TEST_HARNESS_MAIN
