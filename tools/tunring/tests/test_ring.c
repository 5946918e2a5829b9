// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Both sides on mapped rings, served by the fake kernel. */
#include "fake.h"
#include "tap.h"

#include <endian.h>
#include <errno.h>
#include <signal.h>
#include <string.h>

static struct fake_frame frame;

static int start(struct tunring **h, uint32_t rx, uint32_t tx, uint32_t flags)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.rx_entries = rx;
	opt.tx_entries = tx;
	opt.flags = flags;
	opt.buf_size = 512;
	fake_init();
	return fake_open(h, &opt);
}

static void stop(struct tunring *h)
{
	tunring_close(h);
	fake_free();
}

static int receive_in_place(void)
{
	struct tun_ring_meta m = { .protocol = htobe16(0x0800) };
	struct tunring_packet p[4];
	struct tunring_meta meta;
	struct tunring *h;

	CHECK_EQ(start(&h, 8, 8, 0), 0);
	CHECK_EQ(tunring_mode(h), TUNRING_MODE_RING);
	CHECK_EQ(tunring_rx_burst(h, p, 4), 0);
	m.mark = htole32(0x12345678);
	m.flags = htole16(TUN_RING_META_MARK);
	CHECK_EQ(fake_rx("hello", 5, &m), 1);
	CHECK_EQ(tunring_rx_burst(h, p, 4), 1);
	CHECK_EQ(p[0].len, 5);
	CHECK_EQ(p[0].nsegs, 1);
	CHECK_EQ(p[0].headroom, 64);
	CHECK_EQ(p[0].tailroom, 512 - 64 - 5);
	CHECK(!memcmp(p[0].data, "hello", 5));
	/* in place: the very memory that the kernel wrote to */
	CHECK(p[0].data >= (uint8_t *)fake->pool &&
	      p[0].data < (uint8_t *)fake->pool + fake->pool_len);
	tunring_meta_get(&p[0], &meta);
	CHECK_EQ(meta.mark, 0x12345678);
	CHECK_EQ(meta.flags, TUNRING_META_MARK);
	CHECK_EQ(meta.protocol, 0x0800);
	/* headroom and tailroom are writable */
	memset(p[0].data - 64, 1, 512);
	CHECK_EQ(tunring_rx_release(h, p, 1), 0);
	CHECK_EQ(tunring_rx_release(h, p, 1), -EINVAL);
	stop(h);
	return 0;
}

/* Many times round the ring, packets held and given back out of order. */
static int receive_wraps(void)
{
	struct tunring_packet p[8], t;
	struct tunring *h;
	uint32_t sent = 0, seen = 0, v;
	int i, n;

	CHECK_EQ(start(&h, 8, 8, 0), 0);
	while (seen < 200000) {
		while (sent - seen < 1 + seen % 8 && fake_rx(&sent, 4, NULL))
			sent++;
		n = tunring_rx_burst(h, p, 8);
		CHECK(n > 0);
		for (i = 0; i < n; i++) {
			memcpy(&v, p[i].data, 4);
			CHECK_EQ(v, seen++);
		}
		t = p[0];
		p[0] = p[n - 1];
		p[n - 1] = t;
		CHECK_EQ(tunring_rx_release(h, p, (unsigned int)n), 0);
	}
	CHECK_EQ(fake->kicks_rx, 4);	/* avail_event 0, passed at first and every 65536 */
	stop(h);
	return 0;
}

