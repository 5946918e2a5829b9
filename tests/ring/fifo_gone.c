// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait for the user go with their device, and go when it moves to
 * another namespace. The fd's next device has none of them.
 */
#include <sched.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

#define RX	16

enum reader { READ, RING, WORKER };

FIXTURE(gone) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(gone) {
	enum reader reader;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(gone, read) { READ };
FIXTURE_VARIANT_ADD(gone, ring) { RING, F_META };
FIXTURE_VARIANT_ADD(gone, event) { RING, F_META | F_EVENT };
FIXTURE_VARIANT_ADD(gone, flow) { RING, F_META | F_EVENT | F_FLOW };
FIXTURE_VARIANT_ADD(gone, worker) { WORKER, F_META };

/* Forty packets come; RX of them find buffers, if there are rings. */
FIXTURE_SETUP(gone)
{
	struct aconf c = { .c = { variant->features, RX, 16, 2048, 0 } };
	struct tun_ring_stats st;

	ASSERT_EQ(0, env_open(&self->e, "gone0", TUN_PLAIN));
	if (variant->reader == RING)
		ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c.c));
	if (variant->reader == WORKER)
		ASSERT_EQ(0, attach_rings(&self->r, self->e.fd, &c));
	if (variant->reader != READ)
		ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 40, 100));
	if (variant->reader != READ)
		ASSERT_EQ(0, tring_wait_count(self->e.fd, &st.rx.full, &st, 1));
}

FIXTURE_TEARDOWN(gone)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(gone, device_deleted)
{
	uint8_t buf[2048];

	ASSERT_EQ(0, rtnl_del("gone0"));
	ASSERT_EQ(0, tunfd_setiff(self->e.fd, "gone1", TUN_PLAIN, NULL));
	ASSERT_EQ(0, if_up("gone1"));
	EXPECT_EQ(0, fd_wait(self->e.fd, POLLIN, 20));
	ASSERT_EQ(0, fd_nonblock(self->e.fd));
	EXPECT_EQ(-EAGAIN, fd_read(self->e.fd, buf, sizeof(buf)));
}

/* Gives all buffers back. No packet comes, and the ring has none for read(). */
static int rings_are_empty(struct env *e, struct tring *r)
{
	unsigned int i, had = tvq_pending(&r->rx);
	int ret;

	tvq_take(&r->rx, had);
	for (i = 0; i < had; i++)
		tring_rx_give(r, i);
	tvq_publish(&r->rx);
	ret = tring_enter(e->fd, TUN_RING_ENTER_RX, 0);
	if (ret < 0)
		return ret;
	if (had != RX || !tvq_quiet(&r->rx, 0, 50))
		return -EBADE;
	return tring_teardown(e->fd);
}

TEST_F(gone, device_moved)
{
	int old = ns_open(), new;
	uint8_t buf[2048];

	ASSERT_LE(0, old);
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	new = ns_open();
	ASSERT_EQ(0, setns(old, CLONE_NEWNET));
	ASSERT_EQ(0, rtnl_netns("gone0", new));
	if (variant->reader != READ)
		ASSERT_EQ(0, rings_are_empty(&self->e, &self->r));
	EXPECT_EQ(0, fd_wait(self->e.fd, POLLIN, 0));
	ASSERT_EQ(0, fd_nonblock(self->e.fd));
	EXPECT_EQ(-EAGAIN, fd_read(self->e.fd, buf, sizeof(buf)));
	close(old);
	close(new);
}

TEST_HARNESS_MAIN
