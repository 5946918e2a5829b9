// SPDX-License-Identifier: GPL-2.0
/* TUNRINGQUERY, TUNRINGSETUP, TUNRINGTEARDOWN: valid calls. */
#include "env.h"
#include "harness.h"

FIXTURE(setup) {
	struct env e;
};

FIXTURE_SETUP(setup)
{
	ASSERT_EQ(0, env_open(&self->e, "setup0", TUN_PLAIN));
}

FIXTURE_TEARDOWN(setup)
{
	env_close(&self->e);
}

static const struct tconf small = { F_META | F_EVENT, 8, 8, 2048, 0 };

TEST_F(setup, query_offers)
{
	struct tun_ring_query q;
	unsigned int i;

	memset(&q, 0xff, sizeof(q));
	ASSERT_EQ(0, tring_query(self->e.fd, &q));
	EXPECT_EQ(F_ALL, q.features);
	EXPECT_EQ(TUN_RING_MAX_ENTRIES, q.max_entries);
	EXPECT_EQ(TUN_RING_MAX_CHAIN, q.max_chain);
	EXPECT_EQ(TUN_RING_MAX_POOL, q.max_pool);
	EXPECT_EQ(sizeof(struct tun_ring_meta), q.meta_size);
	EXPECT_EQ(TUN_RING_MODE_PLAIN, q.mode);
	for (i = 0; i < ARRAY_LEN(q.reserved); i++)
		EXPECT_EQ(0, q.reserved[i]);
}

TEST_F(setup, query_mode)
{
	struct tun_ring_query q = { };
	struct tring r;

	ASSERT_EQ(0, tring_setup(&r, self->e.fd, &small));
	ASSERT_EQ(0, tring_query(self->e.fd, &q));
	EXPECT_EQ(TUN_RING_MODE_MAPPED, q.mode);
	EXPECT_EQ(F_ALL, q.features);
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, tring_query(self->e.fd, &q));
	EXPECT_EQ(TUN_RING_MODE_PLAIN, q.mode);
	tring_unmap(&r);
}

TEST_F(setup, stats_start_at_zero)
{
	struct tun_ring_stats st, want = {
		.features = F_META | F_EVENT, .mode = TUN_RING_MODE_MAPPED,
	};
	struct tring r;

	ASSERT_EQ(0, tring_setup(&r, self->e.fd, &small));
	memset(&st, 0xff, sizeof(st));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	st.features &= ~F_V1;
	EXPECT_EQ(0, memcmp(&want, &st, sizeof(st)));
	tring_unmap(&r);
}

static bool fits(uint64_t off, uint64_t len, uint64_t area, unsigned int align)
{
	return off % align == 0 && off + len <= area;
}

static bool apart(uint64_t a, uint64_t alen, uint64_t b, uint64_t blen)
{
	return a + alen <= b || b + blen <= a;
}

static uint64_t page_up(uint64_t n)
{
	uint64_t page = sysconf(_SC_PAGESIZE);

	return (n + page - 1) / page * page;
}

/* Checks each part against its size in virtio, with the event fields. */
static void check_layout(struct __test_metadata *_metadata,
			 const struct tun_ring_setup *s)
{
	const struct tun_ring_vq *vq[2] = { &s->rx, &s->tx };
	struct { uint64_t off, len; } drv[5], dev[3];
	unsigned int i, j, nd = 0, nu = 0;

	for (i = 0; i < 2; i++) {
		uint64_t n = vq[i]->entries;
		uint64_t len = n * sizeof(struct tun_ring_meta);
		bool meta = s->features & F_META;

		EXPECT_TRUE(fits(vq[i]->desc, n * 16, s->driver_len, 16));
		EXPECT_TRUE(fits(vq[i]->avail, n * 2 + 6, s->driver_len, 2));
		EXPECT_TRUE(fits(vq[i]->used, n * 8 + 6, s->device_len, 4));
		drv[nd].off = vq[i]->desc;
		drv[nd++].len = n * 16;
		drv[nd].off = vq[i]->avail;
		drv[nd++].len = n * 2 + 6;
		dev[nu].off = vq[i]->used;
		dev[nu++].len = n * 8 + 6;
		if (!meta) {
			EXPECT_EQ(0, vq[i]->meta);
		} else if (i == 0) {
			EXPECT_TRUE(fits(vq[i]->meta, len, s->device_len, 8));
			dev[nu].off = vq[i]->meta;
			dev[nu++].len = len;
		} else {
			EXPECT_TRUE(fits(vq[i]->meta, len, s->driver_len, 8));
			drv[nd].off = vq[i]->meta;
			drv[nd++].len = len;
		}
	}
	for (i = 0; i < nd; i++)
		for (j = 0; j < i; j++)
			EXPECT_TRUE(apart(drv[i].off, drv[i].len, drv[j].off,
					  drv[j].len));
	for (i = 0; i < nu; i++)
		for (j = 0; j < i; j++)
			EXPECT_TRUE(apart(dev[i].off, dev[i].len, dev[j].off,
					  dev[j].len));
	EXPECT_EQ(page_up((uint64_t)s->buf_size * s->buf_count), s->pool_len);
	EXPECT_EQ(0, s->driver_offset % page_up(1));
	EXPECT_EQ(0, s->device_offset % page_up(1));
	EXPECT_EQ(0, s->pool_offset % page_up(1));
	EXPECT_TRUE(apart(s->driver_offset, page_up(s->driver_len),
			  s->device_offset, page_up(s->device_len)));
	EXPECT_TRUE(apart(s->driver_offset, page_up(s->driver_len),
			  s->pool_offset, s->pool_len));
	EXPECT_TRUE(apart(s->device_offset, page_up(s->device_len),
			  s->pool_offset, s->pool_len));
}

