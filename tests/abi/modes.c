// SPDX-License-Identifier: GPL-2.0
/* One packet each way with every combination of headers. */
#include "lib.h"
#include "harness.h"

FIXTURE(io) {
	struct mode_dev d;
};

FIXTURE_VARIANT(io) {
	struct mode m;
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
	ASSERT_EQ(0, mode_dev_open(&self->d, &variant->m, false));
}

FIXTURE_TEARDOWN(io)
{
	mode_dev_close(&self->d);
}

/* read() returns one whole packet behind zeroed headers. */
TEST_F(io, read)
{
	size_t pre = mode_prefix(&self->d.m), n;
	struct virtio_net_hdr vh = { };
	struct tun_pi pi = { };
	static const char zero[256];

	n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 100);
	ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	memset(self->d.buf, 0, BIG);
	ASSERT_EQ(pre + n, fd_read(self->d.fd, self->d.buf, BIG));
	mode_get(&self->d.m, self->d.buf, &pi, &vh);
	if (!(self->d.m.flags & IFF_NO_PI)) {
		EXPECT_EQ(htons(ETH_P_IP), pi.proto);
		EXPECT_EQ(0, pi.flags);
	}
	EXPECT_EQ(0, memcmp(&vh, zero, sizeof(vh)));
	EXPECT_EQ(0, memcmp(self->d.buf + pre, self->d.pkt, n));
	EXPECT_EQ(-EAGAIN, fd_read(self->d.fd, self->d.buf, BIG));
}

TEST_F(io, write)
{
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 100);

	ASSERT_EQ(mode_prefix(&self->d.m) + n,
		  mode_write(&self->d.m, self->d.fd, ETH_P_IP, NULL, self->d.pkt, n));
	ASSERT_EQ(n, psock_recv(self->d.sk, NULL, self->d.buf, BIG));
	EXPECT_EQ(0, memcmp(self->d.buf, self->d.pkt, n));
	self->d.f.v6 = true;
	n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 100);
	ASSERT_EQ(mode_prefix(&self->d.m) + n,
		  mode_write(&self->d.m, self->d.fd, ETH_P_IPV6, NULL, self->d.pkt, n));
	ASSERT_EQ(n, psock_recv(self->d.sk, NULL, self->d.buf, BIG));
	EXPECT_EQ(0, memcmp(self->d.buf, self->d.pkt, n));
}

/*
 * Buffers of every length: the packet is cut, marked, or refused inside the
 * headers.
 */
TEST_F(io, short_reads)
{
	bool has_pi = !(self->d.m.flags & IFF_NO_PI);
	size_t pre = mode_prefix(&self->d.m), n, room;
	struct virtio_net_hdr vh;
	struct tun_pi pi;

	n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 20);
	for (room = 1; room <= pre + n + 1; room++) {
		size_t want = room < pre + n ? room : pre + n;

		ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
		memset(self->d.buf, 0x55, BIG);
		if (room < pre) {
			EXPECT_EQ(-EINVAL, fd_read(self->d.fd, self->d.buf, room));
			continue;
		}
		EXPECT_EQ(want, fd_read(self->d.fd, self->d.buf, room))
			TH_LOG("room %zu", room);
		mode_get(&self->d.m, self->d.buf, &pi, &vh);
		if (has_pi)
			EXPECT_EQ(room < pre + n ? TUN_PKT_STRIP : 0, pi.flags);
		EXPECT_EQ(0, memcmp(self->d.buf + pre, self->d.pkt, want - pre));
		EXPECT_EQ(0x55, self->d.buf[want]);
	}
	/* a packet that was cut or refused is gone */
	EXPECT_EQ(-EAGAIN, fd_read(self->d.fd, self->d.buf, BIG));
}

TEST_F(io, zero_read_takes_nothing)
{
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 20);

	EXPECT_EQ(0, fd_read(self->d.fd, self->d.buf, 0));
	ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	EXPECT_EQ(0, fd_read(self->d.fd, self->d.buf, 0));
	EXPECT_EQ(mode_prefix(&self->d.m) + n, fd_read(self->d.fd, self->d.buf, BIG));
}

/* A write shorter than the headers and the shortest packet fails with EINVAL. */
TEST_F(io, short_writes)
{
	size_t pre = mode_prefix(&self->d.m), len;
	bool has_pi = !(self->d.m.flags & IFF_NO_PI);
	size_t least = self->d.tap ? 14 : has_pi ? 0 : 1;

	memset(self->d.buf, 0, BIG);
	mode_put(&self->d.m, self->d.buf, ETH_P_IP, NULL);
	pkt_any(self->d.buf + pre, self->d.tap, &self->d.f, 20);
	for (len = 0; len < pre + least; len++)
		EXPECT_EQ(-EINVAL, fd_write(self->d.fd, self->d.buf, len))
			TH_LOG("length %zu", len);
	EXPECT_EQ(pre + least, fd_write(self->d.fd, self->d.buf, pre + least));
}

TEST_F(io, scattered)
{
	size_t pre = mode_prefix(&self->d.m), n, i, total;
	struct iovec iov[64];

	n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 200);
	total = pre + n;
	mode_put(&self->d.m, self->d.buf, ETH_P_IP, NULL);
	memcpy(self->d.buf + pre, self->d.pkt, n);
	/* pieces of 7 bytes, and an empty piece between them */
	for (i = 0; i * 7 < total; i++) {
		iov[i].iov_base = self->d.buf + i * 7;
		iov[i].iov_len = i * 7 + 7 > total ? total - i * 7 : 7;
	}
	iov[i] = iov[i - 1];
	iov[i - 1].iov_len = 0;
	ASSERT_EQ(total, writev(self->d.fd, iov, i + 1));
	ASSERT_EQ(n, psock_recv(self->d.sk, NULL, self->d.buf, BIG));
	EXPECT_EQ(0, memcmp(self->d.buf, self->d.pkt, n));

	ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	memset(self->d.buf, 0, BIG);
	ASSERT_EQ(total, readv(self->d.fd, iov, i + 1));
	EXPECT_EQ(0, memcmp(self->d.buf + pre, self->d.pkt, n));
}

TEST_HARNESS_MAIN
