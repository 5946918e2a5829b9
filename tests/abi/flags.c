// SPDX-License-Identifier: GPL-2.0
/* The flags of TUNSETIFF: the device that each combination makes. */
#include "lib.h"
#include "harness.h"

FIXTURE(flags) {
};

FIXTURE_SETUP(flags)
{
	ASSERT_EQ(0, ns_enter());
}

FIXTURE_TEARDOWN(flags)
{
}

FIXTURE_VARIANT(flags) {
	int flags;
};

#define FLAGS_VARIANT(n, f) FIXTURE_VARIANT_ADD(flags, n) { .flags = f }
FLAGS_VARIANT(tun, IFF_TUN);
FLAGS_VARIANT(tun_nopi, IFF_TUN | IFF_NO_PI);
FLAGS_VARIANT(tun_vnet, IFF_TUN | IFF_VNET_HDR);
FLAGS_VARIANT(tun_one_queue, IFF_TUN | IFF_ONE_QUEUE);
FLAGS_VARIANT(tun_napi, IFF_TUN | IFF_NAPI);
FLAGS_VARIANT(tun_mq, IFF_TUN | IFF_MULTI_QUEUE);
FLAGS_VARIANT(tap, IFF_TAP);
FLAGS_VARIANT(tap_all, IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_ONE_QUEUE |
	      IFF_NAPI | IFF_NAPI_FRAGS | IFF_MULTI_QUEUE);

/*
 * IFF_NOFILTER has the bit of IFF_NO_PI: TUNGETIFF reports it unless a filter
 * is set.
 */
TEST_F(flags, getiff)
{
	int fd = tunfd_create("t0", variant->flags);
	char name[IFNAMSIZ];

	ASSERT_LE(0, fd);
	EXPECT_EQ(variant->flags | IFF_NOFILTER, tunfd_getiff(fd, name));
	EXPECT_STREQ("t0", name);
}

TEST_F(flags, netdev_shape)
{
	bool tap = variant->flags & IFF_TAP;
	int fd = tunfd_create("t0", variant->flags);
	struct link_info li;
	uint8_t mac[6];

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, rtnl_get("t0", &li));
	EXPECT_EQ(tap ? ARPHRD_ETHER : ARPHRD_NONE, li.type);
	EXPECT_EQ(tap ? IFF_BROADCAST | IFF_MULTICAST :
			IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST,
		  li.flags & ~IFF_UP);
	EXPECT_EQ(tap ? 6 : 0, li.addrlen);
	EXPECT_EQ(1500, li.mtu);
	/* ether_setup() sets its own default last */
	EXPECT_EQ(tap ? 1000 : 500, li.txqlen);
	EXPECT_EQ(variant->flags & IFF_MULTI_QUEUE ? 256 : 1, li.ntx);
	EXPECT_EQ(1, li.carrier);
	if (tap) {
		ASSERT_EQ(0, if_get_mac("t0", mac, NULL));
		EXPECT_EQ(2, mac[0] & 3);
	}
}

TEST_F(flags, mtu_bounds)
{
	int max = variant->flags & IFF_TAP ? 65521 : 65535;
	int fd = tunfd_create("t0", variant->flags);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, if_mtu("t0", 68));
	EXPECT_EQ(-EINVAL, if_mtu("t0", 67));
	EXPECT_EQ(0, if_mtu("t0", max));
	EXPECT_EQ(-EINVAL, if_mtu("t0", max + 1));
}

TEST_F(flags, close_deletes)
{
	int fd = tunfd_create_up("t0", variant->flags);

	ASSERT_LE(0, fd);
	EXPECT_TRUE(if_exists("t0"));
	close(fd);
	EXPECT_FALSE(if_exists("t0"));
}

TEST_HARNESS_MAIN
