// SPDX-License-Identifier: GPL-2.0
/* The ethtool ioctls. */
#include <linux/ethtool.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>

#include "lib.h"
#include "harness.h"

FIXTURE(eth) {
	int fd;
};

FIXTURE_VARIANT(eth) {
	int flags;
	const char *bus;
};

FIXTURE_VARIANT_ADD(eth, tun) { .flags = IFF_TUN, .bus = "tun" };
FIXTURE_VARIANT_ADD(eth, tap) { .flags = IFF_TAP, .bus = "tap" };

FIXTURE_SETUP(eth)
{
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create("t0", variant->flags);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(eth)
{
	close(self->fd);
}

TEST_F(eth, drvinfo)
{
	struct ethtool_drvinfo di = { .cmd = ETHTOOL_GDRVINFO };

	ASSERT_EQ(0, if_ethtool("t0", &di));
	EXPECT_STREQ("tun", di.driver);
	EXPECT_STREQ("1.6", di.version);
	EXPECT_STREQ(variant->bus, di.bus_info);
}

TEST_F(eth, coalesce)
{
	struct ethtool_coalesce ec = { .cmd = ETHTOOL_GCOALESCE };
	static const int values[][2] = {
		{ 1, 1 }, { 64, 64 }, { 65, 64 }, { 100000, 64 }, { 0, 0 },
	};
	size_t i;

	ASSERT_EQ(0, if_ethtool("t0", &ec));
	EXPECT_EQ(0, ec.rx_max_coalesced_frames);
	for (i = 0; i < ARRAY_LEN(values); i++) {
		ec = (struct ethtool_coalesce) { .cmd = ETHTOOL_SCOALESCE };
		ec.rx_max_coalesced_frames = values[i][0];
		ASSERT_EQ(0, if_ethtool("t0", &ec));
		ec.cmd = ETHTOOL_GCOALESCE;
		ASSERT_EQ(0, if_ethtool("t0", &ec));
		EXPECT_EQ(values[i][1], ec.rx_max_coalesced_frames);
	}
	ec = (struct ethtool_coalesce) { .cmd = ETHTOOL_SCOALESCE };
	ec.tx_max_coalesced_frames = 1;
	EXPECT_EQ(-EOPNOTSUPP, if_ethtool("t0", &ec));
	ec.tx_max_coalesced_frames = 0;
	ec.rx_coalesce_usecs = 1;
	EXPECT_EQ(-EOPNOTSUPP, if_ethtool("t0", &ec));
}

TEST_F(eth, msglevel)
{
	struct ethtool_value ev = { .cmd = ETHTOOL_SMSGLVL, .data = 0x4000 };

	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GMSGLVL));
	ASSERT_EQ(0, if_ethtool("t0", &ev));
	EXPECT_EQ(0x4000, if_feature("t0", ETHTOOL_GMSGLVL));
	ev.data = 0;
	ASSERT_EQ(0, if_ethtool("t0", &ev));
}

TEST_F(eth, link_settings)
{
	struct ethtool_cmd ec = { .cmd = ETHTOOL_GSET };

	ASSERT_EQ(0, if_ethtool("t0", &ec));
	EXPECT_EQ(kernel_since(6, 3, 0) ? SPEED_10000 : SPEED_10,
		  ethtool_cmd_speed(&ec));
	EXPECT_EQ(DUPLEX_FULL, ec.duplex);
	EXPECT_EQ(PORT_TP, ec.port);
	EXPECT_EQ(AUTONEG_DISABLE, ec.autoneg);
	EXPECT_EQ(0, ec.supported);
	ec.cmd = ETHTOOL_SSET;
	ethtool_cmd_speed_set(&ec, 40000);
	ec.duplex = DUPLEX_HALF;
	ec.port = PORT_FIBRE;
	ec.autoneg = AUTONEG_ENABLE;
	ASSERT_EQ(0, if_ethtool("t0", &ec));
	ec = (struct ethtool_cmd) { .cmd = ETHTOOL_GSET };
	ASSERT_EQ(0, if_ethtool("t0", &ec));
	EXPECT_EQ(40000, ethtool_cmd_speed(&ec));
	EXPECT_EQ(DUPLEX_HALF, ec.duplex);
	EXPECT_EQ(PORT_FIBRE, ec.port);
	EXPECT_EQ(AUTONEG_ENABLE, ec.autoneg);
}

/* Linux 6.12 shows the queues as channels. */
TEST_F(eth, channels)
{
	struct ethtool_channels ch = { .cmd = ETHTOOL_GCHANNELS };
	int fd;

	if (!kernel_since(6, 12, 0)) {
		EXPECT_EQ(-EOPNOTSUPP, if_ethtool("t0", &ch));
		return;
	}
	ASSERT_EQ(0, if_ethtool("t0", &ch));
	EXPECT_EQ(1, ch.combined_count);
	EXPECT_EQ(1, ch.max_combined);
	fd = tunfd_create("mq0", variant->flags | IFF_MULTI_QUEUE);
	ASSERT_LE(0, fd);
	ch = (struct ethtool_channels) { .cmd = ETHTOOL_GCHANNELS };
	EXPECT_EQ(0, if_ethtool("mq0", &ch));
	EXPECT_EQ(1, ch.combined_count);
	EXPECT_EQ(256, ch.max_combined);
	close(fd);
}

