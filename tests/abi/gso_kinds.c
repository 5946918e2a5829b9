// SPDX-License-Identifier: GPL-2.0
/* GSO packets of user space that some kernels accept and others refuse. */
#include <netinet/ip.h>

#include "gso_in.h"

/* The driver accepts GSO without NEEDS_CSUM: older programs rely on this. */
TEST_F(in, gso_without_csum)
{
	struct flow f = { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	size_t n = pkt_any(self->d.pkt, self->d.tap, &f, 4000);

	self->vh = vh_gso(self->d.pkt + self->d.l2, self->d.l2, 1400);
	self->vh.flags = 0;
	self->vh.csum_start = self->vh.csum_offset = 0;
	ASSERT_EQ(TOTAL(n), WRITE(n));
	ASSERT_EQ(n, psock_recv(self->d.sk, &self->seen, self->d.buf, BIG));
	EXPECT_EQ(VIRTIO_NET_HDR_GSO_TCPV4, self->seen.gso_type);
	EXPECT_EQ(0, self->seen.flags);
}

/* Linux 7.3 parses packets without NEEDS_CSUM; 6.1 and 6.12 do not. */
TEST_F(in, gso_without_csum_of_other_protocol)
{
	struct flow f = { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	size_t n = pkt_any(self->d.pkt, self->d.tap, &f, 4000);
	bool parsed = kernel_since(7, 3, 0);

	self->vh.gso_type = VIRTIO_NET_HDR_GSO_TCPV6;
	self->vh.gso_size = 1400;
	EXPECT_EQ(parsed ? -EINVAL : TOTAL(n), WRITE(n));
	self->vh.gso_type = VIRTIO_NET_HDR_GSO_UDP;
	EXPECT_EQ(parsed ? -EINVAL : TOTAL(n), WRITE(n));
	/* no IP packet at all */
	memset(self->d.pkt + self->d.l2, 0, n - self->d.l2);
	self->d.pkt[self->d.l2] = 0x45;
	EXPECT_EQ(parsed ? -EINVAL : TOTAL(n), WRITE(n));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(parsed ? 0 : 3, self->st.rx_packets);
}

/* VIRTIO_NET_HDR_GSO_UDP_L4, since Linux 6.2 */
TEST_F(in, udp_segments)
{
	struct flow udp = { .sport = 5, .dport = 6 };
	bool known = kernel_since(6, 2, 0);
	size_t n;

	n = pkt_any(self->d.pkt, self->d.tap, &udp, 3000);
	pkt_partial(self->d.pkt + self->d.l2);
	self->vh = vh_gso(self->d.pkt + self->d.l2, self->d.l2, 1000);
	self->vh.gso_type = 5;
	ASSERT_EQ(known ? TOTAL(n) : -EINVAL, WRITE(n));
	if (!known)
		return;
	ASSERT_EQ(n, psock_recv(self->d.sk, &self->seen, self->d.buf, BIG));
	EXPECT_EQ(5, self->seen.gso_type);
	EXPECT_EQ(1000, self->seen.gso_size);
}

TEST_HARNESS_MAIN
