// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit while the device is down or the queue is detached: packets are used
 * and counted as dropped, and the kick fails. The last packets of a ring do not
 * hold up rtnetlink.
 */
#include "attach.h"
#include "env.h"

#define STOCK_ONLY_VARIANT	"event"
#include "harness.h"

#define ENTRIES	256
/* Several polls of NAPI, or passes of the worker. */
#define MANY	200

FIXTURE(down) {
	struct env e;
	struct tring r;
	uint64_t sent;
};

FIXTURE_VARIANT(down) {
	uint64_t features;
	bool attached, pin;
};

FIXTURE_VARIANT_ADD(down, mapped) { 0 };
FIXTURE_VARIANT_ADD(down, mapped_event) { F_META | F_EVENT };
FIXTURE_VARIANT_ADD(down, pinned) { F_META, true, true };
FIXTURE_VARIANT_ADD(down, worker) { F_META, true };
FIXTURE_VARIANT_ADD(down, worker_event) { F_META | F_EVENT, true };

FIXTURE_SETUP(down)
{
	ASSERT_EQ(0, env_open(&self->e, "down0", TUN_PLAIN | IFF_MULTI_QUEUE));
}

FIXTURE_TEARDOWN(down)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int set_up(struct _test_data_down *self,
		  const struct _fixture_variant_down *variant)
{
	struct aconf c = { .c = { variant->features, 8, ENTRIES, 2048, 0 },
			   .pin = variant->pin };

	return variant->attached ? attach_rings(&self->r, self->e.fd, &c) :
				   tring_setup(&self->r, self->e.fd, &c.c);
}

/* Makes n packets available without a kick. */
static int put_n(struct _test_data_down *self, unsigned int n)
{
	uint32_t from = self->sent;

	self->sent += n;
	return env_put(&self->e, &self->r, from, n, 100);
}

static int kick(struct _test_data_down *self)
{
	return tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0);
}

/* Do kicks fail, and are exactly these packets dropped? */
static void drops(struct __test_metadata *_metadata,
		  struct _test_data_down *self)
{
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats a, b;

	ASSERT_EQ(0, tring_stats(self->e.fd, &a));
	ASSERT_EQ(0, put_n(self, MANY));
	EXPECT_EQ(-EIO, kick(self));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	ASSERT_EQ(0, put_n(self, 1));
	EXPECT_EQ(-EIO, fd_write(self->e.fd, "", 0));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	ASSERT_EQ(0, tring_stats(self->e.fd, &b));
	EXPECT_EQ(MANY + 1, b.tx.dropped - a.tx.dropped);
	EXPECT_EQ(a.tx.packets, b.tx.packets);
	EXPECT_EQ(0, b.tx.errors + b.broken);
	ASSERT_EQ(0, rtnl_stats("down0", &dev));
	EXPECT_EQ(b.tx.dropped, dev.rx_dropped);
	EXPECT_EQ(b.tx.packets, dev.rx_packets);
}

/* No older packet comes before the next ones. */
static void works(struct __test_metadata *_metadata,
		  struct _test_data_down *self)
{
	uint32_t first = self->sent;

	ASSERT_EQ(0, put_n(self, MANY));
	ASSERT_LE(0, kick(self));
	EXPECT_EQ(0, env_seen(&self->e, first, MANY));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
}

TEST_F(down, device)
{
	int i;

	ASSERT_EQ(0, set_up(self, variant));
	for (i = 0; i < 2; i++) {
		works(_metadata, self);
		ASSERT_EQ(0, env_down(&self->e));
		drops(_metadata, self);
		ASSERT_EQ(0, env_up(&self->e));
	}
	works(_metadata, self);
}

TEST_F(down, queue)
{
	int i;

	ASSERT_EQ(0, set_up(self, variant));
	for (i = 0; i < 2; i++) {
		works(_metadata, self);
		ASSERT_EQ(0, tunfd_queue(self->e.fd, IFF_DETACH_QUEUE));
		drops(_metadata, self);
		ASSERT_EQ(0, tunfd_queue(self->e.fd, IFF_ATTACH_QUEUE));
	}
	works(_metadata, self);
}

TEST_F(down, before_set_up)
{
	ASSERT_EQ(0, env_down(&self->e));
	ASSERT_EQ(0, tunfd_queue(self->e.fd, IFF_DETACH_QUEUE));
	ASSERT_EQ(0, set_up(self, variant));
	drops(_metadata, self);
	ASSERT_EQ(0, env_up(&self->e));
	drops(_metadata, self);
	ASSERT_EQ(0, tunfd_queue(self->e.fd, IFF_ATTACH_QUEUE));
	works(_metadata, self);
}

struct flips {
	const char *name;
	int fd, stop;		/* stop: atomic */
};

static void *flip(void *arg)
{
	struct flips *f = arg;

	while (!__atomic_load_n(&f->stop, __ATOMIC_RELAXED)) {
		if_down(f->name);
		if_up(f->name);
		tunfd_queue(f->fd, IFF_DETACH_QUEUE);
		tunfd_queue(f->fd, IFF_ATTACH_QUEUE);
	}
	return NULL;
}

/* Each packet is used, and counted once, while the device goes up and down. */
TEST_F(down, under_traffic)
{
	struct flips f = { .name = "down0", .fd = self->e.fd };
	struct tun_ring_stats st;
	pthread_t t;
	int i, ret;

	ASSERT_EQ(0, set_up(self, variant));
	close(self->e.sk);
	ASSERT_EQ(0, pthread_create(&t, NULL, flip, &f));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, put_n(self, 10));
		ret = kick(self);
		EXPECT_TRUE(ret >= 0 || ret == -EIO);
		ASSERT_EQ(0, tring_tx_drain(&self->r));
	}
	__atomic_store_n(&f.stop, 1, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(t, NULL));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(1000, st.tx.packets + st.tx.dropped);
	self->e.sk = psock_open("down0", false);
	works(_metadata, self);
}

struct ops {
	unsigned int done;	/* atomic */
	int stop;		/* atomic */
};

static void *use_rtnl(void *arg)
{
	struct ops *o = arg;

	while (!__atomic_load_n(&o->stop, __ATOMIC_RELAXED)) {
		if_up("lo");
		__atomic_add_fetch(&o->done, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Teardown sends 128 MiB, and other threads change devices meanwhile. */
TEST(drain_without_rtnl)
{
	struct tconf c = { F_META, 8, 2048, 65536, 1 };
	unsigned int i, before, during;
	struct ops o = { 0 };
	struct tring r;
	struct env e;
	pthread_t t;

	ASSERT_EQ(0, env_open(&e, "down0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&r, e.fd, &c));
	close(e.sk);
	e.sk = -1;
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	/* all entries are the same packet, which the stack drops */
	r.pool[0] = 0x45;
	tvq_desc(&r.tx, 0, 0, 65000, 0, 0);
	for (i = 0; i < 2048; i++)
		tvq_put(&r.tx, 0);
	ASSERT_EQ(0, pthread_create(&t, NULL, use_rtnl, &o));
	while (!__atomic_load_n(&o.done, __ATOMIC_RELAXED))
		usleep(100);
	tvq_publish(&r.tx);
	before = __atomic_load_n(&o.done, __ATOMIC_RELAXED);
	EXPECT_EQ(0, tring_teardown(e.fd));
	during = __atomic_load_n(&o.done, __ATOMIC_RELAXED) - before;
	__atomic_store_n(&o.stop, 1, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(t, NULL));
	EXPECT_LT(20, during);
	tring_unmap(&r);
	env_close(&e);
}

TEST_HARNESS_MAIN