static int receive_segments(void)
{
	struct tunring_packet p[4];
	static uint8_t big[1500], back[1500];
	struct iovec iov[8];
	struct tunring *h;
	size_t i, n, sum = 0;

	for (i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 7);
	CHECK_EQ(start(&h, 8, 8, 0), 0);
	CHECK_EQ(fake_rx(big, sizeof(big), NULL), 4);	/* room is 384 */
	CHECK_EQ(fake_rx("x", 1, NULL), 1);
	CHECK_EQ(tunring_rx_burst(h, p, 4), 2);
	CHECK_EQ(p[0].nsegs, 4);
	CHECK_EQ(p[0].len, 1500);
	CHECK_EQ(p[0].first_len, 384);
	CHECK_EQ(p[0].tailroom, 512 - 64 - (1500 - 3 * 384));
	CHECK_EQ(p[1].len, 1);
	CHECK_EQ(tunring_packet_read(h, &p[0], 0, back, 1500), 1500);
	CHECK(!memcmp(big, back, 1500));
	CHECK_EQ(tunring_packet_read(h, &p[0], 380, back, 10), 10);
	CHECK(!memcmp(big + 380, back, 10));
	CHECK_EQ(tunring_packet_read(h, &p[0], 1499, back, 10), 1);
	CHECK_EQ(tunring_packet_read(h, &p[0], 1500, back, 10), 0);
	n = tunring_packet_iov(h, &p[0], iov, 2);
	CHECK_EQ(n, 4);
	n = tunring_packet_iov(h, &p[0], iov, 8);
	for (i = 0; i < n; i++) {
		CHECK(!memcmp(iov[i].iov_base, big + sum, iov[i].iov_len));
		sum += iov[i].iov_len;
	}
	CHECK_EQ(sum, 1500);
	CHECK_EQ(tunring_rx_release(h, p, 2), 0);
	/* all eight are back */
	for (i = 0; i < 8; i++)
		CHECK_EQ(fake_rx("y", 1, NULL), 1);
	CHECK_EQ(fake_rx("y", 1, NULL), 0);
	stop(h);
	return 0;
}

static int kick_only_when_asked(struct tunring *h)
{
	struct tunring_packet p[2];
	int i;

	for (i = 0; i < 100; i++) {
		bool want = i % 3 == 0;
		int before = fake->kicks_tx;

		fake_want_kick(&fake->tx, want);
		CHECK_EQ(tunring_tx_reserve(h, p, 2), 2);
		memcpy(tunring_packet_put(&p[0], 4), "abcd", 4);
		memcpy(tunring_packet_put(&p[1], 3), "xyz", 3);
		CHECK_EQ(tunring_tx_submit(h, p, 2), 2);
		CHECK_EQ(tunring_tx_kick(h), 0);
		CHECK_EQ(fake->kicks_tx - before, want);
		CHECK_EQ(tunring_tx_kick(h), 0);
		CHECK_EQ(fake->kicks_tx - before, want);
		CHECK_EQ(fake_tx(&frame), 1);
		CHECK_EQ(frame.len, 4);
		CHECK(!memcmp(frame.data, "abcd", 4));
		CHECK_EQ(fake_tx(&frame), 1);
		CHECK(!memcmp(frame.data, "xyz", 3));

		/* the same on the receive side */
		before = fake->kicks_rx;
		CHECK_EQ(fake_rx("q", 1, NULL), 1);
		fake_want_kick(&fake->rx, want);
		CHECK_EQ(tunring_rx_burst(h, p, 2), 1);
		CHECK_EQ(tunring_rx_release(h, p, 1), 0);
		CHECK_EQ(fake->kicks_rx - before, want);
	}
	return 0;
}

static int kick_event_idx(void)
{
	struct tunring *h;

	CHECK_EQ(start(&h, 16, 16, 0), 0);
	CHECK(tunring_features(h) & TUNRING_F_EVENT_IDX);
	if (kick_only_when_asked(h))
		return 1;
	stop(h);
	return 0;
}

static int kick_flags(void)
{
	struct tunring *h;

	CHECK_EQ(start(&h, 16, 16, TUNRING_O_NO_EVENT_IDX), 0);
	CHECK(!(tunring_features(h) & TUNRING_F_EVENT_IDX));
	if (kick_only_when_asked(h))
		return 1;
	stop(h);
	return 0;
}

