// SPDX-License-Identifier: GPL-2.0
/*
 * The 32-bit entry of the ioctls, of read and write. All pointers must lie in the
 * lowest 4 GB.
 */
#include <linux/filter.h>
#include <linux/sockios.h>
#include <sys/mman.h>

#include "call32.h"
#include "lib.h"
#include "harness.h"

#define IFREQ32		32	/* sizeof(struct ifreq) in a 32-bit program */

static long ioctl32(int fd, unsigned int cmd, void *arg)
{
	return call32(NR32_IOCTL, fd, cmd, (long)arg);
}

FIXTURE(compat) {
	int fd;
	char *page;		/* one page, the next page is unmapped */
	struct ifreq *ifr;	/* the last 32 bytes of the page */
};

FIXTURE_SETUP(compat)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_open();
	ASSERT_LE(0, self->fd);
	self->page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			  MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	ASSERT_NE(MAP_FAILED, self->page);
	ASSERT_EQ(0, munmap(self->page + 4096, 4096));
	self->ifr = (void *)(self->page + 4096 - IFREQ32);
	strcpy(self->ifr->ifr_name, "t0");
	self->ifr->ifr_flags = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE;
}

FIXTURE_TEARDOWN(compat)
{
	close(self->fd);
}

/*
 * The 32-bit ifreq is shorter. The driver reads and writes nothing beyond its
 * end.
 */
TEST_F(compat, setiff_getiff)
{
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, TUNSETIFF, self->ifr));
	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	EXPECT_STREQ("t0", self->ifr->ifr_name);
	EXPECT_TRUE(if_exists("t0"));
	memset(self->ifr, 0, IFREQ32);
	ASSERT_EQ(0, ioctl32(self->fd, TUNGETIFF, self->ifr));
	EXPECT_STREQ("t0", self->ifr->ifr_name);
	EXPECT_EQ(IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE, self->ifr->ifr_flags);
	EXPECT_EQ(-EEXIST, ioctl32(self->fd, TUNSETIFF, self->ifr));
}

TEST_F(compat, setiff_template)
{
	strcpy(self->ifr->ifr_name, "foo%d");
	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	EXPECT_STREQ("foo0", self->ifr->ifr_name);
}

TEST_F(compat, setqueue)
{
	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	self->ifr->ifr_flags = IFF_DETACH_QUEUE;
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETQUEUE, self->ifr));
	EXPECT_EQ(-EINVAL, ioctl32(self->fd, TUNSETQUEUE, self->ifr));
	self->ifr->ifr_flags = IFF_ATTACH_QUEUE;
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETQUEUE, self->ifr));
}

TEST_F(compat, hwaddr)
{
	uint8_t mac[6];

	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	ASSERT_EQ(0, ioctl32(self->fd, SIOCGIFHWADDR, self->ifr));
	EXPECT_EQ(ARPHRD_ETHER, self->ifr->ifr_hwaddr.sa_family);
	ASSERT_EQ(0, if_get_mac("t0", mac, NULL));
	EXPECT_EQ(0, memcmp(mac, self->ifr->ifr_hwaddr.sa_data, 6));
	self->ifr->ifr_hwaddr.sa_data[5] ^= 1;
	ASSERT_EQ(0, ioctl32(self->fd, SIOCSIFHWADDR, self->ifr));
	ASSERT_EQ(0, if_get_mac("t0", mac, NULL));
	EXPECT_EQ(0, memcmp(mac, self->ifr->ifr_hwaddr.sa_data, 6));
}

TEST_F(compat, integers)
{
	static const unsigned int pairs[][3] = {
		{ TUNSETSNDBUF, TUNGETSNDBUF, 4321 },
		{ TUNSETVNETHDRSZ, TUNGETVNETHDRSZ, 20 },
		{ TUNSETVNETLE, TUNGETVNETLE, 1 },
	};
	int *v = (void *)(self->page + 4096 - sizeof(int));
	size_t i;

	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	for (i = 0; i < ARRAY_LEN(pairs); i++) {
		*v = pairs[i][2];
		EXPECT_EQ(0, ioctl32(self->fd, pairs[i][0], v));
		*v = 0;
		EXPECT_EQ(0, ioctl32(self->fd, pairs[i][1], v));
		EXPECT_EQ(pairs[i][2], *v);
	}
	EXPECT_EQ(0, ioctl32(self->fd, TUNGETFEATURES, v));
	EXPECT_EQ(kernel_tun_features(), *v);
	*v = 0;
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETCARRIER, v));
	*v = -1;
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETSTEERINGEBPF, v));
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETFILTEREBPF, v));
}

