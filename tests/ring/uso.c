// SPDX-License-Identifier: GPL-2.0
/* UDP segmentation offload: one packet of many datagrams, in both directions. */
#include <arpa/inet.h>
#include <netinet/udp.h>

#include "env.h"
#include "harness.h"

#ifndef TUN_F_USO4
#define TUN_F_USO4	0x20
#define TUN_F_USO6	0x40
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif

#define UDP_L4	5	/* VIRTIO_NET_HDR_GSO_UDP_L4 */
#define USO	(TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6)
#define SEGMENT	1000
#define N	8
#define SIZE	(N * SEGMENT - 300)	/* the last segment is shorter */

FIXTURE(uso) {
	struct env e;
	struct tring r;
	struct mode m;
	int udp;
	uint8_t pkt[16384], buf[16384];
};

FIXTURE_VARIANT(uso) {
	int flags, hdr;
	uint64_t features;
	bool v6;
};

FIXTURE_VARIANT_ADD(uso, meta_v4) { TUN_PLAIN, 0, F_META, false };
FIXTURE_VARIANT_ADD(uso, meta_v6) { TUN_PLAIN, 0, F_META | F_EVENT, true };
FIXTURE_VARIANT_ADD(uso, vnet_v4) { TUN_PLAIN, 12, 0, false };
FIXTURE_VARIANT_ADD(uso, vnet_v6) { TUN_PLAIN, 10, 0, true };

/* A socket that sends to and receives from the other end of the tun. */
static int udp_connect(bool v6)
{
	struct sockaddr_in6 me6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(6000) };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(5000) };
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(5000),
				  .sin_addr.s_addr = inet_addr("10.9.0.2") };
	struct timeval tv = { .tv_sec = 10 };
	int sk;

	if (!v6) {
		sk = udp_open(NULL, 6000);
		if (sk >= 0 && connect(sk, (void *)&to, sizeof(to)))
			return -errno;
		return sk;
	}
	inet_pton(AF_INET6, "fd09::1", &me6.sin6_addr);
	inet_pton(AF_INET6, "fd09::2", &to6.sin6_addr);
	sk = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sk < 0 || bind(sk, (void *)&me6, sizeof(me6)) ||
	    connect(sk, (void *)&to6, sizeof(to6)) ||
	    setsockopt(sk, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)))
		return -errno;
	return sk;
}

FIXTURE_SETUP(uso)
{
	struct tconf c = { variant->features, 32, 32, 16384, 0 };
	int flags = variant->flags | (variant->hdr ? IFF_VNET_HDR : 0);

	ASSERT_EQ(0, env_open(&self->e, "uso0", flags));
	/* the kernel's own driver knows this offload since 6.2 */
	ASSERT_EQ(kernel_since(6, 2, 0) ? 0 : -EINVAL,
		  tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, USO));
	self->m = (struct mode) { variant->flags, variant->hdr, 1 };
	ASSERT_EQ(0, env_rings(&self->e, &self->r, &self->m, &c));
	ASSERT_EQ(0, variant->v6 ?
		  cmd_run("ip -6 addr add fd09::1/64 dev uso0 nodad") :
		  if_addr4("uso0", "10.9.0.1"));
	self->udp = udp_connect(variant->v6);
	ASSERT_LE(0, self->udp);
	ASSERT_EQ(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(uso)
{
	close(self->udp);
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Receives a packet of UDP to port 5000, and skips what IPv6 says by itself. */
static ssize_t recv_vh(struct _test_data_uso *self, struct virtio_net_hdr *vh)
{
	size_t pre = self->m.hdr;
	struct tun_ring_meta m;
	uint8_t raw[16384];
	ssize_t n;

	do {
		m = (struct tun_ring_meta) { };
		n = tring_recv(&self->r, raw, sizeof(raw), &m);
		if (n < (ssize_t)pre)
			return n < 0 ? n : -EMSGSIZE;
		n -= pre;
		memcpy(vh, pre ? (void *)raw : (void *)&m, sizeof(*vh));
		memcpy(self->buf, raw + pre, n);
	} while (n < 28 || self->buf[self->buf[0] >> 4 == 6 ? 6 : 9] != IPPROTO_UDP);
	return n;
}

/* Sends N segments, as one message. */
static ssize_t udp_segments(struct _test_data_uso *self)
{
	int size = SEGMENT, i;

	for (i = 0; i < SIZE; i++)
		self->pkt[i] = i * 7 + i / 256;
	if (setsockopt(self->udp, SOL_UDP, UDP_SEGMENT, &size, sizeof(size)))
		return -errno;
	return send(self->udp, self->pkt, SIZE, 0);
}

TEST_F(uso, receive)
{
	size_t l3 = variant->v6 ? 40 : 20;
	struct virtio_net_hdr vh;

	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, USO));
	ASSERT_EQ(SIZE, udp_segments(self));
	ASSERT_EQ(l3 + 8 + SIZE, recv_vh(self, &vh));
	EXPECT_EQ(UDP_L4, vh.gso_type);
	EXPECT_EQ(SEGMENT, vh.gso_size);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, vh.flags);
	EXPECT_EQ(l3, vh.csum_start);
	EXPECT_EQ(6, vh.csum_offset);
	EXPECT_LE(l3 + 8, vh.hdr_len);
	EXPECT_EQ(0, memcmp(self->buf + l3 + 8, self->pkt, SIZE));
}

