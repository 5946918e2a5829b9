// SPDX-License-Identifier: GPL-2.0
/* Transmit: packets in the stack, and kicks that are not needed. */
#include <linux/bpf.h>
#include <netinet/ip.h>

#include "env.h"

#define STOCK_ONLY_VARIANT	"flags mark"
#include "harness.h"

FIXTURE(stack) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(stack) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(stack, flags) { F_META };
FIXTURE_VARIANT_ADD(stack, event) { F_META | F_EVENT };
FIXTURE_VARIANT_ADD(stack, mark) { F_META | F_EVENT | F_MARK };

FIXTURE_SETUP(stack)
{
	struct tconf c = { variant->features, 16, 64, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "stack0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(stack)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(stack, udp_socket)
{
	struct flow f = { .sport = 5000, .dport = 6000 };
	uint8_t pkt[2048], buf[2048];
	unsigned int i;
	size_t n;
	int sk;

	ASSERT_EQ(0, if_addr4("stack0", "10.9.0.1"));
	sk = udp_open(NULL, 6000);
	ASSERT_LE(0, sk);
	for (i = 0; i < 40; i++) {
		f.seq = i;
		n = pkt_ip(pkt, &f, i * 35);
		ASSERT_EQ(0, tring_send(&self->r, pkt, n, NULL));
		ASSERT_EQ(i * 35, recv(sk, buf, sizeof(buf), 0));
		EXPECT_EQ(0, memcmp(pkt + 28, buf, i * 35));
	}
	close(sk);
}

/*
 * Packets that the stack holds are unchanged, however many packets follow:
 * their memory is reused only after they are freed.
 */
TEST_F(stack, packets_held_by_stack)
{
	int size = 16 << 20;
	unsigned int i, n = 600;
	uint8_t pkt[2048];

	ASSERT_EQ(0, setsockopt(self->e.sk, SOL_SOCKET, SO_RCVBUFFORCE, &size,
				sizeof(size)));
	for (i = 0; i < n; i++)
		ASSERT_EQ(0, tring_send(&self->r, pkt,
					seq_pkt(pkt, false, i, 1400), NULL));
	EXPECT_EQ(0, env_seen(&self->e, 0, n));
}

/* Segments of one connection in one kick are merged into fewer, larger packets. */
TEST_F(stack, gro)
{
	struct flow f = { .sport = 50, .dport = 60, .proto = IPPROTO_TCP };
	int sk = psock_open("stack0", true);
	unsigned int i, packets = 0, gso = 0;
	size_t bytes = 0, total = 20 * 1000;
	struct virtio_net_hdr vh;
	uint8_t pkt[2048], buf[65536];
	ssize_t n;

	ASSERT_LE(0, sk);
	for (i = 0; i < 20; i++) {
		f.seq = i * 1000;
		n = pkt_ip(pkt, &f, 1000);
		ASSERT_LE(0, tring_tx_put(&self->r, pkt, n, NULL));
	}
	ASSERT_LE(0, tring_tx_kick(&self->r));
	while (bytes < total) {
		n = psock_recv(sk, &vh, buf, sizeof(buf));
		ASSERT_LT(40, n);
		bytes += n - 40;
		packets++;
		gso += vh.gso_type == VIRTIO_NET_HDR_GSO_TCPV4;
	}
	EXPECT_EQ(total, bytes);
	EXPECT_GE(4, packets);
	EXPECT_LE(1, gso);
	close(sk);
}

/*
 * Sends a segment for each record with one kick. Returns how many packets the
 * stack made of them.
 */
static int merged(struct _test_data_stack *self, const struct tun_ring_meta *m,
		  unsigned int n)
{
	struct flow f = { .sport = 50, .dport = 60, .proto = IPPROTO_TCP };
	int sk = psock_open("stack0", true), ret = sk, packets;
	size_t bytes = 0, total = n * 1000;
	uint8_t pkt[2048], buf[65536];
	struct virtio_net_hdr vh;
	unsigned int i;

	for (i = 0; ret >= 0 && i < n; i++) {
		f.seq = i * 1000;
		ret = tring_tx_put(&self->r, pkt, pkt_ip(pkt, &f, 1000), &m[i]);
	}
	if (ret >= 0)
		ret = tring_tx_kick(&self->r);
	for (packets = 0; ret >= 0 && bytes < total; packets++) {
		ret = psock_recv(sk, &vh, buf, sizeof(buf));
		bytes += ret - 40;
	}
	close(sk);
	return ret < 0 ? ret : tring_tx_drain(&self->r) ?: packets;
}

/* Packets with different records stay apart. */
TEST_F(stack, gro_keeps_records_apart)
{
	struct tun_ring_meta m[6] = { };
	unsigned int i;

	if (!(variant->features & F_MARK))
		return;
	EXPECT_EQ(1, merged(self, m, 6));
	for (i = 0; i < 6; i++)
		m[i] = (struct tun_ring_meta) { .mark = 1 + i % 2,
						.flags = TUN_RING_META_MARK };
	EXPECT_EQ(6, merged(self, m, 6));
	/* the last packets before and the first after a record */
	m[0].flags = 0;
	m[1].flags = 0;
	m[3] = m[2];
	m[4].flags = 0;
	m[5].flags = 0;
	EXPECT_EQ(3, merged(self, m, 6));
	for (i = 0; i < 6; i++)
		m[i] = (struct tun_ring_meta) {
			.priority = 0x10000 + i / 2,
			.flags = TUN_RING_META_PRIORITY };
	EXPECT_EQ(3, merged(self, m, 6));
	for (i = 0; i < 6; i++)
		m[i] = (struct tun_ring_meta) { .tstamp = 1000000000ULL + i,
						.flags = TUN_RING_META_TSTAMP };
	EXPECT_EQ(6, merged(self, m, 6));
}

/* Each packet has the mark of its record. */
TEST_F(stack, gro_keeps_marks)
{
	struct flow f = { .sport = 50, .dport = 60, .proto = IPPROTO_TCP };
	struct tun_ring_meta m = { .flags = TUN_RING_META_MARK };
	uint8_t pkt[2048], buf[65536];
	unsigned int i;

	if (!(variant->features & F_MARK))
		return;
	ASSERT_EQ(0, skbfilter_attach(self->e.sk,
				      offsetof(struct __sk_buff, mark), 2));
	for (i = 0; i < 8; i++) {
		f.seq = i * 1000;
		m.mark = 1 + i % 2;
		ASSERT_LE(0, tring_tx_put(&self->r, pkt, pkt_ip(pkt, &f, 1000),
					  &m));
	}
	ASSERT_LE(0, tring_tx_kick(&self->r));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(1040, psock_recv(self->e.sk, NULL, buf, sizeof(buf)));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	EXPECT_GT(0, psock_recv_now(self->e.sk, NULL, buf, sizeof(buf)));
}

TEST_F(stack, no_gro_when_off)
{
	struct flow f = { .sport = 50, .dport = 60, .proto = IPPROTO_TCP };
	uint8_t pkt[2048], buf[65536];
	unsigned int i;
	ssize_t n = 0;

	ASSERT_EQ(0, cmd_run("ethtool -K stack0 gro off >/dev/null"));
	for (i = 0; i < 10; i++) {
		f.seq = i * 1000;
		n = pkt_ip(pkt, &f, 1000);
		ASSERT_LE(0, tring_tx_put(&self->r, pkt, n, NULL));
	}
	ASSERT_LE(0, tring_tx_kick(&self->r));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(n, psock_recv(self->e.sk, NULL, buf, sizeof(buf)));
}

/* An idle ring wants a kick for each entry. */
TEST_F(stack, idle_ring_wants_a_kick)
{
	unsigned int i;

	for (i = 0; i < 150; i++) {
		/* an entry is used a moment before the ring is idle */
		ASSERT_EQ(0, tvq_wait_asks(&self->r, &self->r.tx));
		ASSERT_EQ(0, env_put(&self->e, &self->r, i, 1, 80));
		ASSERT_TRUE(tvq_wants_kick(&self->r, &self->r.tx)) {
			TH_LOG("packet %u", i);
		}
		ASSERT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0));
		ASSERT_EQ(0, tring_tx_drain(&self->r));
	}
	EXPECT_EQ(0, env_seen(&self->e, 0, 150));
}

