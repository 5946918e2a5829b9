// SPDX-License-Identifier: GPL-2.0
/* UDP segmentation offload: one packet of many datagrams, in both directions. */
#include "attach.h"
#include "env.h"
#include "uso.h"

#define STOCK_ONLY_VARIANT	"vnet"
#include "harness.h"

#define SEGMENT	1000
#define N	8
#define REST	700
#define SIZE	((N - 1) * SEGMENT + REST)
#define BUF	16384

FIXTURE(uso) {
	struct env e;
	struct tring r;
	struct mode m;		/* of the headers in front */
	int sk;
	size_t hdr;		/* bytes of the link's, IP and UDP headers */
	uint8_t pkt[BUF], buf[BUF];
};

FIXTURE_VARIANT(uso) {
	int flags, hdr;
	uint64_t features;
	bool v6;
	bool attached;		/* in the test's memory: a thread serves the rings */
};

FIXTURE_VARIANT_ADD(uso, meta) { TUN_PLAIN, 0, F_META };
FIXTURE_VARIANT_ADD(uso, meta_tap_v6) { TAP_PLAIN, 0, F_META | F_EVENT, true };
FIXTURE_VARIANT_ADD(uso, vnet) { TUN_PLAIN, 12, 0 };
FIXTURE_VARIANT_ADD(uso, attached) { TAP_PLAIN, 10, 0, true, true };

FIXTURE_SETUP(uso)
{
	struct aconf a = { .c = { variant->features, 32, 32, BUF, 0 } };
	int flags = variant->flags | (variant->hdr ? IFF_VNET_HDR : 0);

	ASSERT_EQ(0, env_open(&self->e, "uso0", flags));
	self->m = (struct mode) { TUN_PLAIN, variant->hdr, 1 };
	if (variant->hdr) {
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ,
				       variant->hdr));
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETLE, 1));
	}
	ASSERT_EQ(0, variant->attached ?
		  attach_rings(&self->r, self->e.fd, &a) :
		  tring_setup(&self->r, self->e.fd, &a.c));
	ASSERT_EQ(0, tring_rx_fill(&self->r));
	self->sk = uso_socket("uso0", variant->v6);
	ASSERT_LE(0, self->sk);
	self->hdr = (self->e.tap ? ETH_HLEN : 0) + (variant->v6 ? 40 : 20) + 8;
}

FIXTURE_TEARDOWN(uso)
{
	close(self->sk);
	tring_unmap(&self->r);
	env_close(&self->e);
}

/*
 * Receives a packet of UDP and its header. Other packets are those that IPv6
 * sends on a new interface.
 */
static ssize_t recv_vh(struct _test_data_uso *self, struct virtio_net_hdr *vh)
{
	size_t pre = self->m.hdr, l2 = self->e.tap ? ETH_HLEN : 0;
	struct tun_ring_meta m;
	struct tun_pi pi;
	uint8_t raw[BUF], *ip = raw + pre + l2;
	ssize_t n;

	do {
		m = (struct tun_ring_meta) { };
		n = tring_recv(&self->r, raw, sizeof(raw), &m);
		if (n < (ssize_t)(pre + l2 + 28))
			return n < 0 ? n : -EMSGSIZE;
	} while (ip[*ip >> 4 == 6 ? 6 : 9] != IPPROTO_UDP);
	memcpy(vh, &m, sizeof(*vh));
	mode_get(&self->m, raw, &pi, vh);
	memcpy(self->buf, raw + pre, n - pre);
	return n - pre;
}

/* Sends N datagrams by one call. */
static ssize_t send_super(struct _test_data_uso *self)
{
	int i;

	for (i = 0; i < SIZE; i++)
		self->pkt[i] = i * 7 + i / 256;
	return uso_send(self->sk, self->pkt, SIZE, SEGMENT);
}

