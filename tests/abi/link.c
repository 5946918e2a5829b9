// SPDX-License-Identifier: GPL-2.0
/* The interface as rtnetlink, sysfs, fdinfo and iproute2 show it. */
#include <linux/sockios.h>

#include "lib.h"
#include "harness.h"

#define BIT(n) (1u << (n))
#define ALWAYS (BIT(IFLA_TUN_TYPE) | BIT(IFLA_TUN_PI) | BIT(IFLA_TUN_VNET_HDR) | \
		BIT(IFLA_TUN_PERSIST) | BIT(IFLA_TUN_MULTI_QUEUE))

FIXTURE(show) {
	int fd;
	struct link_info li;
	char text[4096];
};

FIXTURE_SETUP(show)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(show)
{
	close(self->fd);
	rtnl_del("t0");
}

TEST_F(show, rtnl_plain)
{
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	ASSERT_EQ(0, rtnl_get("t0", &self->li));
	EXPECT_STREQ("tun", self->li.kind);
	EXPECT_EQ(ALWAYS, self->li.tun_seen);
	EXPECT_EQ(1, self->li.tun[IFLA_TUN_TYPE]);
	EXPECT_EQ(1, self->li.tun[IFLA_TUN_PI]);
	EXPECT_EQ(0, self->li.tun[IFLA_TUN_VNET_HDR]);
	EXPECT_EQ(0, self->li.tun[IFLA_TUN_PERSIST]);
	EXPECT_EQ(0, self->li.tun[IFLA_TUN_MULTI_QUEUE]);
}

TEST_F(show, rtnl_everything)
{
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0",
				  IFF_TAP | IFF_NO_PI | IFF_VNET_HDR |
					  IFF_MULTI_QUEUE,
				  NULL));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETOWNER, 100));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETGROUP, 200));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	ASSERT_LE(0, tunfd_create("t0", IFF_TAP | IFF_MULTI_QUEUE));
	ASSERT_EQ(0, tunfd_queue(self->fd, IFF_DETACH_QUEUE));
	ASSERT_EQ(0, rtnl_get("t0", &self->li));
	EXPECT_STREQ("tun", self->li.kind);
	EXPECT_EQ(ALWAYS | BIT(IFLA_TUN_OWNER) | BIT(IFLA_TUN_GROUP) |
		  BIT(IFLA_TUN_NUM_QUEUES) | BIT(IFLA_TUN_NUM_DISABLED_QUEUES),
		  self->li.tun_seen);
	EXPECT_EQ(2, self->li.tun[IFLA_TUN_TYPE]);
	EXPECT_EQ(0, self->li.tun[IFLA_TUN_PI]);
	EXPECT_EQ(1, self->li.tun[IFLA_TUN_VNET_HDR]);
	EXPECT_EQ(1, self->li.tun[IFLA_TUN_PERSIST]);
	EXPECT_EQ(1, self->li.tun[IFLA_TUN_MULTI_QUEUE]);
	EXPECT_EQ(100, self->li.tun[IFLA_TUN_OWNER]);
	EXPECT_EQ(200, self->li.tun[IFLA_TUN_GROUP]);
	EXPECT_EQ(1, self->li.tun[IFLA_TUN_NUM_QUEUES]);
	EXPECT_EQ(1, self->li.tun[IFLA_TUN_NUM_DISABLED_QUEUES]);
}

