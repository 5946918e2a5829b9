// SPDX-License-Identifier: GPL-2.0
/* XDP: frames redirected into a ring, and programs on transmitted packets. */
#include <linux/bpf.h>

#include "env.h"
#include "harness.h"

FIXTURE(xdp) {
	struct env e;		/* the device with the rings */
	struct tring r;
	int from;		/* another tap */
};

FIXTURE_VARIANT(xdp) {
	int vnet;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(xdp, meta) { 0, F_META };
FIXTURE_VARIANT_ADD(xdp, event) { 0, F_EVENT };
FIXTURE_VARIANT_ADD(xdp, vnet) { 12, 0 };

/*
 * A native program redirects packets written to xdp1 into xdp0: as xdp_frames
 * if the file does not block, else as skbs.
 */
FIXTURE_SETUP(xdp)
{
	int flags = TAP_PLAIN | (variant->vnet ? IFF_VNET_HDR : 0);
	int map, prog, key = 0, index;

	ASSERT_EQ(0, env_open(&self->e, "xdp0", flags));
	if (variant->vnet)
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ,
				       variant->vnet));
	self->from = tunfd_create_up("xdp1", TAP_PLAIN);
	ASSERT_LE(0, self->from);
	ASSERT_EQ(0, fd_nonblock(self->from));
	index = if_nametoindex("xdp0");
	map = bpf_map(BPF_MAP_TYPE_DEVMAP, 4, 4, 1);
	ASSERT_LE(0, map);
	ASSERT_EQ(0, bpf_map_put(map, &key, &index));
	prog = xdp_redirect(map, 0);
	ASSERT_LE(0, prog);
	ASSERT_EQ(0, rtnl_xdp("xdp1", prog, XDP_FLAGS_DRV_MODE));
	close(prog);
	close(map);
}

FIXTURE_TEARDOWN(xdp)
{
	tring_unmap(&self->r);
	close(self->from);
	env_close(&self->e);
}

static int start(struct env *e, struct tring *r, uint64_t features)
{
	struct tconf c = { features, 16, 16, 2048, 0 };

	return tring_start(r, e->fd, &c);
}

static int write_n(int fd, uint32_t from, unsigned int n)
{
	uint8_t pkt[256];
	unsigned int i;

	for (i = 0; i < n; i++) {
		size_t len = seq_pkt(pkt, true, from + i, 100);

		if (write(fd, pkt, len) != (ssize_t)len)
			return -errno;
	}
	return 0;
}

static void expect(struct __test_metadata *_metadata, struct tring *r,
		   int vnet, uint32_t from, unsigned int n)
{
	struct tun_ring_meta m = { };
	uint8_t buf[2048], zero[12] = { };
	unsigned int i;

	for (i = 0; i < n; i++) {
		ASSERT_EQ(vnet + ETH_HLEN + 100,
			  tring_recv(r, buf, sizeof(buf), &m));
		ASSERT_EQ(from + i, seq_of(buf + vnet, ETH_HLEN + 100, true));
		if (vnet)
			EXPECT_EQ(0, memcmp(buf, zero, 10));
		if (r->s.features & F_META) {
			EXPECT_EQ(htons(ETH_P_IP), m.protocol);
			EXPECT_EQ(1, m.num_buffers);
			EXPECT_EQ(0, m.vnet_flags | m.gso_type | m.mark |
				  m.priority | m.hash | m.vlan_tci);
		}
	}
}

TEST_F(xdp, redirect_into_ring)
{
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;

	ASSERT_EQ(0, start(&self->e, &self->r, variant->features));
	ASSERT_EQ(0, write_n(self->from, 0, 10));
	expect(_metadata, &self->r, variant->vnet, 0, 10);
	ASSERT_EQ(0, write_n(self->from, 10, 10));
	expect(_metadata, &self->r, variant->vnet, 10, 10);
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	ASSERT_EQ(0, rtnl_stats("xdp0", &dev));
	EXPECT_EQ(20, st.rx.packets);
	EXPECT_EQ(20, dev.tx_packets);
	EXPECT_EQ(20 * (ETH_HLEN + 100), dev.tx_bytes);
}

/* A frame fills two buffers, if there is a place for their number. */
TEST_F(xdp, redirect_into_small_buffers)
{
	struct tconf c = { variant->features, 16, 16, 64, 0 };
	bool span = variant->vnet || variant->features & F_META;
	struct tun_ring_stats st;
	uint8_t buf[256];

	ASSERT_EQ(0, tring_start(&self->r, self->e.fd, &c));
	ASSERT_EQ(0, write_n(self->from, 0, 1));
	EXPECT_EQ(span ? 2 : 0, tvq_pending(&self->r.rx));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(span, st.rx.packets);
	EXPECT_EQ(!span, st.rx.too_big);
	if (!span)
		return;
	ASSERT_EQ(variant->vnet + ETH_HLEN + 100,
		  tring_recv(&self->r, buf, sizeof(buf), NULL));
	EXPECT_EQ(0, seq_of(buf + variant->vnet, ETH_HLEN + 100, true));
}

