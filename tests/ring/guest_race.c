// SPDX-License-Identifier: GPL-2.0
/*
 * A guest rewrites its rings while they are served, and a monitor changes all
 * settings. The kernel must survive, and a new start must work.
 */
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "guest.h"
#include "harness.h"
#include "scribble.h"

#define ROUND_MS	200

FIXTURE(grace) {
	struct env e;
	struct guest g;
	uint8_t log[4096];
	struct scribble scribble;
};

FIXTURE_VARIANT(grace) {
	int flags;
	uint64_t features;
	bool pin;
};

GUEST_VARIANTS(grace, tun, TUN_PLAIN, G_V1 | G_INDIRECT);
GUEST_VARIANTS(grace, tap_mrg_event, TAP_PLAIN | IFF_VNET_HDR, G_V1 | G_MRG | G_EVENT | G_INDIRECT);

FIXTURE_SETUP(grace)
{
	int vnet = variant->flags & IFF_VNET_HDR;
	uint64_t at = (uintptr_t)self->log;

	ASSERT_EQ(0, env_open(&self->e, "guest0", variant->flags));
	if (vnet)
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ, 12));
	/* the device's queue may be full: do not block on it */
	ASSERT_EQ(0, fcntl(self->e.sk, F_SETFL, O_NONBLOCK));
	/* the ring may take the packet between poll() and read() */
	ASSERT_EQ(0, fd_nonblock(self->e.fd));
	ASSERT_EQ(0, guest_open_in(&self->g, dup(self->e.fd), variant->pin,
				   variant->features, vnet ? 12 : 0));
	ASSERT_EQ(0, guest_ioctl(&self->g, VHOST_SET_LOG_BASE, &at));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
}

static int anew(struct guest *g, struct env *e)
{
	int ret = guest_stop(g);

	if (!ret)
		ret = guest_settle(g, e);
	guest_fresh_rings(g);
	if (!ret)
		ret = guest_features(g, g->features & ~G_LOG);
	if (!ret)
		ret = guest_table_default(g);
	if (!ret)
		ret = guest_describe(g, G_RX);
	if (!ret)
		ret = guest_describe(g, G_TX);
	return ret ?: guest_start(g, e->fd);
}

FIXTURE_TEARDOWN(grace)
{
	EXPECT_EQ(0, anew(&self->g, &self->e));
	guest_fill(&self->g);
	EXPECT_EQ(0, guest_works(&self->g, &self->e, 5));
	guest_close(&self->g);
	env_close(&self->e);
}

/* The values are valid except for a moment. */
static void *rewrite_descriptors(void *arg)
{
	struct _test_data_grace *s = arg;
	volatile struct vring_desc *d;
	unsigned int n;

	for (n = 0; scribble_next(&s->scribble, n); n++) {
		d = &s->g.vq[n & 1].desc[n / 2 % G_ENTRIES];
		d->len = htole32(n & 4 ? 2048 : 60);
		d->addr = htole64(n & 8 ? G_POOL - 60 : 0);
		d->flags = htole16(n & 1 ? 0 : VRING_DESC_F_WRITE);
	}
	return NULL;
}

static void *write_anything(void *arg)
{
	struct _test_data_grace *s = arg;

	scribble_words(&s->scribble, s->g.rings, G_RINGS);
	return NULL;
}

/* Indirect tables and headers change during the copy. */
static void *rewrite_pool(void *arg)
{
	struct _test_data_grace *s = arg;

	scribble_pattern(&s->scribble, s->g.pool, G_POOL);
	return NULL;
}

/* Pages are unmapped and become read-only. */
static void *unmap_pages(void *arg)
{
	struct _test_data_grace *s = arg;
	unsigned int n;

	for (n = 0; scribble_next(&s->scribble, n); n++) {
		uint8_t *rx = guest_buf(&s->g, G_RX, n % G_ENTRIES);

		mprotect(rx, G_BUF, n & 1 ? PROT_READ : PROT_NONE);
		madvise(guest_buf(&s->g, G_TX, n % G_ENTRIES), G_BUF,
			MADV_REMOVE);
		mprotect(rx, G_BUF, PROT_READ | PROT_WRITE);
		madvise(rx, G_BUF, MADV_REMOVE);
	}
	return NULL;
}

