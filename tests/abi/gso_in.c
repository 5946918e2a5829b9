// SPDX-License-Identifier: GPL-2.0
/* Packets written with a virtio_net_hdr, as the stack receives them. */
#include <netinet/ip.h>

#include "gso_in.h"

TEST_F(in, needs_csum)
{
	struct flow flows[] = {
		{ 1, 2, IPPROTO_UDP }, { 1, 2, IPPROTO_TCP },
		{ 1, 2, IPPROTO_UDP, true }, { 1, 2, IPPROTO_TCP, true },
	};
	size_t i, n;

	for (i = 0; i < ARRAY_LEN(flows); i++) {
		n = pkt_any(self->d.pkt, self->d.tap, &flows[i], 100);
		pkt_partial(self->d.pkt + self->d.l2);
		self->vh = vh_csum(self->d.pkt + self->d.l2, self->d.l2);
		ASSERT_EQ(TOTAL(n), WRITE(n));
		ASSERT_EQ(n, psock_recv(self->d.sk, &self->seen, self->d.buf,
					BIG));
		EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, self->seen.flags);
		EXPECT_EQ(self->vh.csum_start, self->seen.csum_start);
		EXPECT_EQ(self->vh.csum_offset, self->seen.csum_offset);
		EXPECT_EQ(0, self->seen.gso_type);
		EXPECT_EQ(0, memcmp(self->d.buf, self->d.pkt, n));
	}
}

/* A UDP socket receives a packet whose checksum is still partial. */
TEST_F(in, needs_csum_reaches_socket)
{
	struct flow f = { .sport = 5, .dport = 7777 };
	int udp;
	size_t n;

	ASSERT_EQ(0, if_addr4("t0", "10.9.0.1"));
	udp = udp_open("t0", 7777);
	ASSERT_LE(0, udp);
	n = pkt_any(self->d.pkt, self->d.tap, &f, 100);
	if (self->d.tap)
		ASSERT_EQ(0, if_get_mac("t0", (uint8_t *)self->d.pkt, NULL));
	pkt_partial(self->d.pkt + self->d.l2);
	self->vh = vh_csum(self->d.pkt + self->d.l2, self->d.l2);
	ASSERT_EQ(TOTAL(n), WRITE(n));
	EXPECT_EQ(100, recv(udp, self->d.buf, BIG, 0));
	/* the same packet without the flag has a wrong checksum */
	memset(&self->vh, 0, sizeof(self->vh));
	ASSERT_EQ(TOTAL(n), WRITE(n));
	self->vh = vh_csum(self->d.pkt + self->d.l2, self->d.l2);
	ASSERT_EQ(TOTAL(n), WRITE(n));
	EXPECT_EQ(100, recv(udp, self->d.buf, BIG, 0));
	EXPECT_EQ(-1, recv(udp, self->d.buf, BIG, MSG_DONTWAIT));
}

TEST_F(in, data_valid_is_ignored)
{
	struct flow f = { .sport = 5, .dport = 6 };
	size_t n = pkt_any(self->d.pkt, self->d.tap, &f, 100);

	self->vh = (struct virtio_net_hdr) {
		.flags = VIRTIO_NET_HDR_F_DATA_VALID
	};
	ASSERT_EQ(TOTAL(n), WRITE(n));
	ASSERT_EQ(n, psock_recv(self->d.sk, &self->seen, self->d.buf, BIG));
	EXPECT_EQ(0, self->seen.flags);
}

TEST_F(in, tcp_segments)
{
	struct flow f = { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	size_t n;
	int v6, ecn;

	for (v6 = 0; v6 < 2; v6++)
		for (ecn = 0; ecn < 2; ecn++) {
			f.v6 = v6;
			n = pkt_any(self->d.pkt, self->d.tap, &f, 40000);
			pkt_partial(self->d.pkt + self->d.l2);
			self->vh = vh_gso(self->d.pkt + self->d.l2, self->d.l2, 1400);
			if (ecn)
				self->vh.gso_type |= VIRTIO_NET_HDR_GSO_ECN;
			ASSERT_EQ(TOTAL(n), WRITE(n));
			ASSERT_EQ(n, psock_recv(self->d.sk, &self->seen,
						self->d.buf, BIG));
			EXPECT_EQ(self->vh.gso_type, self->seen.gso_type);
			EXPECT_EQ(1400, self->seen.gso_size);
			EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, self->seen.flags);
			EXPECT_EQ(0, memcmp(self->d.buf, self->d.pkt, n));
		}
	/* one packet is counted, with all its bytes */
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(4, self->st.rx_packets);
}

/* A packet that fits into one segment is delivered without GSO. */
TEST_F(in, small_gso_is_plain)
{
	struct flow f = { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	size_t n = pkt_any(self->d.pkt, self->d.tap, &f, 1000);

	pkt_partial(self->d.pkt + self->d.l2);
	self->vh = vh_gso(self->d.pkt + self->d.l2, self->d.l2, 1000);
	ASSERT_EQ(TOTAL(n), WRITE(n));
	ASSERT_EQ(n, psock_recv(self->d.sk, &self->seen, self->d.buf, BIG));
	EXPECT_EQ(0, self->seen.gso_type);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, self->seen.flags);
}