/* A busy program is not woken; one that is about to sleep is, exactly once. */
static int wakeups(struct tunring *h)
{
	struct tunring_packet p[8];
	int i;

	CHECK_EQ(tunring_prepare_wait(h), 0);
	CHECK_EQ(fake_rx("a", 1, NULL), 1);
	CHECK_EQ(fake->notified_rx, 1);
	CHECK_EQ(tunring_prepare_wait(h), 1);
	CHECK_EQ(tunring_rx_burst(h, p, 8), 1);
	CHECK_EQ(tunring_rx_release(h, p, 1), 0);
	for (i = 0; i < 20; i++) {
		CHECK_EQ(fake_rx("b", 1, NULL), 1);
		CHECK_EQ(tunring_rx_burst(h, p, 8), 1);
		CHECK_EQ(tunring_rx_release(h, p, 1), 0);
	}
	CHECK_EQ(fake->notified_rx, 1);
	CHECK_EQ(tunring_prepare_wait(h), 0);
	CHECK_EQ(fake_rx("c", 1, NULL), 1);
	CHECK_EQ(fake->notified_rx, 2);
	return 0;
}

static int wakeups_event_idx(void)
{
	struct tunring *h;

	CHECK_EQ(start(&h, 8, 8, 0), 0);
	if (wakeups(h))
		return 1;
	stop(h);
	return 0;
}

static int wakeups_flags(void)
{
	struct tunring *h;

	CHECK_EQ(start(&h, 8, 8, TUNRING_O_NO_EVENT_IDX), 0);
	if (wakeups(h))
		return 1;
	stop(h);
	return 0;
}

static int transmit_anywhere(void)
{
	struct tunring_packet p, bad;
	struct tunring_meta m = { .csum_start = 20, .csum_offset = 6,
				  .vnet_flags = TUNRING_VNET_NEEDS_CSUM };
	struct tunring *h;

	CHECK_EQ(start(&h, 8, 8, 0), 0);
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	memcpy(tunring_packet_put(&p, 5), "world", 5);
	CHECK(!tunring_packet_push(&p, 65));
	memset(tunring_packet_push(&p, 64), 'h', 64);
	CHECK_EQ(tunring_meta_set(&p, &m), 0);

	bad = p;
	bad.data -= 1;		/* before the buffer */
	CHECK_EQ(tunring_tx_submit(h, &bad, 1), -EINVAL);
	bad = p;
	bad.len = 513;		/* past its end */
	CHECK_EQ(tunring_tx_submit(h, &bad, 1), -EINVAL);
	bad.len = 0;
	CHECK_EQ(tunring_tx_submit(h, &bad, 1), -EINVAL);
	bad = p;
	bad.slot = 5;		/* not reserved */
	CHECK_EQ(tunring_tx_submit(h, &bad, 1), -EINVAL);

	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(tunring_tx_submit(h, &p, 1), -EINVAL);
	CHECK_EQ(fake_tx(&frame), 1);
	CHECK_EQ(frame.len, 69);
	CHECK_EQ(frame.data[0], 'h');
	CHECK(!memcmp(frame.data + 64, "world", 5));
	CHECK_EQ(le16toh(frame.meta.csum_start), 20);
	CHECK_EQ(le16toh(frame.meta.csum_offset), 6);
	CHECK_EQ(frame.meta.vnet_flags, TUNRING_VNET_NEEDS_CSUM);
	/* the record of the slot's next user is clean */
	CHECK_EQ(tunring_tx_kick(h), 0);
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	CHECK_EQ(p.meta->csum_start, 0);
	CHECK_EQ(tunring_tx_cancel(h, &p, 1), 0);
	CHECK_EQ(tunring_tx_cancel(h, &p, 1), -EINVAL);
	stop(h);
	return 0;
}

