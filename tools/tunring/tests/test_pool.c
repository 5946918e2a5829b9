// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Two handles, each with a fake kernel of its own, and one pool. */
#include "fake.h"
#include "tap.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct fake_frame frame;
static struct fake *fakes[2];

static void at(int i)
{
	fake = fakes[i];
}

static int open_in(struct tunring **h, struct tunring_pool *pool, uint32_t n,
		   uint32_t flags)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.rx_entries = n;
	opt.tx_entries = n;
	opt.buf_size = 512;
	opt.flags = flags;
	return tr_adopt_pool(h, FAKE_FD, 0, &opt, pool, &fake_ops);
}

static int start(struct tunring *h[2], struct tunring_pool **pool,
		 uint32_t flags, uint32_t opt_flags, bool no_rings)
{
	int i;

	for (i = 0; i < 2; i++) {
		fake_init();
		fakes[i] = fake;
		fake->no_rings = no_rings;
	}
	CHECK_EQ(tr_pool_new(pool, 32, 512, flags, &fake_ops), 0);
	for (i = 0; i < 2; i++) {
		at(i);
		/* with one table of both, for which the fake has one place */
		fake->pool = tr_pool_base(*pool);
		fake->pool_len = 32 * 512;
		CHECK_EQ(open_in(&h[i], *pool, 8, opt_flags), 0);
	}
	return 0;
}

static int stop(struct tunring *h[2], struct tunring_pool *pool)
{
	int i;

	for (i = 0; i < 2; i++) {
		CHECK_EQ(tunring_pool_free(pool), -EBUSY);
		at(i);
		tunring_close(h[i]);
		CHECK_EQ(fake->regions, 0);
		fake->pool = NULL;
		fake_free();
	}
	fake = fakes[0] = NULL;
	return 0;
}

/* The next packet of the fake begins there. */
static bool sends_from(const uint8_t *data)
{
	const struct fake_ring *r = &fake->tx;
	unsigned int slot = le16toh(r->avail[2 + (r->last_avail &
						  (r->entries - 1))]);

	return (uint8_t *)fake->pool + le64toh(r->desc[slot].addr) == data;
}

/*
 * From one handle out of the other, and the way back, where they lie; buffers mix.
 */
static int forward(struct tunring *h[2], int rounds)
{
	struct tunring_packet p[2];
	int i, to;

	for (i = 0; i < rounds; i++) {
		to = i % 3 == 0;
		at(!to);
		CHECK_EQ(fake_rx(&i, 4, NULL), 1);
		CHECK_EQ(tunring_rx_burst(h[!to], p, 2), 1);
		CHECK(!memcmp(p[0].data, &i, 4));
		CHECK_EQ(tunring_rx_forward_to(h[!to], h[to], p, 1), 1);
		at(to);
		CHECK(sends_from(p[0].data));
		CHECK_EQ(fake_tx(&frame), 1);
		CHECK_EQ(frame.len, 4);
		CHECK(!memcmp(frame.data, &i, 4));
	}
	return 0;
}

static int one_pool(void)
{
	struct tunring_layout layout;
	struct tunring_pool *pool;
	struct tunring_packet p;
	struct tunring *h[2], *c;

	CHECK_EQ(start(h, &pool, 0, 0, false), 0);
	CHECK_EQ(forward(h, 200), 0);
	CHECK_EQ(tunring_export(h[0], &layout), -EOPNOTSUPP);
	/* all are taken; a handle that is closed gives its buffers back */
	CHECK_EQ(open_in(&c, pool, 1, 0), -ENOBUFS);
	at(0);
	tunring_close(h[0]);
	CHECK_EQ(open_in(&h[0], pool, 8, 0), 0);
	CHECK_EQ(forward(h, 50), 0);
	/* not into another pool */
	at(0);
	CHECK_EQ(fake_rx("x", 1, NULL), 1);
	CHECK_EQ(tunring_rx_burst(h[0], &p, 1), 1);
	fake_init();
	CHECK_EQ(fake_open(&c, NULL), 0);
	CHECK_EQ(tunring_rx_forward_to(h[0], c, &p, 1), -EINVAL);
	tunring_close(c);
	fake_free();
	at(0);
	CHECK_EQ(stop(h, pool), 0);
	fake_init();
	CHECK_EQ(tunring_pool_free(pool), 0);
	fake_free();
	return 0;
}

/* One descriptor has the table, the queues share it. */
static int pinned(uint32_t opt_flags)
{
	uint32_t flags = opt_flags | TUNRING_O_PIN;
	struct tunring_pool *pool;
	struct tunring_info info;
	struct tunring *h[2];

	CHECK_EQ(start(h, &pool, TUNRING_O_PIN, opt_flags, false), 0);
	CHECK_EQ(fakes[0]->opens + fakes[1]->opens, 1);
	CHECK_EQ(fakes[0]->shares, 1);
	CHECK_EQ(fakes[1]->shares, 1);
	CHECK_EQ(fakes[1]->attached, !!(opt_flags & TUNRING_O_ATTACH));
	CHECK_EQ(fakes[1]->setups, !opt_flags);
	tunring_get_info(h[1], &info);
	CHECK_EQ(info.flags, flags);
	CHECK_EQ(forward(h, 50), 0);
	/* a handle that is closed gives its buffers back */
	at(0);
	tunring_close(h[0]);
	CHECK_EQ(fake->regions, 0);
	CHECK_EQ(open_in(&h[0], pool, 8, opt_flags), 0);
	CHECK_EQ(forward(h, 50), 0);
	CHECK_EQ(stop(h, pool), 0);
	fake_init();
	CHECK_EQ(tunring_pool_free(pool), 0);
	fake_free();
	return 0;
}

