// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait in a socket are charged for the memory that they hold, also
 * if the packets between them are freed.
 */
#include <linux/sock_diag.h>

#include "env.h"
#include "harness.h"

#define BURST	64
#define KEPT	1000
/* Pages that the rest of the machine may take meanwhile. */
#define SLACK	(3 << 20)

FIXTURE(held) {
	struct env e;
	struct tring r;
	int sk;
};

FIXTURE_VARIANT(held) {
	size_t len;
};

FIXTURE_VARIANT_ADD(held, small) { 32 };
FIXTURE_VARIANT_ADD(held, middle) { 500 };
FIXTURE_VARIANT_ADD(held, large) { 1400 };
FIXTURE_VARIANT_ADD(held, page) { 3000 };
FIXTURE_VARIANT_ADD(held, pages) { 9000 };

FIXTURE_SETUP(held)
{
	struct tconf c = { F_META, 8, BURST, 16384, 0 };
	int size = 100 << 20;

	ASSERT_EQ(0, env_open(&self->e, "held0", TUN_PLAIN));
	/* a packet socket would keep all packets */
	close(self->e.sk);
	self->e.sk = -1;
	ASSERT_EQ(0, if_addr4("held0", "10.9.0.1"));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	self->sk = udp_open(NULL, 6000);
	ASSERT_LE(0, self->sk);
	ASSERT_EQ(0, setsockopt(self->sk, SOL_SOCKET, SO_RCVBUFFORCE, &size,
				sizeof(size)));
}

FIXTURE_TEARDOWN(held)
{
	close(self->sk);
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Returns the bytes of pages that are allocated, less those at start-up. */
static int64_t allocated(void)
{
	char buf[16384], *line;
	int64_t sum = 0;

	if (file_get("/proc/vmstat", buf, sizeof(buf)) < 0)
		return -1;
	for (line = strtok(buf, "\n"); line; line = strtok(NULL, "\n")) {
		int64_t n = atoll(strchr(line, ' ') + 1);

		if (!strncmp(line, "pgalloc_", 8))
			sum += n;
		if (!strncmp(line, "pgfree ", 7))
			sum -= n;
	}
	return sum * getpagesize();
}

static int64_t charged(int sk)
{
	uint32_t info[SK_MEMINFO_VARS] = { };
	socklen_t len = sizeof(info);

	if (getsockopt(sk, SOL_SOCKET, SO_MEMINFO, info, &len))
		return -errno;
	return info[SK_MEMINFO_RMEM_ALLOC];
}

/* The stack keeps the first packet, and drops the others for their checksum. */
static int burst(struct _test_data_held *self, size_t len, bool keep)
{
	struct flow f = { .sport = 5000, .dport = 6000 };
	uint8_t pkt[16384];
	size_t n = pkt_ip(pkt, &f, len);
	unsigned int i;
	int ret = 0;

	for (i = 0; ret >= 0 && i < BURST; i++) {
		if (i == keep)
			pkt[10] ^= 1;
		ret = tring_tx_put(&self->r, pkt, n, NULL);
	}
	if (ret >= 0)
		ret = tring_tx_kick(&self->r);
	return ret < 0 ? ret : tring_tx_drain(&self->r);
}

TEST_F(held, no_more_than_twice_the_charge)
{
	int64_t before, after, charge;
	int i;

	for (i = 0; i < 8; i++)
		ASSERT_EQ(0, burst(self, variant->len, false));
	before = allocated();
	for (i = 0; i < KEPT; i++)
		ASSERT_EQ(0, burst(self, variant->len, true));
	after = allocated();
	charge = charged(self->sk);
	ASSERT_LT(KEPT * (int64_t)variant->len, charge);
	TH_LOG("%lld KiB held, %lld KiB charged", (long long)(after - before) >> 10,
	       (long long)charge >> 10);
	EXPECT_GT(2 * charge + SLACK, after - before);
}

TEST_HARNESS_MAIN
