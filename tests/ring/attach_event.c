// SPDX-License-Identifier: GPL-2.0
/* Attached rings: kicks and signals by eventfds, and the other notifications. */
#include <sys/eventfd.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

FIXTURE(event) {
	struct env e;
	struct tring r;
	struct aconf c;
	int kick, call;		/* of both rings, if a test sets no other */
};

FIXTURE_VARIANT(event) {
	bool pin;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(event, pinned_flags) { true, F_META };
FIXTURE_VARIANT_ADD(event, pinned_event) { true, F_META | F_EVENT };
FIXTURE_VARIANT_ADD(event, unpinned_flags) { false, F_META };
FIXTURE_VARIANT_ADD(event, unpinned_event) { false, F_META | F_EVENT };

static int event_open(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

FIXTURE_SETUP(event)
{
	self->kick = event_open();
	self->call = event_open();
	ASSERT_LE(0, self->kick);
	ASSERT_LE(0, self->call);
	self->c = (struct aconf) {
		.c = { variant->features, 8, 8, 2048, 0 },
		.pin = variant->pin,
		.rx_kick = self->kick, .tx_kick = self->kick,
		.rx_call = self->call, .tx_call = self->call,
	};
	ASSERT_EQ(0, env_open(&self->e, "atev0", TUN_PLAIN));
	ASSERT_EQ(0, attach_alloc(&self->r, &self->c));
	ASSERT_EQ(0, attach_pool(&self->r, self->e.fd, variant->pin));
}

FIXTURE_TEARDOWN(event)
{
	tring_unmap(&self->r);
	env_close(&self->e);
	close(self->kick);
	close(self->call);
}

static int event_write(int fd)
{
	uint64_t one = 1;

	return write(fd, &one, sizeof(one)) == sizeof(one) ? 0 : -errno;
}

/* Returns the eventfd's count since the last call. Waits for the first signal. */
static int64_t event_read(int fd, int ms)
{
	uint64_t n;

	if (fd_wait(fd, POLLIN, ms) <= 0)
		return 0;
	return read(fd, &n, sizeof(n)) == sizeof(n) ? (int64_t)n : -errno;
}

/*
 * Waits until the worker's first run has ended: that run would find entries
 * without a kick.
 */
static int start(struct _test_data_event *self)
{
	int ret = attach_again(&self->r, self->e.fd, &self->c);

	if (!ret)
		ret = tring_rx_fill(&self->r);
	return ret < 0 ? ret : thread_wait_idle(getpid());
}

/* Makes packets available without a kick. */
static int put(struct _test_data_event *self, uint32_t from, unsigned int n)
{
	uint8_t pkt[128];
	int ret = 0;

	while (n-- && ret >= 0)
		ret = tring_tx_put(&self->r, pkt,
				   seq_pkt(pkt, false, from++, 100), NULL);
	tvq_publish(&self->r.tx);
	return ret < 0 ? ret : 0;
}

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
