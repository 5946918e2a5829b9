// SPDX-License-Identifier: GPL-2.0
/* GSO packets of user space that some kernels accept and others refuse. */
#include <netinet/ip.h>

#include "gso_in.h"
#include "uso.h"

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
	self->vh.gso_type = VIRTIO_NET_HDR_GSO_UDP_L4;
	ASSERT_EQ(known ? TOTAL(n) : -EINVAL, WRITE(n));
	if (!known)
		return;
	ASSERT_EQ(n, psock_recv(self->d.sk, &self->seen, self->d.buf, BIG));
	EXPECT_EQ(VIRTIO_NET_HDR_GSO_UDP_L4, self->seen.gso_type);
	EXPECT_EQ(1000, self->seen.gso_size);
}

/* The reader gets the datagrams of one call as one packet. */
TEST_F(in, udp_segments_read)
{
	size_t pre = mode_prefix(&self->d.m), hdr = self->d.l2 + 28;
	bool known = kernel_since(6, 2, 0);
	struct tun_pi pi;
	int sk;

	EXPECT_EQ(known ? 0 : -EINVAL,
		  tunfd_ioctl(self->d.fd, TUNSETOFFLOAD, USO_OFFLOADS));
	/* without this, old kernels refuse to send such datagrams */
	if (!known)
		ASSERT_EQ(0, tunfd_ioctl(self->d.fd, TUNSETOFFLOAD,
					 TUN_F_CSUM));
	sk = uso_socket("t0", false);
	ASSERT_LE(0, sk);
	memset(self->d.pkt, 0x5a, 3000);
	ASSERT_EQ(3000, uso_send(sk, self->d.pkt, 3000, 1000));
	ASSERT_EQ(pre + hdr + (known ? 3000 : 1000),
		  fd_read_wait(self->d.fd, self->d.buf, BIG));
	mode_get(&self->d.m, self->d.buf, &pi, &self->seen);
	EXPECT_EQ(known ? VIRTIO_NET_HDR_GSO_UDP_L4 : 0, self->seen.gso_type);
	EXPECT_EQ(known ? 1000 : 0, self->seen.gso_size);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, self->seen.flags);
	EXPECT_EQ(0, memcmp(self->d.buf + pre + hdr, self->d.pkt, 1000));
	close(sk);
}

TEST_HARNESS_MAIN
