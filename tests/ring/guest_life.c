// SPDX-License-Identifier: GPL-2.0
/* A guest's rings are stopped, started and removed, and no packet is lost. */
#include <dirent.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "guest.h"

#define STOCK_ONLY_VARIANT	"pinned own"
#include "harness.h"

FIXTURE(glife) {
	struct env e;
	struct guest g;
	struct flood f;
};

FIXTURE_VARIANT(glife) {
	bool apart;		/* the control file has no device */
	uint16_t base;		/* first index of the rings */
	bool pin;
};

GUEST_VARIANTS(glife, own, false, 0);
GUEST_VARIANTS(glife, apart_wraps, true, 65530);

static void begin_at(struct guest *g, unsigned int i, uint16_t base)
{
	struct tvq *vq = &g->vq[i];

	vq->avail_idx = base;
	vq->taken = base;
	tvq_publish(vq);
	((struct vring_used *)vq->used)->idx = htole16(base);
}

FIXTURE_SETUP(glife)
{
	unsigned int i;

	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN | IFF_MULTI_QUEUE));
	ASSERT_EQ(0, guest_open_in(&self->g, variant->apart ? tunfd_open() :
				   dup(self->e.fd), variant->pin, G_V1, 0));
	for (i = 0; i < 2; i++) {
		begin_at(&self->g, i, variant->base);
		ASSERT_EQ(0, guest_vring(&self->g, VHOST_SET_VRING_BASE, i,
					 variant->base));
	}
	self->f = (struct flood) { .name = "guest0", .len = 200 };
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
}

FIXTURE_TEARDOWN(glife)
{
	if (self->f.running)
		flood_join(&self->f, true);
	guest_close(&self->g);
	env_close(&self->e);
}

TEST_F(glife, stop_and_start)
{
	struct guest *g = &self->g;
	unsigned int i, n;

	guest_fill(g);
	for (i = 0; i < 8; i++) {
		ASSERT_EQ(0, env_inject_n(&self->e, i * 10, 10, 100));
		ASSERT_EQ(0, guest_expect(g, false, i * 10, 7));
		ASSERT_EQ(0, guest_transmit(g, &self->e, i * 3, 3));
		ASSERT_EQ(0, env_seen(&self->e, i * 3, 3));
		ASSERT_EQ(0, guest_stop(g));
		for (n = 0; n < 2; n++)
			EXPECT_EQ(tvq_used_idx(&g->vq[n]), guest_base(g, n));
		/*
		 * starting the rings uses the entries that were made available
		 * meanwhile
		 */
		ASSERT_EQ(0, guest_start(g, self->e.fd));
		ASSERT_EQ(0, guest_expect(g, false, i * 10 + 7, 3));
	}
}

TEST_F(glife, no_buffers_until_kick)
{
	struct guest *g = &self->g;
	struct tun_ring_stats st;

	ASSERT_EQ(0, env_inject_n(&self->e, 0, 100, 100));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.rx.packets);
	EXPECT_LT(0, st.rx.full);
	guest_fill(g);
	EXPECT_EQ(0, guest_expect(g, false, 0, 100));
}

TEST_F(glife, shared_kick_eventfd)
{
	struct guest *g = &self->g;
	int was = g->kick[G_TX];

	/* the eventfd is never read, so its count is not 0 */
	guest_kick(g, G_RX);
	ASSERT_EQ(0, guest_file(g, VHOST_SET_VRING_KICK, G_TX, g->kick[G_RX]));
	g->kick[G_TX] = g->kick[G_RX];
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
	EXPECT_EQ(0, guest_works(g, &self->e, 1));
	g->kick[G_TX] = was;
}

/*
 * An entry posted before the eventfd is set is used, if the eventfd was
 * signalled.
 */
TEST_F(glife, kicked_before_eventfd_set)
{
	struct guest *g = &self->g;
	uint8_t pkt[256];

	/* wait until the worker has finished the start */
	ASSERT_EQ(0, guest_transmit(g, &self->e, 1, 1));
	ASSERT_EQ(0, env_seen(&self->e, 1, 1));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, guest_file(g, VHOST_SET_VRING_KICK, G_TX, -1));
	guest_put(g, NULL, pkt, seq_pkt(pkt, false, 0, 100));
	guest_kick(g, G_TX);
	ASSERT_TRUE(tvq_quiet(&g->vq[G_TX], 0, 20));
	ASSERT_EQ(0, guest_file(g, VHOST_SET_VRING_KICK, G_TX, g->kick[G_TX]));
	EXPECT_EQ(0, tvq_wait(&g->vq[G_TX], 1));
	EXPECT_EQ(0, env_seen(&self->e, 0, 1));
}