/* A redirected frame without a buffer waits, up to txqueuelen of them. */
TEST_F(xdp, full_ring)
{
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;

	ASSERT_EQ(0, if_txqlen("xdp0", 4));
	ASSERT_EQ(0, start(&self->e, &self->r, variant->features));
	ASSERT_EQ(0, write_n(self->from, 0, 30));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(16, st.rx.packets);
	EXPECT_EQ(10, st.rx.dropped);
	ASSERT_EQ(0, rtnl_stats("xdp0", &dev));
	EXPECT_EQ(16, dev.tx_packets);
	EXPECT_EQ(10, dev.tx_dropped);
	expect(_metadata, &self->r, variant->vnet, 0, 20);
	ASSERT_EQ(0, write_n(self->from, 50, 16));
	expect(_metadata, &self->r, variant->vnet, 50, 16);
}

/* With TUN_RING_F_RX_DROP no frame waits. */
TEST_F(xdp, full_ring_drops)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, start(&self->e, &self->r, variant->features | F_DROP));
	ASSERT_EQ(0, write_n(self->from, 0, 30));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(16, st.rx.packets);
	EXPECT_EQ(14, st.rx.dropped);
	expect(_metadata, &self->r, variant->vnet, 0, 16);
	ASSERT_EQ(0, write_n(self->from, 50, 16));
	expect(_metadata, &self->r, variant->vnet, 50, 16);
}

TEST_F(xdp, redirected_skbs)
{
	ASSERT_EQ(0, start(&self->e, &self->r, variant->features));
	ASSERT_EQ(0, fcntl(self->from, F_SETFL, 0));
	ASSERT_EQ(0, write_n(self->from, 0, 10));
	expect(_metadata, &self->r, variant->vnet, 0, 10);
}

/* The ring gets the frames that waited for read() first. */
TEST_F(xdp, waiting_frames_come_first)
{
	ASSERT_EQ(0, write_n(self->from, 0, 8));
	ASSERT_EQ(0, start(&self->e, &self->r, variant->features));
	ASSERT_EQ(0, write_n(self->from, 8, 8));
	expect(_metadata, &self->r, variant->vnet, 0, 16);
}

/* read() gets the frames that found no buffer. */
TEST_F(xdp, waiting_frames_given_back)
{
	struct tconf c = { variant->features, 4, 4, 2048, 0 };
	uint8_t buf[2048];
	unsigned int i;

	ASSERT_EQ(0, write_n(self->from, 0, 10));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(4, tvq_pending(&self->r.rx));
	for (i = 4; i < 10; i++) {
		ASSERT_EQ(variant->vnet + ETH_HLEN + 100,
			  fd_read_wait(self->e.fd, buf, sizeof(buf)));
		EXPECT_EQ(i, seq_of(buf + variant->vnet, ETH_HLEN + 100, true));
	}
}

static int attach(const char *name, int prog)
{
	int ret;

	if (prog < 0)
		return prog;
	ret = rtnl_xdp(name, prog, XDP_FLAGS_DRV_MODE);
	close(prog);
	return ret;
}

static int send_n(struct tring *r, int vnet, uint32_t from, unsigned int n)
{
	uint8_t pkt[256] = { };
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = tring_send(
			r, pkt, vnet + seq_pkt(pkt + vnet, true, from + i, 100),
			NULL);
	return ret;
}

/* A program on the device runs on the packets of its rings. */
TEST_F(xdp, program_drops)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, start(&self->e, &self->r, variant->features));
	ASSERT_EQ(0, attach("xdp0", xdp_const(XDP_DROP)));
	ASSERT_EQ(0, send_n(&self->r, variant->vnet, 0, 10));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.tx.packets);
	EXPECT_EQ(10, st.tx.dropped);
	EXPECT_EQ(0, st.tx.errors);
	ASSERT_EQ(0, attach("xdp0", xdp_const(XDP_PASS)));
	ASSERT_EQ(0, send_n(&self->r, variant->vnet, 10, 10));
	EXPECT_EQ(0, env_seen(&self->e, 10, 10));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(10, st.tx.packets);
}

/* XDP_TX delivers a packet to the rx ring of its queue. */
TEST_F(xdp, program_sends_back)
{
	uint8_t buf[2048];
	unsigned int i;

	ASSERT_EQ(0, start(&self->e, &self->r, variant->features));
	ASSERT_EQ(0, attach("xdp0", xdp_const(XDP_TX)));
	for (i = 0; i < 40; i++) {
		ASSERT_EQ(0, send_n(&self->r, variant->vnet, i, 1));
		ASSERT_EQ(variant->vnet + ETH_HLEN + 100,
			  tring_recv(&self->r, buf, sizeof(buf), NULL));
		EXPECT_EQ(i, seq_of(buf + variant->vnet, ETH_HLEN + 100, true));
	}
}

/* A redirected packet is sent by the other device. */
TEST_F(xdp, program_redirects)
{
	int map = bpf_map(BPF_MAP_TYPE_DEVMAP, 4, 4, 1);
	int key = 0, index = if_nametoindex("xdp1");
	uint8_t buf[2048];
	unsigned int i;

	ASSERT_EQ(0, start(&self->e, &self->r, variant->features));
	ASSERT_EQ(0, bpf_map_put(map, &key, &index));
	ASSERT_EQ(0, attach("xdp0", xdp_redirect(map, 0)));
	ASSERT_EQ(0, send_n(&self->r, variant->vnet, 0, 20));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(ETH_HLEN + 100,
			  fd_read_wait(self->from, buf, sizeof(buf)));
		EXPECT_EQ(i, seq_of(buf, ETH_HLEN + 100, true));
	}
	close(map);
}

TEST_HARNESS_MAIN
