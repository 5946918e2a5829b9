// SPDX-License-Identifier: GPL-2.0
/* One packet each way under every combination of headers before it. */
#include "lib.h"
#include "harness.h"

FIXTURE(io) {
	struct tun_mode m;
	struct flow f;
	bool tap;
	int fd, sk;
	char *pkt, *buf;
};

FIXTURE_VARIANT(io) {
	struct tun_mode m;
};

#define MODE(n, f, h, l) FIXTURE_VARIANT_ADD(io, n) { .m = { f, h, l } }
MODE(tun_pi, IFF_TUN, 0, 0);
MODE(tun_pi_vnet10, IFF_TUN, 10, 0);
MODE(tun_pi_vnet12_le, IFF_TUN, 12, 1);
MODE(tun_pi_vnet20, IFF_TUN, 20, 0);
MODE(tun, IFF_TUN | IFF_NO_PI, 0, 0);
MODE(tun_vnet10_le, IFF_TUN | IFF_NO_PI, 10, 1);
MODE(tun_vnet12, IFF_TUN | IFF_NO_PI, 12, 0);
MODE(tun_vnet20_le, IFF_TUN | IFF_NO_PI, 20, 1);
MODE(tap_pi, IFF_TAP, 0, 0);
MODE(tap_pi_vnet10_le, IFF_TAP, 10, 1);
MODE(tap_pi_vnet12, IFF_TAP, 12, 0);
MODE(tap_pi_vnet20_le, IFF_TAP, 20, 1);
MODE(tap, IFF_TAP | IFF_NO_PI, 0, 0);
MODE(tap_vnet10, IFF_TAP | IFF_NO_PI, 10, 0);
MODE(tap_vnet12_le, IFF_TAP | IFF_NO_PI, 12, 1);
MODE(tap_vnet20, IFF_TAP | IFF_NO_PI, 20, 0);

