/* SPDX-License-Identifier: GPL-2.0 */
/* A guest that is set up, but not started. */
#ifndef TUN_TESTS_GUEST_BACKEND_H
#define TUN_TESTS_GUEST_BACKEND_H

#include "guest.h"

#define STOCK_ONLY_VARIANT	"pinned"
#include "harness.h"

FIXTURE(backend) {
	struct env e;
	struct guest g;
};

FIXTURE_VARIANT(backend) {
	bool apart;		/* the control file has no device */
	bool pin;
};

GUEST_VARIANTS(backend, own, false);
GUEST_VARIANTS(backend, apart, true);

FIXTURE_SETUP(backend)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open_in(&self->g, variant->apart ? tunfd_open() :
				   dup(self->e.fd), variant->pin, G_V1, 0));
}

FIXTURE_TEARDOWN(backend)
{
	guest_close(&self->g);
	env_close(&self->e);
}

#define USER	((uintptr_t)g->pool)

#endif
