// SPDX-License-Identifier: GPL-2.0
/* Receive: packets that the stack leaves to the user to segment. */
#include "attach.h"
#include "env.h"
#include "harness.h"

#define PAYLOAD	5000
#define MSS	1000

FIXTURE(gso) {
	struct env e;
	struct tring r;
	int sk;
};

FIXTURE_VARIANT(gso) {
	int flags;
	uint64_t features;
	bool v6;
	bool attached, pinned;	/* attached in the test's memory, else mapped */
};

FIXTURE_VARIANT_ADD(gso, tun_meta_v4) { TUN_PLAIN, F_META, false };
FIXTURE_VARIANT_ADD(gso, tun_meta_v6) { TUN_PLAIN, F_META | F_EVENT, true };
FIXTURE_VARIANT_ADD(gso, tap_meta_v4) { TAP_PLAIN, F_META, false };
FIXTURE_VARIANT_ADD(gso, tap_vnet_v4) { TAP_PLAIN | IFF_VNET_HDR, 0, false };
FIXTURE_VARIANT_ADD(gso, tun_vnet_v6) { TUN_PLAIN | IFF_VNET_HDR, 0, true };

FIXTURE_VARIANT_ADD(gso, attached) { TUN_PLAIN, F_META, false, true };
FIXTURE_VARIANT_ADD(gso, attached_pinned) { TUN_PLAIN, F_META, false, true,
					    true };
FIXTURE_VARIANT_ADD(gso, attached_tap_vnet) { TAP_PLAIN | IFF_VNET_HDR, 0, true,
					      true };

FIXTURE_SETUP(gso)
{
	struct aconf a = { .c = { variant->features, 32, 8, 2048, 0 },
			   .pin = variant->pinned };

	ASSERT_EQ(0, env_open(&self->e, "gso0", variant->flags));
	if (variant->flags & IFF_VNET_HDR)
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ, 12));
	ASSERT_EQ(0, variant->attached ?
		  attach_rings(&self->r, self->e.fd, &a) :
		  tring_setup(&self->r, self->e.fd, &a.c));
	self->sk = psock_open("gso0", true);
	ASSERT_LE(0, self->sk);
	ASSERT_EQ(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(gso)
{
	close(self->sk);
	tring_unmap(&self->r);
	env_close(&self->e);
}

/*
 * Receives a packet and its header, which is in front or in the record. Returns
 * the length.
 */
static ssize_t recv_vh(struct tring *r, struct virtio_net_hdr *vh, void *buf,
		       size_t size)
{
	struct tun_ring_meta m = { };
	uint8_t raw[16384];
	ssize_t n = tring_recv(r, raw, sizeof(raw), &m);
	size_t pre = r->s.features & F_META ? 0 : 12;

	if (n < (ssize_t)pre || n - pre > size)
		return n < 0 ? n : -EMSGSIZE;
	memcpy(vh, pre ? (void *)raw : (void *)&m, sizeof(*vh));
	memcpy(buf, raw + pre, n - pre);
	return n - pre;
}

static size_t make_super(void *pkt, bool tap, bool v6, struct virtio_net_hdr *vh)
{
	struct flow f = { .sport = 10, .dport = 20, .proto = IPPROTO_TCP,
			  .v6 = v6, .seq = 1 };
	size_t l2 = tap ? ETH_HLEN : 0;
	size_t n = pkt_any(pkt, tap, &f, PAYLOAD);

	pkt_partial((char *)pkt + l2);
	*vh = vh_gso((char *)pkt + l2, l2, MSS);
	return n;
}

TEST_F(gso, whole)
{
	size_t l2 = self->e.tap ? ETH_HLEN : 0, n;
	struct virtio_net_hdr vh, got;
	uint8_t pkt[8192], buf[8192];

	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD,
				 TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6));
	n = make_super(pkt, self->e.tap, variant->v6, &vh);
	ASSERT_EQ(0, psock_send(self->sk, &vh, pkt, n));
	ASSERT_EQ(n, recv_vh(&self->r, &got, buf, sizeof(buf)));
	EXPECT_EQ(variant->v6 ? VIRTIO_NET_HDR_GSO_TCPV6 :
		  VIRTIO_NET_HDR_GSO_TCPV4, got.gso_type);
	EXPECT_EQ(MSS, got.gso_size);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, got.flags);
	EXPECT_EQ(l2 + (variant->v6 ? 40 : 20), got.csum_start);
	EXPECT_EQ(16, got.csum_offset);
	EXPECT_LE(l2 + pkt_hdr_len(pkt + l2), got.hdr_len);
	EXPECT_EQ(0, memcmp(buf, pkt, n));
}

TEST_F(gso, segmented_without_offload)
{
	size_t l2 = self->e.tap ? ETH_HLEN : 0, hdr, sum = 0;
	struct virtio_net_hdr vh, got;
	uint8_t pkt[8192], buf[8192];
	unsigned int i;
	ssize_t n;

	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, 0));
	n = make_super(pkt, self->e.tap, variant->v6, &vh);
	hdr = l2 + pkt_hdr_len(pkt + l2);
	ASSERT_EQ(0, psock_send(self->sk, &vh, pkt, n));
	for (i = 0; i < PAYLOAD / MSS; i++) {
		n = recv_vh(&self->r, &got, buf, sizeof(buf));
		ASSERT_EQ(hdr + MSS, n);
		EXPECT_EQ(VIRTIO_NET_HDR_GSO_NONE, got.gso_type);
		EXPECT_EQ(0, got.flags);
		EXPECT_TRUE(pkt_l4_ok(buf + l2, n - l2));
		EXPECT_EQ(0, memcmp(buf + hdr, pkt + hdr + sum, MSS));
		sum += MSS;
	}
	EXPECT_TRUE(tvq_quiet(&self->r.rx, 0, 20));
}

TEST_HARNESS_MAIN
