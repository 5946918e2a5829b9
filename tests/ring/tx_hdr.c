// SPDX-License-Identifier: GPL-2.0
/* Transmit: headers in front of the packet, and invalid packets. */
#include "env.h"

#define STOCK_ONLY_VARIANT	"_10 _12 _20 tap_pi"
#include "harness.h"

FIXTURE(hdr) {
	struct env e;
	struct tring r;
	struct mode m;
	int sk;
};

FIXTURE_VARIANT(hdr) {
	int flags, hdr, le;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(hdr, tun_pi) { IFF_TUN, 0, 0, 0 };
FIXTURE_VARIANT_ADD(hdr, tap_pi) { IFF_TAP, 0, 0, 0 };
FIXTURE_VARIANT_ADD(hdr, tun_10) { TUN_PLAIN, 10, 0, 0 };
FIXTURE_VARIANT_ADD(hdr, tap_12_le) { TAP_PLAIN, 12, 1, F_EVENT };
FIXTURE_VARIANT_ADD(hdr, tap_20) { TAP_PLAIN, 20, 0, 0 };
FIXTURE_VARIANT_ADD(hdr, tun_pi_12) { IFF_TUN, 12, 1, 0 };
FIXTURE_VARIANT_ADD(hdr, tun_meta) { IFF_TUN, 12, 1, F_META };
FIXTURE_VARIANT_ADD(hdr, tap_meta) { IFF_TAP, 0, 0, F_META };

FIXTURE_SETUP(hdr)
{
	struct tconf c = { variant->features, 8, 32, 8192, 0 };
	int flags = variant->flags | (variant->hdr ? IFF_VNET_HDR : 0);

	ASSERT_EQ(0, env_open(&self->e, "txh0", flags));
	self->m = (struct mode) { variant->flags, variant->hdr,
				      variant->le };
	ASSERT_EQ(0, env_rings(&self->e, &self->r, &self->m, &c));
	self->sk = psock_open("txh0", true);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(hdr)
{
	close(self->sk);
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Puts the header in front or into the record, and transmits. */
static int send_vh(struct tring *r, const struct mode *m, int proto,
		   const struct virtio_net_hdr *vh, const void *p, size_t len)
{
	struct tun_ring_meta meta = { };
	uint8_t buf[8192];
	size_t n = mode_put(m, buf, proto, vh);

	if (vh)
		memcpy(&meta, vh, sizeof(*vh));
	memcpy(buf + n, p, len);
	return tring_send(r, buf, n + len, &meta);
}

static uint64_t tx_errors(int fd)
{
	struct tun_ring_stats st = { };

	return tring_stats(fd, &st) ? UINT64_MAX : st.tx.errors;
}

TEST_F(hdr, plain)
{
	uint8_t pkt[512];
	size_t n = seq_pkt(pkt, self->e.tap, 4, 200);

	ASSERT_EQ(0, send_vh(&self->r, &self->m, ETH_P_IP, NULL, pkt, n));
	EXPECT_EQ(0, env_seen(&self->e, 4, 1));
	EXPECT_EQ(0, tx_errors(self->e.fd));
}

/* The device counts the bytes of the packet without its headers. */
TEST_F(hdr, bytes)
{
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;
	uint8_t pkt[512];
	size_t n = seq_pkt(pkt, self->e.tap, 4, 200);

	ASSERT_EQ(0, send_vh(&self->r, &self->m, ETH_P_IP, NULL, pkt, n));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	ASSERT_EQ(0, rtnl_stats("txh0", &dev));
	EXPECT_EQ(n, dev.rx_bytes);
	EXPECT_EQ(n, st.tx.bytes);
}

/* Packets shorter than their headers, and empty packets behind the headers. */
TEST_F(hdr, too_short)
{
	size_t pre = mode_prefix(&self->m), least = pre + 1, n, errors = 0;
	uint8_t buf[64] = { };

	if (self->e.tap)
		least = pre + ETH_HLEN;
	for (n = 0; n < least; n++) {
		ASSERT_EQ(0, tring_send(&self->r, buf, n, NULL));
		EXPECT_EQ(++errors, tx_errors(self->e.fd)) {
			TH_LOG("%zu bytes", n);
		}
	}
	n = seq_pkt(buf, self->e.tap, 1, 40);
	ASSERT_EQ(0, send_vh(&self->r, &self->m, ETH_P_IP, NULL, buf, n));
	EXPECT_EQ(0, env_seen(&self->e, 1, 1));
}

/* A chain longer than the largest packet. */
TEST_F(hdr, too_long)
{
	struct tring *r = &self->r;
	struct rtnl_link_stats64 dev;
	uint8_t pkt[64];
	unsigned int i;
	size_t n;

	memset(r->pool, 0x45, r->s.pool_len);
	for (i = 0; i < 20; i++)
		tvq_desc(&r->tx, i, i * 8192, 8192,
			 i < 19 ? VRING_DESC_F_NEXT : 0, i + 1);
	tvq_put(&r->tx, 0);
	ASSERT_LE(0, tring_tx_kick(r));
	ASSERT_EQ(0, tvq_wait(&r->tx, 1));
	EXPECT_EQ(1, tx_errors(self->e.fd));
	ASSERT_EQ(0, rtnl_stats("txh0", &dev));
	EXPECT_EQ(0, dev.rx_packets);
	EXPECT_EQ(1, dev.rx_dropped + dev.rx_errors);
	tvq_take(&r->tx, 1);
	/* all descriptors are free again, descriptor 0 was never allocated */
	n = seq_pkt(pkt, self->e.tap, 1, 40);
	ASSERT_EQ(0, send_vh(r, &self->m, ETH_P_IP, NULL, pkt, n));
	EXPECT_EQ(0, env_seen(&self->e, 1, 1));
}

TEST_F(hdr, needs_csum)
{
	struct flow f = { .sport = 1, .dport = 2 };
	size_t l2 = self->e.tap ? ETH_HLEN : 0, n;
	struct virtio_net_hdr vh, got;
	uint8_t pkt[512], buf[2048];

	if (!self->m.hdr && !(variant->features & F_META))
		return;
	n = pkt_any(pkt, self->e.tap, &f, 100);
	pkt_partial(pkt + l2);
	vh = vh_csum(pkt + l2, l2);
	ASSERT_EQ(0, send_vh(&self->r, &self->m, ETH_P_IP, &vh, pkt, n));
	ASSERT_EQ(n, psock_recv(self->sk, &got, buf, sizeof(buf)));
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, got.flags);
	EXPECT_EQ(l2 + 20, got.csum_start);
	EXPECT_EQ(6, got.csum_offset);
	EXPECT_EQ(0, memcmp(buf, pkt, n));
}

TEST_F(hdr, gso)
{
	struct flow f = { .sport = 1, .dport = 2, .proto = IPPROTO_TCP };
	size_t l2 = self->e.tap ? ETH_HLEN : 0, n;
	struct virtio_net_hdr vh, got;
	uint8_t pkt[8192], buf[8192];
	unsigned int v6;

	if (!self->m.hdr && !(variant->features & F_META))
		return;
	for (v6 = 0; v6 < 2; v6++) {
		f.v6 = v6;
		n = pkt_any(pkt, self->e.tap, &f, 6000);
		pkt_partial(pkt + l2);
		vh = vh_gso(pkt + l2, l2, 1200);
		ASSERT_EQ(0, send_vh(&self->r, &self->m,
				     v6 ? ETH_P_IPV6 : ETH_P_IP, &vh, pkt, n));
		ASSERT_EQ(n, psock_recv(self->sk, &got, buf, sizeof(buf)));
		EXPECT_EQ(vh.gso_type, got.gso_type);
		EXPECT_EQ(1200, got.gso_size);
		EXPECT_EQ(0, memcmp(buf, pkt, n));
	}
}

/* Linux 7.3 parses a GSO packet whose header has no checksum. */
TEST_F(hdr, gso_without_csum)
{
	struct flow f = { .sport = 1, .dport = 2, .proto = IPPROTO_TCP };
	struct virtio_net_hdr vh = {
		.gso_type = VIRTIO_NET_HDR_GSO_TCPV4, .gso_size = 1200
	};
	struct virtio_net_hdr got;
	uint8_t pkt[8192], buf[8192];
	size_t n;

	if (!self->m.hdr && !(variant->features & F_META))
		return;
	n = pkt_any(pkt, self->e.tap, &f, 6000);
	ASSERT_EQ(0, send_vh(&self->r, &self->m, ETH_P_IP, &vh, pkt, n));
	ASSERT_EQ(n, psock_recv(self->sk, &got, buf, sizeof(buf)));
	EXPECT_EQ(VIRTIO_NET_HDR_GSO_TCPV4, got.gso_type);
	EXPECT_EQ(0, memcmp(buf, pkt, n));
	EXPECT_EQ(0, tx_errors(self->e.fd));
	vh.gso_type = VIRTIO_NET_HDR_GSO_TCPV6;
	ASSERT_EQ(0, send_vh(&self->r, &self->m, ETH_P_IP, &vh, pkt, n));
	EXPECT_EQ(kernel_since(7, 3, 0) ? 1 : 0, tx_errors(self->e.fd));
}

/* Checksum offsets outside the packet, and GSO sizes of 0. */
TEST_F(hdr, bad_values)
{
	static const struct virtio_net_hdr bad[] = {
		{ .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .csum_start = 5000 },
		{ .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .csum_start = 20,
		  .csum_offset = 60000 },
		{ .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .csum_start = 65535,
		  .csum_offset = 65535 },
		{ .hdr_len = 65535 },
		{ .gso_type = VIRTIO_NET_HDR_GSO_TCPV4, .gso_size = 0,
		  .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .csum_start = 34,
		  .csum_offset = 16, .hdr_len = 54 },
		{ .gso_type = 0x42, .gso_size = 100 },
	};
	struct flow f = { .sport = 1, .dport = 2, .proto = IPPROTO_TCP };
	uint64_t errors;
	uint8_t pkt[512];
	unsigned int i;
	size_t n;

	if (!self->m.hdr && !(variant->features & F_META))
		return;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		errors = tx_errors(self->e.fd);
		n = pkt_any(pkt, self->e.tap, &f, 100);
		ASSERT_EQ(0, send_vh(&self->r, &self->m, ETH_P_IP, &bad[i],
				     pkt, n));
		EXPECT_EQ(errors + 1, tx_errors(self->e.fd)) {
			TH_LOG("header %u", i);
		}
	}
	n = seq_pkt(pkt, self->e.tap, 1, 40);
	ASSERT_EQ(0, send_vh(&self->r, &self->m, ETH_P_IP, NULL, pkt, n));
	EXPECT_EQ(0, env_seen(&self->e, 1, 1));
}

TEST_HARNESS_MAIN
