// SPDX-License-Identifier: GPL-2.0
/*
 * A guest that breaks the rules: its rings become broken, its monitor gets an
 * error signal, and the device and other queues continue.
 */
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "guest.h"
#include "violations.h"

/* Rules whose breach the driver notices before it follows an address. */
#define STOCK_ONLY_VARIANT \
	"pinned runs_back loop later unasked direction odd_length empty next"
#include "harness.h"

FIXTURE(ghostile) {
	struct env e;
	struct guest g;
	struct tring view;	/* the part that a violation uses */
	int other_fd;		/* another device with its own guest */
	struct guest other;
	struct env other_e;
};

FIXTURE_VARIANT(ghostile) {
	unsigned int i;		/* the ring with the violation */
	uint64_t features;
	void (*breaks)(struct tring *r, struct tvq *vq, uint16_t dir);
	bool pin;
};

#define BOTH(name, features)						\
	GUEST_VARIANTS(ghostile, rx_##name, G_RX, features, name);	\
	GUEST_VARIANTS(ghostile, tx_##name, G_TX, features, name)

BOTH(avail_runs_away, 0);
BOTH(avail_runs_back, G_EVENT);
BOTH(head_out_of_range, 0);
BOTH(head_far_out, G_MRG);
BOTH(next_out_of_range, 0);
BOTH(next_far_out, G_EVENT);
BOTH(loop_to_itself, 0);
BOTH(loop_of_two, G_EVENT);
BOTH(loop_of_nothing, 0);
BOTH(beyond_pool, 0);
BOTH(far_beyond_pool, G_MRG);
BOTH(length_beyond_pool, 0);
BOTH(address_wraps, 0);
BOTH(address_at_the_end, 0);
BOTH(second_beyond_pool, 0);
BOTH(wrong_direction, 0);
BOTH(wrong_direction_later, 0);
BOTH(indirect_unasked, 0);
BOTH(indirect_in_indirect, G_INDIRECT);
BOTH(indirect_later, G_INDIRECT);
BOTH(indirect_and_next, G_INDIRECT);
BOTH(indirect_odd_length, G_INDIRECT);
BOTH(indirect_empty, G_INDIRECT);
BOTH(indirect_huge, G_INDIRECT | G_EVENT);
BOTH(indirect_beyond_pool, G_INDIRECT);
BOTH(indirect_wraps, G_INDIRECT);
BOTH(indirect_next_out, G_INDIRECT);
BOTH(indirect_loop, G_INDIRECT);
BOTH(chain_too_long, G_INDIRECT);
BOTH(indirect_end_beyond_pool, G_INDIRECT);
GUEST_VARIANTS(ghostile, rx_empty_segment, G_RX, G_INDIRECT, empty_segment);
GUEST_VARIANTS(ghostile, rx_no_bytes, G_RX, 0, no_bytes);
GUEST_VARIANTS(ghostile, rx_too_many_segments, G_RX, 0, too_many_segments);
GUEST_VARIANTS(ghostile, rx_segments_of_one_byte, G_RX, G_INDIRECT,
	       segments_of_one_byte);

FIXTURE_SETUP(ghostile)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open_in(&self->g, dup(self->e.fd), variant->pin,
				   G_V1 | variant->features, 0));
	self->view.pool = self->g.pool;
	self->view.s.pool_len = G_POOL;
	self->other_fd = tunfd_create_up("guest1", TUN_PLAIN);
	ASSERT_LE(0, self->other_fd);
	self->other_e = self->e;
	self->other_e.sk = psock_open("guest1", false);
	ASSERT_EQ(0, guest_open_in(&self->other, tunfd_open(), variant->pin,
				   G_V1, 0));
	ASSERT_EQ(0, guest_start(&self->other, self->other_fd));
	guest_fill(&self->other);
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
}

FIXTURE_TEARDOWN(ghostile)
{
	close(self->other_e.sk);
	close(self->other_fd);
	guest_close(&self->other);
	guest_close(&self->g);
	env_close(&self->e);
}

/* A kick and, for rx, packets make the worker read the ring. */
static void provoke(struct env *e, struct guest *g, unsigned int i)
{
	unsigned int n;

	tvq_publish(&g->vq[i]);
	guest_kick(g, i);
	for (n = 0; i == G_RX && n < 3; n++)
		env_inject(e, n, 60);
}

TEST_F(ghostile, ring_is_broken)
{
	struct guest *g = &self->g;
	struct tvq *vq = &g->vq[variant->i];
	struct tun_ring_stats st;
	int fd = self->e.fd, err;
	uint8_t pkt[64];

	variant->breaks(&self->view, vq,
			variant->i == G_RX ? VRING_DESC_F_WRITE : 0);
	provoke(&self->e, g, variant->i);
	ASSERT_EQ(0, tring_wait_broken(fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	EXPECT_EQ(TUN_RING_MODE_GUEST, st.mode);
	EXPECT_EQ(1, guest_signalled(g->err[variant->i], WAIT_MS));
	/* an eventfd that comes later has missed the error */
	err = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ASSERT_EQ(0, guest_file(g, VHOST_SET_VRING_ERR, variant->i, err));
	EXPECT_EQ(1, guest_signalled(err, 0));
	close(g->err[variant->i]);
	g->err[variant->i] = err;
	/* the other device's guest still works */
	EXPECT_EQ(0, guest_works(&self->other, &self->other_e, 1));
	/* write() still works */
	EXPECT_EQ(60, write(fd, pkt, seq_pkt(pkt, false, 7, 60)));
	EXPECT_EQ(0, env_seen(&self->e, 7, 1));
	/*
	 * setting one backend does not restart the ring: the other one is still
	 * broken
	 */
	EXPECT_EQ(-EPROTO,
		  guest_file(g, VHOST_NET_SET_BACKEND, variant->i, fd));

	/* after a new start the guest works */
	ASSERT_EQ(0, guest_stop(g));
	fd_drain(fd);
	guest_fresh_rings(g);
	ASSERT_EQ(0, guest_describe(g, G_RX));
	ASSERT_EQ(0, guest_describe(g, G_TX));
	ASSERT_EQ(0, guest_start(g, fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 8));
	ASSERT_EQ(0, tring_stats(fd, &st));
	EXPECT_EQ(0, st.broken);
	EXPECT_EQ(0, guest_signalled(g->err[variant->i], 0));
}

TEST_HARNESS_MAIN
