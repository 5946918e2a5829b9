// SPDX-License-Identifier: GPL-2.0
/*
 * Dirty logging: the driver sets the bits of the pages that it writes, no
 * others.
 */
#include "guest_log.h"

#define PAGES(...)	((const unsigned int[]){ __VA_ARGS__ })
#define EXPECT_PAGES(...)						\
	EXPECT_EQ(-1, dirty_pages_are(self->log, PAGES(__VA_ARGS__),	\
				      ARRAY_LEN(PAGES(__VA_ARGS__))))
#define EXPECT_NO_PAGES()						\
	EXPECT_EQ(-1, dirty_pages_are(self->log, NULL, 0))

static void post(struct guest *g, unsigned int i, uint64_t addr, uint32_t len,
		 int next)
{
	tvq_desc(&g->vq[G_RX], i, addr, len,
		 VRING_DESC_F_WRITE | (next < 0 ? 0 : VRING_DESC_F_NEXT),
		 next < 0 ? 0 : next);
}

static void offer(struct guest *g, uint16_t head)
{
	tvq_put(&g->vq[G_RX], head);
	tvq_publish(&g->vq[G_RX]);
	guest_kick(g, G_RX);
}

/* Receives one packet in this number of used entries. */
static int receive(struct env *e, struct guest *g, size_t len, unsigned int n)
{
	uint8_t pkt[20000];
	int ret = psock_send(e->sk, NULL, pkt, seq_pkt(pkt, false, 1, len));

	if (!ret)
		ret = tvq_wait(&g->vq[G_RX], n);
	if (!ret)
		tvq_take(&g->vq[G_RX], n);
	return ret;
}

TEST_F(glog, nothing_when_off)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	EXPECT_NO_PAGES();
	EXPECT_EQ(0, guest_signalled(self->call, 0));
}

TEST_F(glog, used_rings)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_addr(g, G_RX, 1, USED_PAGE * PAGE));
	ASSERT_EQ(0, guest_addr(g, G_TX, 1, (USED_PAGE + 1) * PAGE));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_PAGES(USED_PAGE, USED_PAGE + 1);
	post(g, 0, 0, 2048, -1);
	offer(g, 0);
	ASSERT_EQ(0, receive(&self->e, g, 100, 1));
	EXPECT_PAGES(USED_PAGE);
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 1));
	EXPECT_PAGES(USED_PAGE + 1);
	EXPECT_LT(0, guest_signalled(self->call, WAIT_MS));
	/* writes to one used ring are logged, writes to the other are not */
	ASSERT_EQ(0, guest_addr(g, G_TX, 0, (USED_PAGE + 1) * PAGE));
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 1));
	EXPECT_NO_PAGES();
}

/* The first used entry lies across two pages. */
TEST_F(glog, used_ring_over_pages)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_addr(g, G_TX, 1, USED_PAGE * PAGE - 8));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_PAGES(USED_PAGE - 1);
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 1));
	EXPECT_PAGES(USED_PAGE - 1, USED_PAGE);
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 1));
	EXPECT_PAGES(USED_PAGE - 1, USED_PAGE);
}

/* avail_event lies behind the last entry. */
TEST_F(glog, avail_event)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_features(g, G_V1 | G_EVENT));
	ASSERT_EQ(0,
		  guest_addr(g, G_TX, 1, USED_PAGE * PAGE - 4 - 8 * G_ENTRIES));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_PAGES(USED_PAGE - 1, USED_PAGE);
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 1));
	EXPECT_PAGES(USED_PAGE - 1, USED_PAGE);
}

TEST_F(glog, buffers)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_features(g, G_V1 | G_LOG));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_NO_PAGES();
	/* a page that the driver reads is not dirty */
	ASSERT_EQ(0, guest_transmit(g, &self->e, 0, 3));
	EXPECT_NO_PAGES();
	EXPECT_EQ(0, guest_signalled(self->call, 0));
	/* a page that the driver does not write is not dirty */
	post(g, 0, 2 * PAGE, 4 * PAGE, -1);
	offer(g, 0);
	ASSERT_EQ(0, receive(&self->e, g, 100, 1));
	EXPECT_PAGES(2);
	EXPECT_LT(0, guest_signalled(self->call, WAIT_MS));
	/* exactly to the end of a page, then one byte further */
	post(g, 1, 4 * PAGE - 112, 2048, -1);
	offer(g, 1);
	ASSERT_EQ(0, receive(&self->e, g, 100, 1));
	EXPECT_PAGES(3);
	post(g, 2, 4 * PAGE - 111, 2048, -1);
	offer(g, 2);
	ASSERT_EQ(0, receive(&self->e, g, 100, 1));
	EXPECT_PAGES(3, 4);
}

