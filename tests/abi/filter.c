// SPDX-License-Identifier: GPL-2.0
/* Filters that drop packets before the reader: address and socket filters. */
#include <linux/filter.h>
#include <sys/mman.h>

#include "lib.h"
#include "harness.h"

FIXTURE(flt) {
	int fd, sk;
};

FIXTURE_SETUP(flt)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", IFF_TAP | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(flt)
{
	close(self->sk);
	close(self->fd);
}

/* Does the reader receive a frame to this address? */
static int passes(int fd, int sk, const uint8_t *dst)
{
	char frame[60] = { }, buf[100];
	ssize_t n;

	pkt_eth(frame, dst, mac_a, 0x88b5);
	psock_send(sk, NULL, frame, sizeof(frame));
	n = fd_read(fd, buf, sizeof(buf));
	return n == sizeof(frame) ? 1 : n == -EAGAIN ? 0 : n;
}

static int set_filter(int fd, int flags, int count, uint8_t (*addr)[ETH_ALEN])
{
	char buf[sizeof(struct tun_filter) + 32 * ETH_ALEN];
	struct tun_filter *f = (void *)buf;

	f->flags = flags;
	f->count = count;
	if (count)
		memcpy(f->addr, addr, count * ETH_ALEN);
	return tunfd_ioctlp(fd, TUNSETTXFILTER, f);
}

/* The bit in the 64-bit hash: the top six bits of the Ethernet CRC. */
static int hash_of(const uint8_t *addr)
{
	uint32_t crc = ~0u;
	int i, bit;

	for (i = 0; i < ETH_ALEN; i++)
		for (bit = 0; bit < 8; bit++) {
			int in = (addr[i] >> bit ^ crc >> 31) & 1;

			crc = crc << 1 ^ (in ? 0x04c11db7 : 0);
		}
	return crc >> 26;
}

TEST_F(flt, exact)
{
	uint8_t a[2][6] = { { 2, 0, 0, 0, 0, 1 }, { 2, 0, 0, 0, 0, 2 } };
	uint8_t other[6] = { 2, 0, 0, 0, 0, 3 };
	struct rtnl_link_stats64 st;

	EXPECT_EQ(2, set_filter(self->fd, 0, 2, a));
	EXPECT_EQ(1, passes(self->fd, self->sk, a[0]));
	EXPECT_EQ(1, passes(self->fd, self->sk, a[1]));
	EXPECT_EQ(0, passes(self->fd, self->sk, other));
	ASSERT_EQ(0, rtnl_stats("t0", &st));
	EXPECT_EQ(1, st.tx_dropped);
	EXPECT_EQ(2, st.tx_packets);
	EXPECT_EQ(0, set_filter(self->fd, 0, 0, NULL));
	EXPECT_EQ(1, passes(self->fd, self->sk, other));
}

TEST_F(flt, broadcast_must_be_listed)
{
	uint8_t a[1][6] = { { 2, 0, 0, 0, 0, 1 } };
	uint8_t bc[1][6] = { { 255, 255, 255, 255, 255, 255 } };

	EXPECT_EQ(1, set_filter(self->fd, 0, 1, a));
	EXPECT_EQ(0, passes(self->fd, self->sk, bc[0]));
	EXPECT_EQ(1, set_filter(self->fd, 0, 1, bc));
	EXPECT_EQ(1, passes(self->fd, self->sk, bc[0]));
}

TEST_F(flt, allmulti)
{
	uint8_t a[1][6] = { { 2, 0, 0, 0, 0, 1 } };
	uint8_t mc[6] = { 1, 0, 0x5e, 1, 2, 3 }, uc[6] = { 2, 0, 0, 0, 0, 9 };

	EXPECT_EQ(1, set_filter(self->fd, TUN_FLT_ALLMULTI, 1, a));
	EXPECT_EQ(1, passes(self->fd, self->sk, mc));
	EXPECT_EQ(0, passes(self->fd, self->sk, uc));
}

/* Multicast addresses beyond the eighth share a hash of 64 bits. */
TEST_F(flt, hash)
{
	uint8_t a[9][6] = { }, x[6] = { 1, 0, 0x5e, 0, 0, 0 };
	int i, hits = 0, misses = 0;

	for (i = 0; i < 8; i++) {
		a[i][0] = 2;
		a[i][5] = i;
	}
	memcpy(a[8], x, 6);
	a[8][5] = 0xff;
	EXPECT_EQ(8, set_filter(self->fd, 0, 9, a));
	EXPECT_EQ(1, passes(self->fd, self->sk, a[8]));
	EXPECT_EQ(1, passes(self->fd, self->sk, a[7]));
	for (i = 0; i < 0xff && (!hits || misses < 4); i++) {
		bool same;

		x[5] = i;
		same = hash_of(x) == hash_of(a[8]);
		if (same ? hits : misses >= 4)
			continue;
		EXPECT_EQ(same, passes(self->fd, self->sk, x))
			TH_LOG("address %d", i);
		same ? hits++ : misses++;
	}
	EXPECT_EQ(1, hits);
	EXPECT_EQ(4, misses);
}

/*
 * A ninth unicast address cannot be hashed: the driver turns the filter off
 * without an error.
 */
