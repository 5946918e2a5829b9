// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* tunring_packet_trim(): lengths, buffers that are given back, wrong lengths. */
#include "fake.h"
#include "tap.h"

#include <errno.h>
#include <string.h>

#define ENTRIES	8
#define ROOM	64

static uint8_t text[5 * ROOM];

static int start(struct tunring **h, bool rings)
{
	struct tunring_options opt;
	size_t i;

	tunring_options_init(&opt);
	opt.rx_entries = ENTRIES;
	opt.tx_entries = ENTRIES;
	opt.headroom = 64;
	opt.tailroom = 64;
	opt.buf_size = 128 + ROOM;
	for (i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)i;
	fake_init();
	fake->no_rings = !rings;
	return fake_open(h, &opt);
}

static int stop(struct tunring *h)
{
	tunring_close(h);
	fake_free();
	return 0;
}

static int receive(struct tunring *h, struct tunring_packet *p)
{
	if (fake->no_rings)
		fake_feed(text, sizeof(text));
	else
		CHECK_EQ(fake_rx(text, sizeof(text), NULL), 5);
	CHECK_EQ(tunring_rx_burst(h, p, 1), 1);
	CHECK_EQ(p->nsegs, 5);
	return 0;
}

/* The packet has its first len bytes, and no others. */
static int has(struct tunring *h, struct tunring_packet *p, uint32_t len,
	       unsigned int nsegs)
{
	uint8_t got[sizeof(text)];

	CHECK_EQ(p->len, len);
	CHECK_EQ(p->nsegs, nsegs);
	CHECK_EQ(tunring_packet_iov(h, p, NULL, 0), nsegs);
	CHECK_EQ(tunring_packet_read(h, p, 0, got, sizeof(got)), len);
	CHECK_EQ(memcmp(got, text, len), 0);
	return 0;
}

static int shorter(bool rings)
{
	struct tunring_packet p;
	struct tunring *h;
	int i;

	CHECK_EQ(start(&h, rings), 0);
	/* more often than there are buffers: all of them come back */
	for (i = 0; i < 3 * ENTRIES; i++) {
		CHECK_EQ(receive(h, &p), 0);
		CHECK_EQ(tunring_packet_trim(h, &p, 5 * ROOM), 0);
		CHECK_EQ(has(h, &p, 5 * ROOM, 5), 0);
		CHECK_EQ(tunring_packet_trim(h, &p, 3 * ROOM), 0);
		CHECK_EQ(has(h, &p, 3 * ROOM, 3), 0);
		CHECK_EQ(p.tailroom, 64);
		CHECK_EQ(tunring_packet_trim(h, &p, 2 * ROOM + 1), 0);
		CHECK_EQ(has(h, &p, 2 * ROOM + 1, 3), 0);
		CHECK_EQ(p.tailroom, 64 + ROOM - 1);
		CHECK_EQ(tunring_packet_trim(h, &p, 10), 0);
		CHECK_EQ(has(h, &p, 10, 1), 0);
		CHECK_EQ(p.first_len, 10);
		CHECK_EQ(p.tailroom, 64 + ROOM - 10);
		CHECK_EQ(tunring_packet_trim(h, &p, 9), 0);
		CHECK_EQ(has(h, &p, 9, 1), 0);
		CHECK_EQ(tunring_rx_release(h, &p, 1), 0);
	}
	return stop(h);
}

static int shorter_rings(void)
{
	return shorter(true);
}

static int shorter_plain(void)
{
	return shorter(false);
}

static int pulled(void)
{
	struct tunring_packet p;
	struct tunring *h;
	uint8_t got[100];

	CHECK_EQ(start(&h, true), 0);
	CHECK_EQ(receive(h, &p), 0);
	CHECK(tunring_packet_pull(&p, 20));
	CHECK_EQ(tunring_packet_trim(h, &p, 100), 0);
	CHECK_EQ(p.nsegs, 2);
	CHECK_EQ(tunring_packet_read(h, &p, 0, got, 100), 100);
	CHECK_EQ(memcmp(got, text + 20, 100), 0);
	CHECK_EQ(tunring_packet_trim(h, &p, 30), 0);
	CHECK_EQ(p.tailroom, 64 + ROOM - 50);
	CHECK_EQ(tunring_rx_forward(h, &p, 1), 1);
	return stop(h);
}

static int reserved(void)
{
	struct tunring_packet p;
	static struct fake_frame f;
	struct tunring *h;

	CHECK_EQ(start(&h, true), 0);
	CHECK_EQ(tunring_tx_reserve_len(h, &p, sizeof(text)), 1);
	CHECK_EQ(tunring_packet_write(h, &p, 0, text, sizeof(text)), sizeof(text));
	CHECK_EQ(tunring_tx_space(h), ENTRIES - 5);
	CHECK_EQ(tunring_packet_trim(h, &p, ROOM + 7), 0);
	CHECK_EQ(tunring_tx_space(h), ENTRIES - 2);
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(fake_tx(&f), 1);
	CHECK_EQ(f.len, ROOM + 7);
	CHECK_EQ(f.nsegs, 2);
	CHECK_EQ(memcmp(f.data, text, ROOM + 7), 0);
	CHECK_EQ(tunring_tx_space(h), ENTRIES);
	return stop(h);
}

static int refused(void)
{
	struct tunring_packet p;
	struct tunring *h;

	CHECK_EQ(start(&h, true), 0);
	CHECK_EQ(receive(h, &p), 0);
	CHECK_EQ(tunring_packet_trim(h, &p, 0), -EINVAL);
	CHECK_EQ(tunring_packet_trim(h, &p, 5 * ROOM + 1), -EINVAL);
	p.len = 6 * ROOM;
	CHECK_EQ(tunring_packet_trim(h, &p, 6 * ROOM), -EINVAL);
	p.len = 5 * ROOM;
	CHECK_EQ(has(h, &p, 5 * ROOM, 5), 0);
	CHECK_EQ(tunring_rx_release(h, &p, 1), 0);
	CHECK_EQ(tunring_packet_trim(h, &p, 1), -EINVAL);
	return stop(h);
}

static const struct tap_test tests[] = {
	TEST(shorter_rings), TEST(shorter_plain), TEST(pulled), TEST(reserved),
	TEST(refused),
};

TAP_MAIN(tests)
