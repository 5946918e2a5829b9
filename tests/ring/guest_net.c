// SPDX-License-Identifier: GPL-2.0
/* A guest's packets: each kind of header, GSO, sizes. */
#include "guest.h"

#define STOCK_ONLY_VARIANT	"pinned"
#include "harness.h"

FIXTURE(gnet) {
	struct env e;
	struct guest g;
	int vsk;		/* a packet socket with PACKET_VNET_HDR */
	size_t l2;
};

FIXTURE_VARIANT(gnet) {
	int flags;
	int dev_hdr;		/* bytes of TUNSETVNETHDRSZ, 0: none */
	uint64_t features;
	size_t hdr;
	bool pin;
};

#define VNET	IFF_VNET_HDR

GUEST_VARIANTS(gnet, none, TUN_PLAIN, 0, G_V1, 0);
GUEST_VARIANTS(gnet, v1, TAP_PLAIN | VNET, 12, G_V1, 12);
GUEST_VARIANTS(gnet, mergeable, TAP_PLAIN | VNET, 12, G_V1 | G_MRG | G_EVENT, 12);
GUEST_VARIANTS(gnet, own, TUN_PLAIN, 0, G_V1 | G_HDR, 12);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* elsewhere the rings would be big-endian, and the kernel refuses them */
GUEST_VARIANTS(gnet, legacy, TUN_PLAIN | VNET, 10, 0, 10);
GUEST_VARIANTS(gnet, mergeable_legacy, TUN_PLAIN | VNET, 12, G_MRG, 12);
GUEST_VARIANTS(gnet, own_legacy, TAP_PLAIN, 0, G_HDR, 10);
GUEST_VARIANTS(gnet, own_mergeable, TUN_PLAIN, 0, G_MRG | G_HDR | G_EVENT, 12);
#endif

FIXTURE_SETUP(gnet)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", variant->flags));
	if (variant->dev_hdr)
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ,
				       variant->dev_hdr));
	ASSERT_EQ(0, if_mtu("guest0", 60000));
	self->vsk = psock_open("guest0", true);
	self->l2 = self->e.tap ? ETH_HLEN : 0;
	ASSERT_EQ(0, guest_open_in(&self->g, dup(self->e.fd), variant->pin,
				   variant->features, variant->hdr));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
}

FIXTURE_TEARDOWN(gnet)
{
	close(self->vsk);
	guest_close(&self->g);
	env_close(&self->e);
}

static int inject(struct env *e, uint32_t seq, size_t len)
{
	uint8_t pkt[20000];

	return psock_send(e->sk, NULL, pkt, seq_pkt(pkt, e->tap, seq, len));
}

TEST_F(gnet, both_ways)
{
	static const size_t sizes[] = { 24, 60, 100, 1400, 3000, 4000 };
	struct guest *g = &self->g;
	uint8_t pkt[G_BUF], buf[G_BUF];
	unsigned int i;
	size_t n;

	guest_fill(g);
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		ASSERT_EQ(0, inject(&self->e, i, sizes[i]));
		ASSERT_EQ(0, guest_expect(g, self->e.tap, i, 1));
		n = seq_pkt(pkt, self->e.tap, i, sizes[i]);
		ASSERT_EQ(0, guest_send(g, NULL, pkt, n));
		ASSERT_EQ(n, psock_recv(self->e.sk, NULL, buf, sizeof(buf)));
		EXPECT_EQ(0, memcmp(pkt, buf, n));
	}
}

/* The header is zero except num_buffers, and the driver writes each byte of it. */
TEST_F(gnet, header)
{
	struct guest *g = &self->g;
	uint8_t want[12] = { [10] = 1 };

	memset(g->pool, 0xaa, G_BUF);
	guest_fill(g);
	ASSERT_EQ(0, inject(&self->e, 0, 100));
	ASSERT_EQ(0, tvq_wait(&g->vq[G_RX], 1));
	EXPECT_EQ(g->hdr + self->l2 + 100, tvq_used_at(&g->vq[G_RX], 0).len);
	EXPECT_EQ(0, memcmp(g->pool, want, g->hdr));
	EXPECT_EQ(0xaa, g->pool[g->hdr + self->l2 + 100]);
}

/* A packet that is not longer than its headers is invalid. */
TEST_F(gnet, too_short)
{
	struct guest *g = &self->g;
	struct tvq *vq = &g->vq[G_TX];
	struct tun_ring_stats st;
	unsigned int len, max = g->hdr + (self->e.tap ? ETH_HLEN - 1 : 0);

	for (len = 0; len <= max; len++) {
		tvq_desc(vq, 0, guest_buf(g, G_TX, 0) - g->pool, len, 0, 0);
		tvq_put(vq, 0);
		tvq_publish(vq);
		guest_kick(g, G_TX);
		ASSERT_EQ(0, tvq_wait(vq, 1));
		tvq_take(vq, 1);
	}
	ASSERT_EQ(0, guest_transmit(g, &self->e, 9, 1));
	EXPECT_EQ(0, env_seen(&self->e, 9, 1));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(max + 1, st.tx.errors);
	EXPECT_EQ(1, st.tx.packets);
	EXPECT_EQ(0, st.broken);
}

