// SPDX-License-Identifier: GPL-2.0
/* read() and write(): order, sizes, bad packets, bad memory, interface down. */
#include <netinet/ip.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "lib.h"

#define STOCK_ONLY_VARIANT	"pi_vnet"
#include "harness.h"

FIXTURE(rw) {
	struct mode_dev d;
	struct rtnl_link_stats64 st;
};

FIXTURE_VARIANT(rw) {
	struct mode m;
};

FIXTURE_VARIANT_ADD(rw, tun) { .m = { IFF_TUN | IFF_NO_PI, 0, 0 } };
FIXTURE_VARIANT_ADD(rw, tun_pi_vnet) { .m = { IFF_TUN, 12, 0 } };
FIXTURE_VARIANT_ADD(rw, tap) { .m = { IFF_TAP | IFF_NO_PI, 0, 0 } };
FIXTURE_VARIANT_ADD(rw, tap_pi_vnet) { .m = { IFF_TAP, 12, 0 } };

FIXTURE_SETUP(rw)
{
	ASSERT_EQ(0, mode_dev_open(&self->d, &variant->m, false));
}

FIXTURE_TEARDOWN(rw)
{
	mode_dev_close(&self->d);
}

TEST_F(rw, order_kept)
{
	size_t pre = mode_prefix(&self->d.m), n;
	int i;

	for (i = 0; i < 300; i++) {
		self->d.f.seq = i;
		n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 64 + i);
		ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	}
	for (i = 0; i < 300; i++) {
		self->d.f.seq = i;
		n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 64 + i);
		ASSERT_EQ(pre + n, fd_read(self->d.fd, self->d.buf, BIG));
		ASSERT_EQ(0, memcmp(self->d.buf + pre, self->d.pkt, n));
	}
	EXPECT_EQ(-EAGAIN, fd_read(self->d.fd, self->d.buf, BIG));
}

TEST_F(rw, sizes_written)
{
	static const int sizes[] = { 0, 1, 100, 1472, 1473, 3000, 4096, 9000,
				     40000, 65507 };
	size_t i, n;

	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, sizes[i]);
		ASSERT_EQ(mode_prefix(&self->d.m) + n,
			  mode_write(&self->d.m, self->d.fd, ETH_P_IP, NULL,
				     self->d.pkt, n));
		ASSERT_EQ(n, psock_recv(self->d.sk, NULL, self->d.buf, BIG));
		ASSERT_EQ(0, memcmp(self->d.buf, self->d.pkt, n));
	}
}

TEST_F(rw, sizes_read)
{
	static const int sizes[] = { 0, 1, 100, 1472, 3000, 9000, 40000, 65493 };
	size_t pre = mode_prefix(&self->d.m), i, n;

	ASSERT_EQ(0, if_mtu("t0", 65521));
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, sizes[i]);
		ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
		ASSERT_EQ(pre + n, fd_read(self->d.fd, self->d.buf, BIG));
		ASSERT_EQ(0, memcmp(self->d.buf + pre, self->d.pkt, n));
	}
}

/* The MTU limits the stack, not a writer. */
TEST_F(rw, write_above_mtu)
{
	size_t n;

	ASSERT_EQ(0, if_mtu("t0", 600));
	n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 1400);
	EXPECT_EQ(mode_prefix(&self->d.m) + n,
		  mode_write(&self->d.m, self->d.fd, ETH_P_IP, NULL, self->d.pkt, n));
	EXPECT_EQ(n, psock_recv(self->d.sk, NULL, self->d.buf, BIG));
}

TEST_F(rw, down_is_eio)
{
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 10);

	ASSERT_EQ(0, if_down("t0"));
	EXPECT_EQ(-EIO, mode_write(&self->d.m, self->d.fd, ETH_P_IP, NULL,
				   self->d.pkt, n));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(1, self->st.rx_dropped);
	EXPECT_EQ(0, self->st.rx_packets);
	EXPECT_EQ(-EAGAIN, fd_read(self->d.fd, self->d.buf, BIG));
	ASSERT_EQ(0, if_up("t0"));
	EXPECT_EQ(mode_prefix(&self->d.m) + n,
		  mode_write(&self->d.m, self->d.fd, ETH_P_IP, NULL, self->d.pkt, n));
}

/* Queued packets can be read while the interface is down. */
TEST_F(rw, queue_outlives_down)
{
	size_t n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 10);

	ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	ASSERT_EQ(0, if_down("t0"));
	EXPECT_EQ(POLLIN, fd_wait(self->d.fd, POLLIN, 0));
	EXPECT_EQ(mode_prefix(&self->d.m) + n, fd_read(self->d.fd, self->d.buf, BIG));
}

/*
 * A write that faults returns EFAULT. A fault behind the headers counts as a
 * drop.
 */
TEST_F(rw, write_fault)
{
	size_t pre = mode_prefix(&self->d.m), n, i;
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(0, munmap(p + page, page));
	mode_put(&self->d.m, self->d.buf, ETH_P_IP, NULL);
	n = pre + pkt_any(self->d.buf + pre, self->d.tap, &self->d.f, 100);
	for (i = 0; i < n; i += 10) {
		memcpy(p + page - i, self->d.buf, i);
		EXPECT_EQ(-EFAULT, fd_write(self->d.fd, p + page - i, n))
			TH_LOG("good bytes %zu", i);
	}
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_LT(0, self->st.rx_dropped);
	EXPECT_EQ(0, self->st.rx_packets);
	EXPECT_EQ(n, fd_write(self->d.fd, self->d.buf, n));
}

