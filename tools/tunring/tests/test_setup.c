// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Set-up, fall-back, tear-down, hand-over; every way in which they fail. */
#include "fake.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static int modes(void)
{
	struct tunring_options opt;
	struct tunring_info info;
	struct tunring *h;

	fake_init();
	CHECK_EQ(fake_open(&h, NULL), 0);
	tunring_get_info(h, &info);
	CHECK_EQ(info.mode, TUNRING_MODE_RING);
	CHECK_EQ(info.rx_entries, 256);
	CHECK_EQ(info.room, 2048 - 128);
	CHECK(!strcmp(info.name, "fake0"));
	CHECK_EQ(fake->fl, 0);
	tunring_close(h);
	CHECK_EQ(fake->teardowns, 1);
	CHECK_EQ(fake->closes, 1);
	fake_free();

	/* by flag */
	fake_init();
	tunring_options_init(&opt);
	opt.flags = TUNRING_O_NO_RING;
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(tunring_mode(h), TUNRING_MODE_PLAIN);
	CHECK_EQ(fake->setups, 0);
	CHECK_EQ(fake->fl, O_NONBLOCK);
	tunring_get_info(h, &info);
	CHECK_EQ(info.ring_errno, 0);
	tunring_close(h);
	CHECK_EQ(fake->fl, 0);
	CHECK_EQ(fake->teardowns, 0);

	/* by lack of rings, in both of the kernels' words */
	fake->no_rings = true;
	fake->query_errno = ENOTTY;
	CHECK_EQ(fake_open(&h, NULL), 0);
	tunring_get_info(h, &info);
	CHECK_EQ(info.mode, TUNRING_MODE_PLAIN);
	CHECK_EQ(info.ring_errno, ENOTTY);
	tunring_close(h);
	fake->query_errno = EINVAL;
	CHECK_EQ(fake_open(&h, NULL), 0);
	CHECK_EQ(tunring_mode(h), TUNRING_MODE_PLAIN);
	tunring_close(h);
	opt.flags = TUNRING_O_NEED_RING;
	CHECK_EQ(fake_open(&h, &opt), -ENOTTY);
	fake_free();
	return 0;
}

static int wrong_options(void)
{
	struct tunring_options opt;
	struct tunring *h;

#define TRY(field, value, err)						\
	do {								\
		tunring_options_init(&opt);				\
		opt.field = value;					\
		CHECK_EQ(fake_open(&h, &opt), err);			\
	} while (0)

	fake_init();
	TRY(rx_entries, 0, -EINVAL);
	TRY(rx_entries, 3, -EINVAL);
	TRY(tx_entries, 65536, -EINVAL);
	TRY(buf_size, 100, -EINVAL);
	TRY(buf_size, (128 << 10) + 1, -EINVAL);
	TRY(headroom, 2048, -EINVAL);
	TRY(tailroom, 0xffffffffU, -EINVAL);
	TRY(size, 8, -EINVAL);
	TRY(tx_poll_us, 1000001, -EINVAL);
	TRY(flags, TUNRING_O_HUGE, -EOPNOTSUPP);
	TRY(flags, 0x200, -EOPNOTSUPP);
	TRY(features, 1ULL << 60, -EOPNOTSUPP);
	TRY(want, 1ULL << 60, -EOPNOTSUPP);
	TRY(flags, TUNRING_O_NO_RING | TUNRING_O_NEED_RING, -EINVAL);
	tunring_options_init(&opt);
	opt.rx_entries = 32768;
	opt.tx_entries = 32768;
	opt.buf_size = 8192;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	CHECK_EQ(fake->setups, 0);
	CHECK_EQ(tr_adopt(&h, FAKE_FD, 2, NULL, &fake_ops), -EOPNOTSUPP);
	CHECK_EQ(tr_adopt(&h, 3, 0, NULL, &fake_ops), -EBADF);
	/* the caller's fd is not closed by a call that fails */
	CHECK_EQ(fake->closes, 0);
	fake_free();
	return 0;
}

/* The kernel has rings, and refuses them to this process. */
static int refused(void)
{
	struct tunring_options opt;
	struct tunring_info info;
	struct tunring *h;

	fake_init();
	fake->setup_errno = EPERM;
	CHECK_EQ(fake_open(&h, NULL), 0);
	tunring_get_info(h, &info);
	CHECK_EQ(info.mode, TUNRING_MODE_PLAIN);
	CHECK_EQ(info.ring_errno, EPERM);
	tunring_close(h);
	tunring_options_init(&opt);
	opt.want = TUNRING_F_TX_MARK;
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(tunring_mode(h), TUNRING_MODE_PLAIN);
	tunring_close(h);
	opt.flags = TUNRING_O_NEED_RING;
	CHECK_EQ(fake_open(&h, &opt), -EPERM);
	CHECK(strstr(tunring_strerror(-EPERM), "unprivileged_rings"));
	fake_free();
	return 0;
}