TEST_F(uso, receive)
{
	struct virtio_net_hdr vh;

	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, USO_OFFLOADS));
	ASSERT_EQ(SIZE, send_super(self));
	ASSERT_EQ(self->hdr + SIZE, recv_vh(self, &vh));
	EXPECT_EQ(VIRTIO_NET_HDR_GSO_UDP_L4, vh.gso_type);
	EXPECT_EQ(SEGMENT, vh.gso_size);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, vh.flags);
	EXPECT_EQ(self->hdr - 8, vh.csum_start);
	EXPECT_EQ(6, vh.csum_offset);
	EXPECT_LE(self->hdr, vh.hdr_len);
	EXPECT_EQ(0, memcmp(self->buf + self->hdr, self->pkt, SIZE));
}

/* User space has turned the offload off. */
TEST_F(uso, receive_segmented)
{
	struct virtio_net_hdr vh;
	unsigned int i;
	size_t len;

	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, USO_OFFLOADS));
	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, TUN_F_CSUM));
	ASSERT_EQ(SIZE, send_super(self));
	for (i = 0; i < N; i++) {
		len = i < N - 1 ? SEGMENT : REST;
		ASSERT_EQ(self->hdr + len, recv_vh(self, &vh));
		EXPECT_EQ(0, vh.gso_type);
		EXPECT_EQ(0, memcmp(self->buf + self->hdr,
				    self->pkt + i * SEGMENT, len));
	}
}

/* The header is in front of the packet, or in the record. */
static int send_vh(struct _test_data_uso *self, const struct virtio_net_hdr *vh,
		   size_t len)
{
	size_t n = mode_put(&self->m, self->buf, 0, vh);
	struct tun_ring_meta meta = { };

	memcpy(&meta, vh, sizeof(*vh));
	memcpy(self->buf + n, self->pkt, len);
	return tring_send(&self->r, self->buf, n + len, &meta);
}

static size_t make_super(struct _test_data_uso *self, bool v6, size_t payload,
			 struct virtio_net_hdr *vh)
{
	struct flow f = { .sport = 5000, .dport = 6000, .v6 = v6 };

	return uso_packet(self->pkt, self->e.tap, &f, payload, SEGMENT, vh);
}

TEST_F(uso, transmit)
{
	struct virtio_net_hdr vh;
	uint8_t got[2048];
	unsigned int i;
	size_t len, n;

	n = make_super(self, variant->v6, SIZE, &vh);
	ASSERT_EQ(0, send_vh(self, &vh, n));
	for (i = 0; i < N; i++) {
		len = i < N - 1 ? SEGMENT : REST;
		ASSERT_EQ(len, recv(self->sk, got, sizeof(got), 0));
		EXPECT_EQ(0, memcmp(got, self->pkt + self->hdr + i * SEGMENT,
				    len));
	}
	/* a packet of one segment is a plain one */
	n = make_super(self, variant->v6, SEGMENT, &vh);
	ASSERT_EQ(0, send_vh(self, &vh, n));
	ASSERT_EQ(SEGMENT, recv(self->sk, got, sizeof(got), 0));
	EXPECT_EQ(0, memcmp(got, self->pkt + self->hdr, SEGMENT));
}

static uint64_t tx_errors(int fd)
{
	struct tun_ring_stats st = { };

	return tring_stats(fd, &st) ? UINT64_MAX : st.tx.errors;
}

TEST_F(uso, transmit_refused)
{
	struct virtio_net_hdr good;
	uint64_t errors = 0;
	size_t n;

	n = make_super(self, variant->v6, SIZE, &good);
#define REFUSED(change) do {						\
	struct virtio_net_hdr vh = good;				\
									\
	change;								\
	ASSERT_EQ(0, send_vh(self, &vh, n));				\
	EXPECT_EQ(++errors, tx_errors(self->e.fd)) TH_LOG(#change);	\
} while (0)
	REFUSED(vh.flags = 0);
	REFUSED(vh.gso_size = 0);
	REFUSED(vh.gso_size = 0xffff);
	REFUSED(vh.gso_size = SIZE / 129 /* more than 128 segments */);
	REFUSED(vh.csum_offset = 16);
	REFUSED(vh.csum_start = n - 7 /* no room for a UDP header */);
	REFUSED(vh.gso_type |= VIRTIO_NET_HDR_GSO_ECN);
	ASSERT_EQ(0, send_vh(self, &good, n));
	EXPECT_EQ(errors, tx_errors(self->e.fd));
}

TEST_HARNESS_MAIN
