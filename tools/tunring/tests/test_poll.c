// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* tunring_poll() on rings, without sleeping, and tunring_wake(). */
#include "fake.h"
#include "tap.h"

#include <errno.h>
#include <unistd.h>

#define ENTRIES	4

static int start(struct tunring **h)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.rx_entries = ENTRIES;
	opt.tx_entries = ENTRIES;
	fake_init();
	return fake_open(h, &opt);
}

static int stop(struct tunring *h)
{
	tunring_close(h);
	fake_free();
	return 0;
}

static int ready_without_a_call(void)
{
	struct tunring_poll p = { .events = POLLIN | POLLOUT };
	int polls;

	CHECK_EQ(start(&p.handle), 0);
	CHECK_EQ(fake_rx("x", 1, NULL), 1);
	polls = fake->polls;
	CHECK_EQ(tunring_poll(&p, 1, -1, NULL), 1);
	CHECK_EQ(p.revents, POLLIN | POLLOUT);
	p.events = POLLOUT;
	CHECK_EQ(tunring_poll(&p, 1, -1, NULL), 1);
	CHECK_EQ(p.revents, POLLOUT);
	CHECK_EQ(fake->polls, polls);
	return stop(p.handle);
}

/* As tunring_prepare_wait(), the call has the kernel wake the program. */
static int prepared(void)
{
	struct tunring_poll p = { .events = POLLIN };

	CHECK_EQ(start(&p.handle), 0);
	CHECK_EQ(tunring_poll(&p, 1, 0, NULL), 0);
	CHECK_EQ(p.revents, 0);
	CHECK_EQ(fake->notified_rx, 0);
	CHECK_EQ(fake_rx("x", 1, NULL), 1);
	CHECK_EQ(fake->notified_rx, 1);
	CHECK_EQ(tunring_poll(&p, 1, 0, NULL), 1);
	return stop(p.handle);
}

static int deleted(void)
{
	struct tunring_poll p = { .events = POLLIN };
	int i;

	CHECK_EQ(start(&p.handle), 0);
	fake->gone = true;
	for (i = 0; i < 3; i++) {
		CHECK_EQ(tunring_poll(&p, 1, -1, NULL), 1);
		CHECK_EQ(p.revents, POLLERR);
		CHECK_EQ(p.error, -EBADFD);
	}
	return stop(p.handle);
}

static int wake(void)
{
	struct tunring_poll p = { .events = POLLIN };

	p.fd = tunring_wake_new();
	CHECK(p.fd >= 0);
	CHECK_EQ(tunring_poll(&p, 1, 0, NULL), 0);
	CHECK_EQ(tunring_wake_clear(p.fd), 0);
	CHECK_EQ(tunring_wake(p.fd), 0);
	CHECK_EQ(tunring_wake(p.fd), 0);
	CHECK_EQ(tunring_poll(&p, 1, -1, NULL), 1);
	CHECK_EQ(p.revents, POLLIN);
	CHECK_EQ(tunring_wake_clear(p.fd), 1);
	CHECK_EQ(tunring_poll(&p, 1, 0, NULL), 0);
	close(p.fd);
	CHECK_EQ(tunring_wake(p.fd), -EBADF);
	CHECK_EQ(tunring_wake_clear(p.fd), -EBADF);
	return 0;
}

static int refused(void)
{
	struct tunring_poll p = { .fd = -1, .events = POLLIN };

	CHECK_EQ(tunring_poll(&p, 1, -2, NULL), -EINVAL);
	CHECK_EQ(tunring_poll(&p, 1, 0, NULL), 0);
	CHECK_EQ(tunring_poll(NULL, 0, 0, NULL), 0);
	return 0;
}

static const struct tap_test tests[] = {
	TEST(ready_without_a_call), TEST(prepared), TEST(deleted), TEST(wake),
	TEST(refused),
};

TAP_MAIN(tests)
