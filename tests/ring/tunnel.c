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
	int from, to;
	struct tring r;
	char *pkt, *buf;
	struct tunnel_hdr h;
	size_t n;	/* bytes of the packet */
};

FIXTURE_SETUP(tunnel)
{
	ASSERT_EQ(0, ns_enter());
	self->pkt = malloc(BIG);
	self->buf = malloc(BIG);
	ASSERT_EQ(0, tunnel_bridge(&self->from, &self->to, TUNNEL_HDR));
	self->n = tunnel_packet(self->pkt, &self->h, 3000, 1000);
}

FIXTURE_TEARDOWN(tunnel)
{
	tring_unmap(&self->r);
	close(self->from);
	close(self->to);
	free(self->pkt);
	free(self->buf);
}

/* The next packet of the tunnel, behind those of the stack's own. */
static ssize_t recv_it(struct _test_data_tunnel *self, size_t hdr,
		       struct tun_ring_meta *m)
{
	ssize_t n;

	do
		n = tring_recv(&self->r, self->buf, BIG, m);
	while (n > 0 && memcmp(self->buf + hdr, self->pkt, 14));
	return n;
}

/* @hdr: bytes of a header in front of each packet, 0: records */
static int segments_arrive(struct _test_data_tunnel *self, size_t hdr)
{
	struct tun_ring_meta m = { };
	uint32_t seq;
	int i;

	if (tunnel_write(self->from, &self->h, self->pkt, self->n) !=
	    TUNNEL_HDR + self->n)
		return -EIO;
	for (i = 0; i < 3; i++) {
		if (recv_it(self, hdr, &m) != hdr + TUNNEL_HEADERS + 1000)
			return -EMSGSIZE;
		if (hdr ? self->buf[1] : m.gso_type)
			return -EPROTO;
		memcpy(&seq, self->buf + hdr + TUNNEL_INNER_TH + 4, 4);
		if (ntohl(seq) != 1000 * i ||
		    memcmp(self->buf + hdr + TUNNEL_HEADERS,
			   self->pkt + TUNNEL_HEADERS + 1000 * i, 1000))
			return -EBADMSG;
	}
	return 0;
}

TEST_F(tunnel, records_get_segments)
{
	struct tconf c = { F_META, 16, 16, 4096, 0 };

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctl(self->to, TUNSETOFFLOAD, OFFLOADS));
	ASSERT_EQ(0, tring_start(&self->r, self->to, &c));
	EXPECT_EQ(0, segments_arrive(self, 0));
}

TEST_F(tunnel, headers_get_segments)
{
	struct tconf c = { 0, 16, 16, 4096, 0 };

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tring_start(&self->r, self->to, &c));
	ASSERT_EQ(0, tunfd_ioctl(self->to, TUNSETOFFLOAD, OFFLOADS));
	EXPECT_EQ(0, segments_arrive(self, TUNNEL_HDR));
}

/* A tunnel's header in front of a packet of the transmit ring is refused. */
TEST_F(tunnel, transmit_refuses)
{
	struct tconf c = { 0, 16, 16, 4096, 0 };
	struct rtnl_link_stats64 st;

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tring_start(&self->r, self->to, &c));
	memcpy(self->buf, &self->h, TUNNEL_HDR);
	memcpy(self->buf + TUNNEL_HDR, self->pkt, self->n);
	ASSERT_EQ(0, tring_send(&self->r, self->buf, TUNNEL_HDR + self->n, NULL));
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
	ASSERT_EQ(0, tunfd_ioctl(self->to, TUNSETOFFLOAD, OFFLOADS));
	ASSERT_EQ(TUNNEL_HDR + self->n,
		  tunnel_write(self->from, &self->h, self->pkt, self->n));
	sk = psock_open("tap1", false);
	ASSERT_EQ(0, psock_send_flow(sk, true, &f, 10));
	ASSERT_EQ(0, tring_start(&self->r, self->to, &c));
	EXPECT_EQ(52, recv_it(self, 0, &m));
	close(sk);
}

/* Turning the offload off while a packet waits loses the packet, without a warning. */
TEST_F(tunnel, offload_ends)
{
	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctl(self->to, TUNSETOFFLOAD, OFFLOADS));
	fd_drain(self->to);
	ASSERT_EQ(TUNNEL_HDR + self->n,
		  tunnel_write(self->from, &self->h, self->pkt, self->n));
	ASSERT_EQ(0, tunfd_ioctl(self->to, TUNSETOFFLOAD, 0));
	EXPECT_EQ(-EINVAL, fd_read_wait(self->to, self->buf, BIG));
}

TEST_HARNESS_MAIN
