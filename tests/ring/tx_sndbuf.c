// SPDX-License-Identifier: GPL-2.0
/*
 * TUNSETSNDBUF limits the bytes of a transmit ring that the stack holds. A bridge
 * keeps them, by forwarding to an interface whose tbf sends one bit a second.
 */
#include <limits.h>

#include "attach.h"
#include "env.h"

#define STOCK_ONLY_VARIANT	"flags"
#include "harness.h"

#define ENTRIES	64

FIXTURE(sndbuf) {
	int fd;
	struct tring r;
};

FIXTURE_VARIANT(sndbuf) {
	uint64_t features;
	bool attached;
};

FIXTURE_VARIANT_ADD(sndbuf, flags) { 0 };
FIXTURE_VARIANT_ADD(sndbuf, event) { F_META | F_EVENT };
FIXTURE_VARIANT_ADD(sndbuf, worker) { F_META | F_EVENT, true };

static int set_up(struct _test_data_sndbuf *self,
		  const struct _fixture_variant_sndbuf *variant)
{
	struct aconf c = { .c = { variant->features, 8, ENTRIES, 2048, 0 } };

	return variant->attached ? attach_rings(&self->r, self->fd, &c) :
				   tring_setup(&self->r, self->fd, &c.c);
}

/*
 * The tbf's burst lets one packet through. With a limit of four bytes the file is
 * writable once that packet is freed.
 */
static int use_burst(int fd)
{
	struct flow f = { .sport = 1, .dport = 2 };
	char pkt[2048];
	size_t n = pkt_frame(pkt, &f, 1000);
	int ret = tunfd_int(fd, TUNSETSNDBUF, 100000);

	if (!ret && fd_write(fd, pkt, n) != n)
		ret = -EBADMSG;
	if (!ret)
		ret = tunfd_int(fd, TUNSETSNDBUF, 4);
	if (!ret && fd_wait(fd, POLLOUT, WAIT_MS) != POLLOUT)
		ret = -ETIMEDOUT;
	return ret ?: tunfd_int(fd, TUNSETSNDBUF, INT_MAX);
}

FIXTURE_SETUP(sndbuf)
{
	ASSERT_EQ(0, ns_fresh());
	self->fd = tunfd_create_up("t0", TAP_PLAIN);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, rtnl_slow_bridge("t0"));
	ASSERT_EQ(0, use_burst(self->fd));
	ASSERT_EQ(0, set_up(self, variant));
}

/* Packets in the queue of v0 hold the file's socket, and with it the namespace. */
FIXTURE_TEARDOWN(sndbuf)
{
	if_down("v0");
	tring_unmap(&self->r);
	if (self->fd >= 0)
		close(self->fd);
}

/* Fills the ring. Returns the entries that are used when nothing moves. */
static int fill(struct _test_data_sndbuf *self)
{
	struct flow f = { .sport = 1, .dport = 2 };
	uint8_t pkt[2048];
	unsigned int i;
	int ret = 0;

	for (i = 0; ret >= 0 && i < ENTRIES; i++)
		ret = tring_tx_put(&self->r, pkt, pkt_frame(pkt, &f, 1000),
				   NULL);
	tvq_publish(&self->r.tx);
	if (ret >= 0)
		ret = tring_enter(self->fd, TUN_RING_ENTER_TX, 0);
	if (ret >= 0)
		ret = thread_wait_idle(getpid());
	return ret < 0 ? ret : tvq_pending(&self->r.tx);
}

static void limited(struct __test_metadata *_metadata,
		    struct _test_data_sndbuf *self)
{
	struct tun_ring_stats st;
	int n;

	ASSERT_EQ(0, tunfd_int(self->fd, TUNSETSNDBUF, 20000));
	n = fill(self);
	EXPECT_LT(4, n);
	EXPECT_GT(20, n);
	/* a kick does not help */
	EXPECT_LE(0, tring_enter(self->fd, TUN_RING_ENTER_TX, 0));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	EXPECT_EQ(n, tvq_pending(&self->r.tx));
	ASSERT_EQ(0, tring_stats(self->fd, &st));
	EXPECT_EQ(n, st.tx.packets);
	EXPECT_EQ(0, st.tx.dropped);
}

TEST_F(sndbuf, unlimited_by_default)
{
	EXPECT_EQ(ENTRIES, fill(self));
}

/* v0 drops its queue when it goes down, and the ring goes on without a kick. */
TEST_F(sndbuf, goes_on_with_space)
{
	struct tun_ring_stats st;

	limited(_metadata, self);
	ASSERT_EQ(0, if_down("v0"));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	/* nothing is in the way any more */
	EXPECT_EQ(ENTRIES, fill(self));
	ASSERT_EQ(0, tring_stats(self->fd, &st));
	EXPECT_EQ(2 * ENTRIES, st.tx.packets);
}

TEST_F(sndbuf, goes_on_without_limit)
{
	limited(_metadata, self);
	ASSERT_EQ(0, tunfd_int(self->fd, TUNSETSNDBUF, INT_MAX));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
}

/* A packet at a time is in flight with the smallest limit. */
TEST_F(sndbuf, smallest)
{
	ASSERT_EQ(0, tunfd_int(self->fd, TUNSETSNDBUF, 1));
	EXPECT_GT(5, fill(self));
	ASSERT_EQ(0, if_down("v0"));
	EXPECT_EQ(0, tring_tx_drain(&self->r));
}

/* Down: the ring is emptied, although the limit is reached. */
TEST_F(sndbuf, down)
{
	struct tun_ring_stats st;

	limited(_metadata, self);
	ASSERT_EQ(0, if_down("t0"));
	EXPECT_EQ(-EIO, tring_enter(self->fd, TUN_RING_ENTER_TX, 0));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	ASSERT_EQ(0, tring_stats(self->fd, &st));
	EXPECT_EQ(ENTRIES, st.tx.packets + st.tx.dropped);
}

/* Neither teardown nor the end of the device waits for packets in flight. */
TEST_F(sndbuf, end_with_packets_in_flight)
{
	limited(_metadata, self);
	EXPECT_EQ(0, tring_teardown(self->fd));
	ASSERT_EQ(0, set_up(self, variant));
	ASSERT_EQ(0, rtnl_del("t0"));
	close(self->fd);
	self->fd = -1;
}

TEST_HARNESS_MAIN
