// SPDX-License-Identifier: GPL-2.0
/* Attached rings: kicks by eventfds. */
#include "attach_event.h"

TEST_F(event, kick_tx)
{
	struct tun_ring_stats a, b;

	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, tring_stats(self->e.fd, &a));
	ASSERT_EQ(0, put(self, 0, 5));
	EXPECT_TRUE(tvq_wants_kick(&self->r, &self->r.tx));
	EXPECT_EQ(0, event_write(self->kick));
	EXPECT_EQ(0, tvq_wait(&self->r.tx, 5));
	EXPECT_EQ(0, env_seen(&self->e, 0, 5));
	ASSERT_EQ(0, tring_stats(self->e.fd, &b));
	EXPECT_EQ(a.tx.kicks + 1, b.tx.kicks);
}

/* The ring was full: waiting packets are delivered after a kick. */
TEST_F(event, kick_rx)
{
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 12, 100));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 8));
	EXPECT_TRUE(tvq_quiet(&self->r.rx, 8, 20));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	tvq_take(&self->r.rx, 8);
	tring_rx_give(&self->r, 0);
	tring_rx_give(&self->r, 1);
	tvq_publish(&self->r.rx);
	EXPECT_TRUE(tvq_wants_kick(&self->r, &self->r.rx));
	EXPECT_EQ(0, event_write(self->kick));
	EXPECT_EQ(0, tvq_wait(&self->r.rx, 2));
	EXPECT_EQ(8, seq_of(tring_buf(&self->r, 0), 100, false));
	EXPECT_EQ(9, seq_of(tring_buf(&self->r, 1), 100, false));
}

/* The eventfd was signalled before the attach. */
TEST_F(event, kick_before_attach)
{
	struct tun_ring_attach a = attach_params(&self->r, &self->c);
	struct tun_ring_stats st;

	ASSERT_EQ(0, tring_begin(&self->r, self->e.fd));
	ASSERT_EQ(0, put(self, 0, 3));
	ASSERT_EQ(0, event_write(self->kick));
	ASSERT_EQ(0, attach_raw(self->e.fd, &a));
	EXPECT_EQ(0, tvq_wait(&self->r.tx, 3));
	EXPECT_EQ(0, env_seen(&self->e, 0, 3));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.tx.kicks);
}

/*
 * The ring holds a reference to its eventfd after the user closed the
 * descriptor.
 */
TEST_F(event, eventfd_outlives_close)
{
	int kick = dup(self->kick);

	ASSERT_EQ(0, start(self));
	close(self->kick);
	self->kick = kick;
	ASSERT_EQ(0, put(self, 0, 3));
	ASSERT_EQ(0, event_write(kick));
	EXPECT_EQ(0, tvq_wait(&self->r.tx, 3));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(0, event_write(kick));
}

/* A kick while the device is down drops the packets, and is no error. */
TEST_F(event, kick_while_down)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, env_down(&self->e));
	ASSERT_EQ(0, put(self, 0, 4));
	ASSERT_EQ(0, event_write(self->kick));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(4, st.tx.dropped);
	EXPECT_EQ(0, st.tx.packets);
	EXPECT_EQ(0, st.broken);
	ASSERT_EQ(0, env_up(&self->e));
	ASSERT_EQ(0, put(self, 4, 2));
	ASSERT_EQ(0, event_write(self->kick));
	EXPECT_EQ(0, env_seen(&self->e, 4, 2));
}

TEST_HARNESS_MAIN