/* Each change of state is announced, but only while the interface is up. */
TEST_F(show, announcements)
{
	int watch = rtnl_watch();

	ASSERT_LE(0, watch);
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN | IFF_MULTI_QUEUE,
				  NULL));
	rtnl_watch_count(watch, "t0");
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETOWNER, 1));
	EXPECT_EQ(0, rtnl_watch_count(watch, "t0"));
	ASSERT_EQ(0, if_up("t0"));
	ASSERT_EQ(0, if_wait_running("t0", true));
	rtnl_watch_count(watch, "t0");
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETOWNER, 2));
	EXPECT_EQ(1, rtnl_watch_count(watch, "t0"));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETGROUP, 2));
	EXPECT_EQ(1, rtnl_watch_count(watch, "t0"));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	EXPECT_EQ(1, rtnl_watch_count(watch, "t0"));
	/* the second call changes nothing */
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	EXPECT_EQ(0, rtnl_watch_count(watch, "t0"));
	ASSERT_EQ(0, tunfd_queue(self->fd, IFF_DETACH_QUEUE));
	EXPECT_EQ(1, rtnl_watch_count(watch, "t0"));
	ASSERT_EQ(0, tunfd_queue(self->fd, IFF_ATTACH_QUEUE));
	EXPECT_EQ(1, rtnl_watch_count(watch, "t0"));
	ASSERT_LE(0, tunfd_create("t0", IFF_TUN | IFF_MULTI_QUEUE));
	EXPECT_EQ(1, rtnl_watch_count(watch, "t0"));
}

TEST_F(show, no_creation_by_rtnl)
{
	EXPECT_EQ(-EOPNOTSUPP, rtnl_add("tun", "t0", NULL));
	EXPECT_NE(0, cmd_run("ip link add t0 type tun 2>/dev/null"));
	EXPECT_FALSE(if_exists("t0"));
}

TEST_F(show, deletion_by_rtnl)
{
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	EXPECT_EQ(0, cmd_run("ip link del t0"));
	EXPECT_FALSE(if_exists("t0"));
	EXPECT_EQ(-EBADFD, tunfd_getiff(self->fd, NULL));
}

TEST_F(show, rename)
{
	char name[IFNAMSIZ];

	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	ASSERT_EQ(0, rtnl_rename("t0", "other"));
	ASSERT_LT(0, tunfd_getiff(self->fd, name));
	EXPECT_STREQ("other", name);
}

TEST_F(show, fdinfo)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", self->fd);
	ASSERT_LT(0, file_get(path, self->text, sizeof(self->text)));
	EXPECT_NE(NULL, strstr(self->text, "\niff:\t"));
	EXPECT_STREQ("\niff:\t", strstr(self->text, "\niff:"));
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	ASSERT_LT(0, file_get(path, self->text, sizeof(self->text)));
	EXPECT_STREQ("\niff:\tt0", strstr(self->text, "\niff:"));
	ASSERT_EQ(0, rtnl_rename("t0", "t1"));
	ASSERT_LT(0, file_get(path, self->text, sizeof(self->text)));
	EXPECT_STREQ("\niff:\tt1", strstr(self->text, "\niff:"));
	ASSERT_EQ(0, rtnl_del("t1"));
	ASSERT_LT(0, file_get(path, self->text, sizeof(self->text)));
	EXPECT_STREQ("\niff:\t", strstr(self->text, "\niff:"));
}

#define SYS "/sys/class/net/t0/"

TEST_F(show, sysfs)
{
	char *t = self->text;

	ASSERT_EQ(0, ns_sysfs());
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0",
				  IFF_TAP | IFF_NO_PI | IFF_VNET_HDR, NULL));
	ASSERT_LT(0, file_get(SYS "tun_flags", t, 100));
	EXPECT_STREQ("0x5002", t);
	ASSERT_LT(0, file_get(SYS "owner", t, 100));
	EXPECT_STREQ("-1", t);
	ASSERT_LT(0, file_get(SYS "group", t, 100));
	EXPECT_STREQ("-1", t);
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETOWNER, 100));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETGROUP, 200));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	ASSERT_LT(0, file_get(SYS "tun_flags", t, 100));
	EXPECT_STREQ("0x5802", t);
	ASSERT_LT(0, file_get(SYS "owner", t, 100));
	EXPECT_STREQ("100", t);
	ASSERT_LT(0, file_get(SYS "group", t, 100));
	EXPECT_STREQ("200", t);
	EXPECT_GT(0, file_put(SYS "owner", "1"));
	ASSERT_LT(0, file_get(SYS "tx_queue_len", t, 100));
	EXPECT_STREQ("1000", t);
}

