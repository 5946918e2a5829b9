// SPDX-License-Identifier: GPL-2.0
/* Rings in the test's memory: packets both ways, as over mapped rings. */
#include <sys/mman.h>

#include "attach.h"
#include "env.h"

#define STOCK_ONLY_VARIANT	"hdr"
#include "harness.h"

#define W	VRING_DESC_F_WRITE
#define N	VRING_DESC_F_NEXT
#define I	VRING_DESC_F_INDIRECT

FIXTURE(attach) {
	struct env e;
	struct tring r;
	struct aconf c;
	struct mode m;
	size_t pre, l2;		/* bytes of all headers, and of Ethernet's */
};

FIXTURE_VARIANT(attach) {
	bool pin;
	int flags, hdr;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(attach, pinned_tun_meta) { true, TUN_PLAIN, 0, F_META };
FIXTURE_VARIANT_ADD(attach, pinned_tun_hdr) { true, TUN_PLAIN, 12, F_EVENT };
FIXTURE_VARIANT_ADD(attach, pinned_tap_meta) {
	true, TAP_PLAIN, 0, F_META | F_EVENT
};
FIXTURE_VARIANT_ADD(attach, pinned_tap_hdr) { true, TAP_PLAIN, 12, 0 };
FIXTURE_VARIANT_ADD(attach, unpinned_tun_meta) { false, TUN_PLAIN, 0, F_META };
FIXTURE_VARIANT_ADD(attach, unpinned_tun_hdr) { false, TUN_PLAIN, 12, F_EVENT };
FIXTURE_VARIANT_ADD(attach, unpinned_tap_meta) {
	false, TAP_PLAIN, 0, F_META | F_EVENT
};
FIXTURE_VARIANT_ADD(attach, unpinned_tap_hdr) { false, TAP_PLAIN, 12, 0 };

FIXTURE_SETUP(attach)
{
	int flags = variant->flags | (variant->hdr ? IFF_VNET_HDR : 0);

	self->c = (struct aconf) {
		.c = { variant->features | F_INDIRECT, 16, 16, 2048, 0 },
		.pin = variant->pin,
	};
	self->m = (struct mode) { variant->flags, variant->hdr, 1 };
	self->pre = mode_prefix(&self->m);
	ASSERT_EQ(0, env_open(&self->e, "at0", flags));
	self->l2 = self->e.tap ? ETH_HLEN : 0;
	if (variant->hdr) {
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ, 12));
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETLE, 1));
	}
	ASSERT_EQ(0, attach_rings(&self->r, self->e.fd, &self->c));
	memset(self->r.pool, 0xa5, self->r.s.pool_len);
}

FIXTURE_TEARDOWN(attach)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Receives n packets with consecutive numbers behind their headers. */
static int expect(struct _test_data_attach *self, uint32_t from, unsigned int n)
{
	uint8_t buf[4096];
	ssize_t len;

	for (; n--; from++) {
		len = tring_recv(&self->r, buf, sizeof(buf), NULL);
		if (len < 0)
			return len;
		if (seq_of(buf + self->pre, len - self->pre, self->e.tap) !=
		    from)
			return -EBADMSG;
	}
	return 0;
}

/* Builds a packet with its headers, as a buffer must hold them. */
static size_t build(struct _test_data_attach *self, uint8_t *buf, uint32_t seq,
		    size_t len)
{
	mode_put(&self->m, buf, ETH_P_IP, NULL);
	return self->pre + seq_pkt(buf + self->pre, self->e.tap, seq, len);
}

/* Transmits n packets one by one and checks that the device received them. */
static int transmit(struct _test_data_attach *self, uint32_t from,
		    unsigned int n)
{
	uint8_t buf[2048];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = tring_send(&self->r, buf,
				 build(self, buf, from + i, 30 + i * 40), NULL);
	return ret ? ret : env_seen(&self->e, from, n);
}

TEST_F(attach, receive)
{
	unsigned int i;

	ASSERT_LE(0, tring_rx_fill(&self->r));
	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, env_inject_n(&self->e, i * 10, 10, 24 + i * 140));
		ASSERT_EQ(0, expect(self, i * 10, 10));
	}
}

/* The driver writes no byte beyond the length in the used entry. */
TEST_F(attach, receive_exactly)
{
	size_t want = self->pre + self->l2 + 300, i;
	struct tring *r = &self->r;

	ASSERT_LE(0, tring_rx_fill(r));
	ASSERT_EQ(0, env_inject(&self->e, 7, 300));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(0, tvq_used_at(&r->rx, 0).id);
	ASSERT_EQ(want, tvq_used_at(&r->rx, 0).len);
	EXPECT_EQ(7, seq_of(r->pool + self->pre, want - self->pre,
			    self->e.tap));
	for (i = want; i < 2 * 2048; i++)
		ASSERT_EQ(0xa5, r->pool[i]);
	EXPECT_TRUE(tvq_quiet(&r->rx, 1, 20));
}

TEST_F(attach, send)
{
	EXPECT_EQ(0, transmit(self, 0, 30));
}

/* More packets than buffers: the queue holds the others until a kick. */
TEST_F(attach, receive_more_than_fits)
{
	struct tun_ring_stats st;

	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 60, 100));
	EXPECT_EQ(0, expect(self, 0, 60));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(60, st.rx.packets);
	EXPECT_EQ(0, st.rx.dropped + st.rx.too_big);
}