static int pinned_rings(void)
{
	return pinned(TUNRING_O_ATTACH);
}

/* Which need not lie in pinned memory of ours. */
static int kernel_rings(void)
{
	return pinned(0);
}

/* By read and write, out of the same memory. */
static int plain(void)
{
	struct tunring_pool *pool;
	struct tunring_packet p;
	struct tunring *h[2];
	int i;

	CHECK_EQ(start(h, &pool, TUNRING_O_PIN, 0, true), 0);
	CHECK_EQ(tunring_mode(h[0]), TUNRING_MODE_PLAIN);
	for (i = 0; i < 20; i++) {
		at(0);
		fake_feed("E123", 4);
		CHECK_EQ(tunring_rx_burst(h[0], &p, 1), 1);
		CHECK_EQ(tunring_rx_forward_to(h[0], h[1], &p, 1), 1);
		at(1);
		CHECK_EQ(tunring_tx_kick(h[1]), 0);
		CHECK_EQ(fake->out_count, i + 1);
		CHECK(!memcmp(fake->out[i].data, "E123", 4));
	}
	CHECK_EQ(stop(h, pool), 0);
	fake_init();
	CHECK_EQ(tunring_pool_free(pool), 0);
	fake_free();
	return 0;
}

/* If there are any, and if they can be had; else ordinary ones. */
static int huge(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct tunring_pool_info info;
	struct tunring_pool *pool;
	struct tunring *h;
	int i;

	for (i = 0; i < 3; i++) {
		fake_init();
		fake->huge = i;
		fake->mmap_fail = i == 2;
		CHECK_EQ(tr_pool_new(&pool, 20, 500,
				     TUNRING_O_PIN | TUNRING_O_HUGE,
				     &fake_ops), 0);
		CHECK_EQ(open_in(&h, pool, 8, 0), 0);
		tunring_pool_get_info(pool, &info);
		CHECK_EQ(info.bufs, 20);
		CHECK_EQ(info.free, 4);
		CHECK_EQ(info.buf_size, 512);
		CHECK_EQ(info.handles, 1);
		CHECK_EQ(info.page_size, i == 1 ? FAKE_HUGE : page);
		CHECK_EQ(info.flags, TUNRING_O_PIN |
			 (i == 1 ? TUNRING_O_HUGE : 0));
		/* the pinned length is a multiple of the page */
		CHECK_EQ(fake->pool_len, i == 1 ? FAKE_HUGE :
			 (20 * 512 + page - 1) / page * page);
		memset(tr_pool_base(pool), 1, fake->pool_len);
		tunring_close(h);
		CHECK_EQ(tunring_pool_free(pool), 0);
		fake_free();
	}
	return 0;
}

static int wrong(void)
{
	struct tunring_pool *pool;
	struct tunring *h;

	fake_init();
	CHECK_EQ(tr_pool_new(&pool, 0, 512, 0, &fake_ops), -EINVAL);
	CHECK_EQ(tr_pool_new(&pool, ~0U, 512, 0, &fake_ops), -EINVAL);
	CHECK_EQ(tr_pool_new(&pool, 8, 63, 0, &fake_ops), -EINVAL);
	CHECK_EQ(tr_pool_new(&pool, 8, 512, 1, &fake_ops), -EOPNOTSUPP);
	fake->mmap_fail = 1;
	CHECK_EQ(tr_pool_new(&pool, 8, 512, 0, &fake_ops), -ENOMEM);
	CHECK_EQ(tr_pool_new(&pool, 8, 1024, 0, &fake_ops), 0);
	CHECK_EQ(open_in(&h, pool, 4, 0), -EINVAL);
	CHECK_EQ(tunring_pool_free(pool), 0);
	CHECK_EQ(tr_pool_new(&pool, 8, 512, 0, &fake_ops), 0);
	CHECK_EQ(open_in(&h, pool, 4, TUNRING_O_ATTACH | TUNRING_O_PIN),
		 -EINVAL);
	/* a set-up that fails takes no buffers */
	fake->setup_errno = ENOMEM;
	CHECK_EQ(open_in(&h, pool, 4, 0), -ENOMEM);
	CHECK_EQ(fake->regions, 0);
	CHECK_EQ(tunring_pool_free(pool), 0);
	CHECK_EQ(tr_pool_new(&pool, 8, 512, TUNRING_O_PIN, &fake_ops), 0);
	CHECK_EQ(open_in(&h, pool, 4, 0), -ENOMEM);
	CHECK_EQ(fake->regions, 0);
	CHECK_EQ(tunring_pool_free(pool), 0);
	CHECK_EQ(tunring_pool_free(NULL), 0);
	fake->pool = NULL;
	fake_free();
	return 0;
}

static const struct tap_test tests[] = {
	TEST(one_pool), TEST(pinned_rings), TEST(kernel_rings), TEST(plain),
	TEST(huge), TEST(wrong),
};

TAP_MAIN(tests)
