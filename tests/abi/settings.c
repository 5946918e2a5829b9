// SPDX-License-Identifier: GPL-2.0
/* The ioctls that set and get one value of an interface. */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <sys/stat.h>

#include "lib.h"
#include "harness.h"

FIXTURE(set) {
	int fd;
};

FIXTURE_VARIANT(set) {
	int flags;
};

FIXTURE_VARIANT_ADD(set, tun) { .flags = IFF_TUN };
FIXTURE_VARIANT_ADD(set, tap) { .flags = IFF_TAP };

FIXTURE_SETUP(set)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create("t0", variant->flags);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(set)
{
	close(self->fd);
}

TEST_F(set, vnet_header_size)
{
	static const int good[] = { 10, 11, 12, 20, 255, 4096 };
	static const int bad[] = { 9, 1, 0, -1, INT32_MIN };
	int v = 0;
	size_t i;

	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETVNETHDRSZ, &v));
	EXPECT_EQ(10, v);
	for (i = 0; i < ARRAY_LEN(good); i++) {
		EXPECT_EQ(0, tunfd_int(self->fd, TUNSETVNETHDRSZ, good[i]));
		EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETVNETHDRSZ, &v));
		EXPECT_EQ(good[i], v);
	}
	for (i = 0; i < ARRAY_LEN(bad); i++)
		EXPECT_EQ(-EINVAL, tunfd_int(self->fd, TUNSETVNETHDRSZ, bad[i]));
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETVNETHDRSZ, &v));
	EXPECT_EQ(4096, v);
}

TEST_F(set, sndbuf)
{
	int v = 0;

	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETSNDBUF, &v));
	EXPECT_EQ(INT32_MAX, v);
	EXPECT_EQ(0, tunfd_int(self->fd, TUNSETSNDBUF, 1));
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETSNDBUF, &v));
	EXPECT_EQ(1, v);
	EXPECT_EQ(-EINVAL, tunfd_int(self->fd, TUNSETSNDBUF, 0));
	EXPECT_EQ(-EINVAL, tunfd_int(self->fd, TUNSETSNDBUF, -1));
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETSNDBUF, &v));
	EXPECT_EQ(1, v);
}

TEST_F(set, vnet_le)
{
	int v = 7;

	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETVNETLE, &v));
	EXPECT_EQ(0, v);
	EXPECT_EQ(0, tunfd_int(self->fd, TUNSETVNETLE, 5));
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETVNETLE, &v));
	EXPECT_EQ(1, v);
	EXPECT_EQ(0, tunfd_int(self->fd, TUNSETVNETLE, 0));
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, TUNGETVNETLE, &v));
	EXPECT_EQ(0, v);
}

/* Debian's kernel lacks CONFIG_TUN_VNET_CROSS_LE. */
TEST_F(set, vnet_be)
{
	bool has = !cmd_run("test -e /proc/config.gz && "
			    "zgrep -q TUN_VNET_CROSS_LE=y /proc/config.gz");
	int v = 7;

	EXPECT_EQ(has ? 0 : -EINVAL, tunfd_ioctlp(self->fd, TUNGETVNETBE, &v));
	EXPECT_EQ(has ? 0 : 7, v);
	EXPECT_EQ(has ? 0 : -EINVAL, tunfd_int(self->fd, TUNSETVNETBE, 0));
	EXPECT_EQ(has ? 0 : -EINVAL, tunfd_int(self->fd, TUNSETVNETBE, 3));
	v = 7;
	EXPECT_EQ(has ? 0 : -EINVAL, tunfd_ioctlp(self->fd, TUNGETVNETBE, &v));
	EXPECT_EQ(has ? 1 : 7, v);
}

TEST_F(set, debug_is_message_level)
{
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GMSGLVL));
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETDEBUG, 0x4000));
	EXPECT_EQ(0x4000, if_feature("t0", ETHTOOL_GMSGLVL));
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETDEBUG, 0));
}

TEST_F(set, nocsum_does_nothing)
{
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETNOCSUM, 1));
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GTXCSUM));
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETNOCSUM, 0));
}

TEST_F(set, carrier)
{
	struct link_info li;

	ASSERT_EQ(0, if_up("t0"));
	EXPECT_EQ(0, tunfd_int(self->fd, TUNSETCARRIER, 0));
	ASSERT_EQ(0, rtnl_get("t0", &li));
	EXPECT_EQ(0, li.carrier);
	EXPECT_EQ(0, if_wait_running("t0", false));
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GLINK));
	EXPECT_EQ(0, tunfd_int(self->fd, TUNSETCARRIER, 1));
	ASSERT_EQ(0, rtnl_get("t0", &li));
	EXPECT_EQ(1, li.carrier);
	EXPECT_EQ(0, if_wait_running("t0", true));
	EXPECT_EQ(1, if_feature("t0", ETHTOOL_GLINK));
}