TEST_F(compat, values)
{
	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETPERSIST, (void *)1));
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETPERSIST, (void *)0));
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETOWNER, (void *)100));
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETGROUP, (void *)100));
	EXPECT_EQ(-EINVAL, ioctl32(self->fd, TUNSETOWNER, (void *)-1L));
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETOFFLOAD, (void *)TUN_F_CSUM));
	EXPECT_EQ(-EINVAL, ioctl32(self->fd, TUNSETOFFLOAD, (void *)0x80));
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETLINK, (void *)ARPHRD_PPP));
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETDEBUG, (void *)0));
	EXPECT_EQ(-EINVAL, ioctl32(self->fd, _IO('X', 1), (void *)0));
}

TEST_F(compat, txfilter)
{
	struct tun_filter *f = (void *)(self->page + 4096 - sizeof(*f) - 6);

	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	f->flags = 0;
	f->count = 1;
	memset(f->addr, 2, 6);
	EXPECT_EQ(1, ioctl32(self->fd, TUNSETTXFILTER, f));
	f->count = 2;
	EXPECT_EQ(-EFAULT, ioctl32(self->fd, TUNSETTXFILTER, f));
	f->count = 0;
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETTXFILTER, f));
}

TEST_F(compat, ifindex)
{
	int *v = (void *)self->page;

	*v = 4711;
	EXPECT_EQ(0, ioctl32(self->fd, TUNSETIFINDEX, v));
	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	EXPECT_EQ(4711, if_nametoindex("t0"));
}

/*
 * A 32-bit sock_fprog is shorter, so the command has another number, which is
 * unknown.
 */
TEST_F(compat, attach_filter_is_unknown)
{
	unsigned int cmd = _IOC(_IOC_WRITE, 'T', 213, 8);

	memset(self->page, 0, 64);
	EXPECT_EQ(-EBADFD, ioctl32(self->fd, cmd, self->page));
	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	EXPECT_EQ(-EINVAL, ioctl32(self->fd, cmd, self->page));
}

TEST_F(compat, read_write)
{
	struct flow f = { .sport = 1, .dport = 2 };
	uint32_t *iov = (void *)self->page;	/* iovecs of 32 bits */
	char *buf = self->page + 1024;
	int sk;

	ASSERT_EQ(0, ioctl32(self->fd, TUNSETIFF, self->ifr));
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(0, if_up("t0"));
	sk = psock_open("t0", false);
	ASSERT_EQ(0, psock_send_flow(sk, true, &f, 10));
	EXPECT_EQ(52, call32(NR32_READ, self->fd, (long)buf, 1024));
	EXPECT_EQ(52, call32(NR32_WRITE, self->fd, (long)buf, 52));
	EXPECT_EQ(52, psock_recv(sk, NULL, buf, 1024));
	iov[0] = (uintptr_t)buf;
	iov[1] = 20;
	iov[2] = (uintptr_t)buf + 20;
	iov[3] = 32;
	EXPECT_EQ(52, call32(NR32_WRITEV, self->fd, (long)iov, 2));
	EXPECT_EQ(52, psock_recv(sk, NULL, buf, 1024));
	ASSERT_EQ(0, psock_send_flow(sk, true, &f, 10));
	memset(buf, 0, 1024);
	EXPECT_EQ(52, call32(NR32_READV, self->fd, (long)iov, 2));
	EXPECT_TRUE(pkt_ip_ok(buf + 14, 38));
	EXPECT_EQ(-EAGAIN, call32(NR32_READ, self->fd, (long)buf, 1024));
}

TEST_HARNESS_MAIN
