// SPDX-License-Identifier: GPL-2.0
/* Receive: the record beside the descriptor. */
#include <time.h>

#include "env.h"
#include "harness.h"

FIXTURE(meta) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(meta) {
	int flags;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(meta, tun) { TUN_PLAIN, F_META };
FIXTURE_VARIANT_ADD(meta, tap_tstamp) { TAP_PLAIN, F_META | F_TSTAMP };

FIXTURE_SETUP(meta)
{
	struct tconf c = { variant->features, 8, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "meta0", variant->flags));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_EQ(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(meta)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int set_opt(int sk, int opt, uint32_t value)
{
	return setsockopt(sk, SOL_SOCKET, opt, &value, sizeof(value)) ?
	       -errno : 0;
}

/* For a plain packet, all fields without a flag are zero. */
TEST_F(meta, plain)
{
	struct tun_ring_meta m, want = {
		.num_buffers = 1, .protocol = htons(ETH_P_IP),
	};
	uint8_t buf[2048];

	memset(&m, 0xff, sizeof(m));
	ASSERT_EQ(0, env_inject(&self->e, 1, 100));
	ASSERT_LT(0, tring_recv(&self->r, buf, sizeof(buf), &m));
	EXPECT_EQ(0, m.flags & ~(TUN_RING_META_MARK | TUN_RING_META_PRIORITY |
				 TUN_RING_META_TSTAMP));
	m.flags = 0;
	m.tstamp = 0;
	EXPECT_EQ(0, memcmp(&want, &m, sizeof(m)));
}

TEST_F(meta, mark)
{
	static const uint32_t marks[] = { 1, 0xdeadbeef, 0 };
	struct tun_ring_meta m;
	uint8_t buf[2048];
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(marks); i++) {
		ASSERT_EQ(0, set_opt(self->e.sk, SO_MARK, marks[i]));
		ASSERT_EQ(0, env_inject(&self->e, i, 100));
		ASSERT_LT(0, tring_recv(&self->r, buf, sizeof(buf), &m));
		EXPECT_EQ(marks[i], m.mark);
		if (marks[i])
			EXPECT_TRUE(m.flags & TUN_RING_META_MARK);
		EXPECT_EQ(0, m.priority);
	}
}

TEST_F(meta, priority)
{
	static const uint32_t prios[] = { 6, 0x10001, 0 };
	struct tun_ring_meta m;
	uint8_t buf[2048];
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(prios); i++) {
		ASSERT_EQ(0, set_opt(self->e.sk, SO_PRIORITY, prios[i]));
		ASSERT_EQ(0, env_inject(&self->e, i, 100));
		ASSERT_LT(0, tring_recv(&self->r, buf, sizeof(buf), &m));
		EXPECT_EQ(prios[i], m.priority);
		if (prios[i])
			EXPECT_TRUE(m.flags & TUN_RING_META_PRIORITY);
		EXPECT_EQ(0, m.mark);
	}
}

static uint64_t wall_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

TEST_F(meta, timestamp)
{
	uint64_t before, after, last = 0;
	struct tun_ring_meta m;
	uint8_t buf[2048];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		before = wall_ns();
		ASSERT_EQ(0, env_inject(&self->e, i, 100));
		ASSERT_LT(0, tring_recv(&self->r, buf, sizeof(buf), &m));
		after = wall_ns();
		if (variant->features & F_TSTAMP) {
			EXPECT_TRUE(m.flags & TUN_RING_META_TSTAMP);
			EXPECT_LE(before, m.tstamp);
			EXPECT_GE(after, m.tstamp);
			EXPECT_LT(last, m.tstamp);
		} else {
			EXPECT_FALSE(m.flags & TUN_RING_META_TSTAMP);
			EXPECT_EQ(0, m.tstamp);
		}
		last = m.tstamp;
	}
}

/* A packet of several buffers has one record, that of the first. */
TEST_F(meta, several_buffers)
{
	struct tconf c = { variant->features, 8, 8, 512, 0 };
	bool stamped = variant->features & F_TSTAMP;
	struct tun_ring_meta m;
	uint8_t buf[2048];
	uint64_t before;

	tring_unmap(&self->r);
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_EQ(0, tring_rx_fill(&self->r));
	before = wall_ns();
	ASSERT_EQ(0, env_inject(&self->e, 0, 1000));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 2));
	ASSERT_LT(0, tring_rx_take(&self->r, buf, sizeof(buf), &m));
	EXPECT_EQ(2, m.num_buffers);
	EXPECT_EQ(stamped, !!(m.flags & TUN_RING_META_TSTAMP));
	EXPECT_LE(stamped ? before : 0, m.tstamp);
	EXPECT_GE(stamped ? wall_ns() : 0, m.tstamp);
}

/*
 * The record of the chain's head is written, and no field of an earlier packet
 * stays.
 */
