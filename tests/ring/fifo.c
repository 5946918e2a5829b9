// SPDX-License-Identifier: GPL-2.0
/*
 * Packets for a full receive ring wait in the fifo, in order and without their
 * sockets, or in the queueing discipline with flow control.
 */
#include <linux/sockios.h>
#include <netinet/ip_icmp.h>
#include <sched.h>

#include "env.h"

#define STOCK_ONLY_VARIANT	"flags"
#include "harness.h"

#define RX		16
#define ICMP_FILTER	1	/* of SOL_RAW, <linux/icmp.h> */

FIXTURE(fifo) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(fifo) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(fifo, flags) { F_META };
FIXTURE_VARIANT_ADD(fifo, event) { F_META | F_EVENT };
FIXTURE_VARIANT_ADD(fifo, flow) { F_META | F_EVENT | F_FLOW };

FIXTURE_SETUP(fifo)
{
	struct tconf c = { variant->features, RX, 16, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "fifo0", TUN_PLAIN));
	ASSERT_EQ(0, if_up("lo"));
	ASSERT_EQ(0, if_addr4("fifo0", "10.9.0.1"));
	ASSERT_EQ(0, cmd_run("ip route add 10.10.0.0/24 dev fifo0"));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(fifo)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int udp_to_reader(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9) };
	int sk = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, "10.10.0.2", &a.sin_addr);
	if (sk >= 0 && connect(sk, (void *)&a, sizeof(a))) {
		close(sk);
		return -errno;
	}
	return sk;
}

/* The bytes that the packets of a socket hold come down to 0. */
static int wait_released(int sk)
{
	long end = now_ms() + WAIT_MS;
	int held;

	do {
		if (ioctl(sk, SIOCOUTQ, &held))
			return -errno;
		if (!held)
			return 0;
		usleep(1000);
	} while (now_ms() < end);
	return -ETIMEDOUT;
}

/* With flow control the packets first wait in the queueing discipline. */
TEST_F(fifo, holds_no_socket)
{
	struct tun_ring_stats st;
	int sk = udp_to_reader(), i, held;

	ASSERT_LE(0, sk);
	for (i = 0; i < 40; i++)
		ASSERT_EQ(8, send(sk, "datagram", 8, 0));
	if (!(variant->features & F_FLOW)) {
		ASSERT_EQ(0, ioctl(sk, SIOCOUTQ, &held));
		EXPECT_EQ(0, held);
	}
	EXPECT_EQ(0, wait_released(sk));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(RX, st.rx.packets);
	EXPECT_EQ(0, st.rx.dropped);
	close(sk);
}

/* One answer to ping on lo, from this CPU's socket. */
static int ping_lo(int sk)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	struct icmphdr h = { .type = ICMP_ECHO, .un.echo.id = htons(77) };
	long end = now_ms() + 2000;
	uint8_t buf[256];
	ssize_t n;

	inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
	h.checksum = pkt_csum(&h, sizeof(h), 0);
	if (sendto(sk, &h, sizeof(h), 0, (void *)&a, sizeof(a)) < 0)
		return -errno;
	do {
		n = recv(sk, buf, sizeof(buf), MSG_DONTWAIT);
		if (n >= 28 && buf[20] == ICMP_ECHOREPLY)
			return 0;
		usleep(1000);
	} while (now_ms() < end);
	return -ETIMEDOUT;
}

static size_t echo_request(uint8_t *p, size_t len)
{
	static const uint8_t ip[] = {
		0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, IPPROTO_ICMP, 0, 0,
		10, 10, 0, 2, 10, 9, 0, 1,
	};
	uint16_t sum;

	memset(p, 0, len);
	memcpy(p, ip, sizeof(ip));
	p[2] = len >> 8;
	p[3] = len;
	sum = pkt_csum(p, 20, 0);
	memcpy(p + 10, &sum, 2);
	p[20] = ICMP_ECHO;
	sum = pkt_csum(p + 20, len - 20, 0);
	memcpy(p + 22, &sum, 2);
	return len;
}

