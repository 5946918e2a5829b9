// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation offload within UDP tunnels by rings. A record has no room for the offsets
 * of a tunnel, nor has a short header: the ring gets segments. A long header has room.
 */
#include "tunnel.h"

#include "env.h"
#include "harness.h"

#define OFFLOADS	(TUN_F_CSUM | TUN_F_TSO4 | TUNNEL_GSO)
#define SHORT_HDR	12

FIXTURE(tunnel) {
	struct tunnel t;
	struct tring r;
};

FIXTURE_SETUP(tunnel)
{
	ASSERT_EQ(0, tunnel_open(&self->t));
}

FIXTURE_TEARDOWN(tunnel)
{
	tring_unmap(&self->r);
	tunnel_close(&self->t);
}

/* The next packet of the tunnel, behind those of the stack's own. */
static ssize_t recv_it(struct _test_data_tunnel *self, size_t hdr,
		       struct tun_ring_meta *m)
{
	ssize_t n;

	do
		n = tring_recv(&self->r, self->t.buf, BIG, m);
	while (n > 0 && memcmp(self->t.buf + hdr, self->t.pkt, 14));
	return n;
}

/* @hdr: bytes of a header in front of each packet, 0: records */
static int segments_arrive(struct _test_data_tunnel *self, size_t hdr)
{
	struct tun_ring_meta m = { };
	uint32_t seq;
	int i;

	if (tunnel_write(&self->t) != TUNNEL_HDR + self->t.n)
		return -EIO;
	for (i = 0; i < 3; i++) {
		if (recv_it(self, hdr, &m) != hdr + TUNNEL_HEADERS + 1000)
			return -EMSGSIZE;
		if (hdr ? self->t.buf[1] : m.gso_type)
			return -EPROTO;
		memcpy(&seq, self->t.buf + hdr + TUNNEL_INNER_TH + 4, 4);
		if (ntohl(seq) != 1000 * i ||
		    memcmp(self->t.buf + hdr + TUNNEL_HEADERS,
			   self->t.pkt + TUNNEL_HEADERS + 1000 * i, 1000))
			return -EBADMSG;
	}
	return 0;
}

TEST_F(tunnel, records_get_segments)
{
	struct tconf c = { F_META, 16, 16, 4096, 0 };

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctl(self->t.to, TUNSETOFFLOAD, OFFLOADS));
	ASSERT_EQ(0, tring_start(&self->r, self->t.to, &c));
	EXPECT_EQ(0, segments_arrive(self, 0));
}

TEST_F(tunnel, short_headers_get_segments)
{
	struct tconf c = { 0, 16, 16, 4096, 0 };
	int sz = SHORT_HDR;

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctlp(self->t.to, TUNSETVNETHDRSZ, &sz));
	ASSERT_EQ(0, tring_start(&self->r, self->t.to, &c));
	ASSERT_EQ(0, tunfd_ioctl(self->t.to, TUNSETOFFLOAD, OFFLOADS));
	EXPECT_EQ(0, segments_arrive(self, SHORT_HDR));
}

static int arrives_whole(struct _test_data_tunnel *self)
{
	struct tconf c = { 0, 16, 16, 4096, 0 };
	int ret = tring_start(&self->r, self->t.to, &c) ?:
		  tunfd_ioctl(self->t.to, TUNSETOFFLOAD, OFFLOADS);
	ssize_t n;

	if (ret)
		return ret;
	if (tunnel_write(&self->t) != TUNNEL_HDR + self->t.n)
		return -EIO;
	n = recv_it(self, TUNNEL_HDR, NULL);
	if (n != TUNNEL_HDR + self->t.n)
		return n < 0 ? n : -EMSGSIZE;
	if (memcmp(self->t.buf + TUNNEL_HDR, self->t.pkt, self->t.n))
		return -EILSEQ;
	return tunnel_same_header(&self->t, self->t.buf);
}

TEST_F(tunnel, long_headers_have_offsets)
{
	if (tunnel_known())
		EXPECT_EQ(0, arrives_whole(self));
}

TEST_F(tunnel, transmit_has_offsets)
{
	struct tconf c = { 0, 16, 16, 4096, 0 };
	size_t n;

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctl(self->t.to, TUNSETOFFLOAD, OFFLOADS));
	ASSERT_EQ(0, tring_start(&self->r, self->t.from, &c));
	n = tunnel_joined(&self->t, self->t.buf);
	ASSERT_EQ(0, tring_send(&self->r, self->t.buf, n, NULL));
	EXPECT_EQ(0, tunnel_read_whole(&self->t));
}

/* Offsets that do not fit the packet, a short header, and a record. */
TEST_F(tunnel, transmit_refuses)
{
	struct tconf c = { 0, 16, 16, 4096, 0 };
	struct tun_ring_meta m = { };
	struct rtnl_link_stats64 st;
	int sz = SHORT_HDR;
	size_t n;

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tring_start(&self->r, self->t.from, &c));
	self->t.h.inner_nh = htole16(TUNNEL_OUTER_TH + 7);
	n = tunnel_joined(&self->t, self->t.buf);
	ASSERT_EQ(0, tring_send(&self->r, self->t.buf, n, NULL));
	self->t.h.inner_nh = htole16(TUNNEL_INNER_NH);
	tunnel_joined(&self->t, self->t.buf);
	ASSERT_EQ(0, tunfd_ioctlp(self->t.from, TUNSETVNETHDRSZ, &sz));
	ASSERT_EQ(0, tring_send(&self->r, self->t.buf, n, NULL));
	tring_unmap(&self->r);
	ASSERT_EQ(0, tunfd_ioctl(self->t.from, TUNRINGTEARDOWN, 0));
	c.features = F_META;
	ASSERT_EQ(0, tring_start(&self->r, self->t.from, &c));
	/* a record begins as a header, and has nothing of the rest */
	memcpy(&m, &self->t.h.basic, sizeof(self->t.h.basic));
	ASSERT_EQ(0, tring_send(&self->r, self->t.pkt, self->t.n, &m));
	ASSERT_EQ(0, rtnl_stats("tap0", &st));
	EXPECT_EQ(0, st.rx_packets);
}

/* Packets that waited for read() when the rings were set up are not delivered. */
TEST_F(tunnel, waiting_packets)
{
	struct tconf c = { F_META, 16, 16, 4096, 0 };
	struct flow f = { .sport = 5, .dport = 6 };
	struct tun_ring_meta m;
	int sk;

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctl(self->t.to, TUNSETOFFLOAD, OFFLOADS));
	ASSERT_EQ(TUNNEL_HDR + self->t.n, tunnel_write(&self->t));
	sk = psock_open("tap1", false);
	ASSERT_EQ(0, psock_send_flow(sk, true, &f, 10));
	ASSERT_EQ(0, tring_start(&self->r, self->t.to, &c));
	EXPECT_EQ(52, recv_it(self, 0, &m));
	close(sk);
}

/* Turning the offload off while a packet waits loses the packet, without a warning. */
TEST_F(tunnel, offload_ends)
{
	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctl(self->t.to, TUNSETOFFLOAD, OFFLOADS));
	fd_drain(self->t.to);
	ASSERT_EQ(TUNNEL_HDR + self->t.n, tunnel_write(&self->t));
	ASSERT_EQ(0, tunfd_ioctl(self->t.to, TUNSETOFFLOAD, 0));
	EXPECT_EQ(-EINVAL, fd_read_wait(self->t.to, self->t.buf, BIG));
}

TEST_HARNESS_MAIN