TEST_F(attach, receive_into_chain)
{
	size_t len = self->pre + self->l2 + 700;
	struct tring *r = &self->r;
	uint8_t buf[2048];

	tvq_desc(&r->rx, 4, 4 * 2048, 100, W | N, 11);
	tvq_desc(&r->rx, 11, 11 * 2048 + 3, 1, W | N, 6);
	tvq_desc(&r->rx, 6, 6 * 2048 + 50, 1900, W, 0);
	tvq_put(&r->rx, 4);
	ASSERT_LE(0, tring_rx_kick(r));
	ASSERT_EQ(0, env_inject(&self->e, 3, 700));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(4, tvq_used_at(&r->rx, 0).id);
	ASSERT_EQ(len, tvq_used_at(&r->rx, 0).len);
	memcpy(buf, tring_buf(r, 4), 100);
	buf[100] = tring_buf(r, 11)[3];
	memcpy(buf + 101, tring_buf(r, 6) + 50, len - 101);
	EXPECT_EQ(3, seq_of(buf + self->pre, len - self->pre, self->e.tap));
	EXPECT_EQ(0xa5, tring_buf(r, 4)[100]);
	EXPECT_EQ(0xa5, tring_buf(r, 11)[4]);
	EXPECT_EQ(0xa5, tring_buf(r, 6)[50 + len - 101]);
}

TEST_F(attach, send_chain)
{
	struct tring *r = &self->r;
	uint8_t buf[2048];
	size_t len = build(self, buf, 5, 600);

	memcpy(tring_tx_buf(r, 2), buf, 30);
	memcpy(tring_tx_buf(r, 9) + 7, buf + 30, 1);
	memcpy(tring_tx_buf(r, 4) + 1, buf + 31, len - 31);
	tvq_desc(&r->tx, 2, tring_tx_buf(r, 2) - r->pool, 30, N, 9);
	tvq_desc(&r->tx, 9, tring_tx_buf(r, 9) + 7 - r->pool, 1, N, 4);
	tvq_desc(&r->tx, 4, tring_tx_buf(r, 4) + 1 - r->pool, len - 31, 0, 0);
	tvq_put(&r->tx, 2);
	ASSERT_LE(0, tring_tx_kick(r));
	ASSERT_EQ(0, tvq_wait(&r->tx, 1));
	EXPECT_EQ(2, tvq_used_at(&r->tx, 0).id);
	EXPECT_EQ(0, env_seen(&self->e, 5, 1));
}

/* Writes an indirect table of n pieces over the buffers from the eighth on. */
static void put_indirect(struct tring *r, struct tvq *vq, uint16_t head,
			 size_t at, unsigned int n, size_t piece, uint16_t dir)
{
	struct vring_desc d;
	unsigned int i;

	for (i = 0; i < n; i++) {
		d = tvq_descriptor(8 * 2048 + i * piece, piece,
				   dir | (i < n - 1 ? N : 0), i + 1);
		memcpy(r->pool + at + i * sizeof(d), &d, sizeof(d));
	}
	tvq_desc(vq, head, at, n * sizeof(d), I, 0);
	tvq_put(vq, head);
}

TEST_F(attach, receive_into_indirect)
{
	static const size_t at[] = { 0, 16, 8, 1 };
	size_t len = self->pre + self->l2 + 900;
	struct tring *r = &self->r;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(at); i++) {
		put_indirect(r, &r->rx, i + 3, at[i], 16, 64, W);
		ASSERT_LE(0, tring_rx_kick(r));
		ASSERT_EQ(0, env_inject(&self->e, i, 900));
		ASSERT_EQ(0, tvq_wait(&r->rx, 1));
		EXPECT_EQ(i + 3, tvq_used_at(&r->rx, i).id);
		ASSERT_EQ(len, tvq_used_at(&r->rx, i).len);
		EXPECT_EQ(i, seq_of(tring_buf(r, 8) + self->pre,
				    len - self->pre, self->e.tap));
		tvq_take(&r->rx, 1);
	}
}

/* The longest chain that the ABI allows. */
TEST_F(attach, send_indirect)
{
	struct tring *r = &self->r;
	size_t rest = TUN_RING_MAX_CHAIN * 10 - self->pre - self->l2;

	ASSERT_EQ(TUN_RING_MAX_CHAIN * 10,
		  build(self, tring_buf(r, 8), 6, rest));
	put_indirect(r, &r->tx, 1, 24, TUN_RING_MAX_CHAIN, 10, 0);
	ASSERT_LE(0, tring_tx_kick(r));
	ASSERT_EQ(0, tvq_wait(&r->tx, 1));
	EXPECT_EQ(0, env_seen(&self->e, 6, 1));
}

/*
 * Small buffers in other memory: the record or the header has the number of
 * buffers.
 */
TEST_F(attach, packet_spans_buffers)
{
	size_t total = self->pre + self->l2 + 700;

	ASSERT_EQ(0, tring_teardown(self->e.fd));
	tring_unmap(&self->r);
	self->c.c.buf_size = 100;
	ASSERT_EQ(0, attach_rings(&self->r, self->e.fd, &self->c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject(&self->e, 0, 700));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, (total + 99) / 100));
	EXPECT_EQ((total + 99) / 100, tvq_pending(&self->r.rx));
	EXPECT_EQ(0, expect(self, 0, 1));
	ASSERT_EQ(0, env_inject_n(&self->e, 1, 20, 300));
	EXPECT_EQ(0, expect(self, 1, 20));
}

/* The parts of a ring have the least alignment allowed, and lie in many pages. */
TEST_F(attach, least_alignment)
{
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	tring_unmap(&self->r);
	self->c.odd = true;
	self->c.c.rx = 512;
	self->c.c.tx = 1024;
	ASSERT_EQ(0, attach_rings(&self->r, self->e.fd, &self->c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 400, 60));
	EXPECT_EQ(0, expect(self, 0, 400));
	EXPECT_EQ(0, transmit(self, 0, 20));
}

TEST_HARNESS_MAIN