TEST_F(set, carrier_by_rtnetlink)
{
	struct link_info li;

	EXPECT_EQ(0, rtnl_carrier("t0", 0));
	ASSERT_EQ(0, rtnl_get("t0", &li));
	EXPECT_EQ(0, li.carrier);
	EXPECT_EQ(0, rtnl_carrier("t0", 1));
	ASSERT_EQ(0, rtnl_get("t0", &li));
	EXPECT_EQ(1, li.carrier);
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 1));
	close(self->fd);
	EXPECT_EQ(-EPERM, rtnl_carrier("t0", 1));
	EXPECT_EQ(0, rtnl_carrier("t0", 0));
	EXPECT_EQ(0, rtnl_del("t0"));
	self->fd = -1;
}

TEST_F(set, ifindex)
{
	struct link_info li;
	int fd = tunfd_open();

	EXPECT_EQ(-EPERM, tunfd_int(self->fd, TUNSETIFINDEX, 4242));
	EXPECT_EQ(-EINVAL, tunfd_int(fd, TUNSETIFINDEX, -1));
	EXPECT_EQ(0, tunfd_int(fd, TUNSETIFINDEX, 17));
	EXPECT_EQ(0, tunfd_int(fd, TUNSETIFINDEX, 4242));
	EXPECT_EQ(0, tunfd_setiff(fd, "t1", variant->flags, NULL));
	ASSERT_EQ(0, rtnl_get("t1", &li));
	EXPECT_EQ(4242, li.ifindex);
}

TEST_F(set, ifindex_taken)
{
	int index = if_nametoindex("t0"), fd = tunfd_open();

	EXPECT_EQ(0, tunfd_int(fd, TUNSETIFINDEX, index));
	EXPECT_EQ(-EBUSY, tunfd_setiff(fd, "t1", variant->flags, NULL));
	EXPECT_EQ(-EBADFD, tunfd_getiff(fd, NULL));
	EXPECT_FALSE(if_exists("t1"));
	EXPECT_EQ(0, tunfd_int(fd, TUNSETIFINDEX, 0));
	EXPECT_EQ(0, tunfd_setiff(fd, "t1", variant->flags, NULL));
}

/* The inode of the namespace whose descriptor an ioctl returns, or 0. */
static ino_t netns_by(int fd, unsigned int cmd)
{
	struct stat st;

	return fstat(tunfd_ioctl(fd, cmd, 0), &st) ? 0 : st.st_ino;
}

TEST_F(set, netns_descriptors)
{
	struct stat own;

	ASSERT_EQ(0, stat("/proc/thread-self/ns/net", &own));
	EXPECT_EQ(own.st_ino, netns_by(self->fd, SIOCGSKNS));
	EXPECT_EQ(own.st_ino, netns_by(self->fd, TUNGETDEVNETNS));
	EXPECT_EQ(own.st_ino, netns_by(tunfd_open(), SIOCGSKNS));
}

/* The link types, each with its address length. */
TEST_F(set, link_type)
{
	static const int types[][2] = {
		{ ARPHRD_ETHER, 6 }, { ARPHRD_PPP, 0 }, { ARPHRD_NONE, 0 },
		{ ARPHRD_IEEE802154, 8 }, { ARPHRD_TUNNEL6, 16 },
		{ ARPHRD_SIT, 4 }, { ARPHRD_FDDI, 6 }, { ARPHRD_HIPPI, 6 },
		{ ARPHRD_IEEE802, 6 }, { ARPHRD_ROSE, 5 }, { ARPHRD_NETROM, 7 },
		{ ARPHRD_LOCALTLK, 1 }, { 825 /* 6LoWPAN */, 8 }, { 12345, 0 },
	};
	struct link_info li;
	size_t i;

	for (i = 0; i < ARRAY_LEN(types); i++) {
		EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETLINK, types[i][0]));
		ASSERT_EQ(0, rtnl_get("t0", &li));
		EXPECT_EQ(types[i][0], li.type);
		EXPECT_EQ(types[i][1], li.addrlen)
			TH_LOG("type %d", types[i][0]);
	}
	ASSERT_EQ(0, if_up("t0"));
	EXPECT_EQ(-EBUSY, tunfd_ioctl(self->fd, TUNSETLINK, ARPHRD_ETHER));
	ASSERT_EQ(0, if_down("t0"));
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETLINK, ARPHRD_ETHER));
}

struct offload_case {
	unsigned int arg;
	int ret, csum, tso4, tso6;
};

