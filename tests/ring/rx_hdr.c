// SPDX-License-Identifier: GPL-2.0
/* Receive: the headers in front of a packet, of each kind. */
#include <linux/ip.h>

#include "env.h"

#define STOCK_ONLY_VARIANT	"_10 tap_20 tun_pi_12 tap_pi"
#include "harness.h"

FIXTURE(hdr) {
	struct env e;
	struct tring r;
	struct mode m;
};

FIXTURE_VARIANT(hdr) {
	int flags, hdr, le;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(hdr, tun_pi) { IFF_TUN, 0, 0, 0 };
FIXTURE_VARIANT_ADD(hdr, tap_pi) { IFF_TAP, 0, 0, 0 };
FIXTURE_VARIANT_ADD(hdr, tun_10) { TUN_PLAIN, 10, 0, 0 };
FIXTURE_VARIANT_ADD(hdr, tun_12_le) { TUN_PLAIN, 12, 1, 0 };
FIXTURE_VARIANT_ADD(hdr, tap_12) { TAP_PLAIN, 12, 0, F_EVENT };
FIXTURE_VARIANT_ADD(hdr, tap_20) { TAP_PLAIN, 20, 1, 0 };
FIXTURE_VARIANT_ADD(hdr, tun_pi_12) { IFF_TUN, 12, 1, 0 };
FIXTURE_VARIANT_ADD(hdr, tap_pi_10) { IFF_TAP, 10, 0, 0 };
/* With records, there is no header for any flags. */
FIXTURE_VARIANT_ADD(hdr, tun_pi_meta) { IFF_TUN, 0, 0, F_META };
FIXTURE_VARIANT_ADD(hdr, tap_12_meta) { TAP_PLAIN, 12, 1, F_META };
FIXTURE_VARIANT_ADD(hdr, tun_pi_12_meta) { IFF_TUN, 12, 0, F_META };

FIXTURE_SETUP(hdr)
{
	struct tconf c = { variant->features, 8, 8, 2048, 0 };
	int flags = variant->flags | (variant->hdr ? IFF_VNET_HDR : 0);

	ASSERT_EQ(0, env_open(&self->e, "hdr0", flags));
	self->m = (struct mode) { variant->flags, variant->hdr,
				      variant->le };
	ASSERT_EQ(0, env_rings(&self->e, &self->r, &self->m, &c));
	memset(self->r.pool, 0xa5, self->r.s.pool_len);
	ASSERT_EQ(0, tring_rx_fill(&self->r));
}

/* Returns num_buffers of a header. */
static unsigned int count_in(const struct tring *r, const uint8_t *hdr)
{
	uint16_t n;

	memcpy(&n, hdr + 10, sizeof(n));
	return r->le ? le16toh(n) : n;
}

FIXTURE_TEARDOWN(hdr)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(hdr, prefix)
{
	size_t pre = mode_prefix(&self->m), body, i;
	struct virtio_net_hdr vh = { };
	struct virtio_net_hdr none = { };
	struct tun_pi pi = { };
	uint8_t buf[2048];

	body = 200 + (self->e.tap ? ETH_HLEN : 0);
	ASSERT_EQ(0, env_inject(&self->e, 11, 200));
	ASSERT_EQ(pre + body, tring_recv(&self->r, buf, sizeof(buf), NULL));
	mode_get(&self->m, buf, &pi, &vh);
	if (!(self->m.flags & IFF_NO_PI)) {
		EXPECT_EQ(0, pi.flags);
		EXPECT_EQ(htons(ETH_P_IP), pi.proto);
	}
	EXPECT_EQ(0, memcmp(&none, &vh, sizeof(vh)));
	EXPECT_EQ(11, seq_of(buf + pre, body, self->e.tap));
	/* the bytes of a larger header behind num_buffers are zero */
	if (self->m.hdr >= 12) {
		EXPECT_EQ(1, count_in(&self->r, buf + pre - self->m.hdr));
		for (i = 12; i < self->m.hdr; i++)
			EXPECT_EQ(0, buf[pre - self->m.hdr + i]);
	}
}

/* The descriptors of a chain may split the header anywhere. */
TEST_F(hdr, cut_by_descriptors)
{
	size_t pre = mode_prefix(&self->m), total, cut;
	struct tring *r = &self->r;
	unsigned int i;

	total = pre + 60 + (self->e.tap ? ETH_HLEN : 0);
	/* use the plain buffers first */
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 8, 60));
	ASSERT_EQ(0, tvq_wait(&r->rx, 8));
	tvq_take(&r->rx, 8);
	for (cut = 1; cut < pre + 4; cut++) {
		memset(r->pool, 0xa5, 4096);
		for (i = 0; i < 2; i++)
			tvq_desc(&r->rx, i, i ? cut : 0, i ? 2000 : cut,
				 VRING_DESC_F_WRITE |
					 (i ? 0 : VRING_DESC_F_NEXT),
				 1);
		tvq_put(&r->rx, 0);
		ASSERT_LE(0, tring_rx_kick(r));
		ASSERT_EQ(0, env_inject(&self->e, cut, 60));
		ASSERT_EQ(0, tvq_wait(&r->rx, 1));
		ASSERT_EQ(total, tvq_used_at(&r->rx, r->rx.taken).len);
		ASSERT_EQ(cut, seq_of(r->pool + pre, total - pre,
				      self->e.tap));
		if (self->m.hdr >= 12)
			ASSERT_EQ(1, count_in(r, r->pool + pre - self->m.hdr));
		ASSERT_EQ(0xa5, r->pool[total]);
		tvq_take(&r->rx, 1);
	}
}

