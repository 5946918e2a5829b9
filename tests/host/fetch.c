// SPDX-License-Identifier: GPL-2.0
/*
 * The engine reads each word that the driver can write exactly once. This test counts
 * the engine's marked accesses, and changes the memory behind each of them.
 */
#include "rig.h"

#include "harness.h"

#define NUM	16
#define POOL	4096
#define SEEN	512

struct access {
	const u8 *at;
	size_t n;
};

static struct {
	bool on;
	bool scribble;
	struct rig *rig;
	unsigned int n;
	struct access list[SEEN];
	bool twice;
	bool wrote_elsewhere;
} seen;

static bool within(const void *p, size_t n, const void *base, size_t len)
{
	return (const u8 *)p >= (const u8 *)base &&
	       (const u8 *)p + n <= (const u8 *)base + len;
}

static bool drivers(const void *p, size_t n)
{
	const struct rig *rig = seen.rig;

	return within(p, n, rig->drv.desc, virtq_desc_size(NUM)) ||
	       within(p, n, rig->drv.avail, virtq_avail_size(NUM)) ||
	       within(p, n, rig->pool, rig->pool_len);
}

static void saw(const void *p, size_t n)
{
	const u8 *at = p;
	unsigned int i;

	if (!seen.on || !drivers(p, n))
		return;
	for (i = 0; i < seen.n; i++)
		if (at < seen.list[i].at + seen.list[i].n &&
		    seen.list[i].at < at + n)
			seen.twice = true;
	if (seen.n < SEEN)
		seen.list[seen.n++] = (struct access) { at, n };
}

void shim_load(const volatile void *from, void *to, size_t n)
{
	memcpy(to, (const void *)from, n);
	saw((const void *)from, n);
	if (seen.on && seen.scribble && drivers((const void *)from, n))
		memset((void *)from, 0xff, n);
}

void shim_copy(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
	saw(from, n);
	if (seen.on && seen.scribble && drivers(from, n))
		memset((void *)from, 0xff, n);
}

void shim_store(volatile void *to, const void *from, size_t n, bool release)
{
	memcpy((void *)to, from, n);
	if (seen.on && !within((const void *)to, n, seen.rig->drv.used,
			       virtq_used_size(NUM)))
		seen.wrote_elsewhere |= !within((const void *)to, n,
						&seen.rig->dev,
						sizeof(seen.rig->dev));
}

void shim_barrier(void)
{
}

void shim_rmb(void)
{
}

void shim_mb(void)
{
}

FIXTURE(fetch) {
	struct rig *rig;
	struct tun_vring_chain c;
	struct virtq_buf buf[5];
	struct virtq_table table;
};

FIXTURE_VARIANT(fetch) {
	bool scribble;
};

FIXTURE_VARIANT_ADD(fetch, counted) { .scribble = false };
FIXTURE_VARIANT_ADD(fetch, changing) { .scribble = true };

FIXTURE_SETUP(fetch)
{
	int i;

	self->rig = rig_new(NUM, true, true, POOL);
	for (i = 0; i < 5; i++)
		self->buf[i] = (struct virtq_buf) { .addr = 64 * i, .len = 64 };
	self->table.addr = 1001;
	self->table.mem = self->rig->pool + 1001;
	memset(&seen, 0, sizeof(seen));
	seen.rig = self->rig;
	seen.scribble = variant->scribble;
}

FIXTURE_TEARDOWN(fetch)
{
	rig_free(self->rig);
}

#define POP_ONCE(n_) do {						\
	unsigned int i_;						\
									\
	virtq_offer(&self->rig->drv);					\
	seen.on = true;							\
	ASSERT_EQ(1, device_pop(&self->rig->dev, false, &self->c));	\
	seen.on = false;						\
	EXPECT_FALSE(seen.twice);					\
	EXPECT_FALSE(seen.wrote_elsewhere);				\
	ASSERT_EQ(n_, self->c.nsegs);					\
	for (i_ = 0; i_ < (n_); i_++) {					\
		EXPECT_EQ(self->rig->pool + 64 * i_,			\
			  self->c.seg[i_].base);			\
		EXPECT_EQ(64, self->c.seg[i_].len);			\
	}								\
	EXPECT_EQ(64 * (n_), self->c.len);				\
} while (0)

TEST_F(fetch, single)
{
	virtq_add(&self->rig->drv, self->buf, 1, NULL, 0);
	POP_ONCE(1);
	/* One load of the index, one of the entry, and two of a descriptor. */
	EXPECT_EQ(4, seen.n);
}

TEST_F(fetch, chain)
{
	virtq_add(&self->rig->drv, self->buf, 5, NULL, 0);
	POP_ONCE(5);
	EXPECT_EQ(12, seen.n);
}

TEST_F(fetch, table)
{
	virtq_add(&self->rig->drv, self->buf, 5, &self->table, 0);
	POP_ONCE(5);
	EXPECT_EQ(2 + 2 + 5, seen.n);
}

TEST_F(fetch, chain_and_table)
{
	self->table.from = 2;
	virtq_add(&self->rig->drv, self->buf, 5, &self->table, 0);
	POP_ONCE(5);
	EXPECT_EQ(2 + 2 * 3 + 3, seen.n);
}

/* The engine does not read the index again for entries that it knows to be available. */
TEST_F(fetch, known)
{
	virtq_add(&self->rig->drv, self->buf, 1, NULL, 0);
	virtq_add(&self->rig->drv, self->buf, 1, NULL, 0);
	POP_ONCE(1);
	seen.n = 0;
	virtq_set_avail_idx(&self->rig->drv, 65535);
	seen.on = true;
	ASSERT_EQ(1, device_pop(&self->rig->dev, false, &self->c));
	EXPECT_EQ(3, seen.n);
	EXPECT_EQ(NULL, self->rig->dev.vr.broken);
}

/* The engine reads nothing back from the used ring. */
TEST_F(fetch, use)
{
	virtq_add(&self->rig->drv, self->buf, 1, NULL, 0);
	POP_ONCE(1);
	seen.n = 0;
	seen.on = true;
	memset(self->rig->drv.used, 0xff, virtq_used_size(NUM));
	ASSERT_EQ(0, device_push(&self->rig->dev, self->c.head, 1));
	ASSERT_EQ(0, device_publish(&self->rig->dev));
	EXPECT_EQ(1, self->rig->drv.used[2]);
	EXPECT_EQ(0, seen.n);
	/* The engine reads the driver's flags or used_event once. */
	EXPECT_TRUE(device_should_notify(&self->rig->dev));
	EXPECT_EQ(1, seen.n);
	EXPECT_FALSE(seen.twice);
	EXPECT_FALSE(seen.wrote_elsewhere);
}

TEST_HARNESS_MAIN