TEST_F(set, offload)
{
	static const struct offload_case cases[] = {
		{ TUN_F_CSUM, 0, 1, 0, 0 },
		{ TUN_F_CSUM | TUN_F_TSO4, 0, 1, 1, 0 },
		{ TUN_F_CSUM | TUN_F_TSO6, 0, 1, 0, 1 },
		{ TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN |
		  TUN_F_UFO, 0, 1, 1, 1 },
		/* refused calls change nothing */
		{ TUN_F_TSO4, -EINVAL, 1, 1, 1 },
		{ TUN_F_UFO, -EINVAL, 1, 1, 1 },
		{ TUN_F_CSUM | TUN_F_TSO_ECN, -EINVAL, 1, 1, 1 },
		/* one half of UDP segmentation offload */
		{ TUN_F_CSUM | 0x20, -EINVAL, 1, 1, 1 },
		{ TUN_F_CSUM | 0x40, -EINVAL, 1, 1, 1 },
		{ TUN_F_CSUM | 0x80, -EINVAL, 1, 1, 1 },
		{ 0x80000000, -EINVAL, 1, 1, 1 },
		{ TUN_F_CSUM | TUN_F_UFO, 0, 1, 0, 0 },
		{ 0, 0, 0, 0, 0 },
	};
	const struct offload_case *c;

	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GTXCSUM));
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GTSO));
	for (c = cases; c < cases + ARRAY_LEN(cases); c++) {
		EXPECT_EQ(c->ret, tunfd_ioctl(self->fd, TUNSETOFFLOAD, c->arg))
			TH_LOG("offload %#x", c->arg);
		EXPECT_EQ(c->csum, if_feature("t0", ETHTOOL_GTXCSUM))
			TH_LOG("offload %#x", c->arg);
		EXPECT_EQ(1, if_feature("t0", ETHTOOL_GSG));
		EXPECT_EQ(c->tso4 | c->tso6, if_feature("t0", ETHTOOL_GTSO))
			TH_LOG("offload %#x", c->arg);
	}
}

/* UDP segmentation offload, for both IP versions at once (Linux 6.2) */
TEST_F(set, udp_offload)
{
	int ret = kernel_since(6, 2, 0) ? 0 : -EINVAL;

	EXPECT_EQ(ret, tunfd_ioctl(self->fd, TUNSETOFFLOAD, TUN_F_CSUM | 0x60));
	EXPECT_EQ(!ret, if_feature("t0", ETHTOOL_GTXCSUM));
	EXPECT_EQ(-EINVAL, tunfd_ioctl(self->fd, TUNSETOFFLOAD, 0x60));
	EXPECT_EQ(!ret, if_feature("t0", ETHTOOL_GTXCSUM));
}

TEST_F(set, hwaddr)
{
	static const uint8_t mac[6] = { 2, 3, 4, 5, 6, 7 };
	bool tap = variant->flags & IFF_TAP;
	struct ifreq ifr = { .ifr_name = "ignored" };
	uint8_t seen[6];

	EXPECT_EQ(0, tunfd_ioctlp(self->fd, SIOCGIFHWADDR, &ifr));
	EXPECT_EQ(tap ? ARPHRD_ETHER : ARPHRD_NONE, ifr.ifr_hwaddr.sa_family);
	EXPECT_STREQ("ignored", ifr.ifr_name);
	if (tap) {
		ASSERT_EQ(0, if_get_mac("t0", seen, NULL));
		EXPECT_EQ(0, memcmp(seen, ifr.ifr_hwaddr.sa_data, 6));
	}
	memcpy(ifr.ifr_hwaddr.sa_data, mac, 6);
	ASSERT_EQ(0, if_up("t0"));
	EXPECT_EQ(tap ? 0 : -EOPNOTSUPP, tunfd_ioctlp(self->fd, SIOCSIFHWADDR, &ifr));
	if (!tap)
		return;
	ASSERT_EQ(0, if_get_mac("t0", seen, NULL));
	EXPECT_EQ(0, memcmp(seen, mac, 6));
	EXPECT_EQ(0, if_set_mac("t0", mac_a));
	EXPECT_EQ(0, tunfd_ioctlp(self->fd, SIOCGIFHWADDR, &ifr));
	EXPECT_EQ(0, memcmp(mac_a, ifr.ifr_hwaddr.sa_data, 6));
	ifr.ifr_hwaddr.sa_data[0] = 1;
	EXPECT_EQ(-EADDRNOTAVAIL, tunfd_ioctlp(self->fd, SIOCSIFHWADDR, &ifr));
	ifr.ifr_hwaddr.sa_data[0] = 2;
	ifr.ifr_hwaddr.sa_family = ARPHRD_PPP;
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(self->fd, SIOCSIFHWADDR, &ifr));
}

TEST_HARNESS_MAIN