TEST_F(flt, too_many_unicast)
{
	uint8_t a[9][6] = { }, other[6] = { 2, 0, 0, 0, 1, 1 };
	int i;

	for (i = 0; i < 9; i++) {
		a[i][0] = 2;
		a[i][5] = i;
	}
	EXPECT_EQ(1, set_filter(self->fd, 0, 1, a));
	EXPECT_EQ(0, set_filter(self->fd, 0, 9, a));
	EXPECT_EQ(1, passes(self->fd, self->sk, other));
}

TEST_F(flt, fault_keeps_filter)
{
	uint8_t a[1][6] = { { 2, 0, 0, 0, 0, 1 } };
	uint8_t other[6] = { 2, 0, 0, 0, 1, 1 };
	long page = sysconf(_SC_PAGESIZE);
	char *p;
	struct tun_filter f = { .count = 3 };

	EXPECT_EQ(1, set_filter(self->fd, 0, 1, a));
	/* the addresses would lie behind the last mapped page */
	p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(0, munmap(p + page, page));
	memcpy(p + page - sizeof(f), &f, sizeof(f));
	EXPECT_EQ(-EFAULT,
		  tunfd_ioctlp(self->fd, TUNSETTXFILTER, p + page - sizeof(f)));
	EXPECT_EQ(0, passes(self->fd, self->sk, other));
}

TEST_F(flt, tap_only)
{
	struct sock_fprog fp = { };
	int fd = tunfd_create("t1", IFF_TUN);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, set_filter(fd, 0, 0, NULL));
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(fd, TUNATTACHFILTER, &fp));
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(fd, TUNDETACHFILTER, &fp));
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(fd, TUNGETFILTER, &fp));
}

static int attach(int fd, uint32_t verdict, struct sock_fprog *out)
{
	static struct sock_filter ret[1];
	struct sock_fprog fp = { .len = 1, .filter = ret };

	ret[0] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict);
	if (out)
		*out = fp;
	return tunfd_ioctlp(fd, TUNATTACHFILTER, &fp);
}

TEST_F(flt, socket_filter)
{
	struct rtnl_link_stats64 st;
	struct sock_fprog fp, got = { };

	EXPECT_EQ(1, passes(self->fd, self->sk, mac_b));
	EXPECT_EQ(0, attach(self->fd, 0, &fp));
	EXPECT_EQ(0, passes(self->fd, self->sk, mac_b));
	ASSERT_EQ(0, rtnl_stats("t0", &st));
	EXPECT_EQ(1, st.tx_dropped);
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETFILTER, &got));
	EXPECT_EQ(1, got.len);
	EXPECT_EQ(fp.filter, got.filter);
	EXPECT_EQ(0, attach(self->fd, 0xffff, NULL));
	EXPECT_EQ(1, passes(self->fd, self->sk, mac_b));
	EXPECT_EQ(0, attach(self->fd, 0, NULL));
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNDETACHFILTER, &fp));
	EXPECT_EQ(1, passes(self->fd, self->sk, mac_b));
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNDETACHFILTER, &fp));
}

TEST_F(flt, socket_filter_trims)
{
	char frame[60] = { }, buf[100];

	pkt_eth(frame, mac_b, mac_a, 0x88b5);
	EXPECT_EQ(0, attach(self->fd, 30, NULL));
	ASSERT_EQ(0, psock_send(self->sk, NULL, frame, sizeof(frame)));
	EXPECT_EQ(30, fd_read(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(frame, buf, 30));
}

TEST_F(flt, socket_filter_errors)
{
	struct sock_filter bad = BPF_STMT(BPF_LD | BPF_IMM, 0);
	struct sock_fprog fp = { .len = 1, .filter = &bad };

	EXPECT_EQ(-EINVAL, tunfd_ioctlp(self->fd, TUNATTACHFILTER, &fp));
	fp.len = 0;
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(self->fd, TUNATTACHFILTER, &fp));
	fp.len = 1;
	fp.filter = (void *)8;
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, TUNATTACHFILTER, &fp));
	EXPECT_EQ(1, passes(self->fd, self->sk, mac_b));
}

/* TUNGETIFF reports IFF_NOFILTER until a filter is set. */
TEST_F(flt, getiff_shows_filter)
{
	int fd = tunfd_create("t1", IFF_TAP);

	EXPECT_EQ(IFF_TAP | IFF_NOFILTER, tunfd_getiff(fd, NULL));
	EXPECT_EQ(0, attach(fd, 0, NULL));
	EXPECT_EQ(IFF_TAP, tunfd_getiff(fd, NULL));
	EXPECT_EQ(0, tunfd_ioctlp(fd, TUNDETACHFILTER, &fd));
	EXPECT_EQ(IFF_TAP | IFF_NOFILTER, tunfd_getiff(fd, NULL));
}

TEST_F(flt, nofilter_attach)
{
	EXPECT_EQ(0, attach(self->fd, 0, NULL));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	close(self->fd);
	self->fd = tunfd_create("t0", IFF_TAP | IFF_NOFILTER);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 0));
	ASSERT_EQ(0, if_wait_running("t0", true));
	EXPECT_EQ(1, passes(self->fd, self->sk, mac_b));
}

TEST_HARNESS_MAIN