/* Without the offload, and after it was turned off. */
TEST_F(uso, receive_segmented)
{
	size_t l3 = variant->v6 ? 40 : 20, len;
	struct virtio_net_hdr vh;
	unsigned int i;

	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, USO));
	ASSERT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, TUN_F_CSUM));
	ASSERT_EQ(SIZE, udp_segments(self));
	for (i = 0; i < N; i++) {
		len = i < N - 1 ? SEGMENT : SEGMENT - 300;
		ASSERT_EQ(l3 + 8 + len, recv_vh(self, &vh));
		EXPECT_EQ(0, vh.gso_type);
		EXPECT_EQ(0, memcmp(self->buf + l3 + 8,
				    self->pkt + i * SEGMENT, len));
	}
}

/* Both versions of IP, with CSUM. */
TEST_F(uso, offload_flags)
{
	EXPECT_EQ(-EINVAL, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD,
				       TUN_F_CSUM | TUN_F_USO4));
	EXPECT_EQ(-EINVAL, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD,
				       TUN_F_CSUM | TUN_F_USO6));
	EXPECT_EQ(-EINVAL, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD,
				       TUN_F_USO4 | TUN_F_USO6));
	EXPECT_EQ(0, tunfd_ioctl(self->e.fd, TUNSETOFFLOAD, USO));
}

/* Puts the header in front or into the record, and transmits. */
static int send_vh(struct _test_data_uso *self, bool v6,
		   const struct virtio_net_hdr *vh, size_t len)
{
	struct tun_ring_meta meta = { };
	size_t n = mode_put(&self->m, self->buf, v6 ? ETH_P_IPV6 : ETH_P_IP, vh);

	memcpy(&meta, vh, sizeof(*vh));
	memcpy(self->buf + n, self->pkt, len);
	return tring_send(&self->r, self->buf, n + len, &meta);
}

static size_t make_super(struct _test_data_uso *self, bool v6, size_t payload,
			 struct virtio_net_hdr *vh)
{
	struct flow f = { .sport = 5000, .dport = 6000, .v6 = v6 };
	size_t n = pkt_ip(self->pkt, &f, payload);

	pkt_partial(self->pkt);
	*vh = vh_gso(self->pkt, 0, SEGMENT);
	vh->gso_type = UDP_L4;
	return n;
}

TEST_F(uso, transmit)
{
	size_t l3 = variant->v6 ? 40 : 20, len, n;
	struct virtio_net_hdr vh;
	uint8_t got[2048];
	unsigned int i;

	n = make_super(self, variant->v6, SIZE, &vh);
	ASSERT_EQ(0, send_vh(self, variant->v6, &vh, n));
	for (i = 0; i < N; i++) {
		len = i < N - 1 ? SEGMENT : SEGMENT - 300;
		ASSERT_EQ(len, recv(self->udp, got, sizeof(got), 0));
		EXPECT_EQ(0, memcmp(got, self->pkt + l3 + 8 + i * SEGMENT, len));
	}
	/* a packet of one segment is a plain one */
	n = make_super(self, variant->v6, SEGMENT, &vh);
	ASSERT_EQ(0, send_vh(self, variant->v6, &vh, n));
	ASSERT_EQ(SEGMENT, recv(self->udp, got, sizeof(got), 0));
}

static uint64_t tx_errors(int fd)
{
	struct tun_ring_stats st = { };

	return tring_stats(fd, &st) ? UINT64_MAX : st.tx.errors;
}

TEST_F(uso, transmit_refused)
{
	struct virtio_net_hdr good;
	uint64_t errors = 0;
	size_t n;

	n = make_super(self, variant->v6, SIZE, &good);
#define REFUSED(change) do {						\
	struct virtio_net_hdr vh = good;				\
									\
	change;								\
	ASSERT_EQ(0, send_vh(self, variant->v6, &vh, n));		\
	EXPECT_EQ(++errors, tx_errors(self->e.fd)) TH_LOG(#change);	\
} while (0)
	REFUSED(vh.flags = 0);
	REFUSED(vh.gso_size = 0);
	REFUSED(vh.gso_size = 0xffff);
	REFUSED(vh.gso_size = 40 /* more than 128 segments */);
	REFUSED(vh.csum_offset = 16);
	REFUSED(vh.gso_type |= VIRTIO_NET_HDR_GSO_ECN);
	ASSERT_EQ(0, send_vh(self, variant->v6, &good, n));
	EXPECT_EQ(errors, tx_errors(self->e.fd));
}

TEST_HARNESS_MAIN