/* Each ring size with a different tx size, with and without records. */
TEST_F(setup, every_size)
{
	unsigned int rx, tx = TUN_RING_MAX_ENTRIES;
	struct tun_ring_setup s;
	struct tring r;

	for (rx = 1; rx <= TUN_RING_MAX_ENTRIES; rx *= 2, tx /= 2) {
		struct tconf c = { rx % 3 == 1 ? F_META : 0, rx, tx, 64, 0 };

		s = tring_params(&c);
		ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c)) {
			TH_LOG("entries %u, %u", rx, tx);
		}
		check_layout(_metadata, &r.s);
		EXPECT_EQ(s.features, r.s.features & ~F_V1);
		EXPECT_EQ(rx, r.s.rx.entries);
		EXPECT_EQ(tx, r.s.tx.entries);
		EXPECT_EQ(0, tring_teardown(self->e.fd));
		tring_unmap(&r);
	}
}

TEST_F(setup, largest_pool)
{
	struct tconf c = { 0, 1, 1, TUN_RING_MAX_BUF,
			   TUN_RING_MAX_POOL / TUN_RING_MAX_BUF };
	struct tring r;

	ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c));
	EXPECT_EQ(TUN_RING_MAX_POOL, r.s.pool_len);
	r.pool[0] = 1;
	r.pool[TUN_RING_MAX_POOL - 1] = 1;
	EXPECT_EQ(0, tring_teardown(self->e.fd));
	tring_unmap(&r);
}

TEST_F(setup, smallest)
{
	struct tconf c = { 0, 1, 1, TUN_RING_MIN_BUF, 2 };
	struct tring r;

	ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c));
	ASSERT_EQ(0, tring_rx_fill(&r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 40));
	EXPECT_EQ(0, env_expect(&self->e, &r, 0, 5));
	tring_unmap(&r);
}

/* The kernel ignores the old contents of its output fields. */
TEST_F(setup, out_fields_are_not_read)
{
	struct tun_ring_setup s = tring_params(&small), first;

	ASSERT_EQ(0, tring_setup_raw(self->e.fd, &s));
	first = s;
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, tring_setup_raw(self->e.fd, &s));
	EXPECT_EQ(first.driver_len, s.driver_len);
	EXPECT_EQ(first.rx.used, s.rx.used);
}

TEST_F(setup, version_1_requested)
{
	struct tconf c = small;
	struct tring r;

	c.features |= F_V1;
	ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c));
	EXPECT_TRUE(r.s.features & F_V1);
	tring_unmap(&r);
}

TEST_F(setup, again_with_other_sizes)
{
	unsigned int i;
	struct tring r;

	for (i = 0; i < 12; i++) {
		struct tconf c = { i & 1 ? F_META : F_EVENT, 1 << i % 6,
				   4 << i % 5, 256 << i % 3, 0 };

		ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c));
		ASSERT_EQ(0, tring_rx_fill(&r));
		ASSERT_EQ(0, env_inject_n(&self->e, i * 10, 10, 100));
		ASSERT_EQ(0, env_expect(&self->e, &r, i * 10, 10));
		ASSERT_EQ(0, tring_teardown(self->e.fd));
		tring_unmap(&r);
	}
}

/* New rings hold nothing of earlier rings or packets. */
TEST_F(setup, memory_is_zero)
{
	struct tconf c = { F_META, 64, 64, 1024, 0 };
	unsigned int i;
	struct tring r;

	for (i = 0; i < 3; i++) {
		struct vring_used *used;
		uint8_t all = 0;
		size_t n;

		ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c));
		for (n = 0; n < r.s.driver_len; n++)
			all |= r.driver[n];
		for (n = 0; n < r.s.pool_len; n++)
			all |= r.pool[n];
		EXPECT_EQ(0, all);
		/* except NO_NOTIFY, which the kernel sets in the rx ring */
		for (n = 0; n < r.s.device_len; n++)
			if (n != r.s.rx.used)
				all |= r.device[n];
		EXPECT_EQ(0, all);
		used = (void *)(r.device + r.s.rx.used);
		EXPECT_EQ(0, le16toh(used->flags) & ~VRING_USED_F_NO_NOTIFY);
		memset(r.pool, 0xa5, r.s.pool_len);
		memset(r.driver + r.s.driver_len - 64, 0xa5, 64);
		ASSERT_EQ(0, tring_rx_fill(&r));
		ASSERT_EQ(0, env_inject_n(&self->e, 0, 20, 900));
		ASSERT_EQ(0, env_expect(&self->e, &r, 0, 20));
		ASSERT_EQ(0, tring_teardown(self->e.fd));
		tring_unmap(&r);
	}
}

TEST_HARNESS_MAIN
