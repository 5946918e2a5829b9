// SPDX-License-Identifier: GPL-2.0
/* IFF_NAPI and IFF_NAPI_FRAGS: delivery and merging. */
#include <sys/mman.h>
#include <sys/uio.h>

#include "lib.h"

#define STOCK_ONLY_VARIANT	"tun"
#include "harness.h"

#define PSH	0x08
#define ACK	0x10

FIXTURE(napi) {
	struct flow f;
	struct virtio_net_hdr vh;
	bool tap, frags;
	size_t l2;
	int fd, sk;
	char *pkt, *buf;
	struct rtnl_link_stats64 st;
};

FIXTURE_VARIANT(napi) {
	int flags;
};

FIXTURE_VARIANT_ADD(napi, tun) { .flags = IFF_TUN | IFF_NAPI };
FIXTURE_VARIANT_ADD(napi, tap) { .flags = IFF_TAP | IFF_NAPI };
FIXTURE_VARIANT_ADD(napi, tap_frags) {
	.flags = IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS
};

FIXTURE_SETUP(napi)
{
	self->f = (struct flow) { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	self->tap = variant->flags & IFF_TAP;
	self->frags = variant->flags & IFF_NAPI_FRAGS;
	self->l2 = self->tap ? 14 : 0;
	self->pkt = malloc(BIG);
	self->buf = malloc(BIG);
	ASSERT_EQ(0, ns_enter());
	ASSERT_EQ(0, ns_sysfs());
	self->fd = tunfd_create_up("t0", variant->flags | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	self->sk = psock_open("t0", true);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(napi)
{
	close(self->sk);
	close(self->fd);
}

TEST_F(napi, delivers_in_order)
{
	size_t n;
	int i;

	self->f.proto = IPPROTO_UDP;
	for (i = 0; i < 200; i++) {
		self->f.seq = i;
		n = pkt_any(self->pkt, self->tap, &self->f, 20 + i);
		ASSERT_EQ(n, fd_write(self->fd, self->pkt, n));
	}
	for (i = 0; i < 200; i++) {
		self->f.seq = i;
		n = pkt_any(self->pkt, self->tap, &self->f, 20 + i);
		ASSERT_EQ(n, psock_recv(self->sk, &self->vh, self->buf, BIG));
		ASSERT_EQ(0, memcmp(self->buf, self->pkt, n));
	}
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(200, self->st.rx_packets);
}

/*
 * Writes two segments of a flow. The second one has PSH, which ends the
 * merging.
 */
static int send_pair(int fd, char *pkt, bool tap)
{
	struct flow f = { .sport = 5, .dport = 6, .proto = IPPROTO_TCP };
	size_t n, i;

	for (i = 0; i < 2; i++) {
		f.seq = 1 + i * 1000;
		f.tcp_flags = i ? ACK | PSH : ACK;
		n = pkt_any(pkt, tap, &f, 1000);
		if (fd_write(fd, pkt, n) != n)
			return -EIO;
	}
	return 0;
}

/*
 * Without a flush time-out, packets do not wait for each other. With one, the
 * first packet waits for the second, unless a clock tick between them flushes
 * the first. IFF_NAPI_FRAGS never waits.
 */
TEST_F(napi, gro_merges)
{
	size_t n = self->l2 + 1040;
	long end = now_ms() + WAIT_MS;
	int i, merged = 0;
	ssize_t got;

	ASSERT_EQ(0, file_put("/sys/class/net/t0/gro_flush_timeout",
			      "20000000000"));
	for (i = 0; !merged && (i < 50 || (!self->frags && now_ms() < end));
	     i++) {
		ASSERT_EQ(0, send_pair(self->fd, self->pkt, self->tap));
		got = psock_recv(self->sk, &self->vh, self->buf, BIG);
		if (got == n) {
			ASSERT_EQ(n, psock_recv(self->sk, &self->vh, self->buf,
						BIG));
			continue;
		}
		ASSERT_EQ(n + 1000, got);
		EXPECT_EQ(VIRTIO_NET_HDR_GSO_TCPV4, self->vh.gso_type);
		EXPECT_EQ(1000, self->vh.gso_size);
		EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, self->vh.flags);
		EXPECT_TRUE(pkt_ip_ok(self->buf + self->l2, got - self->l2));
		merged = 1;
	}
	EXPECT_EQ(!self->frags, merged);
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(2 * i, self->st.rx_packets);
	EXPECT_EQ(2 * i * n, self->st.rx_bytes);
}

TEST_F(napi, gro_off)
{
	size_t n, i;

	ASSERT_EQ(0, file_put("/sys/class/net/t0/gro_flush_timeout",
			      "20000000000"));
	ASSERT_EQ(0, cmd_run("ethtool -K t0 gro off"));
	for (i = 0; i < 2; i++) {
		self->f.seq = 1 + i * 1000;
		n = pkt_any(self->pkt, self->tap, &self->f, 1000);
		ASSERT_EQ(n, fd_write(self->fd, self->pkt, n));
		ASSERT_EQ(n, psock_recv(self->sk, &self->vh, self->buf, BIG));
		EXPECT_EQ(0, self->vh.gso_type);
	}
}

TEST_F(napi, one_by_one_without_timeout)
{
	size_t n, i;

	for (i = 0; i < 3; i++) {
		self->f.seq = 1 + i * 1000;
		n = pkt_any(self->pkt, self->tap, &self->f, 1000);
		ASSERT_EQ(n, fd_write(self->fd, self->pkt, n));
		ASSERT_EQ(n, psock_recv(self->sk, &self->vh, self->buf, BIG));
		EXPECT_EQ(0, self->vh.gso_type);
	}
}

TEST_F(napi, down_is_eio)
{
	size_t n = pkt_any(self->pkt, self->tap, &self->f, 10);

	ASSERT_EQ(0, if_down("t0"));
	EXPECT_EQ(-EIO, fd_write(self->fd, self->pkt, n));
	EXPECT_EQ(-EIO, fd_write(self->fd, self->pkt, n));
	ASSERT_EQ(0, if_up("t0"));
	EXPECT_EQ(n, fd_write(self->fd, self->pkt, n));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(2, self->st.rx_dropped);
	EXPECT_EQ(1, self->st.rx_packets);
}

/* Packets that GRO holds when the device is deleted are freed. */
TEST_F(napi, delete_while_held)
{
	size_t n = pkt_any(self->pkt, self->tap, &self->f, 1000);

	ASSERT_EQ(0, file_put("/sys/class/net/t0/gro_flush_timeout",
			      "20000000000"));
	ASSERT_EQ(n, fd_write(self->fd, self->pkt, n));
	ASSERT_EQ(0, rtnl_del("t0"));
	EXPECT_EQ(-EBADFD, fd_write(self->fd, self->pkt, n));
}

TEST_HARNESS_MAIN