/* A partial checksum, as a sender with offload leaves it. */
TEST_F(hdr, partial_checksum)
{
	struct flow f = { .sport = 1000, .dport = 2000 };
	size_t l2 = self->e.tap ? ETH_HLEN : 0, n, pre;
	bool meta = self->r.s.features & F_META;
	struct virtio_net_hdr vh, got = { };
	uint8_t pkt[512], buf[2048];
	struct tun_ring_meta m = { };
	struct tun_pi pi;
	int sk;

	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, TUN_F_CSUM));
	sk = psock_open("hdr0", true);
	ASSERT_LE(0, sk);
	n = pkt_any(pkt, self->e.tap, &f, 100);
	pkt_partial(pkt + l2);
	vh = vh_csum(pkt + l2, l2);
	ASSERT_EQ(0, psock_send(sk, &vh, pkt, n));
	pre = mode_prefix(&self->m);
	ASSERT_EQ(pre + n, tring_recv(&self->r, buf, sizeof(buf), &m));
	mode_get(&self->m, buf, &pi, &got);
	if (meta)
		memcpy(&got, &m, sizeof(got));
	if (meta || self->m.hdr) {
		EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, got.flags);
		EXPECT_EQ(l2 + 20, got.csum_start);
		EXPECT_EQ(6, got.csum_offset);
		EXPECT_EQ(0, got.gso_type);
	}
	EXPECT_EQ(0, memcmp(buf + pre, pkt, n));
	close(sk);
}

/* A packet from another device whose checksum GRO has verified. */
TEST_F(hdr, checksum_known_good)
{
	struct flow f = { .sport = 1000, .dport = 2000, .proto = IPPROTO_TCP };
	size_t l2 = self->e.tap ? ETH_HLEN : 0, n, pre;
	struct virtio_net_hdr got = { };
	uint8_t pkt[512], buf[2048];
	struct tun_ring_meta m = { };
	struct tun_pi pi;
	int src = tunfd_create_up("src0", TUN_PLAIN | IFF_NAPI);

	ASSERT_LE(0, src);
	ASSERT_EQ(0, file_put("/proc/sys/net/ipv4/ip_forward", "1"));
	ASSERT_EQ(0, cmd_run("ip route add 10.9.0.1 dev hdr0"));
	if (self->e.tap)
		ASSERT_EQ(0, cmd_run("ip neigh replace 10.9.0.1 dev hdr0 "
				     "lladdr 02:00:00:00:00:0b"));
	n = pkt_any(pkt, false, &f, 100);
	ASSERT_EQ(n, write(src, pkt, n));
	pre = mode_prefix(&self->m);
	ASSERT_EQ(pre + l2 + n, tring_recv(&self->r, buf, sizeof(buf), &m));
	mode_get(&self->m, buf, &pi, &got);
	if (self->r.s.features & F_META)
		got.flags = m.vnet_flags;
	if (self->r.s.features & F_META || self->m.hdr)
		EXPECT_EQ(VIRTIO_NET_HDR_F_DATA_VALID, got.flags);
	EXPECT_EQ(0, memcmp(buf + pre + l2 + sizeof(struct iphdr),
			    pkt + sizeof(struct iphdr),
			    n - sizeof(struct iphdr)));
	close(src);
}

/* Without the offload, the user gets a complete checksum. */
TEST_F(hdr, complete_checksum)
{
	struct flow f = { .sport = 1000, .dport = 2000 };
	size_t l2 = self->e.tap ? ETH_HLEN : 0, n, pre;
	struct virtio_net_hdr vh, got = { };
	uint8_t pkt[512], buf[2048];
	struct tun_ring_meta m = { };
	struct tun_pi pi;
	int sk;

	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, 0));
	sk = psock_open("hdr0", true);
	ASSERT_LE(0, sk);
	n = pkt_any(pkt, self->e.tap, &f, 100);
	pkt_partial(pkt + l2);
	vh = vh_csum(pkt + l2, l2);
	ASSERT_EQ(0, psock_send(sk, &vh, pkt, n));
	pre = mode_prefix(&self->m);
	ASSERT_EQ(pre + n, tring_recv(&self->r, buf, sizeof(buf), &m));
	mode_get(&self->m, buf, &pi, &got);
	EXPECT_EQ(0, got.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM);
	EXPECT_EQ(0, m.vnet_flags & VIRTIO_NET_HDR_F_NEEDS_CSUM);
	EXPECT_TRUE(pkt_l4_ok(buf + pre + l2, n - l2));
	close(sk);
}

TEST_HARNESS_MAIN