static int transmit_full(void)
{
	struct tunring_packet p[16];
	struct tunring *h;
	int round, i;

	CHECK_EQ(start(&h, 8, 8, 0), 0);
	for (round = 0; round < 20000; round++) {
		CHECK_EQ(tunring_tx_reserve(h, p, 16), 8);
		CHECK_EQ(tunring_tx_space(h), 0);
		CHECK_EQ(tunring_tx_prepare_wait(h), 0);
		for (i = 0; i < 8; i++)
			memcpy(tunring_packet_put(&p[i], 4), &i, 4);
		CHECK_EQ(tunring_tx_submit(h, p, 8), 8);
		CHECK_EQ(tunring_tx_reserve(h, p, 1), 0);
		for (i = 0; i < 8; i++) {
			CHECK_EQ(fake_tx(&frame), 1);
			CHECK(!memcmp(frame.data, &i, 4));
		}
		/* armed: told of the first, and not of the others */
		CHECK_EQ(fake->notified_tx, round + 1);
		CHECK_EQ(tunring_tx_prepare_wait(h), 1);
	}
	stop(h);
	return 0;
}

static int transmit_segments(void)
{
	static uint8_t big[3000];
	struct tunring_packet p;
	struct tunring *h;
	size_t i;

	for (i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 11);
	CHECK_EQ(start(&h, 8, 8, 0), 0);
	CHECK_EQ(tunring_tx_reserve_len(h, &p, 8 * 384 + 1), -EMSGSIZE);
	CHECK_EQ(tunring_tx_reserve_len(h, &p, 3000), 1);
	CHECK_EQ(p.nsegs, 8);
	CHECK_EQ(tunring_packet_write(h, &p, 0, big, 3000), 3000);
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(tunring_tx_reserve_len(h, &p, 1), 0);
	CHECK_EQ(fake_tx(&frame), 1);
	CHECK_EQ(frame.nsegs, 8);
	CHECK_EQ(frame.len, 3000);
	CHECK(!memcmp(frame.data, big, 3000));
	CHECK_EQ(tunring_tx_space(h), 8);
	CHECK_EQ(tunring_tx_reserve_len(h, &p, 385), 1);
	CHECK_EQ(p.nsegs, 2);
	CHECK_EQ(tunring_tx_cancel(h, &p, 1), 0);
	CHECK_EQ(tunring_tx_space(h), 8);
	stop(h);
	return 0;
}

/* Received packets go out again from the same memory; no buffer is lost. */
static int forward_in_place(void)
{
	struct tun_ring_meta m = { .vlan_proto = htobe16(0x8100),
				   .protocol = htobe16(0x0800) };
	struct tunring_packet p[8];
	struct tunring *h;
	static uint8_t big[1000];
	int round;

	m.vlan_tci = htole16(7);
	m.flags = htole16(TUN_RING_META_VLAN | TUN_RING_META_TSTAMP);
	CHECK_EQ(start(&h, 4, 8, 0), 0);
	for (round = 0; round < 1000; round++) {
		memset(big, round, sizeof(big));
		CHECK_EQ(fake_rx(big, sizeof(big), &m), 3);
		CHECK_EQ(fake_rx("s", 1, NULL), 1);
		CHECK_EQ(tunring_rx_burst(h, p, 8), 2);
		memset(tunring_packet_push(&p[0], 4), 0xee, 4);
		CHECK_EQ(tunring_rx_forward(h, p, 2), 2);
		CHECK_EQ(fake_tx(&frame), 1);
		CHECK_EQ(frame.len, 1004);
		CHECK_EQ(frame.data[3], 0xee);
		CHECK(!memcmp(frame.data + 4, big, sizeof(big)));
		CHECK_EQ(le16toh(frame.meta.vlan_tci), 7);
		CHECK_EQ(le16toh(frame.meta.flags), TUN_RING_META_VLAN);
		CHECK_EQ(frame.meta.protocol, htobe16(0x0800));
		CHECK_EQ(frame.meta.num_buffers, 0);
		CHECK_EQ(fake_tx(&frame), 1);
		CHECK_EQ(frame.data[0], 's');
		CHECK_EQ(tunring_rx_forward(h, p, 1), -EINVAL);
	}
	CHECK_EQ(tunring_tx_space(h), 8);
	stop(h);
	return 0;
}

