// SPDX-License-Identifier: GPL-2.0
/* Transmit: the record beside the descriptor. */
#include <linux/bpf.h>
#include <sys/syscall.h>

#include "env.h"

#define STOCK_ONLY_VARIANT	"tun_mark"
#include "harness.h"

FIXTURE(meta) {
	struct env e;
	struct tring r;
	struct tun_ring_meta m;
};

FIXTURE_VARIANT(meta) {
	int flags;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(meta, tun) { TUN_PLAIN, F_META };
FIXTURE_VARIANT_ADD(meta, tap) { TAP_PLAIN, F_META };
FIXTURE_VARIANT_ADD(meta, tun_mark) { TUN_PLAIN, F_META | F_MARK };
FIXTURE_VARIANT_ADD(meta, tap_mark) { TAP_PLAIN, F_META | F_MARK };

FIXTURE_SETUP(meta)
{
	struct tconf c = { variant->features, 8, 16, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "txm0", variant->flags));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
}

/* A valid packet is transmitted after all tests. */
FIXTURE_TEARDOWN(meta)
{
	uint8_t pkt[256];
	size_t n = seq_pkt(pkt, self->e.tap, 99, 80);
	int none = 0;

	setsockopt(self->e.sk, SOL_SOCKET, SO_DETACH_FILTER, &none,
		   sizeof(none));
	EXPECT_EQ(0, tring_send(&self->r, pkt, n, NULL));
	EXPECT_EQ(0, env_seen(&self->e, 99, 1));
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Transmits a numbered packet with the record. */
static int send_m(struct env *e, struct tring *r, uint32_t seq,
		  const struct tun_ring_meta *m)
{
	uint8_t pkt[256];

	return tring_send(r, pkt, seq_pkt(pkt, e->tap, seq, 100), m);
}

/* Is the packet with this record dropped, and counted as one error? */
static bool refused(struct env *e, struct tring *r,
		    const struct tun_ring_meta *m)
{
	struct tun_ring_stats a, b;

	if (tring_stats(e->fd, &a) || send_m(e, r, 1, m) ||
	    tring_stats(e->fd, &b))
		return false;
	return b.tx.errors == a.tx.errors + 1 && b.tx.packets == a.tx.packets;
}

TEST_F(meta, unknown_flag)
{
	unsigned int i;

	for (i = 6; i < 16; i++) {
		self->m.flags = 1 << i;
		EXPECT_TRUE(refused(&self->e, &self->r, &self->m)) {
			TH_LOG("flag %u", i);
		}
	}
}

TEST_F(meta, reserved)
{
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(self->m.reserved); i++) {
		self->m = (struct tun_ring_meta) { };
		self->m.reserved[i] = 1ULL << (i * 31);
		EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
	}
	self->m = (struct tun_ring_meta) { .num_buffers = 1 };
	EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
}

/* The EtherType of a TUN packet. A TAP packet contains its own. */
TEST_F(meta, protocol)
{
	self->m.protocol = htons(0x88b5);
	if (self->e.tap) {
		EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
		return;
	}
	ASSERT_EQ(0, skbfilter_attach(self->e.sk,
				      offsetof(struct __sk_buff, protocol),
				      htons(0x88b5)));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 3, &self->m));
	EXPECT_EQ(0, env_seen(&self->e, 3, 1));
}

/* Without a protocol, a TUN packet must have a valid IP version. */
TEST_F(meta, ip_version)
{
	struct tun_ring_stats st;
	uint8_t pkt[64] = { };
	unsigned int v;

	if (self->e.tap)
		return;
	for (v = 0; v < 16; v++) {
		pkt[0] = v << 4 | 5;
		ASSERT_EQ(0, tring_send(&self->r, pkt, sizeof(pkt), NULL));
	}
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(2, st.tx.packets);
	EXPECT_EQ(14, st.tx.errors);
	ASSERT_EQ(64, psock_recv(self->e.sk, NULL, pkt, sizeof(pkt)));
	EXPECT_EQ(0x45, pkt[0]);
	ASSERT_EQ(64, psock_recv(self->e.sk, NULL, pkt, sizeof(pkt)));
	EXPECT_EQ(0x65, pkt[0]);
}

TEST_F(meta, mark)
{
	self->m.flags = TUN_RING_META_MARK;
	self->m.mark = 0xcafe1234;
	if (!(variant->features & F_MARK)) {
		EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
		return;
	}
	ASSERT_EQ(0,
		  skbfilter_attach(self->e.sk, offsetof(struct __sk_buff, mark),
				   self->m.mark));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 1, NULL));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 2, &self->m));
	EXPECT_EQ(0, env_seen(&self->e, 2, 1));
}

