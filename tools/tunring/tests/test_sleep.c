// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Errors of the queue show in the calls that a loop around poll(2) makes. */
#include "fake.h"
#include "tap.h"

#include <errno.h>

#define ENTRIES	4

static int start(struct tunring **h, bool rings)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.rx_entries = ENTRIES;
	opt.tx_entries = ENTRIES;
	fake_init();
	fake->no_rings = !rings;
	return fake_open(h, &opt);
}

static void stop(struct tunring *h)
{
	tunring_close(h);
	fake_free();
}

/* No transmit buffer is left: all are submitted, and the kernel takes none. */
static int fill(struct tunring *h)
{
	struct tunring_packet p[ENTRIES];
	int i;

	CHECK_EQ(tunring_tx_reserve(h, p, ENTRIES), ENTRIES);
	for (i = 0; i < ENTRIES; i++)
		tunring_packet_put(&p[i], 1)[0] = 0x45;
	CHECK_EQ(tunring_tx_submit(h, p, ENTRIES), ENTRIES);
	return 0;
}

/* The program sleeps, the device is deleted, poll() returns. */
static int deleted_rx(bool rings)
{
	struct tunring_packet p;
	struct tunring *h;
	int i;

	CHECK_EQ(start(&h, rings), 0);
	CHECK_EQ(tunring_rx_burst(h, &p, 1), 0);
	CHECK_EQ(tunring_prepare_wait(h), 0);
	fake->gone = true;
	for (i = 0; i < 3; i++) {
		CHECK_EQ(tunring_rx_burst(h, &p, 1), -EBADFD);
		CHECK_EQ(tunring_prepare_wait(h), -EBADFD);
	}
	stop(h);
	return 0;
}

static int deleted_rings(void)
{
	return deleted_rx(true);
}

static int deleted_plain(void)
{
	return deleted_rx(false);
}

/* A program that looks at its tun only when poll() says POLLIN. */
static int deleted_unread(bool rings)
{
	struct tunring *h;

	CHECK_EQ(start(&h, rings), 0);
	CHECK_EQ(tunring_prepare_wait(h), 0);
	fake->gone = true;
	CHECK_EQ(tunring_prepare_wait(h), -EBADFD);
	CHECK_EQ(tunring_prepare_wait(h), -EBADFD);
	stop(h);
	return 0;
}

static int deleted_unread_rings(void)
{
	return deleted_unread(true);
}

static int deleted_unread_plain(void)
{
	return deleted_unread(false);
}

/* Packets that arrived before the ring was stopped come first. */
static int broken_rx(void)
{
	struct tunring_packet p;
	struct tunring *h;

	CHECK_EQ(start(&h, true), 0);
	CHECK_EQ(tunring_prepare_wait(h), 0);
	CHECK_EQ(fake_rx("x", 1, NULL), 1);
	fake->broken = EPROTO;
	CHECK_EQ(tunring_rx_burst(h, &p, 1), 1);
	CHECK_EQ(tunring_prepare_wait(h), 0);
	CHECK_EQ(tunring_rx_burst(h, &p, 1), -EPROTO);
	CHECK_EQ(tunring_wait(h, 0, NULL, 0), -EPROTO);
	stop(h);
	return 0;
}

static int error_tx(bool rings, bool gone, int err)
{
	struct tunring_packet p;
	struct tunring *h;

	CHECK_EQ(start(&h, rings), 0);
	CHECK_EQ(tunring_tx_prepare_wait(h), 1);
	CHECK_EQ(fill(h), 0);
	if (rings)
		fake_want_kick(&fake->tx, false);
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 0);
	CHECK_EQ(tunring_tx_prepare_wait(h), 0);
	fake->gone = gone;
	fake->broken = gone ? 0 : EPROTO;
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), err);
	CHECK_EQ(tunring_tx_reserve_len(h, &p, 1000), err);
	CHECK_EQ(tunring_tx_prepare_wait(h), err);
	stop(h);
	return 0;
}

static int deleted_tx_rings(void)
{
	return error_tx(true, true, -EBADFD);
}

static int deleted_tx_plain(void)
{
	return error_tx(false, true, -EBADFD);
}

static int broken_tx(void)
{
	return error_tx(true, false, -EPROTO);
}

/* A program that never sleeps hears of it, too, in time. */
static int busy(void)
{
	struct tunring_packet p;
	struct tunring *h;
	int i, ret = 0;

	CHECK_EQ(start(&h, true), 0);
	fake->gone = true;
	for (i = 0; i < 2000 && !ret; i++)
		ret = tunring_rx_burst(h, &p, 1);
	CHECK_EQ(ret, -EBADFD);
	CHECK(i > 100);
	fake->gone = false;
	CHECK_EQ(fill(h), 0);
	fake->gone = true;
	fake_want_kick(&fake->tx, false);
	for (ret = 0, i = 0; i < 2000 && !ret; i++)
		ret = tunring_tx_reserve(h, &p, 1);
	CHECK_EQ(ret, -EBADFD);
	for (ret = 0, i = 0; i < 2000 && !ret; i++)
		ret = tunring_wait(h, 0, NULL, 0);
	CHECK_EQ(ret, -EBADFD);
	stop(h);
	return 0;
}

/*
 * A sleep that no packet ends costs a call to ask the kernel. Another sleep costs
 * none.
 */
static int cheap(void)
{
	struct tunring_packet p[2];
	struct tunring *h;
	int i, before;

	CHECK_EQ(start(&h, true), 0);
	for (i = 0; i < 100; i++) {
		before = fake->polls;
		CHECK_EQ(tunring_prepare_wait(h), 0);
		CHECK_EQ(fake_rx("x", 1, NULL), 1);
		CHECK_EQ(tunring_rx_burst(h, p, 2), 1);
		CHECK_EQ(tunring_rx_release(h, p, 1), 0);
		CHECK_EQ(tunring_rx_burst(h, p, 2), 0);
		CHECK_EQ(fake->polls, before);
		CHECK_EQ(tunring_prepare_wait(h), 0);
		CHECK_EQ(tunring_rx_burst(h, p, 2), 0);
		CHECK_EQ(tunring_rx_burst(h, p, 2), 0);
		CHECK_EQ(fake->polls, before + 1);
	}
	stop(h);
	return 0;
}

/* A write that was refused is repeated when the fd is writable, not before. */
static int refused(void)
{
	struct tunring_packet p;
	struct tunring *h;

	CHECK_EQ(start(&h, false), 0);
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	tunring_packet_put(&p, 1)[0] = 0x45;
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	fake->write_errno = EAGAIN;
	CHECK_EQ(tunring_tx_kick(h), -EAGAIN);
	CHECK_EQ(tunring_tx_prepare_wait(h), 0);
	fake->write_errno = 0;
	CHECK_EQ(tunring_tx_kick(h), 0);
	CHECK_EQ(tunring_tx_prepare_wait(h), 1);
	CHECK_EQ(fake->out_count, 1);
	stop(h);
	return 0;
}

static const struct tap_test tests[] = {
	TEST(deleted_rings), TEST(deleted_plain), TEST(deleted_unread_rings),
	TEST(deleted_unread_plain), TEST(broken_rx), TEST(deleted_tx_rings),
	TEST(deleted_tx_plain), TEST(broken_tx), TEST(busy), TEST(cheap),
	TEST(refused),
};

TAP_MAIN(tests)
