// SPDX-License-Identifier: GPL-2.0
/*
 * A user changes shared memory while the kernel reads it. The kernel must
 * survive, and the queue must accept a new set-up.
 */
#include "env.h"
#include "harness.h"
#include "scribble.h"

#define ROUNDS_MS	600
#define ENOUGH		1000

FIXTURE(scribble) {
	struct env e;
	struct tring r;
	struct scribble scribble;
};

typedef FIXTURE_DATA(scribble) scribble_data;

FIXTURE_VARIANT(scribble) {
	int flags;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(scribble, tun_meta) {
	TUN_PLAIN, F_META | F_MARK | F_INDIRECT };
FIXTURE_VARIANT_ADD(scribble, tap_vnet) {
	TAP_PLAIN | IFF_VNET_HDR, F_EVENT | F_INDIRECT };

FIXTURE_SETUP(scribble)
{
	struct tconf c = { variant->features, 16, 16, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "scribble0", variant->flags));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(scribble)
{
	struct tconf c = { F_META, 8, 8, 2048, 0 };
	struct tun_ring_stats st;
	struct tring r;
	uint8_t pkt[64];

	EXPECT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_TRUE(st.broken == 0 || st.broken == EPROTO);
	EXPECT_EQ(0, tring_teardown(self->e.fd));
	tring_unmap(&self->r);
	close(self->e.sk);
	self->e.sk = psock_open("scribble0", false);
	EXPECT_EQ(0, tring_setup(&r, self->e.fd, &c));
	EXPECT_EQ(0,
		  tring_send(&r, pkt, seq_pkt(pkt, self->e.tap, 5, 50), NULL));
	EXPECT_EQ(0, env_seen(&self->e, 5, 1));
	tring_unmap(&r);
	env_close(&self->e);
}

/* Writes descriptors that are valid except for a moment. */
static void *rewrite_descriptors(void *arg)
{
	scribble_data *s = arg;
	struct tvq *vq[2] = { &s->r.tx, &s->r.rx };
	volatile struct vring_desc *d;
	unsigned int n;

	for (n = 0; scribble_next(&s->scribble, n); n++) {
		d = &vq[n & 1]->desc[n / 2 % 16];
		d->len = htole32(n & 4 ? 2048 : 60);
		d->addr = htole64(n & 8 ? s->r.s.pool_len - 60 : 0);
		d->flags = htole16(n & 1 ? VRING_DESC_F_WRITE : 0);
	}
	return NULL;
}

/* Writes random values. */
static void *write_anything(void *arg)
{
	scribble_data *s = arg;

	scribble_words(&s->scribble, s->r.driver, s->r.s.driver_len);
	return NULL;
}

/* Packets, headers and indirect tables change during the copy. */
static void *rewrite_pool(void *arg)
{
	scribble_data *s = arg;

	scribble_pattern(&s->scribble, s->r.pool, s->r.s.pool_len);
	return NULL;
}

/* Publishes entries, kicks, and sends packets, as in normal operation. */
static void traffic(scribble_data *s)
{
	struct env *e = &s->e;
	struct tring *r = &s->r;
	long start = now_ms();
	uint8_t pkt[256];
	unsigned int i, seq = 0;

	while (scribble_lasts(&s->scribble, start, ROUNDS_MS, ENOUGH)) {
		for (i = 0; i < 16; i++) {
			size_t n = seq_pkt(pkt, e->tap, seq++, 60);

			memcpy(tring_tx_buf(r, i), pkt, n);
			tvq_desc(&r->tx, i, tring_tx_buf(r, i) - r->pool, n,
				 i == 7 ? VRING_DESC_F_INDIRECT : 0, 0);
			tvq_put(&r->tx, i);
			tring_rx_give(r, i);
			tvq_publish(&r->tx);
			tvq_publish(&r->rx);
			env_inject(e, seq, 100);
			tring_enter(e->fd,
				    TUN_RING_ENTER_TX | TUN_RING_ENTER_RX, 0);
			r->tx.avail_idx = tvq_used_idx(&r->tx);
			r->rx.avail_idx = tvq_used_idx(&r->rx);
		}
	}
}

static void run(struct __test_metadata *_metadata,
		scribble_data *self, void *(*fn)(void *))
{
	struct tconf c = { self->r.s.features, 16, 16, 2048, 0 };
	struct tun_ring_stats st;
	unsigned int i;

	/* the device's queue may be stopped: do not block on it */
	ASSERT_EQ(0, fcntl(self->e.sk, F_SETFL, O_NONBLOCK));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, scribble_start(&self->scribble, fn, self));
		traffic(self);
		ASSERT_EQ(0, scribble_end(&self->scribble));
		EXPECT_LT(ENOUGH, self->scribble.rounds);
		ASSERT_EQ(0, tring_stats(self->e.fd, &st));
		EXPECT_LT(0, st.tx.packets + st.tx.errors + st.broken);
		ASSERT_EQ(0, tring_teardown(self->e.fd));
		tring_unmap(&self->r);
		ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	}
}

TEST_F(scribble, descriptors)
{
	run(_metadata, self, rewrite_descriptors);
}

TEST_F(scribble, anything)
{
	run(_metadata, self, write_anything);
}

TEST_F(scribble, pool)
{
	run(_metadata, self, rewrite_pool);
}

TEST_HARNESS_MAIN
