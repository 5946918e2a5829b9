// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation offload within UDP tunnels: TUNSETOFFLOAD, written and read headers.
 * Kernels before 6.17 do not know the offload, and refuse it.
 */
#include "tunnel.h"
#include "uso.h"

#include "harness.h"

#define PLAIN	(TUN_F_CSUM | TUN_F_TSO4)

FIXTURE(tunnel) {
	struct tunnel t;
};

FIXTURE_SETUP(tunnel)
{
	ASSERT_EQ(0, tunnel_open(&self->t));
}

FIXTURE_TEARDOWN(tunnel)
{
	tunnel_close(&self->t);
}

static int offload(int fd, unsigned int bits)
{
	return tunfd_ioctl(fd, TUNSETOFFLOAD, bits);
}

/* The next packet of the tunnel, behind those of the stack's own. */
static ssize_t read_it(struct _test_data_tunnel *self, size_t hdr)
{
	ssize_t n;

	do
		n = fd_read_wait(self->t.to, self->t.buf, BIG);
	while (n > 0 && memcmp(self->t.buf + hdr, self->t.pkt, 14));
	return n;
}

/* The tunnel's offload needs one for the packet within, and the checksum. */
TEST_F(tunnel, offloads)
{
	int known = tunnel_known() ? 0 : -EINVAL;

	EXPECT_EQ(-EINVAL, offload(self->t.to, TUNNEL_GSO));
	EXPECT_EQ(-EINVAL, offload(self->t.to, TUN_F_CSUM | TUNNEL_GSO));
	EXPECT_EQ(-EINVAL, offload(self->t.to, PLAIN | TUNNEL_GSO_CSUM));
	EXPECT_EQ(-EINVAL, offload(self->t.to, TUN_F_TSO4 | TUNNEL_GSO));
	EXPECT_EQ(-EINVAL, offload(self->t.to, TUN_F_CSUM | TUN_F_UFO | TUNNEL_GSO));
	EXPECT_EQ(known, offload(self->t.to, PLAIN | TUNNEL_GSO));
	EXPECT_EQ(known, offload(self->t.to, PLAIN | TUNNEL_GSO | TUNNEL_GSO_CSUM));
	EXPECT_EQ(known, offload(self->t.to, TUN_F_CSUM | TUN_F_TSO6 | TUNNEL_GSO));
	EXPECT_EQ(known, offload(self->t.to, USO_OFFLOADS | TUNNEL_GSO));
	EXPECT_EQ(-EINVAL, offload(self->t.to, PLAIN | TUNNEL_GSO | 0x200));
}

/* The packet arrives whole, with the header that it was written with. */
TEST_F(tunnel, through_the_stack)
{
	struct tunnel_hdr seen;

	if (!tunnel_known()) {
		EXPECT_EQ(-EINVAL, tunnel_write(&self->t));
		return;
	}
	ASSERT_EQ(0, offload(self->t.to, PLAIN | TUNNEL_GSO));
	ASSERT_EQ(TUNNEL_HDR + self->t.n, tunnel_write(&self->t));
	ASSERT_EQ(TUNNEL_HDR + self->t.n, read_it(self, TUNNEL_HDR));
	memcpy(&seen, self->t.buf, TUNNEL_HDR);
	EXPECT_EQ(self->t.h.basic.gso_type, seen.basic.gso_type);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, seen.basic.flags);
	EXPECT_EQ(1000, seen.basic.gso_size);
	EXPECT_EQ(TUNNEL_INNER_TH, seen.basic.csum_start);
	EXPECT_EQ(16, seen.basic.csum_offset);
	EXPECT_EQ(self->t.h.outer_th, seen.outer_th);
	EXPECT_EQ(self->t.h.inner_nh, seen.inner_nh);
	EXPECT_EQ(0, seen.hash);
	EXPECT_EQ(0, seen.hash_report);
	EXPECT_EQ(0, seen.padding);
	EXPECT_EQ(0, memcmp(self->t.buf + TUNNEL_HDR, self->t.pkt, self->t.n));
}

/* The outer checksum is an offload of its own. */
TEST_F(tunnel, outer_checksum)
{
	struct tunnel_hdr seen;
	int i;

	if (!tunnel_known())
		return;
	self->t.h.basic.flags |= TUNNEL_CSUM;
	ASSERT_EQ(0, offload(self->t.to, PLAIN | TUNNEL_GSO | TUNNEL_GSO_CSUM));
	ASSERT_EQ(TUNNEL_HDR + self->t.n, tunnel_write(&self->t));
	ASSERT_EQ(TUNNEL_HDR + self->t.n, read_it(self, TUNNEL_HDR));
	memcpy(&seen, self->t.buf, TUNNEL_HDR);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM | TUNNEL_CSUM, seen.basic.flags);

	ASSERT_EQ(0, offload(self->t.to, PLAIN | TUNNEL_GSO));
	ASSERT_EQ(TUNNEL_HDR + self->t.n, tunnel_write(&self->t));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(TUNNEL_HDR + TUNNEL_HEADERS + 1000,
			  read_it(self, TUNNEL_HDR));
}

