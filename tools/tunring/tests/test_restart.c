// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Two handles in a pinned pool, which another process takes over: see test_pool.c. */
#include "fake.h"
#include "tap.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BUFS	40
#define SIZE	512
#define ENTRIES	8

static struct fake *fakes[2];
/* The older process ends with its pool; LeakSanitizer finds these here. */
static struct tunring_pool *ended[8];
static unsigned int n_ended;

static void at(int i)
{
	fake = fakes[i];
}

static int open_in(struct tunring **h, struct tunring_pool *pool, uint32_t flags)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.rx_entries = ENTRIES;
	opt.tx_entries = ENTRIES;
	opt.buf_size = SIZE;
	opt.flags = flags;
	return tr_adopt_pool(h, FAKE_FD, 0, &opt, pool, &fake_ops);
}

static int begin(struct tunring *h[2], struct tunring_pool **pool, uint32_t flags,
		 bool rings)
{
	int i;

	for (i = 0; i < 2; i++) {
		fake_init();
		fakes[i] = fake;
		fake->no_rings = !rings;
	}
	CHECK_EQ(tr_pool_new(pool, BUFS, SIZE, TUNRING_O_PIN, &fake_ops), 0);
	for (i = 0; i < 2; i++) {
		at(i);
		fake->pool = tr_pool_base(*pool);
		fake->pool_len = BUFS * SIZE;
		CHECK_EQ(open_in(&h[i], *pool, flags), 0);
	}
	return 0;
}

static int end(struct tunring *h[2], struct tunring_pool *pool)
{
	int i;

	for (i = 0; i < 2; i++) {
		at(i);
		tunring_close(h[i]);
		fake->pool = NULL;
	}
	CHECK_EQ(tunring_pool_free(pool), 0);
	for (i = 0; i < 2; i++) {
		at(i);
		fake_free();
	}
	fake = NULL;
	return 0;
}

/* Packets from one handle out of the other: buffers mix. */
static int forward(struct tunring *h[2], int rounds)
{
	static struct fake_frame f;
	struct tunring_packet p;
	int i, to;

	for (i = 0; i < rounds; i++) {
		to = i % 3 == 0;
		at(!to);
		CHECK_EQ(fake_rx(&i, 4, NULL), 1);
		CHECK_EQ(tunring_rx_burst(h[!to], &p, 1), 1);
		CHECK(!memcmp(p.data, &i, 4));
		CHECK_EQ(tunring_rx_forward_to(h[!to], h[to], &p, 1), 1);
		at(to);
		CHECK_EQ(fake_tx(&f), 1);
		CHECK(!memcmp(f.data, &i, 4));
	}
	return 0;
}

static int import(struct tunring **h, const struct tunring *old,
		  const struct tunring_layout *layout, struct tunring_pool *pool)
{
	const struct tr_source from = {
		.fd = FAKE_FD, .mem_fd = tunring_memory_fd(old) < 0 ? -1 :
					 tunring_memory_fd(old),
		.pool = pool,
	};

	return tr_import(h, &from, layout, &fake_ops);
}

/* The same memory at another address, as another process has it. */
static int map_again(struct tunring_pool *old, struct tunring_pool **pool)
{
	struct tunring_pool_info info;

	tunring_pool_get_info(old, &info);
	CHECK_EQ(tr_pool_import(pool, tunring_pool_fd(old), &info, &fake_ops), 0);
	CHECK(tr_pool_base(*pool) != tr_pool_base(old));
	fakes[0]->pool = tr_pool_base(*pool);
	fakes[1]->pool = tr_pool_base(*pool);
	ended[n_ended++] = old;
	return 0;
}

static int submit(struct tunring *h, const char *text)
{
	struct tunring_packet p;

	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	memcpy(tunring_packet_put(&p, 4), text, 4);
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	return 0;
}

static void detach(struct tunring *h[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		at(i);
		tunring_detach(h[i]);
	}
}

static int restarted(uint32_t flags)
{
	struct tunring_layout layout[2];
	struct tunring_pool *old, *pool;
	struct tunring_pool_info info;
	struct tunring *h[2], *c[2];
	static struct fake_frame f;
	int i;

	CHECK_EQ(begin(h, &old, flags, true), 0);
	CHECK_EQ(forward(h, 100), 0);
	at(1);
	CHECK_EQ(submit(h[1], "mine"), 0);
	CHECK_EQ(tunring_export(h[0], &layout[0]), 0);
	CHECK_EQ(tunring_export(h[1], &layout[1]), 0);
	CHECK_EQ(map_again(old, &pool), 0);
	for (i = 0; i < 2; i++) {
		at(i);
		CHECK_EQ(import(&c[i], h[i], &layout[i], pool), 0);
		tunring_pool_get_info(pool, &info);
		CHECK_EQ(info.free, BUFS - (i + 1) * 2 * ENTRIES);
		CHECK_EQ(info.handles, i + 1);
	}
	CHECK_EQ(fake_tx(&f), 1);
	CHECK(!memcmp(f.data, "mine", 4));
	/* the fake has not pinned attached rings: their first mapping stays */
	if (!flags)
		detach(h);
	CHECK_EQ(forward(c, 100), 0);
	/* a buffer that was free is that of a new handle */
	at(0);
	tunring_close(c[0]);
	tunring_pool_get_info(pool, &info);
	CHECK_EQ(info.free, BUFS - 2 * ENTRIES);
	CHECK_EQ(open_in(&c[0], pool, flags), 0);
	CHECK_EQ(forward(c, 100), 0);
	if (flags)
		detach(h);
	return end(c, pool);
}

