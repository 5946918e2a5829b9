// SPDX-License-Identifier: GPL-2.0
/* Pinned memory of a guest whose device has gone is given back. */
#include "attach.h"
#include "guest.h"
#include "harness.h"

FIXTURE(pins) {
	struct env e;
	struct guest g;
};

FIXTURE_VARIANT(pins) {
	bool apart;
	unsigned int first;	/* the virtqueue that runs when the device goes */
};

FIXTURE_VARIANT_ADD(pins, own_rx) { false, G_RX };
FIXTURE_VARIANT_ADD(pins, own_tx) { false, G_TX };
FIXTURE_VARIANT_ADD(pins, apart_rx) { true, G_RX };
FIXTURE_VARIANT_ADD(pins, apart_tx) { true, G_TX };

#define POOL_KB		(G_POOL / 1024)
#define VQ_KB		(G_RINGS / 2048)

static int backend(struct guest *g, unsigned int i, int fd)
{
	return guest_file(g, VHOST_NET_SET_BACKEND, i, fd);
}

FIXTURE_SETUP(pins)
{
	int ctl;

	ASSERT_EQ(0, env_open(&self->e, "pins0", TUN_PLAIN));
	ctl = variant->apart ? tunfd_open() : dup(self->e.fd);
	ASSERT_EQ(0, guest_flags(ctl, TUN_RING_GUEST_PIN));
	ASSERT_EQ(0, guest_open(&self->g, ctl, G_V1, 0));
	ASSERT_EQ(0, backend(&self->g, variant->first, self->e.fd));
	ASSERT_EQ(POOL_KB + VQ_KB, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, rtnl_del("pins0"));
}

FIXTURE_TEARDOWN(pins)
{
	guest_close(&self->g);
	env_close(&self->e);
	EXPECT_EQ(0, proc_status_kb("VmLck:"));
}

/* A virtqueue cannot begin on a device that has gone, however often. */
TEST_F(pins, begin_after_the_device)
{
	unsigned int i;

	for (i = 0; i < 20; i++)
		EXPECT_EQ(-EINVAL, backend(&self->g, !variant->first,
					   self->e.fd));
	EXPECT_EQ(POOL_KB + VQ_KB, proc_status_kb("VmLck:"));
}

/* The one that ran gives its pins back when it ends, whichever it was. */
TEST_F(pins, end_after_the_device)
{
	ASSERT_EQ(0, backend(&self->g, variant->first, -1));
	EXPECT_EQ(POOL_KB, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, guest_table(&self->g, NULL, 0));
	EXPECT_EQ(0, proc_status_kb("VmLck:"));
}

/* Files that are closed leave nothing, without any other call. */
TEST_F(pins, files_closed)
{
	backend(&self->g, !variant->first, self->e.fd);
}

TEST_HARNESS_MAIN
