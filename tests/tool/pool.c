// SPDX-License-Identifier: GPL-2.0
/* Packets of several devices in one pool, whoever has the rings. */
#include "dev.h"
#include "kselftest_harness.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define MAX	999

FIXTURE(pool) {
	struct tunring_options opt;
	struct tunring_pool *pool;
	struct dev a;
	struct tunring *b[MAX];
};

FIXTURE_VARIANT(pool) {
	uint32_t pool_flags;
	uint32_t flags;
	int many;
};

/* the kernel's rings */
FIXTURE_VARIANT_ADD(pool, mapped) { TUNRING_O_PIN, 0, MAX };
FIXTURE_VARIANT_ADD(pool, mapped_no_event_idx) {
	TUNRING_O_PIN, TUNRING_O_NO_EVENT_IDX, 20 };
FIXTURE_VARIANT_ADD(pool, attached) { 0, TUNRING_O_ATTACH, 99 };
FIXTURE_VARIANT_ADD(pool, pinned) {
	TUNRING_O_PIN, TUNRING_O_ATTACH | TUNRING_O_PIN, 99 };
FIXTURE_VARIANT_ADD(pool, huge) { TUNRING_O_PIN | TUNRING_O_HUGE, 0, 20 };
FIXTURE_VARIANT_ADD(pool, attached_huge) {
	TUNRING_O_HUGE, TUNRING_O_ATTACH, 20 };
FIXTURE_VARIANT_ADD(pool, plain) { TUNRING_O_PIN, TUNRING_O_NO_RING, 20 };

/* Reserve so many huge pages. */
static int huge_pages(int n)
{
	FILE *f = fopen("/proc/sys/vm/nr_hugepages", "w");

	if (!f)
		return -1;
	fprintf(f, "%d\n", n);
	return fclose(f);
}

FIXTURE_SETUP(pool)
{
	ASSERT_EQ(netns_new(), 0);
	ASSERT_EQ(huge_pages(variant->pool_flags & TUNRING_O_HUGE ? 4 : 0), 0);
	tunring_options_init(&self->opt);
	self->opt.flags = variant->flags;
	self->opt.rx_entries = 16;
	self->opt.tx_entries = 16;
	self->a.sock = -1;
}

FIXTURE_TEARDOWN(pool)
{
	huge_pages(0);
}

static int in_pool(struct tunring **h, struct _test_data_pool *self)
{
	return tunring_open_pool(h, "po%d", IFF_TUN, &self->opt, self->pool);
}

static int up(const struct tunring *h)
{
	struct tunring_info info;

	tunring_get_info(h, &info);
	return dev_flags(info.name, IFF_UP, 0);
}

/* n in at one device and out of another, where they lie. 0, or what is wrong. */
static int across(struct dev *a, struct tunring *to, unsigned int n,
		  uint32_t *number)
{
	struct tunring_packet p[8];
	uint32_t v, first = *number;
	unsigned int i;

	for (i = 0; i < n; i++, ++*number)
		if (dev_send(a, number, 4) != 4)
			return 1;
	if (dev_take(a, p, n) != (int)n)
		return 2;
	for (i = 0; i < n; i++)
		turn_udp(a, p[i].data);
	if (tunring_rx_forward_to(a->h, to, p, n) != (int)n ||
	    tunring_tx_kick(to))
		return 3;
	for (i = 0; i < n; i++)
		if (dev_recv(a, &v, 4) != 4 || v != first + i)
			return 4;
	return 0;
}

/* A number that a file of /proc tells, -1 if it does not. */
static long proc_number(const char *path, const char *format)
{
	FILE *f = fopen(path, "r");
	char line[128];
	long n = -1;

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, format, &n);
	if (f)
		fclose(f);
	return n;
}

/* Kilobytes of this process that are locked. */
static long locked(void)
{
	return proc_number("/proc/self/status", "VmLck: %ld kB");
}

static long huge_free(void)
{
	return proc_number("/proc/meminfo", "HugePages_Free: %ld");
}

/* Kilobytes that a pool of n buffers takes. */
static long size_of(const struct tunring_pool *pool, long n)
{
	struct tunring_pool_info info;
	long page;

	tunring_pool_get_info(pool, &info);
	page = (long)info.page_size / 1024;
	return (2 * n + page - 1) / page * page;
}

/* Until so much is, for a while. */
static long locked_soon(long want)
{
	time_t end = time(NULL) + PATIENCE;

	while (locked() != want && time(NULL) < end)
		sched_yield();
	return locked();
}