TEST_F(glog, large_packet)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_features(g, G_V1 | G_LOG));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	post(g, 0, 7 * PAGE - 100, 5 * PAGE, -1);
	offer(g, 0);
	ASSERT_EQ(0, receive(&self->e, g, 9000, 1));
	EXPECT_PAGES(6, 7, 8, 9);
}

TEST_F(glog, chain)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, guest_features(g, G_V1 | G_LOG));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	post(g, 0, 20 * PAGE, 12, 1);
	post(g, 1, 5 * PAGE, 60, 2);
	post(g, 2, 9 * PAGE - 20, 2048, 3);
	post(g, 3, 11 * PAGE, 2048, -1);
	offer(g, 0);
	ASSERT_EQ(0, receive(&self->e, g, 100, 1));
	EXPECT_PAGES(20, 5, 8, 9);
}

TEST_F(glog, mergeable_buffers)
{
	struct guest *g = &self->g;
	unsigned int i;

	ASSERT_EQ(0, guest_features(g, G_V1 | G_MRG | G_LOG));
	ASSERT_EQ(0, guest_addr(g, G_RX, 1, USED_PAGE * PAGE));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	EXPECT_PAGES(USED_PAGE);
	for (i = 0; i < 6; i++)
		post(g, i, (10 - i) * PAGE + 64, 1024, -1);
	for (i = 0; i < 6; i++)
		offer(g, i);
	ASSERT_EQ(0, receive(&self->e, g, 3000, 3));
	EXPECT_PAGES(10, 9, 8, USED_PAGE);
}

/* Two guest addresses map the same memory: both pages are dirty. */
TEST_F(glog, memory_at_two_addresses)
{
	struct guest *g = &self->g;
	struct vhost_memory_region r[] = {
		{ 0, G_POOL, (uintptr_t)g->pool },
		{ 2000 * PAGE, 4 * PAGE, (uintptr_t)g->pool + 2 * PAGE },
		{ 3000 * PAGE, G_POOL, (uintptr_t)g->pool },
	};

	ASSERT_EQ(0, guest_table(g, r, 3));
	ASSERT_EQ(0, guest_features(g, G_V1 | G_LOG));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	post(g, 0, 0, 2048, -1);
	offer(g, 0);
	ASSERT_EQ(0, receive(&self->e, g, 100, 1));
	EXPECT_PAGES(0, 3000);
	/* of the second view, the packet covers the first page alone */
	post(g, 1, 2 * PAGE - 50, 2048, -1);
	offer(g, 1);
	ASSERT_EQ(0, receive(&self->e, g, 100, 1));
	EXPECT_PAGES(1, 2, 2000, 3001, 3002);
	post(g, 2, 2003 * PAGE, PAGE, -1);
	offer(g, 2);
	ASSERT_EQ(0, receive(&self->e, g, 100, 1));
	EXPECT_PAGES(5, 2003, 3005);
}

/* A buffer that begins in one region and ends in the next. */
TEST_F(glog, buffer_across_regions)
{
	struct guest *g = &self->g;
	struct vhost_memory_region r[] = {
		{ 100 * PAGE, PAGE, (uintptr_t)g->pool + 9 * PAGE },
		{ 101 * PAGE, PAGE, (uintptr_t)g->pool },
	};

	ASSERT_EQ(0, guest_table(g, r, 2));
	ASSERT_EQ(0, guest_features(g, G_V1 | G_LOG));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	post(g, 0, 101 * PAGE - 50, 2048, -1);
	offer(g, 0);
	ASSERT_EQ(0, receive(&self->e, g, 100, 1));
	EXPECT_PAGES(100, 101);
}

TEST_HARNESS_MAIN
