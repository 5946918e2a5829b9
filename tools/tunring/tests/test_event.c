// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Eventfds of attached rings: whose they are, and which is which. */
#include "fake.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct tunring_options options(int rx_kick, int rx_call, int tx_kick,
				      int tx_call)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.flags = TUNRING_O_ATTACH | TUNRING_O_EVENTFD;
	opt.event_fd[TUNRING_EVENT_RX_KICK] = rx_kick;
	opt.event_fd[TUNRING_EVENT_RX_CALL] = rx_call;
	opt.event_fd[TUNRING_EVENT_TX_KICK] = tx_kick;
	opt.event_fd[TUNRING_EVENT_TX_CALL] = tx_call;
	return opt;
}

/* A value written to one is read from the other. */
static bool same(int a, int b)
{
	uint64_t n = 7;

	return write(a, &n, 8) == 8 && read(b, &n, 8) == 8 && n == 7;
}

static bool made_well(int fd)
{
	return fcntl(fd, F_GETFD) == FD_CLOEXEC &&
	       fcntl(fd, F_GETFL) & O_NONBLOCK;
}

static int made(void)
{
	int new = TUNRING_EVENT_NEW, fd[TUNRING_EVENTS], i, k;
	struct tunring_options opt = options(new, new, new, new);
	struct tunring_info info;
	struct tunring *h;

	fake_init();
	CHECK_EQ(fake_open(&h, &opt), 0);
	tunring_get_info(h, &info);
	CHECK_EQ(info.flags, opt.flags);
	for (i = 0; i < TUNRING_EVENTS; i++) {
		fd[i] = tunring_event_fd(h, (enum tunring_event)i);
		CHECK(made_well(fd[i]));
		for (k = 0; k < i; k++)
			CHECK(fd[k] != fd[i]);
	}
	CHECK_EQ(tunring_event_fd(h, (enum tunring_event)4), -EINVAL);
	CHECK_EQ(fake->attach.rx.kick, fd[TUNRING_EVENT_RX_KICK]);
	CHECK_EQ(fake->attach.rx.call, fd[TUNRING_EVENT_RX_CALL]);
	CHECK_EQ(fake->attach.tx.kick, fd[TUNRING_EVENT_TX_KICK]);
	CHECK_EQ(fake->attach.tx.call, fd[TUNRING_EVENT_TX_CALL]);
	tunring_close(h);
	for (i = 0; i < TUNRING_EVENTS; i++)
		CHECK_EQ(fcntl(fd[i], F_GETFD), -1);
	fake_free();
	return 0;
}

/* The caller's stay the caller's. */
static int given(void)
{
	int kick = eventfd(0, 0), call = eventfd(0, 0), fd;
	struct tunring_options opt = options(-1, call, kick, -1);
	struct tunring *h;

	fake_init();
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(tunring_event_fd(h, TUNRING_EVENT_RX_KICK), -ENXIO);
	CHECK_EQ(tunring_event_fd(h, TUNRING_EVENT_TX_CALL), -ENXIO);
	CHECK_EQ(fake->attach.rx.kick, -1);
	CHECK_EQ(fake->attach.tx.call, -1);
	fd = tunring_event_fd(h, TUNRING_EVENT_RX_CALL);
	CHECK(fd != call && same(fd, call));
	CHECK_EQ(fake->attach.rx.call, fd);
	fd = tunring_event_fd(h, TUNRING_EVENT_TX_KICK);
	CHECK(fd != kick && same(kick, fd));
	CHECK_EQ(fake->attach.tx.kick, fd);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	tunring_close(h);
	CHECK_EQ(fcntl(fd, F_GETFD), -1);
	CHECK(same(kick, kick) && same(call, call));
	close(kick);
	close(call);
	fake_free();
	return 0;
}

/* No rings, no eventfds; a process that imports the rings has its own way. */
static int none(void)
{
	int new = TUNRING_EVENT_NEW;
	struct tunring_options opt = options(new, new, new, new);
	struct tunring_layout layout;
	struct tunring_info info;
	struct tunring *h, *b;

	fake_init();
	fake->no_rings = true;
	CHECK_EQ(fake_open(&h, &opt), 0);
	tunring_get_info(h, &info);
	CHECK_EQ(info.flags, 0);
	CHECK_EQ(tunring_event_fd(h, TUNRING_EVENT_RX_CALL), -ENXIO);
	tunring_close(h);

	fake->no_rings = false;
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(tunring_export(h, &layout), 0);
	CHECK_EQ(fake_import(&b, tunring_memory_fd(h), &layout), 0);
	CHECK_EQ(tunring_event_fd(b, TUNRING_EVENT_RX_CALL), -ENXIO);
	tunring_get_info(b, &info);
	CHECK_EQ(info.flags, TUNRING_O_ATTACH);
	tunring_detach(b);
	CHECK(tunring_event_fd(h, TUNRING_EVENT_RX_CALL) >= 0);
	tunring_close(h);
	fake_free();
	return 0;
}

static int wrong(void)
{
	int new = TUNRING_EVENT_NEW, before, after;
	struct tunring_options opt = options(new, -3, new, new);
	struct tunring *h;

	fake_init();
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	opt = options(-1, -1, -1, 9999);
	CHECK_EQ(fake_open(&h, &opt), -EBADF);
	CHECK_EQ(fake->regions, 0);
	opt.flags = TUNRING_O_ATTACH;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	opt = options(new, new, new, new);
	opt.flags = TUNRING_O_EVENTFD;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	/* a set-up that fails leaves none open */
	before = dup(0);
	close(before);
	opt = options(new, new, new, new);
	fake->setup_errno = EINVAL;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	after = dup(0);
	close(after);
	CHECK_EQ(after, before);
	fake->pool = NULL;
	fake_free();
	return 0;
}

static const struct tap_test tests[] = {
	TEST(made), TEST(given), TEST(none), TEST(wrong),
};

TAP_MAIN(tests)
