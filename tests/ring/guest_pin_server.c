// SPDX-License-Identifier: GPL-2.0
/* Guests in pinned memory: NAPI or a worker serves the rings, and replaces the other. */
#include <sys/mman.h>

#include "dirty.h"
#include "guest_pin.h"

/* Is any page dirty that packets are received into? */
static bool any_dirty(const uint8_t *log)
{
	unsigned int i;

	for (i = 0; i < G_ENTRIES; i++)
		if (dirty_is_set(log, i))
			return true;
	return false;
}

/* Logging switches to the worker, and back, under traffic. */
TEST_F(gpin, logging)
{
	struct guest *g = &self->g;
	uint8_t *log = dirty_log(g);
	struct tun_ring_stats st;
	uint32_t seq = 0;
	unsigned int i;

	ASSERT_NE(NULL, log);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, flood_start(&self->f));
	for (i = 0; i < 6; i++) {
		ASSERT_EQ(0, guest_expect(g, false, seq, 25));
		seq += 25;
		flood_done(&self->f, seq);
		memset(log, 0, DIRTY_BYTES);
		ASSERT_EQ(0, guest_features(g, G_V1 | G_EVENT | G_LOG));
		EXPECT_SERVER("worker");
		ASSERT_EQ(0, guest_expect(g, false, seq, 25));
		seq += 25;
		flood_done(&self->f, seq);
		/* more packets than buffers were available before the switch */
		EXPECT_TRUE(any_dirty(log));
		ASSERT_EQ(0, guest_transmit(g, &self->e, i, 1));
		ASSERT_EQ(0, guest_features(g, G_V1 | G_EVENT));
		EXPECT_SERVER("kernel");
		ASSERT_EQ(0, guest_transmit(g, &self->e, i, 1));
	}
	EXPECT_EQ(0, flood_join(&self->f, true));
	/* the counters are not reset */
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(12, st.tx.packets);
	EXPECT_LE(seq, st.rx.packets);
	munmap(log, DIRTY_BYTES);
}

/* SET_VRING_ADDR enables logging for one used ring. */
TEST_F(gpin, logging_of_a_ring)
{
	struct guest *g = &self->g;
	uint8_t *log = dirty_log(g);

	ASSERT_NE(NULL, log);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	ASSERT_EQ(0, guest_addr(g, G_RX, 1, 5 * 4096));
	EXPECT_SERVER("worker");
	ASSERT_EQ(0, guest_works(g, &self->e, 1));
	EXPECT_TRUE(dirty_is_set(log, 5));
	ASSERT_EQ(0, guest_addr(g, G_RX, 0, 0));
	EXPECT_SERVER("kernel");
	ASSERT_EQ(0, guest_works(g, &self->e, 2));
	munmap(log, DIRTY_BYTES);
}

/* Unmapped ring addresses stop the ring at its index. */
TEST_F(gpin, unmapped_ring_addresses)
{
	uint8_t *nothing = mmap(NULL, G_PART, PROT_NONE, MAP_PRIVATE |
				MAP_ANONYMOUS, -1, 0);
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 3));
	g->vq[G_TX].used = (void *)nothing;
	EXPECT_EQ(-EFAULT, guest_addr(g, G_TX, 0, 0));
	EXPECT_EQ(3, guest_base(g, G_TX));
	munmap(nothing, G_PART);
}

/* The worker serves memory that cannot be pinned: too much, or unmapped. */
TEST_F(gpin, unpinnable_memory)
{
	struct guest *g = &self->g;
	struct vhost_memory_region r[2] = {
		{ 0, G_POOL, (uintptr_t)g->pool },
		{ 1ULL << 40, 1ULL << 46, 4096 },
	};
	unsigned int i;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	for (i = 0; i < 3; i++) {
		EXPECT_SERVER("kernel");
		ASSERT_EQ(0, guest_works(g, &self->e, 2 * i));
		ASSERT_EQ(0, guest_table(g, r, 2));
		EXPECT_SERVER("worker");
		EXPECT_EQ(0, proc_status_kb("VmLck:"));
		ASSERT_EQ(0, guest_works(g, &self->e, 2 * i + 1));
		ASSERT_EQ(0, guest_table_default(g));
	}
	EXPECT_SERVER("kernel");
}

/* The descriptor table is not aligned, so the worker serves the ring. */
TEST_F(gpin, misaligned_descriptors)
{
	struct guest *g = &self->g;
	struct tvq *vq = &g->vq[G_RX];
	unsigned int i;

	vq->desc = (void *)((uint8_t *)vq->desc + 8);
	ASSERT_EQ(0, guest_addr(g, G_RX, 0, 0));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_SERVER("worker");
	for (i = 0; i < G_ENTRIES; i++)
		guest_give(g, i, G_BUF);
	guest_kick(g, G_RX);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
}

/* A broken ring stays broken when the server or the table changes. */
TEST_F(gpin, broken_until_restart)
{
	struct guest *g = &self->g;
	uint8_t *log = dirty_log(g);
	struct tun_ring_stats st;

	ASSERT_NE(NULL, log);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	tvq_put(&g->vq[G_TX], 999);
	tvq_publish(&g->vq[G_TX]);
	guest_kick(g, G_TX);
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	EXPECT_LT(0, guest_signalled(g->err[G_TX], WAIT_MS));
	ASSERT_EQ(0, guest_features(g, G_V1 | G_EVENT | G_LOG));
	ASSERT_EQ(0, guest_table_default(g));
	ASSERT_EQ(0, guest_addr(g, G_RX, 0, 0));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	/* a new start repairs the rings */
	ASSERT_EQ(0, guest_features(g, G_V1 | G_EVENT));
	ASSERT_EQ(0, guest_stop(g));
	guest_fresh_rings(g);
	ASSERT_EQ(0, guest_describe(g, G_RX));
	ASSERT_EQ(0, guest_describe(g, G_TX));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
	munmap(log, DIRTY_BYTES);
}

static void *swap_tables(void *arg)
{
	struct guest *g = arg;
	struct vhost_memory_region r[2] = {
		{ 0, G_POOL, (uintptr_t)g->pool },
		{ 1ULL << 40, 1ULL << 46, 4096 },
	};
	long i, bad = 0;

	for (i = 0; i < 40; i++) {
		bad += !!guest_table(g, r, 2);
		bad += !!guest_table_default(g);
	}
	return (void *)bad;
}

/* Tables and servers change under traffic: no packet is lost. */
TEST_F(gpin, tables_under_traffic)
{
	struct guest *g = &self->g;
	pthread_t thread;
	uint32_t seq;
	void *bad;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, flood_start(&self->f));
	ASSERT_EQ(0, pthread_create(&thread, NULL, swap_tables, g));
	for (seq = 0; seq < 2000; seq += 20) {
		ASSERT_EQ(0, guest_expect(g, false, seq, 20));
		flood_done(&self->f, seq + 20);
		ASSERT_EQ(0, guest_transmit(g, &self->e, seq, 1));
	}
	ASSERT_EQ(0, pthread_join(thread, &bad));
	EXPECT_EQ(NULL, bad);
	EXPECT_EQ(0, flood_join(&self->f, true));
	EXPECT_SERVER("kernel");
}

TEST_HARNESS_MAIN
