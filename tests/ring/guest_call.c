// SPDX-License-Identifier: GPL-2.0
/* Notifications of a guest: signals to the guest and kicks from it. */
#include <sys/eventfd.h>

#include "guest.h"

#define STOCK_ONLY_VARIANT	"pinned"
#include "harness.h"

FIXTURE(gcall) {
	struct env e;
	struct guest g;
};

FIXTURE_VARIANT(gcall) {
	uint64_t features;
	bool pin;
};

GUEST_VARIANTS(gcall, flags, 0);
GUEST_VARIANTS(gcall, event, G_EVENT);
GUEST_VARIANTS(gcall, empty, G_EMPTY);
GUEST_VARIANTS(gcall, event_empty, G_EVENT | G_EMPTY);

FIXTURE_SETUP(gcall)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open_in(&self->g, dup(self->e.fd), variant->pin,
				   G_V1 | variant->features, 0));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
}

FIXTURE_TEARDOWN(gcall)
{
	guest_close(&self->g);
	env_close(&self->e);
}

/* Enables a signal for the next used entry, or disables signals. */
static void want_calls(struct guest *g, unsigned int i, bool want)
{
	tvq_flags(&g->vq[i], want ? 0 : VRING_AVAIL_F_NO_INTERRUPT);
	tvq_set_used_event(&g->vq[i], g->vq[i].taken + (want ? 0 : 1000));
}

static int one(struct env *e, struct guest *g, uint32_t seq)
{
	int ret = env_inject(e, seq, 100);

	return ret ?: tvq_wait(&g->vq[G_RX], 1);
}

TEST_F(gcall, signals_enabled)
{
	struct guest *g = &self->g;
	uint8_t pkt[128];
	unsigned int i;

	guest_fill(g);
	for (i = 0; i < 5; i++) {
		want_calls(g, G_RX, true);
		ASSERT_EQ(0, one(&self->e, g, i));
		EXPECT_EQ(1, guest_signalled(g->call[G_RX], WAIT_MS));
		tvq_take(&g->vq[G_RX], 1);
	}
	want_calls(g, G_TX, true);
	/* not consumed before the signal, because that would write used_event */
	guest_put(g, NULL, pkt, seq_pkt(pkt, false, 0, 100));
	guest_kick(g, G_TX);
	EXPECT_EQ(1, guest_signalled(g->call[G_TX], WAIT_MS));
	EXPECT_EQ(1, tvq_pending(&g->vq[G_TX]));
}

/*
 * With NOTIFY_ON_EMPTY the last buffer is signalled although signals are
 * disabled.
 */
TEST_F(gcall, signals_disabled)
{
	bool empty = variant->features & G_EMPTY;
	struct guest *g = &self->g;

	guest_give(g, 0, G_BUF);
	guest_give(g, 1, G_BUF);
	guest_kick(g, G_RX);
	want_calls(g, G_RX, false);
	ASSERT_EQ(0, one(&self->e, g, 0));
	EXPECT_EQ(0, guest_signalled(g->call[G_RX], 30));
	/* consumed, but used_event stays far ahead */
	g->vq[G_RX].taken++;
	ASSERT_EQ(0, one(&self->e, g, 1));
	EXPECT_EQ(empty, guest_signalled(g->call[G_RX], empty ? WAIT_MS : 30));
}

TEST_F(gcall, no_call_eventfd)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_file(g, VHOST_SET_VRING_CALL, G_RX, -1));
	ASSERT_EQ(0, guest_file(g, VHOST_SET_VRING_CALL, G_TX, -1));
	ASSERT_EQ(0, guest_file(g, VHOST_SET_VRING_ERR, G_TX, -1));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
	EXPECT_EQ(0, guest_signalled(g->call[G_RX], 0));
}