TEST_F(eth, link_follows_carrier)
{
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GLINK));
	ASSERT_EQ(0, if_up("t0"));
	EXPECT_EQ(1, if_feature("t0", ETHTOOL_GLINK));
	EXPECT_EQ(0, tunfd_int(self->fd, TUNSETCARRIER, 0));
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GLINK));
}

TEST_F(eth, timestamps)
{
	struct ethtool_ts_info ti = { .cmd = ETHTOOL_GET_TS_INFO };

	ASSERT_EQ(0, if_ethtool("t0", &ti));
	EXPECT_EQ(SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
		  SOF_TIMESTAMPING_SOFTWARE, ti.so_timestamping);
	EXPECT_EQ(-1, ti.phc_index);
}

/*
 * Offloads that TUNSETOFFLOAD did not grant stay off. The others can be
 * changed.
 */
TEST_F(eth, features)
{
	struct ethtool_value ev = { .cmd = ETHTOOL_STXCSUM, .data = 1 };

	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GTXCSUM));
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GTSO));
	EXPECT_EQ(1, if_feature("t0", ETHTOOL_GSG));
	EXPECT_EQ(1, if_feature("t0", ETHTOOL_GGSO));
	EXPECT_EQ(1, if_feature("t0", ETHTOOL_GGRO));
	if_ethtool("t0", &ev);
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GTXCSUM));
	ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETOFFLOAD,
				 TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6));
	EXPECT_EQ(1, if_feature("t0", ETHTOOL_GTXCSUM));
	EXPECT_EQ(1, if_feature("t0", ETHTOOL_GTSO));
	ev.cmd = ETHTOOL_STSO;
	ev.data = 0;
	ASSERT_EQ(0, if_ethtool("t0", &ev));
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GTSO));
	EXPECT_EQ(1, if_feature("t0", ETHTOOL_GTXCSUM));
	ev.cmd = ETHTOOL_SSG;
	ASSERT_EQ(0, if_ethtool("t0", &ev));
	EXPECT_EQ(0, if_feature("t0", ETHTOOL_GSG));
}

TEST_F(eth, feature_list)
{
	char t[8192];

	ASSERT_EQ(0, cmd_out(t, sizeof(t), "ethtool -k t0"));
	EXPECT_NE(NULL, strstr(t, "tx-checksum-ip-generic: off [requested on]"))
		TH_LOG("%s", t);
	EXPECT_NE(NULL, strstr(t, "tx-scatter-gather: on"));
	EXPECT_NE(NULL, strstr(t, "tx-scatter-gather-fraglist: on"));
	EXPECT_NE(NULL, strstr(t, "tx-vlan-offload: on"));
	EXPECT_NE(NULL, strstr(t, "tx-vlan-stag-hw-insert: on"));
	/* Linux 6.12 has no bit for that. */
	EXPECT_EQ(!kernel_since(6, 12, 0), !!strstr(t, "tx-lockless: on [fixed]"));
	EXPECT_NE(NULL, strstr(t, "rx-vlan-offload: off [fixed]"));
	EXPECT_NE(NULL, strstr(t, kernel_since(6, 2, 0) ?
			       "tx-udp-segmentation: off [requested on]" :
			       "tx-udp-segmentation: off [fixed]"));
	EXPECT_NE(NULL, strstr(t, "highdma: off [fixed]"));
}

/* A device without rings has no statistics of its own. */
TEST_F(eth, no_statistics)
{
	struct {
		struct ethtool_sset_info head;
		uint32_t n;
	} info = { .head.cmd = ETHTOOL_GSSET_INFO,
		   .head.sset_mask = 1ULL << ETH_SS_STATS };
	struct ethtool_gstrings names = { .cmd = ETHTOOL_GSTRINGS,
					  .string_set = ETH_SS_STATS };
	struct ethtool_stats values = { .cmd = ETHTOOL_GSTATS };
	char t[256];

	EXPECT_EQ(0, if_ethtool("t0", &info));
	EXPECT_EQ(0, info.head.sset_mask);
	EXPECT_EQ(-EOPNOTSUPP, if_ethtool("t0", &names));
	EXPECT_EQ(-EOPNOTSUPP, if_ethtool("t0", &values));
	EXPECT_NE(0, cmd_out(t, sizeof(t), "ethtool -S t0 2>&1"));
	EXPECT_NE(NULL, strstr(t, "no stats available")) TH_LOG("%s", t);
}

TEST_F(eth, not_supported)
{
	static const uint32_t cmds[] = {
		ETHTOOL_GRINGPARAM, ETHTOOL_GPAUSEPARAM, ETHTOOL_NWAY_RST,
		ETHTOOL_GEEPROM, ETHTOOL_GWOL,
	};
	char arg[512];
	size_t i;

	for (i = 0; i < ARRAY_LEN(cmds); i++) {
		memset(arg, 0, sizeof(arg));
		memcpy(arg, &cmds[i], 4);
		EXPECT_EQ(-EOPNOTSUPP, if_ethtool("t0", arg))
			TH_LOG("command %#x", cmds[i]);
	}
}

TEST_HARNESS_MAIN
