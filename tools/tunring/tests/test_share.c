// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Hand-over with packets in flight, and between versions of the library. */
#include "fake.h"
#include "tap.h"

#include <errno.h>
#include <string.h>

#include "../lib/memory/layout.h"

#define ENTRIES	8
#define ROOM	64

static int start(struct tunring **h)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.rx_entries = ENTRIES;
	opt.tx_entries = ENTRIES;
	opt.buf_size = 128 + ROOM;
	fake_init();
	return fake_open(h, &opt);
}

static int import(struct tunring **h, const struct tunring_layout *layout)
{
	return fake_import(h, -1, layout);
}

static int submit(struct tunring *h, const char *text, uint32_t len)
{
	struct tunring_packet p;

	CHECK_EQ(tunring_tx_reserve_len(h, &p, len), 1);
	tunring_packet_write(h, &p, 0, text, strlen(text));
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	return 0;
}

static int sent(const char *text, uint32_t len)
{
	static struct fake_frame f;

	CHECK_EQ(fake_tx(&f), 1);
	CHECK_EQ(f.len, len);
	CHECK_EQ(memcmp(f.data, text, strlen(text)), 0);
	return 0;
}

/* Of one and of several buffers; the kernel takes some before the hand-over, some after. */
static int in_flight(void)
{
	struct tunring_packet p[ENTRIES];
	struct tunring_layout layout;
	struct tunring *a, *b;
	int i;

	CHECK_EQ(start(&a), 0);
	for (i = 0; i < 3; i++) {
		CHECK_EQ(submit(a, "old", 3), 0);
		CHECK_EQ(sent("old", 3), 0);
	}
	CHECK_EQ(submit(a, "one", 3), 0);
	CHECK_EQ(submit(a, "two", 2 * ROOM + 1), 0);
	CHECK_EQ(submit(a, "three", ROOM + 1), 0);
	CHECK_EQ(sent("one", 3), 0);
	CHECK_EQ(tunring_tx_space(a), ENTRIES - 5);
	CHECK_EQ(tunring_export(a, &layout), 0);
	CHECK_EQ(sent("two", 2 * ROOM + 1), 0);
	CHECK_EQ(import(&b, &layout), 0);
	tunring_detach(a);

	CHECK_EQ(tunring_tx_space(b), ENTRIES - 2);
	CHECK_EQ(submit(b, "four", 5 * ROOM), 0);
	CHECK_EQ(tunring_tx_reserve(b, p, 2), 1);
	CHECK_EQ(tunring_tx_cancel(b, p, 1), 0);
	CHECK_EQ(sent("three", ROOM + 1), 0);
	CHECK_EQ(sent("four", 5 * ROOM), 0);
	CHECK_EQ(tunring_tx_space(b), ENTRIES);
	CHECK_EQ(tunring_tx_reserve(b, p, ENTRIES), ENTRIES);
	CHECK_EQ(tunring_tx_cancel(b, p, ENTRIES), 0);
	for (i = 0; i < 20; i++) {
		CHECK_EQ(submit(b, "new", ROOM + 3), 0);
		CHECK_EQ(sent("new", ROOM + 3), 0);
	}
	tunring_close(b);
	fake_free();
	return 0;
}

/* Queued without a kick by a process that ends: the next kick is one. */
static int kick_pending(void)
{
	struct tunring_layout layout;
	struct tunring *a, *b;
	int kicks;

	CHECK_EQ(start(&a), 0);
	CHECK_EQ(submit(a, "one", 3), 0);
	CHECK_EQ(tunring_export(a, &layout), 0);
	CHECK_EQ(import(&b, &layout), 0);
	tunring_detach(a);
	kicks = fake->kicks_tx;
	CHECK_EQ(tunring_tx_kick(b), 0);
	CHECK_EQ(fake->kicks_tx, kicks + 1);
	tunring_close(b);
	fake_free();
	return 0;
}

/* A process that goes on with a side that it gave away. */
static int moved(void)
{
	struct tunring_layout layout;
	struct tunring *a, *b;

	CHECK_EQ(start(&a), 0);
	CHECK_EQ(tunring_export(a, &layout), 0);
	CHECK_EQ(submit(a, "one", 3), 0);
	CHECK_EQ(import(&b, &layout), -EBUSY);
	tunring_close(a);
	fake_free();
	return 0;
}

static struct tr_layout *fields(struct tunring_layout *layout)
{
	return (struct tr_layout *)layout;
}

/* As a library would write it that has so many bytes of fields more, or fewer. */
static void reseal(struct tunring_layout *layout, int more)
{
	uint8_t *p = (uint8_t *)layout;
	uint64_t sum = 0xcbf29ce484222325ULL;
	uint32_t i;

	fields(layout)->size += (uint32_t)more;
	for (i = 16; i < fields(layout)->size; i++)
		sum = (sum ^ p[i]) * 0x100000001b3ULL;
	fields(layout)->sum = sum;
}

static int versions(void)
{
	struct tunring_layout layout, newer;
	struct tunring *a, *b;

	CHECK_EQ(start(&a), 0);
	CHECK_EQ(tunring_export(a, &layout), 0);

	newer = layout;
	fields(&newer)->version++;
	((uint8_t *)&newer)[fields(&newer)->size] = 1;
	reseal(&newer, 8);
	CHECK_EQ(import(&b, &newer), 0);
	tunring_detach(b);
	newer.word[31] = 1;
	CHECK_EQ(import(&b, &newer), 0);	/* beyond its end */
	tunring_detach(b);
	((uint8_t *)&newer)[fields(&newer)->size - 8] ^= 1;
	CHECK_EQ(import(&b, &newer), -EINVAL);

	/* of version 1, which ends before the size of transmit buffers */
	CHECK_EQ(fields(&layout)->oldest, 1);
	newer = layout;
	fields(&newer)->version = 1;
	fields(&newer)->tx_buf_size = 7;
	reseal(&newer, -8);
	CHECK_EQ(import(&b, &newer), 0);
	tunring_detach(b);

	newer = layout;
	fields(&newer)->oldest = (uint16_t)(fields(&newer)->version + 1);
	reseal(&newer, 0);
	CHECK_EQ(import(&b, &newer), -EOPNOTSUPP);
	newer = layout;
	fields(&newer)->size = sizeof(newer) + 8;
	CHECK_EQ(import(&b, &newer), -EINVAL);
	tunring_close(a);
	fake_free();
	return 0;
}

static const struct tap_test tests[] = {
	TEST(in_flight), TEST(kick_pending), TEST(moved), TEST(versions),
};

TAP_MAIN(tests)
