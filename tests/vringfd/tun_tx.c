// SPDX-License-Identifier: GPL-2.0
/* TUNSETXMITVRING: buffers of a vringfd become packets for the stack. */
#define STOCK_ONLY_VARIANT	"pi_12 napi"
#include "harness.h"
#include "tunvr.h"

#define MSS	1000
#define PAYLOAD	20000

FIXTURE(tx) {
	struct tv t;
};

FIXTURE_VARIANT(tx) {
	int flags, hdr;
};

FIXTURE_VARIANT_ADD(tx, tun) { TUN_PLAIN, 0 };
FIXTURE_VARIANT_ADD(tx, tun_pi_12) { IFF_TUN, 12 };
FIXTURE_VARIANT_ADD(tx, tap_vnet_20) { TAP_PLAIN | IFF_VNET_HDR, 20 };
FIXTURE_VARIANT_ADD(tx, tap_napi) { TAP_PLAIN | IFF_NAPI, 12 };
FIXTURE_VARIANT_ADD(tx, tap_frags) {
	TAP_PLAIN | IFF_NAPI | IFF_NAPI_FRAGS, 12
};

FIXTURE_SETUP(tx)
{
	ASSERT_EQ(0, tv_open(&self->t, variant->flags, variant->hdr));
}

FIXTURE_TEARDOWN(tx)
{
	tv_close(&self->t);
}

TEST_F(tx, transmit)
{
	struct tv *t = &self->t;
	uint8_t buf[2048];
	unsigned int i;

	for (i = 0; i < 60; i++) {
		ASSERT_EQ(0, tv_send(t, i % BUFS, NULL, buf,
				     seq_pkt(buf, t->tap, i, 30 + i * 20)));
		ASSERT_EQ(0, vr_kick_if(&t->tx));
		ASSERT_EQ(i % BUFS, tv_reap(t));
		ASSERT_EQ(0, tv_seen(t, i));
	}
}

/* One write transmits all buffers. */
TEST_F(tx, burst)
{
	struct tv *t = &self->t;
	uint8_t buf[2048];
	unsigned int i;

	for (i = 0; i < BUFS; i++)
		ASSERT_EQ(0, tv_send(t, i, NULL, buf,
				     seq_pkt(buf, t->tap, i, 500)));
	ASSERT_EQ(0, vr_kick(&t->tx));
	EXPECT_EQ(BUFS, vr_pending(&t->tx));
	EXPECT_EQ(POLLIN, vr_poll(t->tx.fd, 0));
	for (i = 0; i < BUFS; i++) {
		ASSERT_EQ(i, tv_reap(t));
		ASSERT_EQ(0, tv_seen(t, i));
	}
	EXPECT_EQ(0, vr_poll(t->tx.fd, 0));
}

TEST_F(tx, from_pieces)
{
	struct tv *t = &self->t;
	uint8_t buf[2048] = { }, *p = t->tx.pool;
	size_t n = t->hdr + seq_pkt(buf + t->hdr, t->tap, 8, 600);

	memcpy(p, buf, 3);
	memcpy(p + 1000, buf + 3, 40);
	memcpy(p + 3000, buf + 43, n - 43);
	vr_desc(&t->tx, 3, p, 3, N, 9);
	vr_desc(&t->tx, 9, p + 1000, 40, N, 1);
	vr_desc(&t->tx, 1, p + 3000, n - 43, 0, 0);
	vr_put(&t->tx, 3);
	ASSERT_EQ(0, vr_kick(&t->tx));
	ASSERT_EQ(3, tv_reap(t));
	EXPECT_EQ(0, tv_seen(t, 8));
}