/* A large packet takes several buffers or is dropped. The next one is received. */
TEST_F(gnet, larger_than_a_buffer)
{
	bool mrg = variant->features & G_MRG;
	struct guest *g = &self->g;
	struct tvq *vq = &g->vq[G_RX];
	struct tun_ring_stats st;
	uint32_t sum = 0;
	unsigned int i;

	guest_fill(g);
	ASSERT_EQ(0, inject(&self->e, 0, 10000));
	ASSERT_EQ(0, inject(&self->e, 1, 100));
	ASSERT_EQ(0, tvq_wait(vq, mrg ? 4 : 1));
	if (mrg) {
		for (i = 0; i < 3; i++)
			sum += tvq_used_at(vq, i).len;
		EXPECT_EQ(12 + self->l2 + 10000, sum);
		EXPECT_EQ(3, g->pool[10]);
		EXPECT_EQ(0, g->pool[11]);
		tvq_take(vq, 3);
	}
	EXPECT_EQ(0, guest_expect(g, self->e.tap, 1, 1));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(mrg ? 0 : 1, st.rx.too_big);
	EXPECT_EQ(mrg ? 2 : 1, st.rx.packets);
}

static size_t make_super(void *pkt, bool tap, struct virtio_net_hdr *vh)
{
	struct flow f = { .sport = 10, .dport = 20, .proto = IPPROTO_TCP };
	size_t l2 = tap ? ETH_HLEN : 0, n = pkt_any(pkt, tap, &f, 3000);

	pkt_partial((char *)pkt + l2);
	*vh = vh_gso((char *)pkt + l2, l2, 1000);
	return n;
}

TEST_F(gnet, gso_from_guest)
{
	struct virtio_net_hdr vh, got;
	uint8_t pkt[G_BUF], buf[G_BUF];
	struct guest *g = &self->g;
	size_t n = make_super(pkt, self->e.tap, &vh);

	if (!g->hdr)
		return;
	ASSERT_EQ(0, guest_send(g, &vh, pkt, n));
	ASSERT_EQ(n, psock_recv(self->vsk, &got, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(pkt, buf, n));
	/* a device without IFF_VNET_HDR ignores the guest's header */
	EXPECT_EQ(variant->dev_hdr ? 1000 : 0, got.gso_size);
	EXPECT_EQ(variant->dev_hdr ? VIRTIO_NET_HDR_GSO_TCPV4 : 0,
		  got.gso_type);
}

TEST_F(gnet, gso_to_guest)
{
	struct virtio_net_hdr vh, got;
	uint8_t pkt[G_BUF], buf[G_BUF];
	struct guest *g = &self->g;
	size_t n = make_super(pkt, self->e.tap, &vh);
	ssize_t len;

	if (variant->dev_hdr)
		ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD,
					 TUN_F_CSUM | TUN_F_TSO4));
	guest_fill(g);
	ASSERT_EQ(0, psock_send(self->vsk, &vh, pkt, n));
	len = guest_recv(g, buf, sizeof(buf));
	memcpy(&got, g->pool, sizeof(got));
	if (variant->dev_hdr) {
		ASSERT_EQ(n, len);
		EXPECT_EQ(0, memcmp(pkt, buf, n));
		EXPECT_EQ(1000, got.gso_size);
		EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, got.flags);
	} else {
		/* the first of three segments */
		ASSERT_EQ(n - 2000, len);
		EXPECT_TRUE(pkt_l4_ok(buf + self->l2, len - self->l2));
		EXPECT_EQ(0, g->hdr && (got.flags || got.gso_type));
	}
}

/* write() works beside the rings, and read() finds no packet. */
TEST_F(gnet, beside_read_and_write)
{
	uint8_t pkt[256] = { };
	char path[64], info[1024];
	size_t n = variant->dev_hdr + seq_pkt(pkt + variant->dev_hdr,
					      self->e.tap, 3, 100);

	guest_fill(&self->g);
	ASSERT_EQ(0, fd_nonblock(self->e.fd));
	EXPECT_EQ(n, fd_write(self->e.fd, pkt, n));
	EXPECT_EQ(0, env_seen(&self->e, 3, 1));
	EXPECT_EQ(-EAGAIN, fd_read(self->e.fd, pkt, sizeof(pkt)));
	EXPECT_EQ(POLLOUT, fd_wait(self->e.fd, POLLIN | POLLOUT, 0));
	EXPECT_EQ(0, guest_works(&self->g, &self->e, 4));
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", self->e.fd);
	ASSERT_LT(0, file_get(path, info, sizeof(info)));
	EXPECT_NE(NULL, strstr(info, "ring-mode:\tguest"));
}

TEST_HARNESS_MAIN
