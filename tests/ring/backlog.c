// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that waited for read() reach the rings in pieces: each hold of the
 * ring's lock delivers a bounded number and publishes it. Without F_EVENT each
 * publication notifies, so the ring's wake-ups count the pieces.
 */
#include "attach.h"
#include "env.h"

#define STOCK_ONLY_VARIANT	"mapped_meta"
#include "harness.h"

#define PACKETS	300	/* fewer than the 500 that the queue holds */
#define PIECE	64	/* at most so many in one hold of the lock */
#define PIECES	((PACKETS + PIECE - 1) / PIECE)

FIXTURE(backlog) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(backlog) {
	bool attached;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(backlog, mapped_meta) { false, F_META };
FIXTURE_VARIANT_ADD(backlog, mapped) { false, 0 };
FIXTURE_VARIANT_ADD(backlog, pinned_meta) { true, F_META };

FIXTURE_SETUP(backlog)
{
	ASSERT_EQ(0, env_open(&self->e, "backlog0", TUN_PLAIN));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, PACKETS, 100));
}

FIXTURE_TEARDOWN(backlog)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int attach_filled(struct env *e, struct tring *r, const struct tconf *tc)
{
	struct aconf c = { .c = *tc, .pin = true };
	struct tun_ring_attach a;
	int ret = attach_alloc(r, &c);

	if (!ret)
		ret = attach_pool(r, e->fd, true);
	if (!ret)
		ret = tring_begin(r, e->fd);
	if (ret)
		return ret;
	tring_rx_fill(r);		/* its kick finds no ring yet */
	a = attach_params(r, &c);
	return attach_raw(e->fd, &a);
}

static int pieces(const struct env *e)
{
	struct tun_ring_stats st;
	int ret = tring_stats(e->fd, &st);

	if (ret)
		return ret;
	return st.rx.packets == PACKETS && !st.rx.dropped ?
	       (int)st.rx.wakeups : -EBADE;
}

/* All buffers are there when the ring begins, or come with a single kick. */
TEST_F(backlog, comes_in_pieces)
{
	struct tconf c = { variant->features, 512, 8, 2048, 0 };

	if (variant->attached) {
		ASSERT_EQ(0, attach_filled(&self->e, &self->r, &c));
	} else {
		ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
		ASSERT_LE(0, tring_rx_fill(&self->r));
	}
	ASSERT_EQ(0, tvq_wait(&self->r.rx, PACKETS));
	EXPECT_LE(PIECES, pieces(&self->e));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, PACKETS));
}

/* The kicks that the user made are counted, and no others. */
TEST_F(backlog, a_kick_counts_once)
{
	struct tconf c = { variant->features, 512, 8, 2048, 0 };
	struct tun_ring_stats st;

	if (variant->attached)
		return;
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, PACKETS));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1, st.rx.kicks);
}

/* TUNSETQUEUE that detaches the queue drops the packets that wait, as without rings. */
TEST_F(backlog, detached_meanwhile)
{
	struct tconf c = { variant->features, 512, 8, 2048, 0 };

	close(self->e.fd);
	self->e.fd = tunfd_create_up("backlog1", TUN_PLAIN | IFF_MULTI_QUEUE);
	ASSERT_LE(0, self->e.fd);
	close(self->e.sk);
	self->e.sk = psock_open("backlog1", false);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, PACKETS, 100));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_EQ(0, tunfd_queue(self->e.fd, IFF_DETACH_QUEUE));
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, tunfd_queue(self->e.fd, IFF_ATTACH_QUEUE));
	ASSERT_EQ(0, env_inject_n(&self->e, PACKETS, 5, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, PACKETS, 5));
}

TEST_HARNESS_MAIN