static int features(void)
{
	struct tunring_options opt;
	struct tunring *h;

	fake_init();
	tunring_options_init(&opt);
	opt.features = TUNRING_F_INDIRECT_DESC;
	CHECK_EQ(fake_open(&h, &opt), -EOPNOTSUPP);
	opt.features = TUNRING_F_RX_TSTAMP;
	opt.want = TUNRING_F_TX_MARK | TUNRING_F_INDIRECT_DESC;
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(tunring_features(h), TUNRING_F_META | TUNRING_F_RX_TSTAMP |
		 TUNRING_F_TX_MARK | TUNRING_F_EVENT_IDX | TUNRING_F_VERSION_1);
	tunring_close(h);
	fake_free();

	/* wanted and not permitted: without; needed and not permitted: no */
	fake_init();
	fake->mark_errno = EPERM;
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK(!(tunring_features(h) & TUNRING_F_TX_MARK));
	tunring_close(h);
	fake_free();
	fake_init();
	fake->mark_errno = EPERM;
	opt.features = TUNRING_F_TX_MARK;
	CHECK_EQ(fake_open(&h, &opt), -EPERM);
	/* a plain fd cannot do it either */
	fake->no_rings = true;
	CHECK_EQ(fake_open(&h, &opt), -EOPNOTSUPP);
	fake_free();
	return 0;
}

static int failures(void)
{
	struct tunring *h;
	int i;

	for (i = 1; i <= 3; i++) {
		fake_init();
		fake->mmap_fail = i;
		CHECK_EQ(fake_open(&h, NULL), -ENOMEM);
		CHECK_EQ(fake->teardowns, 1);
		CHECK_EQ(fake->closes, 0);
		fake_free();
	}
	fake_init();
	fake->setup_errno = EBUSY;
	/* the rings of somebody else are no reason to read beside them */
	CHECK_EQ(fake_open(&h, NULL), -EBUSY);
	fake->no_rings = true;
	fake->mmap_fail = 1;
	CHECK_EQ(fake_open(&h, NULL), -ENOMEM);
	CHECK_EQ(fake->fl, 0);
	fake_free();
	tunring_close(NULL);
	tunring_detach(NULL);
	return 0;
}

/* One process receives, the other sends; buffers were exchanged before. */
static int hand_over(void)
{
	static struct fake_frame f;
	struct tunring_layout layout, bad;
	struct tunring_options opt;
	struct tunring_packet p[4];
	struct tunring *a, *b;
	int i;

	fake_init();
	tunring_options_init(&opt);
	opt.rx_entries = 4;
	opt.tx_entries = 4;
	CHECK_EQ(fake_open(&a, &opt), 0);
	for (i = 0; i < 7; i++) {
		CHECK_EQ(fake_rx("swap", 4, NULL), 1);
		CHECK_EQ(tunring_rx_burst(a, p, 4), 1);
		CHECK_EQ(tunring_export(a, &layout), -EBUSY);
		CHECK_EQ(tunring_rx_forward(a, p, 1), 1);
		CHECK_EQ(fake_tx(&f), 1);
	}
	CHECK_EQ(tunring_export(a, &layout), 0);
	/* comes in between; is the receiver's */
	CHECK_EQ(fake_rx("mid", 3, NULL), 1);

	bad = layout;
	bad.word[5] ^= 1;
	CHECK_EQ(fake_import(&b, -1, &bad), -EINVAL);
	CHECK_EQ(fake_import(&b, -1, &layout), 0);

	for (i = 0; i < 50; i++) {
		CHECK_EQ(fake_rx("rx", 2, NULL), 1);
		CHECK_EQ(tunring_tx_reserve(b, p, 1), 1);
		memcpy(tunring_packet_put(&p[0], 2), "tx", 2);
		CHECK_EQ(tunring_tx_submit(b, p, 1), 1);
		CHECK_EQ(fake_tx(&f), 1);
		CHECK(!memcmp(f.data, "tx", 2));
		CHECK_EQ(tunring_rx_burst(a, p, 4), i ? 1 : 2);
		CHECK(!memcmp(p[0].data, i ? "rx" : "mi", 2));
		CHECK_EQ(tunring_rx_release(a, p, i ? 1 : 2), 0);
	}
	tunring_detach(b);
	CHECK_EQ(fake->teardowns, 0);
	CHECK_EQ(fake->closes, 0);
	tunring_close(a);
	CHECK_EQ(fake->teardowns, 1);
	fake_free();
	return 0;
}

static int errors_explained(void)
{
	CHECK(!strcmp(tunring_strerror(-EPROTO), tunring_strerror(EPROTO)));
	CHECK(strstr(tunring_strerror(-ENOTTY), "no rings"));
	CHECK(tunring_strerror(-ENOSPC)[0]);
	CHECK(!strcmp(tunring_strerror(99999), "unknown error"));
	CHECK(!strcmp(tunring_version(), "0.1"));
	return 0;
}

static const struct tap_test tests[] = {
	TEST(modes), TEST(wrong_options), TEST(refused), TEST(features), TEST(failures),
	TEST(hand_over), TEST(errors_explained),
};

TAP_MAIN(tests)
