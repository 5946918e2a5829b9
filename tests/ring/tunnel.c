// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation offload within UDP tunnels beside rings: a record has no room for the
 * offsets of a tunnel, so the ring gets segments. read() of another queue's packets
 * keeps the offload.
 */
#include "tunnel.h"

#include "env.h"
#include "harness.h"

#define OFFLOADS	(TUN_F_CSUM | TUN_F_TSO4 | TUNNEL_GSO)

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

TEST_F(tunnel, headers_get_segments)
{
	struct tconf c = { 0, 16, 16, 4096, 0 };

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tring_start(&self->r, self->t.to, &c));
	ASSERT_EQ(0, tunfd_ioctl(self->t.to, TUNSETOFFLOAD, OFFLOADS));
	EXPECT_EQ(0, segments_arrive(self, TUNNEL_HDR));
}

/* A tunnel's header in front of a packet of the transmit ring is refused. */
TEST_F(tunnel, transmit_refuses)
{
	struct tconf c = { 0, 16, 16, 4096, 0 };
	struct rtnl_link_stats64 st;

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tring_start(&self->r, self->t.to, &c));
	memcpy(self->t.buf, &self->t.h, TUNNEL_HDR);
	memcpy(self->t.buf + TUNNEL_HDR, self->t.pkt, self->t.n);
	ASSERT_EQ(0, tring_send(&self->r, self->t.buf, TUNNEL_HDR + self->t.n, NULL));
	ASSERT_EQ(0, rtnl_stats("tap1", &st));
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