/* The kernel answers ICMP of all namespaces with one socket for each CPU. */
TEST_F(fifo, starves_no_icmp_socket)
{
	int sk = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), cpu, i;
	uint32_t ignored = ~(1U << ICMP_ECHOREPLY);
	uint8_t p[1000];
	cpu_set_t set;

	ASSERT_LE(0, sk);
	/* the requests below would fill the socket's queue */
	ASSERT_EQ(0, setsockopt(sk, SOL_RAW, ICMP_FILTER, &ignored,
				sizeof(ignored)));
	ASSERT_EQ(0, cmd_run("sysctl -qw net.ipv4.icmp_ratelimit=0"));
	for (cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		ASSERT_EQ(0, sched_setaffinity(0, sizeof(set), &set));
		for (i = 0; i < 200; i++)
			ASSERT_EQ(0, tring_send(&self->r, p,
						echo_request(p, sizeof(p)),
						NULL));
		/* flow control lapses 200 ms after a stop */
		for (i = 0; i < 3 && ping_lo(sk); i++)
			continue;
		EXPECT_GT(variant->features & F_FLOW ? 3 : 1, i);
	}
	close(sk);
}

/* Each packet is transmitted once, as a sniffer sees it. */
TEST_F(fifo, sniffer_sees_each_packet_once)
{
	int sk = psock_open("fifo0", false), off = 0, seen = 0;
	struct sockaddr_ll ll;
	socklen_t len = sizeof(ll);
	uint8_t buf[256];

	ASSERT_LE(0, sk);
	ASSERT_EQ(0, setsockopt(sk, SOL_PACKET, PACKET_IGNORE_OUTGOING, &off,
				sizeof(off)));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 60, 100));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, 60));
	while (recvfrom(sk, buf, sizeof(buf), MSG_DONTWAIT, (void *)&ll,
			&len) > 0) {
		seen += ll.sll_pkttype == PACKET_OUTGOING;
		len = sizeof(ll);
	}
	EXPECT_EQ(60, seen);
	close(sk);
}

/* Beyond txqueuelen packets are dropped, and a sender without a qdisc knows. */
TEST_F(fifo, beyond_txqueuelen)
{
	int sk = psock_open("fifo0", false), on = 1, i, ret;
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;
	uint8_t p[100];

	ASSERT_LE(0, sk);
	ASSERT_EQ(0, setsockopt(sk, SOL_PACKET, PACKET_QDISC_BYPASS, &on,
				sizeof(on)));
	ASSERT_EQ(0, if_txqlen("fifo0", 10));
	for (i = 0; i < RX + 15; i++) {
		ret = psock_send(sk, NULL, p, seq_pkt(p, false, i, 100));
		/* a queue that flow control has stopped takes nothing */
		if (!(variant->features & F_FLOW))
			EXPECT_EQ(i < RX + 10 ? 0 : -ENOBUFS, ret);
	}
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	ASSERT_EQ(0, rtnl_stats("fifo0", &dev));
	EXPECT_EQ(RX, st.rx.packets);
	EXPECT_EQ(dev.tx_dropped, st.rx.dropped);
	if (!(variant->features & F_FLOW)) {
		EXPECT_EQ(5, st.rx.dropped);
		EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, RX + 10));
	}
	close(sk);
}

/* Sends without waiting. Returns how many were sent; the rest had ENOBUFS. */
static int send_many(int sk, int n)
{
	int i, sent = 0;

	for (i = 0; i < n; i++) {
		if (send(sk, "datagram", 8, MSG_DONTWAIT) == 8)
			sent++;
		else if (errno != ENOBUFS)
			return -errno;
	}
	return sent;
}

/* A device without a queueing discipline never gets a stopped queue. */
TEST_F(fifo, noqueue)
{
	int sk = udp_to_reader(), log = dmesg_open(), on = 1;

	ASSERT_LE(0, sk);
	ASSERT_LE(0, log);
	ASSERT_EQ(0, setsockopt(sk, SOL_IP, IP_RECVERR, &on, sizeof(on)));
	ASSERT_EQ(0, cmd_run("tc qdisc replace dev fifo0 root noqueue"));
	ASSERT_EQ(0, if_txqlen("fifo0", 10));
	EXPECT_EQ(RX + 10, send_many(sk, RX + 30));
	ASSERT_EQ(0, if_txqlen("fifo0", 0));
	EXPECT_EQ(0, send_many(sk, 5));
	EXPECT_EQ(0, dmesg_count(log, "fifo0"));
	close(log);
	close(sk);
}

TEST_HARNESS_MAIN
