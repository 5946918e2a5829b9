// SPDX-License-Identifier: GPL-2.0
/* Attached rings: signals by eventfds, and the other notifications. */
#include "attach_event.h"

/* One ring without an eventfd, the other with one. */
TEST_F(event, eventfd_for_one_ring)
{
	struct tun_ring_stats st;
	int rx_call = event_open();

	self->c.rx_kick = 0;
	self->c.rx_call = rx_call;
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, put(self, 0, 2));
	ASSERT_EQ(0, event_write(self->kick));
	EXPECT_EQ(0, tvq_wait(&self->r.tx, 2));
	EXPECT_LE(1, event_read(self->call, WAIT_MS));
	EXPECT_EQ(0, event_read(rx_call, 0));
	ASSERT_EQ(0, env_inject(&self->e, 0, 100));
	EXPECT_LE(1, event_read(rx_call, WAIT_MS));
	EXPECT_EQ(0, event_read(self->call, 0));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.tx.kicks);
	EXPECT_EQ(1, st.rx.wakeups);
	close(rx_call);
}

/* The user enables and disables the signals of the rx ring. */
TEST_F(event, rx_signal_only_if_enabled)
{
	bool event = variant->features & F_EVENT;
	struct tun_ring_stats st;

	ASSERT_EQ(0, start(self));
	if (event)
		tvq_set_used_event(&self->r.rx, 3);
	else
		tvq_flags(&self->r.rx, VRING_AVAIL_F_NO_INTERRUPT);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 3));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	EXPECT_EQ(0, event_read(self->call, 20));
	tvq_flags(&self->r.rx, 0);
	ASSERT_EQ(0, env_inject(&self->e, 3, 100));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 4));
	EXPECT_EQ(1, event_read(self->call, WAIT_MS));
	/* with event_idx, the user must write used_event for each signal */
	ASSERT_EQ(0, env_inject(&self->e, 4, 100));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 5));
	EXPECT_EQ(!event, event_read(self->call, event ? 20 : WAIT_MS));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(event ? 1 : 2, st.rx.wakeups);
}

TEST_F(event, tx_signal_only_if_enabled)
{
	bool event = variant->features & F_EVENT;

	ASSERT_EQ(0, start(self));
	if (event)
		tvq_set_used_event(&self->r.tx, 2);
	else
		tvq_flags(&self->r.tx, VRING_AVAIL_F_NO_INTERRUPT);
	ASSERT_EQ(0, put(self, 0, 2));
	ASSERT_EQ(0, event_write(self->kick));
	ASSERT_EQ(0, tvq_wait(&self->r.tx, 2));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	EXPECT_EQ(0, event_read(self->call, 20));
	tvq_flags(&self->r.tx, 0);
	/* nothing is consumed, so used_event does not move */
	tvq_desc(&self->r.tx, 0, 8 * 2048, 100, 0, 0);
	tvq_put(&self->r.tx, 0);
	tvq_publish(&self->r.tx);
	ASSERT_EQ(0, event_write(self->kick));
	EXPECT_EQ(1, event_read(self->call, WAIT_MS));
	EXPECT_EQ(3, tvq_pending(&self->r.tx));
}

/* poll, TUNRINGENTER and an empty write() still work. */
TEST_F(event, poll_enter_and_write)
{
	ASSERT_EQ(0, start(self));
	EXPECT_EQ(0, fd_wait(self->e.fd, POLLIN, 0));
	ASSERT_EQ(0, env_inject(&self->e, 0, 100));
	EXPECT_EQ(POLLIN, fd_wait(self->e.fd, POLLIN, WAIT_MS));
	EXPECT_EQ(1, tring_enter(self->e.fd, TUN_RING_ENTER_WAIT, -1));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, 1));
	EXPECT_EQ(0, tring_enter(self->e.fd, TUN_RING_ENTER_WAIT, NS_PER_MS));
	ASSERT_EQ(0, put(self, 0, 2));
	EXPECT_EQ(0, write(self->e.fd, "", 0));
	EXPECT_EQ(0, tvq_wait(&self->r.tx, 2));
	ASSERT_EQ(0, put(self, 2, 2));
	EXPECT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	EXPECT_EQ(0, env_seen(&self->e, 0, 4));
}

/* A broken ring signals its eventfd even if the user disabled signals. */
TEST_F(event, broken_ring_signals)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, start(self));
	tvq_flags(&self->r.rx, VRING_AVAIL_F_NO_INTERRUPT);
	tvq_flags(&self->r.tx, VRING_AVAIL_F_NO_INTERRUPT);
	tvq_put(&self->r.tx, 8);
	tvq_publish(&self->r.tx);
	ASSERT_EQ(0, event_write(self->kick));
	EXPECT_LE(1, event_read(self->call, WAIT_MS));
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	EXPECT_TRUE(fd_wait(self->e.fd, POLLIN, WAIT_MS) & POLLERR);
	/* the ring ignores a kick */
	EXPECT_EQ(0, event_write(self->kick));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
}

/* Deleting the device signals the eventfd. */
TEST_F(event, device_deleted)
{
	ASSERT_EQ(0, start(self));
	event_read(self->call, 0);
	ASSERT_EQ(0, rtnl_del("atev0"));
	EXPECT_LE(1, event_read(self->call, WAIT_MS));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
}

TEST_HARNESS_MAIN
