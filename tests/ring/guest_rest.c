// SPDX-License-Identifier: GPL-2.0
/* Rings of a guest that are broken, or whose queue is detached. */
#include "guest.h"
#include "harness.h"

FIXTURE(rest) {
	struct env e;
	struct guest g;
};

FIXTURE_VARIANT(rest) {
	bool pin;
};

FIXTURE_VARIANT_ADD(rest, worker) { false };
FIXTURE_VARIANT_ADD(rest, pinned) { true };

FIXTURE_SETUP(rest)
{
	ASSERT_EQ(0, env_open(&self->e, "rest0", TUN_PLAIN | IFF_MULTI_QUEUE));
	ASSERT_EQ(0, guest_open_in(&self->g, dup(self->e.fd), variant->pin,
				   G_V1, 0));
}

FIXTURE_TEARDOWN(rest)
{
	guest_close(&self->g);
	env_close(&self->e);
}

static int wait_dropped(const char *name, uint64_t n)
{
	long end = now_ms() + WAIT_MS;
	struct rtnl_link_stats64 st;

	do {
		int ret = rtnl_stats(name, &st);

		if (ret || st.tx_dropped >= n)
			return ret;
		usleep(1000);
	} while (now_ms() < end);
	return -ETIMEDOUT;
}

/*
 * The receive virtqueue never began, and the other one broke its rules: a packet for
 * the guest is dropped, and does not wait for buffers that cannot come.
 */
TEST_F(rest, broken_before_receive)
{
	struct guest *g = &self->g;

	if (!variant->pin)
		return;		/* packets wait in the queue, for read() */
	ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_TX, self->e.fd));
	g->vq[G_TX].avail_idx += 1000;
	tvq_publish(&g->vq[G_TX]);
	guest_kick(g, G_TX);
	ASSERT_EQ(1, guest_signalled(g->err[G_TX], WAIT_MS));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	EXPECT_EQ(0, wait_dropped("rest0", 5));
}

/*
 * The kernel drops the packets of a detached queue, and transmits later ones once
 * the queue is attached.
 */
TEST_F(rest, detached_queue)
{
	struct guest *g = &self->g;
	uint8_t pkt[128];
	struct tun_ring_stats st;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, tunfd_queue(self->e.fd, IFF_DETACH_QUEUE));
	ASSERT_LE(0, guest_put(g, NULL, pkt, seq_pkt(pkt, false, 7, 100)));
	guest_kick(g, G_TX);
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.tx.packets);
	EXPECT_EQ(1, st.tx.dropped);
	ASSERT_EQ(0, tunfd_queue(self->e.fd, IFF_ATTACH_QUEUE));
	ASSERT_LE(0, guest_put(g, NULL, pkt, seq_pkt(pkt, false, 8, 100)));
	guest_kick(g, G_TX);
	EXPECT_EQ(0, env_seen(&self->e, 8, 1));
}

TEST_HARNESS_MAIN