TEST_F(meta, records_are_renewed)
{
	struct tun_ring_meta m;
	uint8_t buf[2048];
	unsigned int i;

	for (i = 0; i < 32; i++) {
		ASSERT_EQ(0, set_opt(self->e.sk, SO_MARK, i % 3 ? i : 0));
		ASSERT_EQ(0, env_inject(&self->e, i, 100));
		ASSERT_LT(0, tring_recv(&self->r, buf, sizeof(buf), &m));
		EXPECT_EQ(i % 3 ? i : 0, m.mark);
		EXPECT_EQ(0, m.reserved[0] | m.reserved[1] | m.reserved[2]);
	}
}

static int udp_to(int port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = inet_addr("10.9.0.2"),
	};
	int sk = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sk < 0 || connect(sk, (struct sockaddr *)&to, sizeof(to)))
		return -errno;
	return sk;
}

/* A connected socket sets a hash over the ports. */
TEST_F(meta, hash)
{
	struct tun_ring_meta m[3];
	uint8_t buf[2048];
	unsigned int i;
	int sk[2];

	if (self->e.tap)	/* ARP packets would arrive, too */
		ASSERT_EQ(0, if_set_flags("meta0", IFF_NOARP, 0));
	ASSERT_EQ(0, if_addr4("meta0", "10.9.0.1"));
	for (i = 0; i < 2; i++) {
		sk[i] = udp_to(7000 + i);
		ASSERT_LE(0, sk[i]);
	}
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(4, send(sk[i / 2], "test", 4, 0));
		ASSERT_LT(0, tring_recv(&self->r, buf, sizeof(buf), &m[i]));
		EXPECT_TRUE(m[i].flags & TUN_RING_META_HASH);
		EXPECT_TRUE(m[i].flags & TUN_RING_META_HASH_L4);
		EXPECT_NE(0, m[i].hash);
	}
	EXPECT_EQ(m[0].hash, m[1].hash);
	EXPECT_NE(m[0].hash, m[2].hash);
}

/* A packet that is not IP keeps its EtherType on tap. */
TEST_F(meta, protocol)
{
	struct tun_ring_meta m;
	uint8_t pkt[64] = { }, buf[2048];

	if (!self->e.tap) {
		pkt[0] = 0x60;
		ASSERT_EQ(0, psock_send(self->e.sk, NULL, pkt, 60));
		ASSERT_EQ(60, tring_recv(&self->r, buf, sizeof(buf), &m));
		EXPECT_EQ(htons(ETH_P_IPV6), m.protocol);
		return;
	}
	pkt_eth(pkt, mac_b, mac_a, 0x88b5);
	ASSERT_EQ(0, psock_send(self->e.sk, NULL, pkt, 60));
	ASSERT_EQ(60, tring_recv(&self->r, buf, sizeof(buf), &m));
	EXPECT_EQ(htons(0x88b5), m.protocol);
	EXPECT_EQ(0, memcmp(buf, pkt, 60));
}

FIXTURE(vlan) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(vlan) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(vlan, meta) { F_META };
FIXTURE_VARIANT_ADD(vlan, inline_tag) { 0 };

/* Packets of a VLAN device have the tag in the record. */
FIXTURE_SETUP(vlan)
{
	struct tconf c = { variant->features, 8, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "vlan0", TAP_PLAIN));
	ASSERT_EQ(0, cmd_run("ip link add link vlan0 name v5 type vlan id 5"
			     " egress-qos-map 3:6"));
	ASSERT_EQ(0, if_up("v5"));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_EQ(0, tring_rx_fill(&self->r));
	close(self->e.sk);
	self->e.sk = psock_open("v5", false);
	ASSERT_LE(0, self->e.sk);
}

FIXTURE_TEARDOWN(vlan)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(vlan, tag)
{
	static const uint8_t tag[] = { 0x81, 0x00, 0xc0, 0x05 };
	struct tun_ring_meta m;
	uint8_t buf[2048];
	size_t len = 100 + ETH_HLEN;

	ASSERT_EQ(0, set_opt(self->e.sk, SO_PRIORITY, 3));
	ASSERT_EQ(0, env_inject(&self->e, 9, 100));
	if (variant->features & F_META) {
		ASSERT_EQ(len, tring_recv(&self->r, buf, sizeof(buf), &m));
		EXPECT_TRUE(m.flags & TUN_RING_META_VLAN);
		EXPECT_EQ(htons(ETH_P_8021Q), m.vlan_proto);
		EXPECT_EQ(0xc005, m.vlan_tci);
		EXPECT_EQ(htons(ETH_P_IP), m.protocol);
	} else {
		ASSERT_EQ(len + 4,
			  tring_recv(&self->r, buf, sizeof(buf), NULL));
		EXPECT_EQ(0, memcmp(tag, buf + 12, 4));
		memmove(buf + 12, buf + 16, len - 12);
	}
	EXPECT_EQ(9, seq_of(buf, len, true));
}

TEST_HARNESS_MAIN