/* All settings that a monitor may change at any time. */
static void *reconfigure(void *arg)
{
	struct _test_data_grace *s = arg;
	struct guest *g = &s->g;
	struct vhost_memory_region two[] = {
		{ 0, 5000, (uintptr_t)g->pool },
		{ 5000, G_POOL - 5000, (uintptr_t)g->pool + 5000 },
	};
	unsigned int n, i;

	for (n = 0; scribble_next(&s->scribble, n); n++) {
		i = n & 1;
		n & 2 ? guest_table(g, two, 2) : guest_table_default(g);
		guest_ioctl(g, VHOST_SET_FEATURES,
			    n & 4 ? &(uint64_t){ g->features | G_LOG } :
				    &g->features);
		guest_addr(g, i, n >> 2 & 1, 4096 * 20);
		guest_file(g, VHOST_SET_VRING_CALL, i, n & 8 ? -1 : g->call[i]);
		guest_file(g, VHOST_SET_VRING_KICK, i, g->kick[!i]);
		guest_file(g, VHOST_SET_VRING_KICK, i, g->kick[i]);
		guest_ioctl(g, VHOST_SET_LOG_FD,
			    n & 8 ? &g->err[i] : &g->call[i]);
		guest_base(g, i);
		if (!(n % 16)) {
			guest_file(g, VHOST_NET_SET_BACKEND, i, -1);
			guest_file(g, VHOST_NET_SET_BACKEND, i, s->e.fd);
		}
	}
	return NULL;
}

/* Publishes entries, kicks, and sends packets, as in normal operation. */
static void traffic(struct _test_data_grace *s)
{
	struct env *e = &s->e;
	struct guest *g = &s->g;
	long start = now_ms();
	uint8_t pkt[256];
	unsigned int i, seq = 0;

	while (scribble_lasts(&s->scribble, start, ROUND_MS, 0)) {
		for (i = 0; i < G_ENTRIES; i++) {
			guest_put(g, NULL, pkt,
				  seq_pkt(pkt, e->tap, seq++, 60));
			if (i == 7)
				g->vq[G_TX].desc[i].flags =
					htole16(VRING_DESC_F_INDIRECT);
			guest_give(g, i, G_BUF);
			env_inject(e, seq, 100);
			guest_kick(g, seq & 1);
			guest_kick(g, !(seq & 1));
		}
		g->vq[G_TX].avail_idx = tvq_used_idx(&g->vq[G_TX]);
		g->vq[G_RX].avail_idx = tvq_used_idx(&g->vq[G_RX]);
		env_drain(e);
	}
}

static void run(struct __test_metadata *_metadata, struct _test_data_grace *self,
		void *(*fn)(void *))
{
	struct tun_ring_stats st;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, scribble_start(&self->scribble, fn, self));
		traffic(self);
		ASSERT_EQ(0, scribble_end(&self->scribble));
		EXPECT_LT(0, self->scribble.rounds);
		if (!tring_stats(self->e.fd, &st))
			EXPECT_TRUE(!st.broken || st.broken == EPROTO ||
				    st.broken == EFAULT);
		ASSERT_EQ(0, anew(&self->g, &self->e));
	}
}

TEST_F(grace, descriptors)
{
	run(_metadata, self, rewrite_descriptors);
}

TEST_F(grace, anything)
{
	run(_metadata, self, write_anything);
}

TEST_F(grace, pool)
{
	run(_metadata, self, rewrite_pool);
}

TEST_F(grace, pages)
{
	run(_metadata, self, unmap_pages);
}

TEST_F(grace, monitor)
{
	run(_metadata, self, reconfigure);
}

TEST_HARNESS_MAIN