/* The kernel may have signalled the old eventfd just now, so it signals the new one. */
TEST_F(gcall, replaced)
{
	struct guest *g = &self->g;
	int old = g->call[G_RX];

	g->call[G_RX] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ASSERT_EQ(0, guest_file(g, VHOST_SET_VRING_CALL, G_RX, g->call[G_RX]));
	EXPECT_EQ(1, guest_signalled(g->call[G_RX], 0));
	EXPECT_EQ(0, guest_signalled(old, 0));
	/* the same eventfd again is no replacement */
	ASSERT_EQ(0, guest_file(g, VHOST_SET_VRING_CALL, G_RX, g->call[G_RX]));
	EXPECT_EQ(0, guest_signalled(g->call[G_RX], 0));
	close(old);
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
}

/* Is the entry used soon? Sleeping here would miss the worker's busy poll. */
static bool found(const struct tvq *vq)
{
	long end = now_ms() + 3;

	while (!tvq_pending(vq))
		if (now_ms() > end)
			return false;
	return true;
}

/*
 * A busy-polling worker uses a new entry without a kick. The worker enables
 * kicks when it found no work for the busy-poll time, which is a millisecond at
 * most. On a busy machine the worker or the test may lose that time, so the
 * test tries repeatedly. NAPI has no busy poll: the test waits until each poll
 * has ended.
 */
TEST_F(gcall, busy_loop)
{
	struct guest *g = &self->g;
	struct tvq *vq = &g->vq[G_TX];
	long end = now_ms() + WAIT_MS;
	unsigned int i, n = 0;
	uint8_t pkt[128];

	ASSERT_EQ(0,
		  guest_vring(g, VHOST_SET_VRING_BUSYLOOP_TIMEOUT, G_RX, 1000));
	ASSERT_EQ(0,
		  guest_vring(g, VHOST_SET_VRING_BUSYLOOP_TIMEOUT, G_TX, 1000));
	guest_fill(g);
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 1));
	for (i = 1; i < (variant->pin ? 30 : 50) ||
		    (!n && !variant->pin && now_ms() < end);
	     i++) {
		if (variant->pin)
			ASSERT_EQ(0, thread_wait_idle(getpid()));
		ASSERT_LE(0,
			  guest_put(g, NULL, pkt, seq_pkt(pkt, false, i, 100)));
		if (found(vq)) {
			n++;
		} else {
			guest_kick(g, G_TX);
			ASSERT_EQ(0, tvq_wait(vq, 1));
			fd_drain(self->e.sk);
		}
		tvq_take(vq, 1);
	}
	/* without a worker, a kick costs no more than polling */
	EXPECT_EQ(variant->pin, !n);
	/* a used packet may still be in NAPI's GRO list */
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	fd_drain(self->e.sk);
	EXPECT_EQ(0, guest_works(g, &self->e, i));
}

/* Does the driver want a kick for the next available entry? */
static bool asks(const struct guest *g, unsigned int i)
{
	const struct tvq *vq = &g->vq[i];

	if (g->features & G_EVENT)
		return tvq_avail_event(vq) == vq->avail_idx;
	return !tvq_used_flags(vq);
}

/*
 * An idle worker has enabled kicks. A guest that relies on this may stay
 * silent.
 */
TEST_F(gcall, idle_enables_kicks)
{
	struct guest *g = &self->g;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, guest_transmit(g, &self->e, i, 1));
		ASSERT_EQ(0, thread_wait_idle(getpid()));
		EXPECT_TRUE(asks(g, G_TX));
	}
}

/* The same holds after a received packet ended the worker's busy poll. */
TEST_F(gcall, idle_enables_kicks_after_receive)
{
	struct guest *g = &self->g;
	unsigned int i;

	ASSERT_EQ(0,
		  guest_vring(g, VHOST_SET_VRING_BUSYLOOP_TIMEOUT, G_TX, 1000));
	guest_fill(g);
	for (i = 0; i < G_ENTRIES; i++) {
		ASSERT_EQ(0, guest_transmit(g, &self->e, i, 1));
		ASSERT_EQ(0, one(&self->e, g, i));
		tvq_take(&g->vq[G_RX], 1);
		ASSERT_EQ(0, thread_wait_idle(getpid()));
		ASSERT_TRUE(asks(g, G_TX));
	}
}

TEST_HARNESS_MAIN