TEST_F(in, refused)
{
	struct flow tcp = { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	struct virtio_net_hdr good;
	size_t n, rest = 0;

	/* The stock driver of 7.3 compares hdr_len with all that follows the
	 * first ten bytes of the header.
	 */
	if (kernel_tun_is_stock() && kernel_since(7, 3, 0))
		rest = self->d.m.hdr - sizeof(good);
	n = pkt_any(self->d.pkt, self->d.tap, &tcp, 3000);
	pkt_partial(self->d.pkt + self->d.l2);
	good = vh_gso(self->d.pkt + self->d.l2, self->d.l2, 1000);

#define REFUSED(change) do {					\
	self->vh = good;					\
	change;							\
	EXPECT_EQ(-EINVAL, WRITE(n)) TH_LOG(#change);		\
} while (0)
	REFUSED(self->vh.gso_type = 2);
	REFUSED(self->vh.gso_type = 5 /* UDP_L4: not in 6.1 */);
	REFUSED(self->vh.gso_type = 0x7f);
	REFUSED(self->vh.gso_type = VIRTIO_NET_HDR_GSO_ECN);
	REFUSED(self->vh.gso_size = 0);
	REFUSED(self->vh.gso_size = 0xffff);
	REFUSED(self->vh.hdr_len = n + rest + 1);
	REFUSED(self->vh.hdr_len = 0xffff);
	REFUSED(self->vh.csum_start = n);
	REFUSED(self->vh.csum_start = n - 1);
	REFUSED(self->vh.csum_start = 0xffff);
	REFUSED(self->vh.csum_offset = 0xffff);
	REFUSED(self->vh.csum_offset = 6);
	self->vh = good;
	EXPECT_EQ(TOTAL(n), WRITE(n));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(1, self->st.rx_packets);
}

/* hdr_len is a hint: any value up to the packet's length is accepted. */
TEST_F(in, hdr_len)
{
	struct flow f = { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	size_t n = pkt_any(self->d.pkt, self->d.tap, &f, 9000);
	int lens[] = { 0, 14, 15, 54, 66, 128, 4000, 4097, n - 1, n };
	size_t i;

	pkt_partial(self->d.pkt + self->d.l2);
	for (i = 0; i < ARRAY_LEN(lens); i++) {
		self->vh = vh_gso(self->d.pkt + self->d.l2, self->d.l2, 1400);
		self->vh.hdr_len = lens[i];
		ASSERT_EQ(TOTAL(n), WRITE(n)) TH_LOG("hdr_len %d", lens[i]);
		ASSERT_EQ(n, psock_recv(self->d.sk, &self->seen, self->d.buf,
					BIG));
		EXPECT_EQ(0, memcmp(self->d.buf, self->d.pkt, n));
		EXPECT_EQ(1400, self->seen.gso_size);
	}
}

/* On tap, a hint below the Ethernet header is refused, unless the hint is 0. */
TEST_F(in, hdr_len_below_ethernet)
{
	struct flow f = { .sport = 5, .dport = 6 };
	size_t n = pkt_any(self->d.pkt, self->d.tap, &f, 100);
	int i;

	memset(&self->vh, 0, sizeof(self->vh));
	for (i = 0; i < 14; i++) {
		self->vh.hdr_len = i;
		EXPECT_EQ(self->d.tap && i ? -EINVAL : TOTAL(n), WRITE(n));
	}
}

/* The driver ignores the bytes behind the first ten of a longer header. */
TEST_F(in, tail_of_header_ignored)
{
	struct mode m = { IFF_NO_PI | variant->m.flags, 20, 0 };
	struct flow f = { .sport = 5, .dport = 6 };
	size_t n;
	int fd, sk;

	fd = mode_create(&m, "t1");
	ASSERT_LE(0, fd);
	sk = psock_open("t1", true);
	memset(self->d.buf, 0xff, 20);
	memset(self->d.buf, 0, 10);
	n = pkt_any(self->d.buf + 20, self->d.tap, &f, 50);
	memcpy(self->d.pkt, self->d.buf + 20, n);
	EXPECT_EQ(20 + n, fd_write(fd, self->d.buf, 20 + n));
	ASSERT_EQ(n, psock_recv(sk, &self->seen, self->d.buf, BIG));
	EXPECT_EQ(0, memcmp(self->d.buf, self->d.pkt, n));
}

/* The driver still accepts IPv4 UFO from a writer. */
TEST_F(in, udp_fragments)
{
	struct flow f = { .sport = 5, .dport = 6 };
	size_t n = pkt_any(self->d.pkt, self->d.tap, &f, 4000);

	pkt_partial(self->d.pkt + self->d.l2);
	self->vh = vh_gso(self->d.pkt + self->d.l2, self->d.l2, 1400);
	EXPECT_EQ(TOTAL(n), WRITE(n));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(1, self->st.rx_packets);
	EXPECT_EQ(n, self->st.rx_bytes);
}

/*
 * Where CONFIG_TUN_VNET_CROSS_LE is set, fields are big-endian unless
 * TUNSETVNETLE is called.
 */
TEST_F(in, big_endian)
{
	struct flow f = { .sport = 5, .dport = 6 };
	size_t n = pkt_any(self->d.pkt, self->d.tap, &f, 100);
	bool be = !self->d.m.le;

	pkt_partial(self->d.pkt + self->d.l2);
	self->vh = vh_csum(self->d.pkt + self->d.l2, self->d.l2);
	if (tunfd_int(self->d.fd, TUNSETVNETBE, 1))
		be = false;
	if (be) {
		self->vh.csum_start = htons(self->vh.csum_start);
		self->vh.csum_offset = htons(self->vh.csum_offset);
	}
	ASSERT_EQ(TOTAL(n), WRITE(n));
	ASSERT_EQ(n, psock_recv(self->d.sk, &self->seen, self->d.buf, BIG));
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, self->seen.flags);
	EXPECT_EQ(self->d.l2 + 20, self->seen.csum_start);
	EXPECT_EQ(6, self->seen.csum_offset);
}

TEST_HARNESS_MAIN