TEST_F_TIMEOUT(pool, two, 120)
{
	struct tunring *c;
	uint32_t number = 0;

	ASSERT_EQ(tunring_pool_new(&self->pool, 64, 2048, variant->pool_flags), 0);
	ASSERT_EQ(in_pool(&self->a.h, self), 0);
	ASSERT_EQ(in_pool(&self->b[0], self), 0);
	ASSERT_EQ(in_pool(&c, self), -ENOBUFS);
	ASSERT_EQ(dev_ready(&self->a), 0);
	ASSERT_EQ(up(self->b[0]), 0);
	while (number < 400)
		ASSERT_EQ(across(&self->a, self->b[0], 4, &number), 0);
	ASSERT_EQ(tunring_pool_free(self->pool), -EBUSY);
	/* its buffers are mixed with the other's, and stay in the pool */
	tunring_close(self->b[0]);
	ASSERT_EQ(in_pool(&self->b[0], self), 0);
	ASSERT_EQ(up(self->b[0]), 0);
	while (number < 600)
		ASSERT_EQ(across(&self->a, self->b[0], 8, &number), 0);
	dev_close(&self->a);
	tunring_close(self->b[0]);
	ASSERT_EQ(tunring_pool_free(self->pool), 0);
}

/* What is told of them; and what it costs. */
TEST_F(pool, in_force)
{
	bool ring = expected_mode(variant->flags) == TUNRING_MODE_RING;
	bool pin = ring && variant->pool_flags & TUNRING_O_PIN;
	uint32_t attach = ring ? variant->flags & TUNRING_O_ATTACH : 0;
	struct tunring_pool_info pool;
	struct tunring_info info;
	long kb;

	ASSERT_EQ(tunring_pool_new(&self->pool, 64, 2048, variant->pool_flags), 0);
	ASSERT_EQ(in_pool(&self->a.h, self), 0);
	tunring_pool_get_info(self->pool, &pool);
	ASSERT_EQ(pool.flags, variant->pool_flags);
	ASSERT_EQ(pool.free, 32);
	kb = pin ? size_of(self->pool, 64) : 0;
	tunring_get_info(self->a.h, &info);
	ASSERT_EQ(info.mode, expected_mode(variant->flags));
	ASSERT_EQ(info.flags, attach | (pin ? TUNRING_O_PIN : 0));
	ASSERT_EQ(tunring_memory_fd(self->a.h) >= 0, !!attach);
	/* rings of our own are locked, too */
	ASSERT_GE(locked(), kb);
	ASSERT_EQ(locked() > kb, pin && attach);
	tunring_close(self->a.h);
	ASSERT_EQ(locked_soon(kb), kb);
	ASSERT_EQ(tunring_pool_free(self->pool), 0);
	ASSERT_EQ(locked_soon(0), 0);
}

/* Taken from those reserved; and if there are none, from the others. */
TEST_F(pool, on_huge_pages)
{
	bool huge = variant->pool_flags & TUNRING_O_HUGE;
	struct tunring_pool_info info;
	uint32_t number = 0;
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(tunring_pool_new(&self->pool, 64, 2048,
					   variant->pool_flags), 0);
		ASSERT_EQ(in_pool(&self->a.h, self), 0);
		ASSERT_EQ(dev_ready(&self->a), 0);
		ASSERT_EQ(across(&self->a, self->a.h, 8, &number), 0);
		tunring_pool_get_info(self->pool, &info);
		ASSERT_EQ(info.flags & TUNRING_O_HUGE,
			  huge && !i ? TUNRING_O_HUGE : 0);
		ASSERT_EQ(huge_free(), huge && !i ? 3 : 0);
		dev_close(&self->a);
		ASSERT_EQ(tunring_pool_free(self->pool), 0);
		ASSERT_EQ(locked_soon(0), 0);
		ASSERT_EQ(huge_free(), huge && !i ? 4 : 0);
		ASSERT_EQ(huge_pages(0), 0);
	}
}

/* A server with many clients: what is locked is locked once. */
TEST_F_TIMEOUT(pool, many, 240)
{
	struct rlimit files = { 2 * MAX + 64, 2 * MAX + 64 };
	int many = variant->many, i;
	bool once = expected_mode(variant->flags) == TUNRING_MODE_RING &&
		    variant->pool_flags & TUNRING_O_PIN &&
		    !(variant->flags & TUNRING_O_ATTACH);
	uint32_t number = 0;

	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
	self->opt.rx_entries = 4;
	self->opt.tx_entries = 4;
	ASSERT_EQ(tunring_pool_new(&self->pool, 8 * (uint32_t)(many + 1), 2048,
				   variant->pool_flags), 0);
	ASSERT_EQ(in_pool(&self->a.h, self), 0);
	ASSERT_EQ(dev_ready(&self->a), 0);
	for (i = 0; i < many; i++) {
		ASSERT_EQ(in_pool(&self->b[i], self), 0);
		ASSERT_EQ(up(self->b[i]), 0);
	}
	if (once)
		ASSERT_EQ(locked(), size_of(self->pool, 8 * (many + 1)));
	for (i = 0; i < many; i++)
		ASSERT_EQ(across(&self->a, self->b[i], 4, &number), 0);
	for (i = 0; i < many; i++)
		tunring_close(self->b[i]);
	ASSERT_EQ(across(&self->a, self->a.h, 4, &number), 0);
	dev_close(&self->a);
	ASSERT_EQ(tunring_pool_free(self->pool), 0);
	ASSERT_EQ(locked_soon(0), 0);
}

TEST_HARNESS_MAIN
