/* SPDX-License-Identifier: GPL-2.0 */
/* A guest that is set up, and a control file without an owner. */
#ifndef TUN_TESTS_GUEST_IOCTL_H
#define TUN_TESTS_GUEST_IOCTL_H

#include "guest.h"
#include "guest_cmds.h"
#include "harness.h"

FIXTURE(gioctl) {
	struct env e;
	struct guest g;		/* set up, but not started */
	int bare;		/* a file like g.ctl, without an owner */
};

FIXTURE_VARIANT(gioctl) {
	bool apart;
};

FIXTURE_VARIANT_ADD(gioctl, own) { false };
FIXTURE_VARIANT_ADD(gioctl, apart) { true };

FIXTURE_SETUP(gioctl)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open(&self->g,
				variant->apart ? tunfd_open() : dup(self->e.fd),
				G_V1, 0));
	self->bare = variant->apart ? tunfd_open() :
				      tunfd_create("guest1", TUN_PLAIN);
	ASSERT_LE(0, self->bare);
}

FIXTURE_TEARDOWN(gioctl)
{
	close(self->bare);
	guest_close(&self->g);
	env_close(&self->e);
}

#endif
