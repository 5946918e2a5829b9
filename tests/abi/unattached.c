// SPDX-License-Identifier: GPL-2.0
/* A file without an interface, unknown commands, bad pointers. */
#include <linux/filter.h>
#include <linux/sockios.h>
#include <sys/mman.h>

#include "lib.h"
#include "harness.h"

FIXTURE(fd) {
	int fd;
	char *bad;	/* mapped with PROT_NONE */
};

FIXTURE_SETUP(fd)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_open();
	ASSERT_LE(0, self->fd);
	self->bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	ASSERT_NE(MAP_FAILED, self->bad);
}

FIXTURE_TEARDOWN(fd)
{
	close(self->fd);
}

TEST_F(fd, features)
{
	unsigned int f = 0;

	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETFEATURES, &f));
	EXPECT_EQ(kernel_tun_features(), f);
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	f = 0;
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETFEATURES, &f));
	EXPECT_EQ(kernel_tun_features(), f);
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, TUNGETFEATURES, self->bad));
}

TEST_F(fd, read_write_poll)
{
	char buf[64] = { };

	EXPECT_EQ(-EBADFD, fd_read(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(-EBADFD, fd_write(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(-EBADFD, fd_read(self->fd, buf, 0));
	EXPECT_EQ(-EBADFD, fd_write(self->fd, buf, 0));
	EXPECT_EQ(POLLERR, fd_wait(self->fd, POLLIN | POLLOUT, 0));
}

FIXTURE(cmd) {
	int fd;
};

FIXTURE_VARIANT(cmd) {
	unsigned long cmd;
};

FIXTURE_VARIANT_ADD(cmd, TUNSETNOCSUM) { .cmd = TUNSETNOCSUM };
FIXTURE_VARIANT_ADD(cmd, TUNSETDEBUG) { .cmd = TUNSETDEBUG };
FIXTURE_VARIANT_ADD(cmd, TUNSETPERSIST) { .cmd = TUNSETPERSIST };
FIXTURE_VARIANT_ADD(cmd, TUNSETOWNER) { .cmd = TUNSETOWNER };
FIXTURE_VARIANT_ADD(cmd, TUNSETLINK) { .cmd = TUNSETLINK };
FIXTURE_VARIANT_ADD(cmd, TUNSETGROUP) { .cmd = TUNSETGROUP };
FIXTURE_VARIANT_ADD(cmd, TUNSETOFFLOAD) { .cmd = TUNSETOFFLOAD };
FIXTURE_VARIANT_ADD(cmd, TUNSETTXFILTER) { .cmd = TUNSETTXFILTER };
FIXTURE_VARIANT_ADD(cmd, TUNGETIFF) { .cmd = TUNGETIFF };
FIXTURE_VARIANT_ADD(cmd, TUNGETSNDBUF) { .cmd = TUNGETSNDBUF };
FIXTURE_VARIANT_ADD(cmd, TUNSETSNDBUF) { .cmd = TUNSETSNDBUF };
FIXTURE_VARIANT_ADD(cmd, TUNATTACHFILTER) { .cmd = TUNATTACHFILTER };
FIXTURE_VARIANT_ADD(cmd, TUNDETACHFILTER) { .cmd = TUNDETACHFILTER };
FIXTURE_VARIANT_ADD(cmd, TUNGETFILTER) { .cmd = TUNGETFILTER };
FIXTURE_VARIANT_ADD(cmd, TUNGETVNETHDRSZ) { .cmd = TUNGETVNETHDRSZ };
FIXTURE_VARIANT_ADD(cmd, TUNSETVNETHDRSZ) { .cmd = TUNSETVNETHDRSZ };
FIXTURE_VARIANT_ADD(cmd, TUNSETVNETLE) { .cmd = TUNSETVNETLE };
FIXTURE_VARIANT_ADD(cmd, TUNGETVNETLE) { .cmd = TUNGETVNETLE };
FIXTURE_VARIANT_ADD(cmd, TUNSETVNETBE) { .cmd = TUNSETVNETBE };
FIXTURE_VARIANT_ADD(cmd, TUNGETVNETBE) { .cmd = TUNGETVNETBE };
FIXTURE_VARIANT_ADD(cmd, TUNSETSTEERINGEBPF) { .cmd = TUNSETSTEERINGEBPF };
FIXTURE_VARIANT_ADD(cmd, TUNSETFILTEREBPF) { .cmd = TUNSETFILTEREBPF };
FIXTURE_VARIANT_ADD(cmd, TUNSETCARRIER) { .cmd = TUNSETCARRIER };
FIXTURE_VARIANT_ADD(cmd, TUNGETDEVNETNS) { .cmd = TUNGETDEVNETNS };
FIXTURE_VARIANT_ADD(cmd, SIOCGIFHWADDR) { .cmd = SIOCGIFHWADDR };
FIXTURE_VARIANT_ADD(cmd, SIOCSIFHWADDR) { .cmd = SIOCSIFHWADDR };

FIXTURE_SETUP(cmd)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(cmd)
{
	close(self->fd);
}

/* The argument is valid: the missing interface is the only error. */
TEST_F(cmd, ebadfd_before_setiff)
{
	char arg[256] = { };

	EXPECT_EQ(-EBADFD, tunfd_ioctlp(self->fd, variant->cmd, arg));
}

TEST_F(cmd, ebadfd_after_delete)
{
	char arg[256] = { };

	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TAP, NULL));
	ASSERT_EQ(0, rtnl_del("t0"));
	EXPECT_EQ(-EBADFD, tunfd_ioctlp(self->fd, variant->cmd, arg));
}

TEST_F(fd, setqueue_before_setiff)
{
	EXPECT_EQ(-EINVAL, tunfd_queue(self->fd, IFF_ATTACH_QUEUE));
	EXPECT_EQ(-EINVAL, tunfd_queue(self->fd, IFF_DETACH_QUEUE));
	EXPECT_EQ(-EINVAL, tunfd_queue(self->fd, 0));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, TUNSETQUEUE, self->bad));
}

