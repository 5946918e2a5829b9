// SPDX-License-Identifier: GPL-2.0
/*
 * A user that breaks the rules: its rings become broken, calls return an error,
 * and the device continues. mq.c shows that other queues continue.
 */
#include "env.h"
#include "violations.h"

#define STOCK_ONLY_VARIANT \
	"runs_back loop later unasked odd_length empty next"
#include "harness.h"

FIXTURE(hostile) {
	struct env e;
	struct tring r;
	int log;
};

FIXTURE_VARIANT(hostile) {
	bool rx;		/* the ring with the violation */
	uint64_t features;
	void (*breaks)(struct tring *r, struct tvq *vq, uint16_t dir);
};

#define BOTH(name, features)						\
	FIXTURE_VARIANT_ADD(hostile, rx_##name) { true, features, name };	\
	FIXTURE_VARIANT_ADD(hostile, tx_##name) { false, features, name }

BOTH(avail_runs_away, 0);
BOTH(avail_runs_back, F_EVENT);
BOTH(head_out_of_range, 0);
BOTH(head_far_out, F_META);
BOTH(next_out_of_range, 0);
BOTH(next_far_out, F_META);
BOTH(loop_to_itself, 0);
BOTH(loop_of_two, F_EVENT);
BOTH(loop_of_nothing, F_META);
BOTH(beyond_pool, 0);
BOTH(far_beyond_pool, 0);
BOTH(length_beyond_pool, F_META);
BOTH(address_wraps, 0);
BOTH(address_at_the_end, 0);
BOTH(second_beyond_pool, F_META);
BOTH(wrong_direction, 0);
BOTH(wrong_direction_later, F_META);
BOTH(indirect_unasked, 0);
BOTH(indirect_in_indirect, F_INDIRECT);
BOTH(indirect_later, F_INDIRECT);
BOTH(indirect_and_next, F_INDIRECT | F_META);
BOTH(indirect_odd_length, F_INDIRECT);
BOTH(indirect_empty, F_INDIRECT);
BOTH(indirect_huge, F_INDIRECT);
BOTH(indirect_beyond_pool, F_INDIRECT | F_META);
BOTH(indirect_wraps, F_INDIRECT);
BOTH(indirect_next_out, F_INDIRECT);
BOTH(indirect_loop, F_INDIRECT);
BOTH(chain_too_long, F_INDIRECT);
BOTH(indirect_end_beyond_pool, F_INDIRECT);
FIXTURE_VARIANT_ADD(hostile, rx_empty_segment) {
	true, F_INDIRECT | F_META, empty_segment
};
FIXTURE_VARIANT_ADD(hostile, rx_no_bytes) { true, 0, no_bytes };
FIXTURE_VARIANT_ADD(hostile, rx_no_bytes_meta) { true, F_META, no_bytes };
FIXTURE_VARIANT_ADD(hostile, rx_too_many_segments) {
	true, F_META, too_many_segments
};
FIXTURE_VARIANT_ADD(hostile, rx_segments_of_one_byte) {
	true, F_INDIRECT, segments_of_one_byte
};

FIXTURE_SETUP(hostile)
{
	struct tconf c = { variant->features, 8, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "hostile0", TUN_PLAIN));
	self->log = dmesg_open();
	ASSERT_LE(0, self->log);
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(hostile)
{
	tring_unmap(&self->r);
	close(self->log);
	env_close(&self->e);
}

/* A kick and, for rx, packets make the kernel read the ring. */
static void provoke(struct env *e, struct tring *r, bool rx)
{
	unsigned int i;

	tvq_publish(rx ? &r->rx : &r->tx);
	tring_enter(e->fd, rx ? TUN_RING_ENTER_RX : TUN_RING_ENTER_TX, 0);
	for (i = 0; rx && i < 3; i++)
		env_inject(e, i, 60);
}

TEST_F(hostile, ring_is_broken)
{
	struct tvq *vq = variant->rx ? &self->r.rx : &self->r.tx;
	struct tconf c = { 0, 8, 8, 2048, 0 };
	struct tun_ring_stats st;
	int fd = self->e.fd, n;
	struct tring again;
	uint8_t pkt[64];

	variant->breaks(&self->r, vq, variant->rx ? VRING_DESC_F_WRITE : 0);
	provoke(&self->e, &self->r, variant->rx);
	ASSERT_EQ(0, tring_wait_broken(fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	EXPECT_EQ(TUN_RING_MODE_MAPPED, st.mode);
	EXPECT_TRUE(fd_wait(fd, POLLIN, 0) & POLLERR);
	EXPECT_EQ(-EPROTO, tring_enter(fd, TUN_RING_ENTER_TX, 0));
	EXPECT_EQ(-EPROTO, tring_enter(fd, TUN_RING_ENTER_RX, 0));
	EXPECT_EQ(-EPROTO, tring_enter(fd, TUN_RING_ENTER_WAIT, -1));
	EXPECT_EQ(-EPROTO, fd_write(fd, "", 0));
	EXPECT_EQ(60, write(fd, pkt, seq_pkt(pkt, false, 7, 60)));
	EXPECT_EQ(0, env_seen(&self->e, 7, 1));
	n = dmesg_count(self->log, "hostile0");
	EXPECT_LE(0, n);
	EXPECT_GE(1, n);

	/* rings set up anew work */
	EXPECT_EQ(0, tring_teardown(fd));
	ASSERT_EQ(0, tring_setup(&again, fd, &c));
	ASSERT_EQ(0, tring_stats(fd, &st));
	EXPECT_EQ(0, st.broken);
	EXPECT_EQ(0, tring_send(&again, pkt, seq_pkt(pkt, false, 3, 60), NULL));
	EXPECT_EQ(0, env_seen(&self->e, 3, 1));
	tring_unmap(&again);
}

TEST_HARNESS_MAIN