FIXTURE_SETUP(io)
{
	self->m = variant->m;
	self->tap = variant->m.flags & IFF_TAP;
	self->f = (struct flow) { .sport = 1, .dport = 2 };
	self->pkt = malloc(BIG);
	self->buf = malloc(BIG);
	ASSERT_EQ(0, ns_fresh());
	self->fd = mode_create(&variant->m, "t0");
	ASSERT_LE(0, self->fd);
	self->sk = packet_open("t0", false);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(io)
{
	close(self->sk);
	close(self->fd);
}

/* Reads are whole packets, with zeroed headers in front of them. */
TEST_F(io, read)
{
	size_t pre = mode_prefix(&self->m), n;
	struct virtio_net_hdr vh = { };
	struct tun_pi pi = { };
	static const char zero[256];

	n = pkt_any(self->pkt, self->tap, &self->f, 100);
	ASSERT_EQ(0, packet_send(self->sk, NULL, self->pkt, n));
	memset(self->buf, 0, BIG);
	ASSERT_EQ(pre + n, fd_read(self->fd, self->buf, BIG));
	mode_get(&self->m, self->buf, &pi, &vh);
	if (!(self->m.flags & IFF_NO_PI)) {
		EXPECT_EQ(htons(ETH_P_IP), pi.proto);
		EXPECT_EQ(0, pi.flags);
	}
	EXPECT_EQ(0, memcmp(&vh, zero, sizeof(vh)));
	EXPECT_EQ(0, memcmp(self->buf + pre, self->pkt, n));
	EXPECT_EQ(-EAGAIN, fd_read(self->fd, self->buf, BIG));
}

TEST_F(io, write)
{
	size_t n = pkt_any(self->pkt, self->tap, &self->f, 100);

	ASSERT_EQ(mode_prefix(&self->m) + n,
		  mode_write(&self->m, self->fd, ETH_P_IP, NULL, self->pkt, n));
	ASSERT_EQ(n, packet_recv(self->sk, NULL, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, n));
	self->f.v6 = true;
	n = pkt_any(self->pkt, self->tap, &self->f, 100);
	ASSERT_EQ(mode_prefix(&self->m) + n,
		  mode_write(&self->m, self->fd, ETH_P_IPV6, NULL, self->pkt, n));
	ASSERT_EQ(n, packet_recv(self->sk, NULL, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, n));
}

/* A buffer of every length: cut, marked, or refused within the headers. */
TEST_F(io, short_reads)
{
	bool has_pi = !(self->m.flags & IFF_NO_PI);
	size_t pre = mode_prefix(&self->m), n, room;
	struct virtio_net_hdr vh;
	struct tun_pi pi;

	n = pkt_any(self->pkt, self->tap, &self->f, 20);
	for (room = 1; room <= pre + n + 1; room++) {
		size_t want = room < pre + n ? room : pre + n;

		ASSERT_EQ(0, packet_send(self->sk, NULL, self->pkt, n));
		memset(self->buf, 0x55, BIG);
		if (room < pre) {
			EXPECT_EQ(-EINVAL, fd_read(self->fd, self->buf, room));
			continue;
		}
		EXPECT_EQ(want, fd_read(self->fd, self->buf, room))
			TH_LOG("room %zu", room);
		mode_get(&self->m, self->buf, &pi, &vh);
		if (has_pi)
			EXPECT_EQ(room < pre + n ? TUN_PKT_STRIP : 0, pi.flags);
		EXPECT_EQ(0, memcmp(self->buf + pre, self->pkt, want - pre));
		EXPECT_EQ(0x55, self->buf[want]);
	}
	/* whatever was cut or refused is gone */
	EXPECT_EQ(-EAGAIN, fd_read(self->fd, self->buf, BIG));
}

TEST_F(io, zero_read_takes_nothing)
{
	size_t n = pkt_any(self->pkt, self->tap, &self->f, 20);

	EXPECT_EQ(0, fd_read(self->fd, self->buf, 0));
	ASSERT_EQ(0, packet_send(self->sk, NULL, self->pkt, n));
	EXPECT_EQ(0, fd_read(self->fd, self->buf, 0));
	EXPECT_EQ(mode_prefix(&self->m) + n, fd_read(self->fd, self->buf, BIG));
}

/* Less than the headers and the least packet is EINVAL, for every length. */
TEST_F(io, short_writes)
{
	size_t pre = mode_prefix(&self->m), len;
	bool has_pi = !(self->m.flags & IFF_NO_PI);
	size_t least = self->tap ? 14 : has_pi ? 0 : 1;

	memset(self->buf, 0, BIG);
	mode_put(&self->m, self->buf, ETH_P_IP, NULL);
	pkt_any(self->buf + pre, self->tap, &self->f, 20);
	for (len = 0; len < pre + least; len++)
		EXPECT_EQ(-EINVAL, fd_write(self->fd, self->buf, len))
			TH_LOG("length %zu", len);
	EXPECT_EQ(pre + least, fd_write(self->fd, self->buf, pre + least));
}

TEST_F(io, scattered)
{
	size_t pre = mode_prefix(&self->m), n, i, total;
	struct iovec iov[64];

	n = pkt_any(self->pkt, self->tap, &self->f, 200);
	total = pre + n;
	mode_put(&self->m, self->buf, ETH_P_IP, NULL);
	memcpy(self->buf + pre, self->pkt, n);
	/* pieces of 7 bytes, and an empty one in between */
	for (i = 0; i * 7 < total; i++) {
		iov[i].iov_base = self->buf + i * 7;
		iov[i].iov_len = i * 7 + 7 > total ? total - i * 7 : 7;
	}
	iov[i] = iov[i - 1];
	iov[i - 1].iov_len = 0;
	ASSERT_EQ(total, writev(self->fd, iov, i + 1));
	ASSERT_EQ(n, packet_recv(self->sk, NULL, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, n));

	ASSERT_EQ(0, packet_send(self->sk, NULL, self->pkt, n));
	memset(self->buf, 0, BIG);
	ASSERT_EQ(total, readv(self->fd, iov, i + 1));
	EXPECT_EQ(0, memcmp(self->buf + pre, self->pkt, n));
}

TEST_HARNESS_MAIN
