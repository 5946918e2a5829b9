// SPDX-License-Identifier: GPL-2.0
/*
 * TUNSETPERSIST: the state that survives the descriptor, and the state that
 * does not.
 */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <sys/syscall.h>

#include "lib.h"
#include "harness.h"

FIXTURE(persist) {
	int fd;
};

FIXTURE_SETUP(persist)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create("p0", IFF_TAP | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(persist)
{
	close(self->fd);
	rtnl_del("p0");
}

TEST_F(persist, survives_close)
{
	struct link_info li;

	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	EXPECT_EQ(IFF_TAP | IFF_NO_PI | IFF_PERSIST,
		  tunfd_getiff(self->fd, NULL));
	close(self->fd);
	ASSERT_EQ(0, rtnl_get("p0", &li));
	EXPECT_EQ(0, li.carrier);
	EXPECT_EQ(1, li.tun[IFLA_TUN_PERSIST]);
	self->fd = tunfd_create("p0", IFF_TAP | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, rtnl_get("p0", &li));
	EXPECT_EQ(1, li.carrier);
	EXPECT_EQ(IFF_TAP | IFF_NO_PI | IFF_PERSIST,
		  tunfd_getiff(self->fd, NULL));
}

TEST_F(persist, cleared_goes_with_close)
{
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 7));
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 0));
	EXPECT_EQ(IFF_TAP | IFF_NO_PI, tunfd_getiff(self->fd, NULL));
	close(self->fd);
	EXPECT_FALSE(if_exists("p0"));
	self->fd = -1;
}

TEST_F(persist, one_module_reference)
{
	int refs = module_refs("tun");

	ASSERT_LT(0, refs);
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	EXPECT_EQ(refs + 1, module_refs("tun"));
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	EXPECT_EQ(refs + 1, module_refs("tun"));
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 0));
	EXPECT_EQ(refs, module_refs("tun"));
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 0));
	EXPECT_EQ(refs, module_refs("tun"));
}

TEST_F(persist, delete_gives_reference_back)
{
	int refs = module_refs("tun");

	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	EXPECT_EQ(0, rtnl_del("p0"));
	EXPECT_EQ(refs, module_refs("tun"));
	EXPECT_EQ(-EBADFD, tunfd_getiff(self->fd, NULL));
}

TEST_F(persist, module_stays_while_used)
{
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(-1, syscall(__NR_delete_module, "tun", O_NONBLOCK));
	EXPECT_EQ(EAGAIN, errno);
}

/* The interface's flags are the flags of the last file that attached alone. */
TEST_F(persist, flags_follow_attach)
{
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	close(self->fd);
	self->fd = tunfd_create("p0", IFF_TAP | IFF_VNET_HDR | IFF_ONE_QUEUE);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(IFF_TAP | IFF_VNET_HDR | IFF_ONE_QUEUE | IFF_PERSIST |
		  IFF_NOFILTER, tunfd_getiff(self->fd, NULL));
}

TEST_F(persist, settings_of_device_stay)
{
	struct {
		struct tun_filter f;
		uint8_t addr[6];
	} flt = { .f.count = 1, .addr = { 2 } };
	struct ethtool_coalesce ec = { .cmd = ETHTOOL_SCOALESCE,
				       .rx_max_coalesced_frames = 8 };
	struct link_info li;
	int sz = 0;

	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETOWNER, 4321));
	ASSERT_EQ(0, tunfd_int(self->fd, TUNSETVNETHDRSZ, 20));
	ASSERT_EQ(0, tunfd_int(self->fd, TUNSETVNETLE, 1));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETOFFLOAD, TUN_F_CSUM));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETDEBUG, 4));
	ASSERT_EQ(1, tunfd_ioctlp(self->fd, TUNSETTXFILTER, &flt));
	ASSERT_EQ(0, if_ethtool("p0", &ec));
	close(self->fd);
	self->fd = tunfd_create("p0", IFF_TAP | IFF_VNET_HDR);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETVNETHDRSZ, &sz));
	EXPECT_EQ(20, sz);
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETVNETLE, &sz));
	EXPECT_EQ(1, sz);
	EXPECT_EQ(1, if_feature("p0", ETHTOOL_GTXCSUM));
	EXPECT_EQ(4, if_feature("p0", ETHTOOL_GMSGLVL));
	ec.cmd = ETHTOOL_GCOALESCE;
	EXPECT_EQ(0, if_ethtool("p0", &ec));
	EXPECT_EQ(8, ec.rx_max_coalesced_frames);
	ASSERT_EQ(0, rtnl_get("p0", &li));
	EXPECT_EQ(4321, li.tun[IFLA_TUN_OWNER]);
}

/* The send buffer belongs to the file: a new file starts with its default. */
TEST_F(persist, sndbuf_of_descriptor)
{
	int v = 0;

	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	ASSERT_EQ(0, tunfd_int(self->fd, TUNSETSNDBUF, 9999));
	close(self->fd);
	self->fd = tunfd_create("p0", IFF_TAP);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETSNDBUF, &v));
	EXPECT_EQ(INT32_MAX, v);
}

/* Packets in the queue are dropped when the file is closed. */
TEST_F(persist, queue_purged_on_close)
{
	struct flow f = { .sport = 1, .dport = 2 };
	struct rtnl_link_stats64 st;
	char buf[256];
	int sk;

	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	ASSERT_EQ(0, if_up("p0"));
	sk = psock_open("p0", false);
	ASSERT_EQ(0, psock_send_flow(sk, true, &f, 10));
	ASSERT_EQ(POLLIN, fd_wait(self->fd, POLLIN, WAIT_MS));
	close(self->fd);
	self->fd = tunfd_create("p0", IFF_TAP | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	EXPECT_EQ(-EAGAIN, fd_read(self->fd, buf, sizeof(buf)));
	ASSERT_EQ(0, rtnl_stats("p0", &st));
	EXPECT_EQ(0, st.tx_packets);
}

TEST_F(persist, traffic_after_reattach)
{
	struct flow f = { .sport = 1, .dport = 2 };
	char buf[256];
	int sk;

	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	ASSERT_EQ(0, if_up("p0"));
	close(self->fd);
	ASSERT_EQ(0, if_wait_running("p0", false));
	self->fd = tunfd_create("p0", IFF_TAP | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, if_wait_running("p0", true));
	sk = psock_open("p0", false);
	ASSERT_EQ(0, psock_send_flow(sk, true, &f, 10));
	EXPECT_EQ(52, fd_read_wait(self->fd, buf, sizeof(buf)));
}

TEST_F(persist, type_cannot_change)
{
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(-EINVAL, tunfd_create("p0", IFF_TUN));
	EXPECT_EQ(-EINVAL, tunfd_create("p0", IFF_TAP | IFF_MULTI_QUEUE));
}

TEST_HARNESS_MAIN
