// SPDX-License-Identifier: GPL-2.0
/* Packets read with a virtio_net_hdr have the offloads of TUNSETOFFLOAD alone. */
#include <netinet/ip.h>

#include "lib.h"

#define STOCK_ONLY_VARIANT	"tap_pi"
#include "harness.h"

#define PAYLOAD	20000
#define MSS	1300

FIXTURE(out) {
	struct mode_dev d;
	struct virtio_net_hdr vh, seen;
	struct tun_pi pi;
	size_t pre;
};

FIXTURE_VARIANT(out) {
	struct mode m;
};

FIXTURE_VARIANT_ADD(out, tun) { .m = { IFF_TUN | IFF_NO_PI, 10, 0 } };
FIXTURE_VARIANT_ADD(out, tap) { .m = { IFF_TAP | IFF_NO_PI, 12, 1 } };
FIXTURE_VARIANT_ADD(out, tap_pi) { .m = { IFF_TAP, 20, 0 } };

FIXTURE_SETUP(out)
{
	ASSERT_EQ(0, mode_dev_open(&self->d, &variant->m, true));
	self->pre = mode_prefix(&variant->m);
}

FIXTURE_TEARDOWN(out)
{
	mode_dev_close(&self->d);
}

/*
 * Reads the segments of a packet. Returns the number of correct ones, or
 * -errno.
 */
static int segments(const struct mode *m, int fd, const char *whole, size_t l2,
		    int partial)
{
	size_t pre = mode_prefix(m), hdr = pkt_hdr_len(whole + l2), got = 0;
	static char buf[BIG];
	struct virtio_net_hdr vh;
	struct tun_pi pi;
	int n = 0;

	while (got < PAYLOAD) {
		ssize_t len = fd_read(fd, buf, sizeof(buf));
		size_t data = len - pre - l2 - hdr;
		char *ip = buf + pre + l2;

		if (len < 0)
			return len;
		mode_get(m, buf, &pi, &vh);
		if (data != (PAYLOAD - got < MSS ? PAYLOAD - got : MSS) ||
		    memcmp(ip + hdr, whole + l2 + hdr + got, data) ||
		    !pkt_ip_ok(ip, len - pre - l2))
			return -EBADMSG;
		if (vh.gso_type || vh.gso_size ||
		    vh.flags != (partial ? VIRTIO_NET_HDR_F_NEEDS_CSUM : 0))
			return -EPROTO;
		if (partial && vh.csum_start != l2 + pkt_l4_off(ip))
			return -EDOM;
		if (!partial && !pkt_l4_ok(ip, len - pre - l2))
			return -EILSEQ;
		got += data;
		n++;
	}
	return n;
}

static size_t make_gso(char *pkt, bool tap, bool v6, struct virtio_net_hdr *vh)
{
	struct flow f = { .sport = 5, .dport = 6, .proto = IPPROTO_TCP,
			  .v6 = v6 };
	size_t n = pkt_any(pkt, tap, &f, PAYLOAD), l2 = tap ? 14 : 0;

	pkt_partial(pkt + l2);
	*vh = vh_gso(pkt + l2, l2, MSS);
	return n;
}

#define NSEG ((PAYLOAD + MSS - 1) / MSS)

TEST_F(out, no_offload_no_csum_left)
{
	struct flow f = { .sport = 5, .dport = 6 };
	size_t n;
	int i;

	for (i = 0; i < 4; i++) {
		f.v6 = i & 1;
		f.proto = i & 2 ? IPPROTO_TCP : IPPROTO_UDP;
		n = pkt_any(self->d.pkt, self->d.tap, &f, 100);
		pkt_partial(self->d.pkt + self->d.l2);
		self->vh = vh_csum(self->d.pkt + self->d.l2, self->d.l2);
		ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
		ASSERT_EQ(self->pre + n, fd_read(self->d.fd, self->d.buf, BIG));
		mode_get(&self->d.m, self->d.buf, &self->pi, &self->seen);
		EXPECT_EQ(0, self->seen.flags);
		EXPECT_TRUE(pkt_l4_ok(self->d.buf + self->pre + self->d.l2,
				      n - self->d.l2));
	}
}

TEST_F(out, csum_left_to_reader)
{
	struct flow f = { .sport = 5, .dport = 6 };
	size_t n;
	int i;

	ASSERT_EQ(0, tunfd_ioctl(self->d.fd, TUNSETOFFLOAD, TUN_F_CSUM));
	for (i = 0; i < 4; i++) {
		f.v6 = i & 1;
		f.proto = i & 2 ? IPPROTO_TCP : IPPROTO_UDP;
		n = pkt_any(self->d.pkt, self->d.tap, &f, 100);
		pkt_partial(self->d.pkt + self->d.l2);
		self->vh = vh_csum(self->d.pkt + self->d.l2, self->d.l2);
		ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
		ASSERT_EQ(self->pre + n, fd_read(self->d.fd, self->d.buf, BIG));
		mode_get(&self->d.m, self->d.buf, &self->pi, &self->seen);
		EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, self->seen.flags);
		EXPECT_EQ(self->vh.csum_start, self->seen.csum_start);
		EXPECT_EQ(self->vh.csum_offset, self->seen.csum_offset);
		EXPECT_EQ(0, self->seen.gso_type);
		EXPECT_EQ(0, memcmp(self->d.buf + self->pre, self->d.pkt, n));
	}
}

