/* SPDX-License-Identifier: GPL-2.0 */
/* Attached rings with eventfds. */
#ifndef TUN_TESTS_ATTACH_EVENT_H
#define TUN_TESTS_ATTACH_EVENT_H

#include <sys/eventfd.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

FIXTURE(event) {
	struct env e;
	struct tring r;
	struct aconf c;
	int kick, call;		/* of both rings, if a test sets no other */
};

FIXTURE_VARIANT(event) {
	bool pin;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(event, pinned_flags) { true, F_META };
FIXTURE_VARIANT_ADD(event, pinned_event) { true, F_META | F_EVENT };
FIXTURE_VARIANT_ADD(event, unpinned_flags) { false, F_META };
FIXTURE_VARIANT_ADD(event, unpinned_event) { false, F_META | F_EVENT };

static int event_open(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

FIXTURE_SETUP(event)
{
	self->kick = event_open();
	self->call = event_open();
	ASSERT_LE(0, self->kick);
	ASSERT_LE(0, self->call);
	self->c = (struct aconf) {
		.c = { variant->features, 8, 8, 2048, 0 },
		.pin = variant->pin,
		.rx_kick = self->kick, .tx_kick = self->kick,
		.rx_call = self->call, .tx_call = self->call,
	};
	ASSERT_EQ(0, env_open(&self->e, "atev0", TUN_PLAIN));
	ASSERT_EQ(0, attach_alloc(&self->r, &self->c));
	ASSERT_EQ(0, attach_pool(&self->r, self->e.fd, variant->pin));
}

FIXTURE_TEARDOWN(event)
{
	tring_unmap(&self->r);
	env_close(&self->e);
	close(self->kick);
	close(self->call);
}

static int event_write(int fd)
{
	uint64_t one = 1;

	return write(fd, &one, sizeof(one)) == sizeof(one) ? 0 : -errno;
}

/* Returns the eventfd's count since the last call. Waits for the first signal. */
static int64_t event_read(int fd, int ms)
{
	uint64_t n;

	if (fd_wait(fd, POLLIN, ms) <= 0)
		return 0;
	return read(fd, &n, sizeof(n)) == sizeof(n) ? (int64_t)n : -errno;
}

/*
 * Waits until the worker's first run has ended: that run would find entries
 * without a kick.
 */
static int start(struct _test_data_event *self)
{
	int ret = attach_again(&self->r, self->e.fd, &self->c);

	if (!ret)
		ret = tring_rx_fill(&self->r);
	return ret < 0 ? ret : thread_wait_idle(getpid());
}

/* Makes packets available without a kick. */
static int put(struct _test_data_event *self, uint32_t from, unsigned int n)
{
	return env_put(&self->e, &self->r, from, n, 100);
}

#endif