TEST_F(tx, gso)
{
	struct flow f = { .sport = 10, .dport = 20, .proto = IPPROTO_TCP,
			  .seq = 1 };
	struct tv *t = &self->t;
	size_t l2 = t->tap ? ETH_HLEN : 0, n;
	int sk = psock_open("vr0", true);
	struct virtio_net_hdr vh, got;
	static uint8_t pkt[BIG], buf[BIG];

	n = pkt_any(pkt, t->tap, &f, PAYLOAD);
	pkt_partial(pkt + l2);
	vh = vh_gso(pkt + l2, l2, MSS);
	ASSERT_EQ(0, tv_send(t, 2, &vh, pkt, n));
	ASSERT_EQ(0, vr_kick(&t->tx));
	ASSERT_EQ(n, psock_recv(sk, &got, buf, sizeof(buf)));
	EXPECT_EQ(VIRTIO_NET_HDR_GSO_TCPV4, got.gso_type);
	EXPECT_EQ(MSS, got.gso_size);
	EXPECT_EQ(0, memcmp(buf, pkt, n));
	ASSERT_EQ(2, tv_reap(t));
	close(sk);
}

/* hdr_len is a hint that may be too small, too large or without meaning. */
TEST_F(tx, hdr_len_is_a_hint)
{
	static const uint16_t hint[] = { 0, 1, 13, 14, 20, 200, 5000 };
	struct flow f = { .sport = 10, .dport = 20 };
	struct virtio_net_hdr vh = { };
	struct tv *t = &self->t;
	static uint8_t pkt[BIG], buf[BIG];
	size_t n = pkt_any(pkt, t->tap, &f, 8000);
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(hint); i++) {
		if (t->tap && hint[i] && hint[i] < ETH_HLEN)
			continue;
		vh.hdr_len = hint[i];
		ASSERT_EQ(0, tv_send(t, i, &vh, pkt, n));
		ASSERT_EQ(0, vr_kick(&t->tx));
		ASSERT_EQ(i, tv_reap(t));
		ASSERT_EQ(n, psock_recv(t->sk, NULL, buf, sizeof(buf)));
		ASSERT_EQ(0, memcmp(buf, pkt, n));
	}
}

/* The kernel uses and counts a buffer that is no packet, and transmits the next one. */
TEST_F(tx, bad_packets)
{
	struct rtnl_link_stats64 st, st2;
	struct tv *t = &self->t;
	uint8_t buf[2048] = { };

	ASSERT_EQ(0, rtnl_stats("vr0", &st));
	vr_give(&t->tx, 0, t->hdr - 1, 0);
	vr_give(&t->tx, 1, 0, 0);
	vr_give(&t->tx, 2, t->hdr, 0);
	ASSERT_EQ(0, tv_send(t, 3, NULL, buf, seq_pkt(buf, t->tap, 1, 100)));
	ASSERT_EQ(0, vr_kick(&t->tx));
	ASSERT_EQ(0, vr_wait(&t->tx, 4));
	EXPECT_EQ(0, tv_seen(t, 1));
	ASSERT_EQ(0, rtnl_stats("vr0", &st2));
	EXPECT_EQ(st.rx_dropped + 3, st2.rx_dropped);
	EXPECT_EQ(st.rx_packets + 1, st2.rx_packets);
}

/* A device that is down uses the buffers and counts the drops. */
TEST_F(tx, device_down)
{
	struct rtnl_link_stats64 st, st2;
	struct tv *t = &self->t;
	uint8_t buf[8192] = { };

	ASSERT_EQ(0, if_down("vr0"));
	ASSERT_EQ(0, rtnl_stats("vr0", &st));
	ASSERT_EQ(0, tv_send(t, 0, NULL, buf, seq_pkt(buf, t->tap, 1, 100)));
	ASSERT_EQ(0, tv_send(t, 1, NULL, buf, seq_pkt(buf, t->tap, 1, 8000)));
	ASSERT_EQ(0, vr_kick(&t->tx));
	ASSERT_EQ(0, vr_wait(&t->tx, 2));
	ASSERT_EQ(0, rtnl_stats("vr0", &st2));
	EXPECT_EQ(st.rx_dropped + 2, st2.rx_dropped);
	EXPECT_EQ(st.rx_packets, st2.rx_packets);
}

TEST_F(tx, write_works_beside)
{
	struct tv *t = &self->t;
	uint8_t buf[256];

	if (variant->flags != TUN_PLAIN)
		return;
	ASSERT_LT(0, fd_write(t->fd, buf, seq_pkt(buf, false, 3, 100)));
	EXPECT_EQ(0, tv_seen(t, 3));
}

TEST_HARNESS_MAIN
