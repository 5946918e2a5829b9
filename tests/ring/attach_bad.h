/* SPDX-License-Identifier: GPL-2.0 */
/* A queue, and valid arguments of TUNRINGATTACH. */
#ifndef TUN_TESTS_ATTACH_BAD_H
#define TUN_TESTS_ATTACH_BAD_H

#include <sys/eventfd.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

FIXTURE(bad) {
	struct env e;
	struct tring r;
	struct aconf c;
	struct tun_ring_attach a;	/* valid arguments */
	int event;
};

FIXTURE_VARIANT(bad) {
	bool pin;
};

FIXTURE_VARIANT_ADD(bad, pinned) { true };
FIXTURE_VARIANT_ADD(bad, unpinned) { false };

FIXTURE_SETUP(bad)
{
	self->c = (struct aconf) {
		.c = { F_META | F_EVENT, 8, 8, 2048, 0 }, .pin = variant->pin,
	};
	self->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	ASSERT_LE(0, self->event);
	ASSERT_EQ(0, env_open(&self->e, "atbad0", TUN_PLAIN));
	ASSERT_EQ(0, attach_alloc(&self->r, &self->c));
	ASSERT_EQ(0, attach_pool(&self->r, self->e.fd, self->c.pin));
	self->a = attach_params(&self->r, &self->c);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 64));
}

/* After any refusal no packet is lost, and the queue accepts rings. */
FIXTURE_TEARDOWN(bad)
{
	EXPECT_EQ(0, env_expect_plain(&self->e, 0, 3));
	EXPECT_EQ(0, attach_pool(&self->r, self->e.fd, self->c.pin));
	EXPECT_EQ(0, attach_again(&self->r, self->e.fd, &self->c));
	EXPECT_LE(0, tring_rx_fill(&self->r));
	EXPECT_EQ(0, env_inject_n(&self->e, 70, 10, 64));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 70, 10));
	tring_unmap(&self->r);
	env_close(&self->e);
	close(self->event);
}

#endif