static int forward_without_room(void)
{
	struct tunring_packet p[8], t[8];
	struct tunring *h;

	CHECK_EQ(start(&h, 8, 4, 0), 0);
	CHECK_EQ(tunring_tx_reserve(h, t, 2), 2);
	CHECK_EQ(fake_rx("1", 1, NULL), 1);
	CHECK_EQ(fake_rx("2", 1, NULL), 1);
	CHECK_EQ(fake_rx("3", 1, NULL), 1);
	CHECK_EQ(tunring_rx_burst(h, p, 8), 3);
	CHECK_EQ(tunring_rx_forward(h, p, 3), 2);
	CHECK_EQ(tunring_rx_forward(h, p + 2, 1), 0);
	CHECK_EQ(tunring_tx_cancel(h, t, 1), 0);
	CHECK_EQ(tunring_rx_forward(h, p + 2, 1), 1);
	stop(h);
	return 0;
}

static int wait_one_call(void)
{
	struct tunring_packet p;
	sigset_t set;
	struct tunring *h;

	sigemptyset(&set);
	CHECK_EQ(start(&h, 8, 8, 0), 0);
	fake->ioctls = 0;
	/* nothing there: the kick and the sleep are one call */
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	tunring_packet_put(&p, 1)[0] = 1;
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(tunring_wait(h, 1000, &set, TUNRING_WAIT_TX), 0);
	CHECK_EQ(fake->ioctls, 1);
	CHECK_EQ(fake->kicks_tx, 1);
	CHECK_EQ(fake->waits, 1);
	/* a packet is there: no call at all */
	CHECK_EQ(fake_rx("x", 1, NULL), 1);
	CHECK_EQ(tunring_wait(h, -1, NULL, TUNRING_WAIT_TX), 1);
	CHECK_EQ(fake->ioctls, 1);
	/* no time: no call */
	CHECK_EQ(tunring_rx_burst(h, &p, 1), 1);
	CHECK_EQ(tunring_wait(h, 0, NULL, 0), 0);
	CHECK_EQ(fake->ioctls, 1);
	CHECK_EQ(tunring_wait(h, -2, NULL, 0), -EINVAL);
	CHECK_EQ(tunring_wait(h, 0, NULL, 4), -EINVAL);
	stop(h);
	return 0;
}

/* Down: the kick says so, and is done; waiting sleeps and does not spin. */
static int device_down(void)
{
	struct tunring_packet p;
	struct tunring *h;

	CHECK_EQ(start(&h, 8, 8, 0), 0);
	fake->enter_errno = EIO;
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	tunring_packet_put(&p, 1)[0] = 1;
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(tunring_tx_kick(h), -EIO);
	CHECK_EQ(tunring_tx_kick(h), 0);
	fake_want_kick(&fake->tx, true);
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	tunring_packet_put(&p, 1)[0] = 1;
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(tunring_wait(h, 10, NULL, TUNRING_WAIT_TX), 0);
	CHECK_EQ(fake->waits, 1);
	CHECK_EQ(tunring_tx_kick(h), 0);
	fake->enter_errno = 0;
	fake->enter_errno = EPROTO;
	fake->broken = EPROTO;
	CHECK_EQ(tunring_check(h), -EPROTO);
	fake_want_kick(&fake->tx, true);
	CHECK_EQ(tunring_tx_reserve(h, &p, 1), 1);
	tunring_packet_put(&p, 1)[0] = 1;
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(tunring_tx_kick(h), -EPROTO);
	stop(h);
	return 0;
}

static const struct tap_test tests[] = {
	TEST(receive_in_place), TEST(receive_wraps), TEST(receive_segments),
	TEST(kick_event_idx), TEST(kick_flags), TEST(wakeups_event_idx),
	TEST(wakeups_flags), TEST(transmit_anywhere), TEST(transmit_full),
	TEST(transmit_segments), TEST(forward_in_place),
	TEST(forward_without_room), TEST(wait_one_call), TEST(device_down),
};

TAP_MAIN(tests)