/* A reader without the offload gets segments, each with all headers. */
TEST_F(tunnel, segments)
{
	uint32_t seq;
	int i;

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, offload(self->t.to, PLAIN));
	ASSERT_EQ(TUNNEL_HDR + self->t.n, tunnel_write(&self->t));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(TUNNEL_HDR + TUNNEL_HEADERS + 1000,
			  read_it(self, TUNNEL_HDR));
		EXPECT_EQ(0, self->t.buf[1]);
		memcpy(&seq, self->t.buf + TUNNEL_HDR + TUNNEL_INNER_TH + 4, 4);
		EXPECT_EQ(1000 * i, ntohl(seq));
		EXPECT_EQ(0, memcmp(self->t.buf + TUNNEL_HDR + TUNNEL_HEADERS,
				    self->t.pkt + TUNNEL_HEADERS + 1000 * i, 1000));
	}
}

/* The driver refuses headers that do not fit the packet or each other. */
TEST_F(tunnel, refused)
{
	const struct tunnel_hdr good = self->t.h;
	struct rtnl_link_stats64 st;

	if (!tunnel_known())
		return;
#define REFUSED(change) do {						\
	self->t.h = good;							\
	change;								\
	EXPECT_EQ(-EINVAL, tunnel_write(&self->t)) TH_LOG(#change);	\
} while (0)
	REFUSED(self->t.h.basic.gso_type |= TUNNEL_IPV6);
	REFUSED(self->t.h.basic.gso_type = TUNNEL_IPV4);
	REFUSED(self->t.h.basic.gso_type = TUNNEL_IPV4 | VIRTIO_NET_HDR_GSO_UDP);
	REFUSED(self->t.h.basic.flags = 0);
	REFUSED(self->t.h.outer_th = 0);
	REFUSED(self->t.h.outer_th = htole16(33));
	REFUSED(self->t.h.inner_nh = htole16(TUNNEL_OUTER_TH + 7));
	REFUSED(self->t.h.inner_nh = htole16(TUNNEL_INNER_TH - 19));
	REFUSED(self->t.h.inner_nh = 0xffff);
	REFUSED(self->t.h.basic.gso_size = 0);
	ASSERT_EQ(0, rtnl_stats("tap0", &st));
	EXPECT_EQ(0, st.rx_packets);
}

/* A header that is too short for a tunnel's has none. */
TEST_F(tunnel, short_header_written)
{
	int sz = 23;
	struct iovec iov[2] = { { &self->t.h, 23 }, { self->t.pkt, self->t.n } };

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctlp(self->t.from, TUNSETVNETHDRSZ, &sz));
	EXPECT_EQ(-1, writev(self->t.from, iov, 2));
	EXPECT_EQ(EINVAL, errno);
}

/* With the offload, a reader whose header is too short gets EFAULT for each packet. */
TEST_F(tunnel, short_header_read)
{
	struct flow f = { .sport = 5, .dport = 6 };
	int sz = 12, sk;

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, offload(self->t.to, PLAIN | TUNNEL_GSO));
	ASSERT_EQ(0, tunfd_ioctlp(self->t.to, TUNSETVNETHDRSZ, &sz));
	fd_drain(self->t.to);
	sk = psock_open("tap1", false);
	ASSERT_EQ(0, psock_send_flow(sk, true, &f, 10));
	EXPECT_EQ(-EFAULT, fd_read_wait(self->t.to, self->t.buf, BIG));
	close(sk);
}

/*
 * The rest of a longer header is zero where the kernel knows tunnels. Older kernels
 * leave the user's memory as it is.
 */
TEST_F(tunnel, rest_of_header)
{
	struct flow f = { .sport = 5, .dport = 6 };
	int sz = 32, sk, i, want = tunnel_known() ? 0 : 0x5a;

	ASSERT_EQ(0, tunfd_ioctlp(self->t.to, TUNSETVNETHDRSZ, &sz));
	sk = psock_open("tap1", false);
	for (i = 0; i < 2; i++) {
		size_t n = pkt_frame(self->t.pkt, &f, 10);

		fd_drain(self->t.to);
		ASSERT_EQ(0, psock_send(sk, NULL, self->t.pkt, n));
		memset(self->t.buf, 0x5a, 256);
		ASSERT_EQ(32 + n, read_it(self, 32));
		EXPECT_EQ(want, self->t.buf[10]);
		EXPECT_EQ(want, self->t.buf[23]);
		EXPECT_EQ(want, self->t.buf[24]);
		EXPECT_EQ(want, self->t.buf[31]);
		if (!tunnel_known())
			break;
		ASSERT_EQ(0, offload(self->t.to, PLAIN | TUNNEL_GSO));
	}
	close(sk);
}

TEST_HARNESS_MAIN