static int kernel_rings(void)
{
	return restarted(0);
}

static int attached_rings(void)
{
	return restarted(TUNRING_O_ATTACH);
}

/* Nothing is shared but the descriptor. */
static int plain(void)
{
	struct tunring_layout layout[2];
	struct tunring_pool *old, *pool;
	struct tunring_packet p;
	struct tunring *h[2], *c[2];
	int i;

	CHECK_EQ(begin(h, &old, 0, false), 0);
	for (i = 0; i < 2; i++)
		CHECK_EQ(tunring_export(h[i], &layout[i]), 0);
	CHECK_EQ(map_again(old, &pool), 0);
	for (i = 0; i < 2; i++) {
		at(i);
		CHECK_EQ(import(&c[i], h[i], &layout[i], pool), 0);
		CHECK_EQ(tunring_mode(c[i]), TUNRING_MODE_PLAIN);
		tunring_detach(h[i]);
	}
	at(0);
	fake_feed("E123", 4);
	CHECK_EQ(tunring_rx_burst(c[0], &p, 1), 1);
	CHECK_EQ(tunring_rx_forward_to(c[0], c[1], &p, 1), 1);
	at(1);
	CHECK_EQ(tunring_tx_kick(c[1]), 0);
	CHECK(!memcmp(fake->out[0].data, "E123", 4));
	return end(c, pool);
}

static int refused(void)
{
	struct tunring_layout layout;
	struct tunring_pool *old, *pool, *other;
	struct tunring_pool_info info;
	struct tunring *h[2], *c[2];

	CHECK_EQ(begin(h, &old, 0, true), 0);
	CHECK_EQ(forward(h, 100), 0);
	CHECK_EQ(tunring_export(h[0], &layout), 0);
	tunring_pool_get_info(old, &info);
	info.bufs += 4096;
	CHECK_EQ(tr_pool_import(&pool, tunring_pool_fd(old), &info, &fake_ops), -EINVAL);
	tunring_pool_get_info(old, &info);
	info.flags = 0;
	CHECK_EQ(tr_pool_import(&pool, tunring_pool_fd(old), &info, &fake_ops), -EINVAL);
	info.flags = TUNRING_O_PIN;
	CHECK_EQ(tr_pool_import(&pool, -1, &info, &fake_ops), -EBADF);
	info.page_size = 0;
	CHECK_EQ(tr_pool_import(&pool, tunring_pool_fd(old), &info, &fake_ops), -EINVAL);

	CHECK_EQ(map_again(old, &pool), 0);
	at(0);
	CHECK_EQ(import(&c[0], h[0], &layout, NULL), -EINVAL);
	CHECK_EQ(import(&c[0], h[0], &layout, pool), 0);
	/* its buffers are not free any more */
	CHECK_EQ(import(&c[1], h[0], &layout, pool), -EINVAL);
	tunring_pool_get_info(pool, &info);
	CHECK_EQ(info.free, BUFS - 2 * ENTRIES);
	CHECK_EQ(info.handles, 1);
	/* a pool that is too small for the numbers of the buffers */
	CHECK_EQ(tr_pool_new(&other, 1, SIZE, TUNRING_O_PIN, &fake_ops), 0);
	CHECK_EQ(import(&c[1], h[0], &layout, other), -EINVAL);
	CHECK_EQ(tunring_pool_free(other), 0);
	/* of another size */
	CHECK_EQ(tr_pool_new(&other, BUFS, 2 * SIZE, TUNRING_O_PIN, &fake_ops), 0);
	CHECK_EQ(import(&c[1], h[0], &layout, other), -EINVAL);
	CHECK_EQ(tunring_pool_free(other), 0);

	at(0);
	tunring_detach(h[0]);
	at(1);
	CHECK_EQ(tunring_export(h[1], &layout), 0);
	CHECK_EQ(import(&c[1], h[1], &layout, pool), 0);
	tunring_detach(h[1]);
	return end(c, pool);
}

/* A layout of packets in the handle's own memory finds none in a pool. */
static int no_pool(void)
{
	struct tunring_layout layout;
	struct tunring_pool *pool;
	struct tunring *h, *c;

	fake_init();
	CHECK_EQ(fake_open(&h, NULL), 0);
	CHECK_EQ(tunring_export(h, &layout), 0);
	CHECK_EQ(tr_pool_new(&pool, 1024, 2048, TUNRING_O_PIN, &fake_ops), 0);
	CHECK_EQ(import(&c, h, &layout, pool), -EINVAL);
	CHECK_EQ(tunring_pool_free(pool), 0);
	tunring_close(h);
	fake_free();
	return 0;
}

static const struct tap_test tests[] = {
	TEST(kernel_rings), TEST(attached_rings), TEST(plain), TEST(refused),
	TEST(no_pool),
};

TAP_MAIN(tests)