TEST_F(meta, priority)
{
	self->m.flags = TUN_RING_META_PRIORITY;
	self->m.priority = 0x10003;
	if (!(variant->features & F_MARK)) {
		EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
		return;
	}
	ASSERT_EQ(0, skbfilter_attach(self->e.sk,
				      offsetof(struct __sk_buff, priority),
				      self->m.priority));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 1, NULL));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 2, &self->m));
	EXPECT_EQ(0, env_seen(&self->e, 2, 1));
}

/* Returns the packet's arrival time as a socket reports it. */
static int64_t arrival(int sk, void *buf, size_t size)
{
	char control[256];
	struct iovec iov = { buf, size };
	struct msghdr mh = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cm;
	struct timespec ts;

	if (fd_wait(sk, POLLIN, WAIT_MS) < 0 || recvmsg(sk, &mh, 0) < 0)
		return -errno;
	for (cm = CMSG_FIRSTHDR(&mh); cm; cm = CMSG_NXTHDR(&mh, cm)) {
		if (cm->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&ts, CMSG_DATA(cm), sizeof(ts));
		return ts.tv_sec * 1000000000LL + ts.tv_nsec;
	}
	return -ENOMSG;
}

TEST_F(meta, time_stamp)
{
	uint8_t buf[256];
	int on = 1;

	self->m.flags = TUN_RING_META_TSTAMP;
	self->m.tstamp = 1234567890123456789LL;
	if (!(variant->features & F_MARK)) {
		EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
		return;
	}
	ASSERT_EQ(0, setsockopt(self->e.sk, SOL_SOCKET, SO_TIMESTAMPNS, &on,
				sizeof(on)));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 1, &self->m));
	EXPECT_EQ(1234567890123456789LL,
		  arrival(self->e.sk, buf, sizeof(buf)));
}

/*
 * A device that moves keeps its rings, but marks need the privilege in the new
 * namespace.
 */
TEST_F(meta, mark_after_move)
{
	int here, there;

	if (!(variant->features & F_MARK))
		return;
	here = ns_open();
	ASSERT_EQ(0, ns_fresh());
	there = ns_open();
	ASSERT_EQ(0, setns(here, CLONE_NEWNET));
	ASSERT_EQ(0, rtnl_netns("txm0", there));
	ASSERT_EQ(0, setns(there, CLONE_NEWNET));
	ASSERT_EQ(0, if_up("txm0"));
	close(self->e.sk);
	self->e.sk = psock_open("txm0", false);
	self->m.flags = TUN_RING_META_MARK;
	EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
	/* a hash is ignored */
	self->m.flags = TUN_RING_META_HASH;
	self->m.hash = 0x12345678;
	ASSERT_EQ(0,
		  skbfilter_attach(self->e.sk, offsetof(struct __sk_buff, hash),
				   0));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 6, &self->m));
	EXPECT_EQ(0, env_seen(&self->e, 6, 1));
}

/* Fields without their flag are ignored. */
TEST_F(meta, values_without_flags)
{
	self->m.mark = 5;
	self->m.priority = 6;
	self->m.hash = 7;
	self->m.vlan_tci = 8;
	self->m.vlan_proto = htons(ETH_P_8021Q);
	self->m.tstamp = 9;
	ASSERT_EQ(0, skbfilter_attach(self->e.sk,
				      offsetof(struct __sk_buff, mark), 0));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 4, &self->m));
	EXPECT_EQ(0, env_seen(&self->e, 4, 1));
	ASSERT_EQ(0, skbfilter_attach(self->e.sk,
				      offsetof(struct __sk_buff, vlan_present),
				      0));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 5, &self->m));
	EXPECT_EQ(0, env_seen(&self->e, 5, 1));
}

TEST_F(meta, hash)
{
	self->m.flags = TUN_RING_META_HASH | TUN_RING_META_HASH_L4;
	self->m.hash = 0x12345678;
	/* without the privilege for marks, the stack sees no hash */
	ASSERT_EQ(0,
		  skbfilter_attach(self->e.sk, offsetof(struct __sk_buff, hash),
				   variant->features & F_MARK ? self->m.hash
							      : 0));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 6, &self->m));
	EXPECT_EQ(0, env_seen(&self->e, 6, 1));
}

TEST_F(meta, vlan)
{
	self->m.flags = TUN_RING_META_VLAN;
	self->m.vlan_proto = htons(ETH_P_8021Q);
	self->m.vlan_tci = 0xa007;
	if (!self->e.tap) {
		EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
		return;
	}
	ASSERT_EQ(0, skbfilter_attach(self->e.sk,
				      offsetof(struct __sk_buff, vlan_tci),
				      0xa007));
	ASSERT_EQ(0, send_m(&self->e, &self->r, 7, &self->m));
	EXPECT_EQ(0, env_seen(&self->e, 7, 1));
	self->m.vlan_proto = htons(ETH_P_IP);
	EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
	self->m.vlan_proto = 0;
	EXPECT_TRUE(refused(&self->e, &self->r, &self->m));
}

TEST_HARNESS_MAIN