TEST_F(out, segmented_without_offload)
{
	size_t n;
	int v6;

	for (v6 = 0; v6 < 2; v6++) {
		n = make_gso(self->d.pkt, self->d.tap, v6, &self->vh);
		ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
		EXPECT_EQ(NSEG, segments(&self->d.m, self->d.fd, self->d.pkt,
					 self->d.l2, 0));
	}
	EXPECT_EQ(-EAGAIN, fd_read(self->d.fd, self->d.buf, BIG));
}

TEST_F(out, segmented_with_csum_only)
{
	size_t n = make_gso(self->d.pkt, self->d.tap, false, &self->vh);

	ASSERT_EQ(0, tunfd_ioctl(self->d.fd, TUNSETOFFLOAD, TUN_F_CSUM));
	ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
	EXPECT_EQ(NSEG, segments(&self->d.m, self->d.fd, self->d.pkt, self->d.l2, 1));
}

/*
 * With TSO4 alone, IPv4 super-packets pass and IPv6 is segmented. With TSO6,
 * the opposite.
 */
TEST_F(out, each_tso)
{
	static const int flag[2] = { TUN_F_TSO4, TUN_F_TSO6 };
	static const int type[2] = { VIRTIO_NET_HDR_GSO_TCPV4,
				     VIRTIO_NET_HDR_GSO_TCPV6 };
	size_t n;
	int v6;

	for (v6 = 0; v6 < 2; v6++) {
		ASSERT_EQ(0, tunfd_ioctl(self->d.fd, TUNSETOFFLOAD,
					 TUN_F_CSUM | flag[v6]));
		n = make_gso(self->d.pkt, self->d.tap, v6, &self->vh);
		ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
		ASSERT_EQ(self->pre + n, fd_read(self->d.fd, self->d.buf, BIG));
		mode_get(&self->d.m, self->d.buf, &self->pi, &self->seen);
		EXPECT_EQ(type[v6], self->seen.gso_type);
		EXPECT_EQ(MSS, self->seen.gso_size);
		EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, self->seen.flags);
		EXPECT_EQ(self->vh.csum_start, self->seen.csum_start);
		EXPECT_LE(self->d.l2 + pkt_hdr_len(self->d.pkt + self->d.l2),
			  self->seen.hdr_len);
		EXPECT_GE(n, self->seen.hdr_len);
		EXPECT_EQ(0, memcmp(self->d.buf + self->pre, self->d.pkt, n));

		n = make_gso(self->d.pkt, self->d.tap, !v6, &self->vh);
		ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
		EXPECT_EQ(NSEG, segments(&self->d.m, self->d.fd, self->d.pkt,
					 self->d.l2, 1));
	}
}

TEST_F(out, ecn)
{
	size_t n;
	int ecn;

	for (ecn = 0; ecn < 2; ecn++) {
		ASSERT_EQ(0, tunfd_ioctl(self->d.fd, TUNSETOFFLOAD,
					 TUN_F_CSUM | TUN_F_TSO4 |
						 (ecn ? TUN_F_TSO_ECN : 0)));
		n = make_gso(self->d.pkt, self->d.tap, false, &self->vh);
		self->vh.gso_type |= VIRTIO_NET_HDR_GSO_ECN;
		ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
		if (!ecn) {
			EXPECT_EQ(NSEG, segments(&self->d.m, self->d.fd, self->d.pkt,
						 self->d.l2, 1));
			continue;
		}
		ASSERT_EQ(self->pre + n, fd_read(self->d.fd, self->d.buf, BIG));
		mode_get(&self->d.m, self->d.buf, &self->pi, &self->seen);
		EXPECT_EQ(VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN,
			  self->seen.gso_type);
	}
}

/* The stack segments packets only while the offload is not granted. */
TEST_F(out, offload_on_and_off)
{
	size_t n = make_gso(self->d.pkt, self->d.tap, false, &self->vh);
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, tunfd_ioctl(self->d.fd, TUNSETOFFLOAD,
					 TUN_F_CSUM | TUN_F_TSO4));
		ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
		ASSERT_EQ(self->pre + n, fd_read(self->d.fd, self->d.buf, BIG));
		ASSERT_EQ(0, tunfd_ioctl(self->d.fd, TUNSETOFFLOAD, 0));
		ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
		EXPECT_EQ(NSEG, segments(&self->d.m, self->d.fd, self->d.pkt,
					 self->d.l2, 0));
	}
}

/*
 * A short read of a super-packet returns its first bytes and sets
 * TUN_PKT_STRIP.
 */
TEST_F(out, super_packet_cut)
{
	size_t n = make_gso(self->d.pkt, self->d.tap, false, &self->vh);

	ASSERT_EQ(0, tunfd_ioctl(self->d.fd, TUNSETOFFLOAD,
				 TUN_F_CSUM | TUN_F_TSO4));
	ASSERT_EQ(0, psock_send(self->d.sk, &self->vh, self->d.pkt, n));
	ASSERT_EQ(1500, fd_read(self->d.fd, self->d.buf, 1500));
	mode_get(&self->d.m, self->d.buf, &self->pi, &self->seen);
	if (!(self->d.m.flags & IFF_NO_PI))
		EXPECT_EQ(TUN_PKT_STRIP, self->pi.flags);
	EXPECT_EQ(VIRTIO_NET_HDR_GSO_TCPV4, self->seen.gso_type);
	EXPECT_EQ(0, memcmp(self->d.buf + self->pre, self->d.pkt, 1500 - self->pre));
	EXPECT_EQ(-EAGAIN, fd_read(self->d.fd, self->d.buf, BIG));
}

TEST_HARNESS_MAIN
