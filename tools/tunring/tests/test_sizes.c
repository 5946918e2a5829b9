// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Buffers of one size to receive, and of another size to send. */
#include "fake.h"
#include "tap.h"

#include <errno.h>
#include <string.h>

#include "../lib/memory/layout.h"

#define ENTRIES	8
#define RX_ROOM	320
#define TX_ROOM	64
#define ROUNDS	(3 * ENTRIES)

static uint8_t text[3 * RX_ROOM];

static struct tunring_options options(uint32_t flags)
{
	struct tunring_options opt;
	size_t i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7);
	tunring_options_init(&opt);
	opt.rx_entries = ENTRIES;
	opt.tx_entries = ENTRIES / 2;
	opt.buf_size = 128 + RX_ROOM;
	opt.tx_buf_size = 128 + TX_ROOM;
	opt.flags = flags;
	return opt;
}

static int received(struct tunring *h, size_t len, unsigned int nsegs)
{
	uint8_t got[sizeof(text)];
	struct tunring_packet p;

	if (tunring_mode(h) == TUNRING_MODE_RING)
		CHECK_EQ(fake_rx(text, len, NULL), nsegs);
	else
		fake_feed(text, len);
	CHECK_EQ(tunring_rx_burst(h, &p, 1), 1);
	CHECK_EQ(p.nsegs, nsegs);
	CHECK_EQ(p.headroom, 64);
	CHECK_EQ(p.tailroom, 64 + RX_ROOM * nsegs - len);
	CHECK_EQ(tunring_packet_read(h, &p, 0, got, sizeof(got)), len);
	CHECK(!memcmp(got, text, len));
	/* the whole buffer is the program's, and no byte more */
	memset(p.data - 64, 0xee, 128 + RX_ROOM);
	CHECK_EQ(tunring_rx_release(h, &p, 1), 0);
	return 0;
}

static int sent(struct tunring *h, uint32_t len, unsigned int nsegs)
{
	static struct fake_frame f;
	struct tunring_packet p;

	CHECK_EQ(tunring_tx_reserve_len(h, &p, len), 1);
	CHECK_EQ(p.nsegs, nsegs);
	CHECK_EQ(p.tailroom, 64 + TX_ROOM * nsegs - len);
	CHECK_EQ(tunring_packet_write(h, &p, 0, text, len), len);
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(tunring_tx_kick(h), 0);
	if (tunring_mode(h) == TUNRING_MODE_RING) {
		CHECK_EQ(fake_tx(&f), 1);
	} else {
		CHECK_EQ(fake->out_count, 1);
		f = fake->out[--fake->out_count];
	}
	CHECK_EQ(f.len, len);
	CHECK(!memcmp(f.data, text, len));
	return 0;
}

static int moves(uint32_t flags)
{
	const struct tunring_options opt = options(flags);
	struct tunring_info info;
	struct tunring_packet p;
	struct tunring *h;
	int i;

	fake_init();
	CHECK_EQ(fake_open(&h, &opt), 0);
	tunring_get_info(h, &info);
	CHECK_EQ(info.buf_size, 128 + RX_ROOM);
	CHECK_EQ(info.room, RX_ROOM);
	CHECK_EQ(info.tx_buf_size, 128 + TX_ROOM);
	CHECK_EQ(info.tx_room, TX_ROOM);
	for (i = 0; i < ROUNDS; i++) {
		CHECK_EQ(received(h, RX_ROOM, 1), 0);
		CHECK_EQ(received(h, RX_ROOM + 1, 2), 0);
		CHECK_EQ(sent(h, TX_ROOM, 1), 0);
		CHECK_EQ(sent(h, 2 * TX_ROOM + 1, 3), 0);
	}
	CHECK_EQ(tunring_tx_reserve_len(h, &p, 4 * TX_ROOM + 1), -EMSGSIZE);
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	CHECK_EQ(p.tailroom, 64 + TX_ROOM);
	p.len = 64 + TX_ROOM;
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	p.len = 64 + TX_ROOM + 1;
	CHECK_EQ(tunring_tx_submit(h, &p, 1), -EINVAL);
	tunring_close(h);
	fake_free();
	return 0;
}

static int rings(void)
{
	return moves(0);
}

static int attached(void)
{
	return moves(TUNRING_O_ATTACH);
}

static int plain(void)
{
	return moves(TUNRING_O_NO_RING);
}

/* No byte of a buffer is part of another one. */
static int apart(void)
{
	const struct tunring_options opt = options(0);
	struct tunring_packet tx[ENTRIES / 2];
	uint8_t got[TX_ROOM];
	struct tunring *h;
	int i;

	fake_init();
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(tunring_tx_reserve(h, tx, ENTRIES / 2), ENTRIES / 2);
	for (i = 0; i < ENTRIES / 2; i++) {
		memset(tx[i].data - 64, 0xdd, 128 + TX_ROOM);
		tunring_packet_put(&tx[i], TX_ROOM);
		memcpy(tx[i].data, text + i, TX_ROOM);
	}
	for (i = 0; i < ROUNDS; i++)
		CHECK_EQ(received(h, RX_ROOM, 1), 0);
	for (i = 0; i < ENTRIES / 2; i++) {
		CHECK_EQ(tunring_packet_read(h, &tx[i], 0, got, TX_ROOM), TX_ROOM);
		CHECK(!memcmp(got, text + i, TX_ROOM));
	}
	tunring_close(h);
	fake_free();
	return 0;
}