/*
 * Without IFF_NO_PI, tun_flags in sysfs lacks 0x1000, although TUNGETIFF
 * reports it.
 */
TEST_F(show, sysfs_flags_of_pi)
{
	ASSERT_EQ(0, ns_sysfs());
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN | IFF_MULTI_QUEUE,
				  NULL));
	ASSERT_LT(0, file_get(SYS "tun_flags", self->text, 100));
	EXPECT_STREQ("0x101", self->text);
}

TEST_F(show, ip_link)
{
	char *t = self->text;

	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TAP | IFF_NO_PI, NULL));
	ASSERT_EQ(0, cmd_out(t, sizeof(self->text), "ip -d link show t0"));
	EXPECT_NE(NULL, strstr(t, "tun type tap pi off vnet_hdr off persist off"));
	EXPECT_NE(NULL, strstr(t, "link/ether"));
	EXPECT_EQ(0, cmd_run("ip link set t0 mtu 1400 txqueuelen 7 up"));
	ASSERT_EQ(0, cmd_out(t, sizeof(self->text), "ip link show t0"));
	EXPECT_NE(NULL, strstr(t, "mtu 1400"));
	EXPECT_NE(NULL, strstr(t, "qlen 7"));
}

TEST_F(show, ip_tuntap)
{
	char *t = self->text;

	ASSERT_EQ(0, ns_sysfs());
	ASSERT_EQ(0, cmd_run("ip tuntap add dev t0 mode tun user 100 group 200 "
			     "vnet_hdr"));
	ASSERT_EQ(0, cmd_out(t, sizeof(self->text), "ip tuntap list"));
	EXPECT_NE(NULL, strstr(t, "t0: tun vnet_hdr persist user 100 group 200"))
		TH_LOG("%s", t);
	EXPECT_NE(0, cmd_run("ip tuntap add dev t0 mode tap 2>/dev/null"));
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	/* busy: the test's file is the only queue */
	EXPECT_NE(0, cmd_run("ip tuntap del dev t0 mode tun 2>/dev/null"));
	close(self->fd);
	EXPECT_EQ(0, cmd_run("ip tuntap del dev t0 mode tun"));
	EXPECT_FALSE(if_exists("t0"));
	ASSERT_EQ(0, cmd_run("ip tuntap add dev t0 mode tap multi_queue pi"));
	ASSERT_EQ(0, cmd_out(t, sizeof(self->text), "ip tuntap list"));
	EXPECT_NE(NULL, strstr(t, "t0: tap pi multi_queue persist"))
		TH_LOG("%s", t);
	EXPECT_EQ(0, cmd_run("ip tuntap del dev t0 mode tap multi_queue"));
	self->fd = -1;
}

TEST_F(show, txqueue_dirs)
{
	ASSERT_EQ(0, ns_sysfs());
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN | IFF_MULTI_QUEUE,
				  NULL));
	EXPECT_EQ(0, access(SYS "queues/tx-0", F_OK));
	EXPECT_EQ(-1, access(SYS "queues/tx-1", F_OK));
	ASSERT_LE(0, tunfd_create("t0", IFF_TUN | IFF_MULTI_QUEUE));
	EXPECT_EQ(0, access(SYS "queues/tx-1", F_OK));
	EXPECT_EQ(0, access(SYS "queues/rx-1", F_OK));
	EXPECT_EQ(-1, access(SYS "queues/rx-2", F_OK));
	ASSERT_EQ(0, tunfd_queue(self->fd, IFF_DETACH_QUEUE));
	EXPECT_EQ(-1, access(SYS "queues/tx-1", F_OK));
	EXPECT_EQ(-1, access(SYS "queues/rx-1", F_OK));
}

TEST_HARNESS_MAIN
