// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces that move to other network namespaces, and namespaces that are
 * removed.
 */
#include <sched.h>
#include <linux/sockios.h>
#include <sys/stat.h>

#include "lib.h"
#include "harness.h"

FIXTURE(ns) {
	int home, away;		/* namespace descriptors */
	int fd;
	struct flow f;
	char buf[256];
};

FIXTURE_VARIANT(ns) {
	int flags;
};

FIXTURE_VARIANT_ADD(ns, tun) { .flags = IFF_TUN | IFF_NO_PI };
FIXTURE_VARIANT_ADD(ns, tap_mq) {
	.flags = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE
};

FIXTURE_SETUP(ns)
{
	self->f = (struct flow) { .sport = 1, .dport = 2 };
	ASSERT_EQ(0, ns_fresh());
	self->away = ns_open();
	ASSERT_EQ(0, ns_fresh());
	self->home = ns_open();
	self->fd = tunfd_create("t0", variant->flags);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, fd_nonblock(self->fd));
}

FIXTURE_TEARDOWN(ns)
{
	close(self->fd);
	close(self->home);
	close(self->away);
}

static ino_t inode(int fd)
{
	struct stat st = { };

	fstat(fd, &st);
	return st.st_ino;
}

TEST_F(ns, move_and_use)
{
	bool tap = variant->flags & IFF_TAP;
	size_t n = tap ? 52 : 38;
	int sk;

	ASSERT_EQ(0, rtnl_netns("t0", self->away));
	EXPECT_FALSE(if_exists("t0"));
	EXPECT_LT(0, tunfd_getiff(self->fd, NULL));
	ASSERT_EQ(0, setns(self->away, CLONE_NEWNET));
	ASSERT_EQ(0, if_up("t0"));
	sk = psock_open("t0", false);
	ASSERT_LE(0, sk);
	ASSERT_EQ(0, psock_send_flow(sk, tap, &self->f, 10));
	EXPECT_EQ(n, fd_read_wait(self->fd, self->buf, sizeof(self->buf)));
	EXPECT_EQ(n, fd_write(self->fd, self->buf, n));
	EXPECT_EQ(n, psock_recv(sk, NULL, self->buf, sizeof(self->buf)));
}

TEST_F(ns, which_namespace)
{
	ASSERT_EQ(0, rtnl_netns("t0", self->away));
	EXPECT_EQ(inode(self->home),
		  inode(tunfd_ioctl(self->fd, SIOCGSKNS, 0)));
	EXPECT_EQ(inode(self->away),
		  inode(tunfd_ioctl(self->fd, TUNGETDEVNETNS, 0)));
}

/* SIOCGIFHWADDR works in the interface's namespace. */
TEST_F(ns, hwaddr_after_move)
{
	struct ifreq ifr = { };
	uint8_t mac[6];

	if (!(variant->flags & IFF_TAP))
		return;
	ASSERT_EQ(0, if_get_mac("t0", mac, NULL));
	ASSERT_EQ(0, rtnl_netns("t0", self->away));
	ASSERT_EQ(0, tunfd_ioctlp(self->fd, SIOCGIFHWADDR, &ifr));
	EXPECT_EQ(0, memcmp(mac, ifr.ifr_hwaddr.sa_data, 6));
}

/* TUNSETIFF uses the namespace of open(), not the caller's. */
TEST_F(ns, setiff_in_namespace_of_open)
{
	int fd = tunfd_open();

	ASSERT_EQ(0, setns(self->away, CLONE_NEWNET));
	ASSERT_EQ(0, tunfd_setiff(fd, "t1", variant->flags, NULL));
	EXPECT_FALSE(if_exists("t1"));
	ASSERT_EQ(0, setns(self->home, CLONE_NEWNET));
	EXPECT_TRUE(if_exists("t1"));
}

/*
 * Only a file opened in the interface's namespace attaches a queue after the
 * move.
 */
TEST_F(ns, attach_after_move)
{
	if (!(variant->flags & IFF_MULTI_QUEUE))
		return;
	ASSERT_EQ(0, rtnl_netns("t0", self->away));
	ASSERT_EQ(0, setns(self->away, CLONE_NEWNET));
	EXPECT_LE(0, tunfd_create("t0", variant->flags));
	ASSERT_EQ(0, setns(self->home, CLONE_NEWNET));
	/* the name is free in this namespace */
	EXPECT_LE(0, tunfd_create("t0", variant->flags));
	EXPECT_TRUE(if_exists("t0"));
}

/* Removing a namespace deletes the interface in it. */
TEST_F(ns, namespace_removed)
{
	long end = now_ms() + WAIT_MS;

	ASSERT_EQ(0, rtnl_netns("t0", self->away));
	close(self->away);
	self->away = -1;
	while (tunfd_getiff(self->fd, NULL) != -EBADFD && now_ms() < end)
		usleep(5000);
	EXPECT_EQ(-EBADFD, tunfd_getiff(self->fd, NULL));
	EXPECT_EQ(POLLERR, fd_wait(self->fd, POLLIN, 0));
	EXPECT_EQ(-EBADFD, fd_read(self->fd, self->buf, 100));
	EXPECT_EQ(0, tunfd_setiff(self->fd, "t1", variant->flags, NULL));
}

static int make_and_leave(void *arg)
{
	int flags = *(int *)arg, fd, ret;

	ret = ns_fresh();
	if (ret)
		return ret;
	fd = tunfd_create_up("gone0", flags);
	if (fd < 0)
		return fd;
	return tunfd_ioctl(fd, TUNSETPERSIST, 1);
}

/* A persistent interface is deleted, too, and the module reference is dropped. */
TEST_F(ns, persistent_in_removed_namespace)
{
	int flags = variant->flags, refs = module_refs("tun");
	long end = now_ms() + WAIT_MS;

	ASSERT_EQ(0, child_run(make_and_leave, &flags));
	while (module_refs("tun") != refs && now_ms() < end)
		usleep(5000);
	EXPECT_EQ(refs, module_refs("tun"));
}

/* The file holds its own namespace, not the interface's. */
TEST_F(ns, home_removed)
{
	int fd;

	ASSERT_EQ(0, setns(self->away, CLONE_NEWNET));
	fd = tunfd_ioctl(self->fd, SIOCGSKNS, 0);
	EXPECT_EQ(inode(self->home), inode(fd));
	close(fd);
	close(self->home);
	self->home = -1;
	EXPECT_LT(0, tunfd_getiff(self->fd, NULL));
	fd = tunfd_ioctl(self->fd, SIOCGSKNS, 0);
	ASSERT_EQ(0, setns(fd, CLONE_NEWNET));
	EXPECT_TRUE(if_exists("t0"));
}

TEST_HARNESS_MAIN