static int fresh_eventfd(struct guest *g, unsigned long cmd, unsigned int i,
			 int *place)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int ret = guest_file(g, cmd, i, fd);

	close(*place);
	*place = fd;
	return ret;
}

TEST_F(glife, eventfds_replaced)
{
	struct guest *g = &self->g;
	unsigned int i, n;

	self->f.window = 64;
	guest_fill(g);
	ASSERT_EQ(0, flood_start(&self->f));
	for (i = 0; i < 30; i++) {
		for (n = 0; n < 2; n++) {
			ASSERT_EQ(0, fresh_eventfd(g, VHOST_SET_VRING_CALL, n,
						   &g->call[n]));
			ASSERT_EQ(0, fresh_eventfd(g, VHOST_SET_VRING_ERR, n,
						   &g->err[n]));
			ASSERT_EQ(0, fresh_eventfd(g, VHOST_SET_VRING_KICK, n,
						   &g->kick[n]));
		}
		/* buffers were made available between two kick eventfds */
		guest_kick(g, G_RX);
		ASSERT_EQ(0, guest_expect(g, false, i * 50, 50));
		flood_done(&self->f, i * 50 + 50);
		ASSERT_EQ(0, guest_transmit(g, &self->e, i, 1));
	}
	guest_expect(g, false, i * 50, 10);
	EXPECT_LT(0, guest_signalled(g->call[G_RX], WAIT_MS));
}

/* The memory is split into other regions, and buffers cross their borders. */
TEST_F(glife, table_replaced)
{
	struct guest *g = &self->g;
	struct vhost_memory_region r[33];
	unsigned int i, k, cut;
	uint64_t at;

	self->f.window = 64;
	guest_fill(g);
	ASSERT_EQ(0, flood_start(&self->f));
	for (i = 0; i < 30; i++) {
		cut = i % 3 * 40 + 13;
		for (k = 0, at = 0; k < 32; k++, at = r[k - 1].guest_phys_addr +
					       r[k - 1].memory_size)
			r[k] = (struct vhost_memory_region) {
				at, k < 31 ? k * 4096 + cut - at + 1 :
				G_POOL - at, (uintptr_t)g->pool + at
			};
		ASSERT_EQ(0, i & 1 ? guest_table(g, r, 32) :
				     guest_table_default(g));
		ASSERT_EQ(0, guest_expect(g, false, i * 50, 50));
		flood_done(&self->f, i * 50 + 50);
		ASSERT_EQ(0, guest_transmit(g, &self->e, i, 3));
		ASSERT_EQ(0, env_seen(&self->e, i, 3));
	}
}

TEST_F(glife, detached_and_attached)
{
	struct guest *g = &self->g;
	int fd = self->e.fd, second;

	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	second = tunfd_create("guest0", TUN_PLAIN | IFF_MULTI_QUEUE);
	ASSERT_EQ(0, tunfd_queue(fd, IFF_DETACH_QUEUE));
	EXPECT_EQ(0, guest_stop(g));
	ASSERT_EQ(0, guest_start(g, fd));
	ASSERT_EQ(0, tunfd_queue(fd, IFF_ATTACH_QUEUE));
	close(second);
	ASSERT_EQ(0, guest_works(g, &self->e, 1));
	/* the rings stay attached and continue */
	second = tunfd_create("guest0", TUN_PLAIN | IFF_MULTI_QUEUE);
	ASSERT_EQ(0, tunfd_queue(fd, IFF_DETACH_QUEUE));
	ASSERT_EQ(0, tunfd_queue(fd, IFF_ATTACH_QUEUE));
	close(second);
	EXPECT_EQ(0, guest_works(g, &self->e, 2));
}

TEST_F(glife, down_and_up)
{
	struct guest *g = &self->g;
	struct tun_ring_stats st;
	uint8_t pkt[256];

	guest_fill(g);
	ASSERT_EQ(0, env_down(&self->e));
	guest_put(g, NULL, pkt, seq_pkt(pkt, false, 5, 100));
	guest_kick(g, G_TX);
	/* the driver uses the packet without sending it */
	EXPECT_EQ(0, tvq_wait(&g->vq[G_TX], 1));
	tvq_take(&g->vq[G_TX], 1);
	ASSERT_EQ(0, tunfd_ioctlp(self->e.fd, TUNRINGSTATS, &st));
	EXPECT_EQ(1, st.tx.dropped);
	EXPECT_EQ(0, st.tx.packets);
	ASSERT_EQ(0, env_up(&self->e));
	EXPECT_EQ(0, guest_works(g, &self->e, 6));
}

TEST_HARNESS_MAIN
