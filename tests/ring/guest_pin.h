/* SPDX-License-Identifier: GPL-2.0 */
/* A guest in pinned memory, without logging. */
#ifndef TUN_TESTS_GUEST_PIN_H
#define TUN_TESTS_GUEST_PIN_H

#include "attach.h"
#include "guest.h"
#include "harness.h"

FIXTURE(gpin) {
	struct env e;
	struct guest g;
	struct flood f;
};

FIXTURE_VARIANT(gpin) {
	bool apart;
};

FIXTURE_VARIANT_ADD(gpin, own) { false };
FIXTURE_VARIANT_ADD(gpin, apart) { true };

FIXTURE_SETUP(gpin)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, guest_open_pinned(&self->g, variant->apart ? tunfd_open() :
				       dup(self->e.fd), G_V1 | G_EVENT, 0));
	self->f = (struct flood) { .name = "guest0", .len = 200,
				   .window = 64 };
}

FIXTURE_TEARDOWN(gpin)
{
	if (self->f.running)
		flood_join(&self->f, true);
	guest_close(&self->g);
	env_close(&self->e);
	EXPECT_EQ(0, proc_status_kb("VmLck:"));
}

#define EXPECT_SERVER(who)	EXPECT_STREQ(who, guest_server(self->e.fd))

#endif