/* The pool is as large as both sides need, and rounded up to pages at most. */
static int memory(void)
{
	const uint64_t pool = ENTRIES * (128 + RX_ROOM) + ENTRIES / 2 * (128 + TX_ROOM);
	struct tunring_options opt = options(0), same = options(TUNRING_O_ATTACH);
	struct tunring *h;

	fake_init();
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(fake->pool_len, pool);
	tunring_close(h);
	opt.flags = TUNRING_O_ATTACH;
	opt.rx_entries = 256;
	same.rx_entries = 256;
	opt.tx_entries = 256;
	same.tx_entries = 256;
	same.tx_buf_size = 0;
	CHECK_EQ(tunring_memory_size(&same) - tunring_memory_size(&opt),
		 256 * (RX_ROOM - TX_ROOM));
	fake_free();
	return 0;
}

static int forward(void)
{
	struct tunring_options opt = options(0);
	struct tunring_packet p;
	struct tunring *h;

	fake_init();
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(fake_rx("hello", 5, NULL), 1);
	CHECK_EQ(tunring_rx_burst(h, &p, 1), 1);
	CHECK_EQ(tunring_rx_forward(h, &p, 1), -EOPNOTSUPP);
	/* the program still holds the packet */
	CHECK_EQ(tunring_rx_release(h, &p, 1), 0);
	tunring_close(h);
	fake_free();

	/* two sizes that are the same once they are rounded up */
	opt.tx_buf_size = opt.buf_size - 1;
	fake_init();
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(fake_rx("hello", 5, NULL), 1);
	CHECK_EQ(tunring_rx_burst(h, &p, 1), 1);
	CHECK_EQ(tunring_rx_forward(h, &p, 1), 1);
	tunring_close(h);
	fake_free();
	return 0;
}

static int refused(void)
{
	struct tunring_options opt;
	struct tunring_pool *pool;
	struct tunring *h;

	fake_init();
#define TRY(size, err)							\
	do {								\
		opt = options(0);					\
		opt.tx_buf_size = size;					\
		CHECK_EQ(fake_open(&h, &opt), err);			\
		CHECK_EQ(tunring_memory_size(&opt), 0);			\
	} while (0)
	TRY(128 + 63, -EINVAL);
	TRY((128 << 10) + 1, -EINVAL);
	TRY(0xffffffffU, -EINVAL);
	opt = options(0);
	opt.reserved = 1;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	/* both sides together */
	opt = options(0);
	opt.tx_entries = 32768;
	opt.tx_buf_size = 8192;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);

	opt = options(0);
	CHECK_EQ(tr_pool_new(&pool, 64, opt.buf_size, 0, &fake_ops), 0);
	CHECK_EQ(tr_adopt_pool(&h, FAKE_FD, 0, &opt, pool, &fake_ops), -EINVAL);
	CHECK_EQ(tunring_pool_free(pool), 0);
	CHECK_EQ(fake->setups, 0);
	fake_free();
	return 0;
}

/* The process that imports the rings finds the buffers of both sides. */
static int imported(void)
{
	const struct tunring_options opt = options(0);
	struct tunring_layout layout;
	struct tunring_packet p;
	static struct fake_frame f;
	struct tunring *a, *b;
	int i;

	fake_init();
	CHECK_EQ(fake_open(&a, &opt), 0);
	for (i = 0; i < 3; i++) {
		CHECK_EQ(received(a, RX_ROOM + 1, 2), 0);
		CHECK_EQ(sent(a, TX_ROOM + 1, 2), 0);
	}
	CHECK_EQ(tunring_tx_reserve_len(a, &p, 2 * TX_ROOM), 1);
	CHECK_EQ(tunring_packet_write(a, &p, 0, text, 2 * TX_ROOM), 2 * TX_ROOM);
	CHECK_EQ(tunring_tx_submit(a, &p, 1), 1);
	CHECK_EQ(tunring_export(a, &layout), 0);
	/* a library of one size for both sides must refuse the layout */
	CHECK_EQ(((struct tr_layout *)&layout)->oldest, 2);
	CHECK_EQ(fake_import(&b, -1, &layout), 0);
	tunring_detach(a);
	CHECK_EQ(tunring_tx_space(b), ENTRIES / 2 - 2);
	CHECK_EQ(fake_tx(&f), 1);
	CHECK_EQ(f.len, 2 * TX_ROOM);
	CHECK(!memcmp(f.data, text, f.len));
	for (i = 0; i < ROUNDS; i++) {
		CHECK_EQ(received(b, RX_ROOM + 1, 2), 0);
		CHECK_EQ(sent(b, 3 * TX_ROOM + 1, 4), 0);
	}
	tunring_close(b);
	fake_free();
	return 0;
}

static const struct tap_test tests[] = {
	TEST(rings), TEST(attached), TEST(plain), TEST(apart), TEST(memory),
	TEST(forward), TEST(refused), TEST(imported),
};

TAP_MAIN(tests)