TEST_F(rw, pread_pwrite)
{
	size_t pre = mode_prefix(&self->d.m), n;

	n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 10);
	ASSERT_EQ(0, psock_send(self->d.sk, NULL, self->d.pkt, n));
	EXPECT_EQ(pre + n, pread(self->d.fd, self->d.buf, BIG, 12345));
	mode_put(&self->d.m, self->d.buf, ETH_P_IP, NULL);
	EXPECT_EQ(pre + n, pwrite(self->d.fd, self->d.buf, pre + n, 77));
	EXPECT_EQ(n, psock_recv(self->d.sk, NULL, self->d.buf, BIG));
}

/* preadv2() with RWF_NOWAIT needs FMODE_NOWAIT, which tun's files lacked before
 * Linux 6.4.
 */
TEST_F(rw, rwf_nowait)
{
	struct iovec iov = { self->d.buf, BIG };

	EXPECT_EQ(-1, preadv2(self->d.fd, &iov, 1, -1, RWF_NOWAIT));
	EXPECT_EQ(kernel_since(6, 4, 0) ? EAGAIN : EOPNOTSUPP, errno);
}

/* The stack answers a ping to the interface's address. */
TEST_F(rw, ping_answered)
{
	size_t pre = mode_prefix(&self->d.m), l2 = self->d.tap ? 14 : 0, n;
	struct iphdr *ip = (void *)(self->d.pkt + l2);
	uint8_t *icmp = (uint8_t *)(ip + 1), mac[6] = { };
	uint16_t sum;

	ASSERT_EQ(0, if_addr4("t0", "10.9.0.1"));
	n = pkt_any(self->d.pkt, self->d.tap, &self->d.f, 56);
	ip->protocol = IPPROTO_ICMP;
	ip->check = 0;
	ip->check = pkt_csum(ip, sizeof(*ip), 0);
	memset(icmp, 0, 8);
	icmp[0] = 8;
	sum = pkt_csum(icmp, n - l2 - sizeof(*ip), 0);
	memcpy(icmp + 2, &sum, 2);
	if (self->d.tap) {
		ASSERT_EQ(0, if_get_mac("t0", mac, NULL));
		memcpy(self->d.pkt, mac, 6);
		ASSERT_EQ(0, cmd_run("ip neigh add 10.9.0.2 dev t0 lladdr "
				     "02:00:00:00:00:0a"));
	}
	ASSERT_EQ(pre + n, mode_write(&self->d.m, self->d.fd, ETH_P_IP, NULL,
				      self->d.pkt, n));
	ASSERT_EQ(pre + n, fd_read_wait(self->d.fd, self->d.buf, BIG));
	ip = (void *)(self->d.buf + pre + l2);
	EXPECT_EQ(0, *(uint8_t *)(ip + 1));
	EXPECT_EQ(inet_addr("10.9.0.2"), ip->daddr);
	EXPECT_TRUE(pkt_ip_ok(ip, n - l2));
}

FIXTURE(tunip) {
	int fd;
	struct rtnl_link_stats64 st;
	char buf[256];
};

FIXTURE_SETUP(tunip)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", IFF_TUN | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	memset(self->buf, 0, sizeof(self->buf));
}

FIXTURE_TEARDOWN(tunip)
{
	close(self->fd);
}

TEST_F(tunip, bad_version)
{
	int v, drops = 0;

	for (v = 0; v < 16; v++) {
		bool good = v == 4 || v == 6;

		self->buf[0] = v << 4 | 5;
		EXPECT_EQ(good ? 60 : -EINVAL, fd_write(self->fd, self->buf, 60));
		drops += !good;
	}
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(2, self->st.rx_packets);
	EXPECT_EQ(120, self->st.rx_bytes);
	EXPECT_LE(drops, self->st.rx_dropped);
}

/* An empty write has no version nibble, and counts as a drop. */
TEST_F(tunip, empty_write)
{
	EXPECT_EQ(-EINVAL, fd_write(self->fd, "", 0));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(1, self->st.rx_dropped);
}

/* With tun_pi the writer sets the protocol, and any protocol is accepted. */
TEST_F(tunip, pi_any_protocol)
{
	struct sockaddr_ll ll;
	socklen_t len = sizeof(ll);
	char pkt[24] = { 0, 0, 0x12, 0x34, 1, 2, 3 };
	int fd = tunfd_create_up("t1", IFF_TUN), sk;

	ASSERT_LE(0, fd);
	sk = psock_open("t1", false);
	EXPECT_EQ(24, fd_write(fd, pkt, sizeof(pkt)));
	ASSERT_EQ(POLLIN, fd_wait(sk, POLLIN, WAIT_MS));
	EXPECT_EQ(20, recvfrom(sk, self->buf, 256, 0, (void *)&ll, &len));
	EXPECT_EQ(htons(0x1234), ll.sll_protocol);
	EXPECT_EQ(0, memcmp(self->buf, pkt + 4, 20));
	/* the driver ignores TUN_PKT_STRIP and other flags of a writer */
	pkt[0] = pkt[1] = 0xff;
	EXPECT_EQ(24, fd_write(fd, pkt, sizeof(pkt)));
	EXPECT_EQ(20, psock_recv(sk, NULL, self->buf, 256));
	/* a packet without a payload is accepted */
	EXPECT_EQ(4, fd_write(fd, pkt, 4));
}

TEST_HARNESS_MAIN
