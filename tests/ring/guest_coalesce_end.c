// SPDX-License-Identifier: GPL-2.0
/*
 * Entries that the coalescing thread has not found yet when the ring stops, breaks
 * or fills up, or when its device goes down.
 */
#include "guest_coalesce.h"

/*
 * Entries that the thread would have found are transmitted after the next
 * start.
 */
TEST_F(coalesce, stopped_before_thread_polls)
{
	ASSERT_EQ(0, hold(self));
	ASSERT_TRUE(put(self));
	ASSERT_TRUE(used(self, 1, 0));
	ASSERT_FALSE(put(self));
	ASSERT_FALSE(put(self));
	ASSERT_EQ(0, calls(self));
	ASSERT_EQ(0, guest_stop(&self->g));
	EXPECT_EQ(1, calls(self));
	EXPECT_EQ(tvq_used_idx(&self->g.vq[G_TX]), guest_base(&self->g, G_TX));
	ASSERT_EQ(0, let_go(self));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
	self->thread = thread_of_rings(getpid());
	ASSERT_EQ(0, went(self, 3));
	EXPECT_TRUE(put(self));
	EXPECT_EQ(0, went(self, 1));
}

/* The thread has polled. The packets are used, and a packet of now is dropped. */
static void dropped(struct __test_metadata *_metadata,
		    struct _test_data_coalesce *self)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, tvq_wait(&self->g.vq[G_TX], 2));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	EXPECT_LT(0, calls(self));
	EXPECT_TRUE(put(self));
	ASSERT_EQ(0, tvq_wait(&self->g.vq[G_TX], 3));
	tvq_take(&self->g.vq[G_TX], 3);
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(3, st.tx.packets + st.tx.dropped);
	EXPECT_LE(1, st.tx.dropped);
	EXPECT_EQ(0, env_seen(&self->e, 0, st.tx.packets));
	ASSERT_EQ(0, tvq_wait_asks(&self->r, &self->g.vq[G_TX]));
	ASSERT_EQ(0, thread_wait_blocked(self->thread));
}

/* On a device that is down nothing is transmitted. */
TEST_F(coalesce, down_before_thread_polls)
{
	ASSERT_EQ(0, hold(self));
	ASSERT_TRUE(put(self));
	ASSERT_TRUE(used(self, 1, 0));
	ASSERT_FALSE(put(self));
	/* the call may sleep before the device is down */
	ASSERT_EQ(0, env_down(&self->e));
	ASSERT_EQ(0, let_go(self));
	dropped(_metadata, self);
	ASSERT_EQ(0, env_up(&self->e));
	EXPECT_TRUE(put(self));
	EXPECT_EQ(0, went(self, 1));
}

TEST_F(coalesce, detached_before_thread_polls)
{
	int fd = self->e.fd;

	ASSERT_EQ(0, hold(self));
	ASSERT_TRUE(put(self));
	ASSERT_TRUE(used(self, 1, 0));
	ASSERT_FALSE(put(self));
	ASSERT_EQ(0, tunfd_queue(fd, IFF_DETACH_QUEUE));
	ASSERT_EQ(0, let_go(self));
	dropped(_metadata, self);
	ASSERT_EQ(0, tunfd_queue(fd, IFF_ATTACH_QUEUE));
	EXPECT_TRUE(put(self));
	EXPECT_EQ(0, went(self, 1));
}

/*
 * A bad head behind two packets breaks the ring. The two used entries are
 * signalled.
 */
TEST_F(coalesce, broken_behind_packets)
{
	struct tvq *vq = &self->g.vq[G_TX];
	struct tun_ring_stats st;
	uint8_t pkt[128];
	int i;

	for (i = 0; i < 2; i++)
		guest_prepare(&self->g, NULL, pkt, seq_pkt(pkt, false, i, 100));
	tvq_put(vq, 999);
	tvq_publish(vq);
	guest_kick(&self->g, G_TX);
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	EXPECT_EQ(2, tvq_pending(vq));
	/* one signal for the broken ring, one for the used entries */
	EXPECT_EQ(2, calls(self));
}

/*
 * The number of unsignalled entries is limited by the ring size, even if the
 * thread does not run.
 */
TEST_F(coalesce, signalled_before_index_wraps)
{
	unsigned int i;

	ASSERT_EQ(0, hold(self));
	ASSERT_TRUE(put(self));
	ASSERT_TRUE(used(self, 1, 0));
	for (i = 2; i < G_ENTRIES; i++) {
		ASSERT_FALSE(put(self));
		guest_kick(&self->g, G_RX);
		ASSERT_TRUE(used(self, i, 0));
	}
	EXPECT_EQ(0, calls(self));
	ASSERT_FALSE(put(self));
	guest_kick(&self->g, G_RX);
	ASSERT_TRUE(used(self, i, 0));
	EXPECT_EQ(1, calls(self));
	ASSERT_EQ(0, let_go(self));
	EXPECT_EQ(0, went(self, G_ENTRIES));
}

TEST_HARNESS_MAIN