/* Without a kick, the kernel does not read the ring. */
TEST_F(stack, no_kick_no_work)
{
	/* wait for the poll that set-up started */
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, env_put(&self->e, &self->r, 0, 3, 80));
	EXPECT_TRUE(tvq_quiet(&self->r.tx, 0, 30));
	ASSERT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_RX, 0));
	EXPECT_TRUE(tvq_quiet(&self->r.tx, 0, 30));
	ASSERT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0));
	EXPECT_EQ(0, env_seen(&self->e, 0, 3));
}

/*
 * A sender that kicks only when needed: nothing stalls, and there are fewer
 * kicks than packets.
 */
TEST_F(stack, kicks_only_if_enabled)
{
	struct tun_ring_stats st;
	uint8_t pkt[256];
	uint32_t seq;
	int ret;

	close(self->e.sk);
	self->e.sk = -1;
	for (seq = 0; seq < 4000; seq++) {
		seq_pkt(pkt, false, seq, SEQ_MIN);
		ret = tring_tx_put(&self->r, pkt, SEQ_MIN, NULL);
		if (ret == -EAGAIN) {
			ASSERT_EQ(0, tvq_wait(&self->r.tx, 1)) {
				TH_LOG("stalled at %u", seq);
			}
			ret = tring_tx_put(&self->r, pkt, SEQ_MIN, NULL);
		}
		ASSERT_LE(0, ret);
		ASSERT_LE(0, tring_tx_kick(&self->r));
	}
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(4000, st.tx.packets);
	EXPECT_GE(4000, st.tx.kicks);
}

/* The device stays down: teardown counts the rest as dropped. */
TEST_F(stack, teardown_while_down)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, env_down(&self->e));
	ASSERT_EQ(0, env_put(&self->e, &self->r, 0, 5, 80));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.tx.packets + st.tx.dropped);
	EXPECT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, env_up(&self->e));
}

TEST_HARNESS_MAIN
