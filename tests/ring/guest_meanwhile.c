// SPDX-License-Identifier: GPL-2.0
/* The worker is blocked in a page fault while state changes under it. */
#include "dirty.h"
#include "guest.h"
#include "harness.h"
#include "uffd.h"

FIXTURE(meanwhile) {
	struct env e;
	struct guest g;
	int uffd;
	uint8_t log[DIRTY_BYTES];
};

FIXTURE_SETUP(meanwhile)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open(g, dup(self->e.fd), G_V1 | G_MRG | G_HDR,
				sizeof(struct virtio_net_hdr_mrg_rxbuf)));
	self->uffd = uffd_open();
	ASSERT_LE(0, self->uffd);
}

FIXTURE_TEARDOWN(meanwhile)
{
	close(self->uffd);
	guest_close(&self->g);
	env_close(&self->e);
}

/* Accesses to the buffer fault until the test resolves the fault. */
static int awaited(int uffd, const struct guest *g, unsigned int i,
		   unsigned int head)
{
	return uffd_watch(uffd, guest_buf(g, i, head), G_BUF);
}

static bool is_stuck(int uffd)
{
	return fd_wait(uffd, POLLIN, WAIT_MS) & POLLIN;
}

/*
 * A packet in two buffers. A migration can copy the first page before the
 * driver writes num_buffers into its header, so that write must be logged.
 */
TEST_F(meanwhile, number_of_buffers_is_logged)
{
	uint64_t at = (uintptr_t)self->log;
	struct guest *g = &self->g;
	struct virtio_net_hdr_mrg_rxbuf *hdr = (void *)guest_buf(g, G_RX, 0);

	ASSERT_EQ(0, awaited(self->uffd, g, G_RX, 1));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_LOG_BASE, &at));
	ASSERT_EQ(0, guest_features(g, g->features | G_LOG));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_give(g, 0, 64);
	guest_give(g, 1, G_BUF);
	ASSERT_EQ(0, env_inject(&self->e, 0, 200));
	ASSERT_TRUE(is_stuck(self->uffd));
	ASSERT_EQ(1, hdr->num_buffers);
	ASSERT_TRUE(dirty_is_set(self->log, 0));
	memset(self->log, 0, sizeof(self->log));

	ASSERT_EQ(0, uffd_answer(self->uffd, guest_buf(g, G_RX, 1), G_BUF));
	ASSERT_EQ(0, tvq_wait(&g->vq[G_RX], 2));
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	EXPECT_EQ(2, hdr->num_buffers);
	EXPECT_TRUE(dirty_is_set(self->log, 0));
	EXPECT_TRUE(dirty_is_set(self->log, 1));
}

/* The worker has built one packet and is blocked in the second one. */
static int send_two(int uffd, struct guest *g, int tun)
{
	struct tvq *vq = &g->vq[G_TX];
	uint8_t pkt[256];
	int ret = awaited(uffd, g, G_TX, 1) ?: guest_start(g, tun);

	if (ret)
		return ret;
	guest_prepare(g, NULL, pkt, seq_pkt(pkt, false, 0, 100));
	tvq_desc(vq, 1, guest_buf(g, G_TX, 1) - g->pool, g->hdr + 100, 0, 0);
	tvq_put(vq, 1);
	tvq_publish(vq);
	guest_kick(g, G_TX);
	return is_stuck(uffd) ? 0 : -ETIMEDOUT;
}

/* Resolves the fault. The second packet is all zeroes, so the driver drops it. */
static int dropped(struct guest *g, int uffd, const struct env *e,
		   struct tun_ring_stats *st)
{
	struct tvq *vq = &g->vq[G_TX];
	int ret = uffd_answer(uffd, guest_buf(g, G_TX, 1), G_BUF)
			  ?: tvq_wait(vq, 2);

	if (ret)
		return ret;
	tvq_take(vq, 2);
	ret = thread_wait_idle(getpid());
	return ret ?: tunfd_ioctlp(e->fd, TUNRINGSTATS, st);
}

TEST_F(meanwhile, device_goes_down)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, send_two(self->uffd, &self->g, self->e.fd));
	ASSERT_EQ(0, env_down(&self->e));
	ASSERT_EQ(0, dropped(&self->g, self->uffd, &self->e, &st));
	EXPECT_EQ(0, st.tx.packets);
	EXPECT_EQ(1, st.tx.dropped);
	EXPECT_EQ(1, st.tx.errors);
	ASSERT_EQ(0, env_up(&self->e));
	EXPECT_EQ(0, guest_transmit(&self->g, &self->e, 1, 1));
	EXPECT_EQ(0, env_seen(&self->e, 1, 1));
}

/* The device has moved: the packet was for the old namespace. */
TEST_F(meanwhile, device_moves)
{
	int here = ns_open(), away;
	struct tun_ring_stats st;

	ASSERT_EQ(0, send_two(self->uffd, &self->g, self->e.fd));
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	away = ns_open();
	ASSERT_EQ(0, setns(here, CLONE_NEWNET));
	ASSERT_EQ(0, rtnl_netns("guest0", away));
	ASSERT_EQ(0, setns(away, CLONE_NEWNET));
	ASSERT_EQ(0, if_up("guest0"));
	ASSERT_EQ(0, dropped(&self->g, self->uffd, &self->e, &st));
	EXPECT_EQ(0, st.tx.packets);
	EXPECT_EQ(1, st.tx.dropped);
	EXPECT_EQ(1, st.tx.errors);
	close(here);
	close(away);
}

/* Nothing changed meanwhile: the first packet is delivered. */
TEST_F(meanwhile, nothing_changes)
{
	struct tun_ring_stats st;

	ASSERT_EQ(0, send_two(self->uffd, &self->g, self->e.fd));
	ASSERT_EQ(0, dropped(&self->g, self->uffd, &self->e, &st));
	EXPECT_EQ(1, st.tx.packets);
	EXPECT_EQ(0, st.tx.dropped);
	EXPECT_EQ(1, st.tx.errors);
	EXPECT_EQ(0, env_seen(&self->e, 0, 1));
}

TEST_HARNESS_MAIN
