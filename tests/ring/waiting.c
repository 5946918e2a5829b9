// SPDX-License-Identifier: GPL-2.0
/*
 * A packet that waits for the user holds no route and no state of a tunnel: both
 * belong to a namespace that may end before the user takes the packet.
 */
#include "attach.h"
#include "env.h"
#include "harness.h"

FIXTURE(waiting) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(waiting) {
	bool worker;	/* packets wait for a worker's ring, else for read() */
};

FIXTURE_VARIANT_ADD(waiting, read) { false };
FIXTURE_VARIANT_ADD(waiting, worker) { true };

FIXTURE_SETUP(waiting)
{
	struct aconf c = { .c = { F_META, 16, 16, 2048, 0 } };

	ASSERT_EQ(0, env_open(&self->e, "wait0", TUN_PLAIN));
	ASSERT_EQ(0, if_up("lo"));
	if (variant->worker)
		ASSERT_EQ(0, attach_rings(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(waiting)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Waits until a module has no more users than wanted; returns their number. */
static int refs_left(const char *module, int want)
{
	long end = now_ms() + WAIT_MS;
	int n;

	do {
		n = module_refs(module);
		if (n <= want)
			return n;
		usleep(10000);
	} while (now_ms() < end);
	return n;
}

static int send_datagrams(const char *to, unsigned int n)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9) };
	int sk = socket(AF_INET, SOCK_DGRAM, 0), ret = 0;

	if (sk < 0)
		return -errno;
	inet_pton(AF_INET, to, &a.sin_addr);
	while (n-- && !ret)
		if (sendto(sk, "datagram", 8, 0, (void *)&a, sizeof(a)) < 0)
			ret = -errno;
	close(sk);
	return ret;
}

/* A packet waits: read() would take it, or the worker found no buffer for it. */
static int wait_queued(const struct env *e, bool worker)
{
	long end = now_ms() + WAIT_MS;
	struct tun_ring_stats st;

	if (!worker)
		return fd_wait(e->fd, POLLIN, WAIT_MS) & POLLIN ? 0 : -ETIMEDOUT;
	do {
		int ret = tring_stats(e->fd, &st);

		if (ret || st.rx.full)
			return ret;
		usleep(1000);
	} while (now_ms() < end);
	return -ETIMEDOUT;
}

/* A route with a label uses mpls_iptunnel for as long as it lives. */
TEST_F(waiting, holds_no_route)
{
	int before;

	/* routes stay with packets only if something asks for that */
	ASSERT_EQ(0, cmd_run("tc qdisc replace dev wait0 root handle 1: prio"));
	ASSERT_EQ(0, cmd_run("tc filter add dev wait0 parent 1: protocol all "
			     "prio 1 handle 1 flow map key rt-classid "
			     "baseclass 1:1"));
	ASSERT_EQ(0, cmd_run("ip addr add 10.11.0.1/24 dev wait0"));
	ASSERT_EQ(0, cmd_run("ip route add 10.12.0.2/32 encap mpls 100 "
			     "via inet 10.11.0.2 dev wait0"));
	before = module_refs("mpls_iptunnel") - 1;
	ASSERT_LE(0, before);
	ASSERT_EQ(0, send_datagrams("10.12.0.2", 8));
	ASSERT_EQ(0, wait_queued(&self->e, variant->worker));
	ASSERT_EQ(0, cmd_run("ip route del 10.12.0.2/32"));
	EXPECT_EQ(before, refs_left("mpls_iptunnel", before));
}

/* An ESP packet without a cipher, which holds a packet to 10.10.0.2. */
static size_t esp_packet(uint8_t *p)
{
	static const uint8_t inner[] = {
		0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0,
		10, 10, 0, 1, 10, 10, 0, 2,
		0, 9, 0, 9, 0, 8, 0, 0,
	};
	static const uint8_t outer[] = {
		0x45, 0, 0, 0, 0, 0, 0, 0, 64, 50, 0, 0,
		10, 9, 0, 2, 10, 9, 0, 1,
		0, 0, 1, 0, 0, 0, 0, 1,		/* SPI 256, number 1 */
	};
	static const uint8_t trailer[] = { 1, 2, 2, IPPROTO_IPIP };
	size_t len = 0;
	uint16_t sum;

	memcpy(p, outer, sizeof(outer));
	len += sizeof(outer);
	memcpy(p + len, inner, sizeof(inner));
	sum = pkt_csum(inner, 20, 0);
	memcpy(p + len + 10, &sum, 2);
	len += sizeof(inner);
	memcpy(p + len, trailer, sizeof(trailer));
	len += sizeof(trailer);
	p[3] = len;
	sum = pkt_csum(p, 20, 0);
	memcpy(p + 10, &sum, 2);
	return len;
}

/* A tunnel ends in wait1 whose packets are forwarded to wait0. */
static int tunnel(void)
{
	static const char * const cmds[] = {
		"ip addr add 10.9.0.1/24 dev wait1",
		"ip route add 10.10.0.2/32 dev wait0",
		"ip xfrm state add src 10.9.0.2 dst 10.9.0.1 proto esp spi 256 mode tunnel enc 'ecb(cipher_null)' '' auth digest_null ''",
		"ip xfrm policy add dir fwd src 0.0.0.0/0 dst 0.0.0.0/0 tmpl src 10.9.0.2 dst 10.9.0.1 proto esp mode tunnel",
		"sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.wait1.rp_filter=0",
	};
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_LEN(cmds) && !ret; i++)
		ret = cmd_run("%s", cmds[i]);
	return ret;
}

/* A state of a tunnel uses esp4, also when it is no longer configured. */
TEST_F(waiting, holds_no_tunnel)
{
	uint8_t p[128];
	int in, before;

	in = tunfd_create_up("wait1", TUN_PLAIN);
	ASSERT_LE(0, in);
	ASSERT_EQ(0, tunnel());
	before = module_refs("esp4") - 1;
	ASSERT_LE(0, before);
	ASSERT_LT(0, fd_write(in, p, esp_packet(p)));
	ASSERT_EQ(0, wait_queued(&self->e, variant->worker));
	ASSERT_EQ(0, cmd_run("ip xfrm policy flush; ip xfrm state flush"));
	EXPECT_EQ(before, refs_left("esp4", before));
	close(in);
}

TEST_HARNESS_MAIN