/* Not ENOTTY: the driver returns EINVAL, or EBADFD without an interface. */
TEST_F(fd, unknown_commands)
{
	static const unsigned long cmds[] = {
		_IO('T', 1), _IO('T', 199), _IOW('T', 199, int),
		_IOW('T', 202, char), _IO('X', 1), 0, 0x541b,
		SIOCGIFFLAGS, SIOCGIFMTU, SIOCSIFFLAGS,
	};
	char arg[256] = { };
	size_t i;

	for (i = 0; i < ARRAY_LEN(cmds); i++)
		EXPECT_EQ(-EBADFD, tunfd_ioctlp(self->fd, cmds[i], arg))
			TH_LOG("command %#lx", cmds[i]);
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, SIOCGIFFLAGS, self->bad));
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	for (i = 0; i < ARRAY_LEN(cmds); i++)
		EXPECT_EQ(-EINVAL, tunfd_ioctlp(self->fd, cmds[i], arg))
			TH_LOG("command %#lx", cmds[i]);
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, SIOCGIFFLAGS, self->bad));
}

TEST_F(fd, bad_pointers)
{
	static const unsigned long cmds[] = {
		TUNGETIFF, TUNSETTXFILTER, TUNGETSNDBUF, TUNSETSNDBUF,
		TUNATTACHFILTER, TUNGETFILTER, TUNGETVNETHDRSZ, TUNSETVNETHDRSZ,
		TUNSETQUEUE, TUNSETVNETLE, TUNGETVNETLE, TUNSETSTEERINGEBPF,
		TUNSETFILTEREBPF, TUNSETCARRIER, SIOCGIFHWADDR, SIOCSIFHWADDR,
	};
	size_t i;

	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, TUNSETIFF, self->bad));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, TUNSETIFINDEX, self->bad));
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TAP, NULL));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, TUNSETIFF, self->bad));
	for (i = 0; i < ARRAY_LEN(cmds); i++)
		EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, cmds[i], self->bad))
			TH_LOG("command %#lx", cmds[i]);
}

/* The driver cannot copy the name back, and the interface exists all the same. */
TEST_F(fd, setiff_read_only_memory)
{
	struct ifreq *ifr = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, ifr);
	strcpy(ifr->ifr_name, "t0");
	ifr->ifr_flags = IFF_TUN;
	ASSERT_EQ(0, mprotect(ifr, 4096, PROT_READ));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(self->fd, TUNSETIFF, ifr));
	EXPECT_TRUE(if_exists("t0"));
	EXPECT_EQ(IFF_TUN | IFF_NOFILTER, tunfd_getiff(self->fd, NULL));
}

TEST_F(fd, after_delete)
{
	char buf[64] = { };

	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN | IFF_NO_PI, NULL));
	ASSERT_EQ(0, rtnl_del("t0"));
	EXPECT_EQ(-EBADFD, fd_read(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(-EBADFD, fd_write(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(POLLERR, fd_wait(self->fd, POLLIN | POLLOUT, 0));
	EXPECT_EQ(-EINVAL, tunfd_queue(self->fd, IFF_DETACH_QUEUE));
}

/* A file whose interface was deleted can get another interface. */
TEST_F(fd, second_life)
{
	struct flow f = { .sport = 1, .dport = 2 };
	char buf[256];
	int sk;

	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN | IFF_NO_PI, NULL));
	ASSERT_EQ(0, if_up("t0"));
	ASSERT_EQ(0, rtnl_del("t0"));
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t1", IFF_TAP | IFF_NO_PI, NULL));
	ASSERT_EQ(0, if_up("t1"));
	sk = psock_open("t1", false);
	ASSERT_LE(0, sk);
	ASSERT_EQ(0, psock_send_flow(sk, true, &f, 10));
	EXPECT_EQ(52, fd_read_wait(self->fd, buf, sizeof(buf)));
	EXPECT_EQ(52, fd_write(self->fd, buf, 52));
	EXPECT_EQ(52, psock_recv(sk, NULL, buf, sizeof(buf)));
}

TEST_HARNESS_MAIN
