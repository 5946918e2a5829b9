// SPDX-License-Identifier: GPL-2.0
/* Attached rings: set-up, teardown, and the state that the kernel reports. */
#include <sys/mman.h>

#include "attach.h"
#include "env.h"

#define STOCK_ONLY_VARIANT	"event"
#include "harness.h"

FIXTURE(life) {
	struct env e;
	struct tring r;
	struct aconf c;
};

FIXTURE_VARIANT(life) {
	bool pin;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(life, pinned_meta) { true, F_META };
FIXTURE_VARIANT_ADD(life, pinned_event) { true, F_EVENT };
FIXTURE_VARIANT_ADD(life, unpinned_meta) { false, F_META };
FIXTURE_VARIANT_ADD(life, unpinned_event) { false, F_EVENT };

FIXTURE_SETUP(life)
{
	self->c = (struct aconf) {
		.c = { variant->features, 16, 16, 2048, 0 },
		.pin = variant->pin,
	};
	ASSERT_EQ(0, env_open(&self->e, "atlife0", TUN_PLAIN));
	ASSERT_EQ(0, attach_alloc(&self->r, &self->c));
	ASSERT_EQ(0, attach_pool(&self->r, self->e.fd, variant->pin));
}

FIXTURE_TEARDOWN(life)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int start(struct _test_data_life *self)
{
	int ret = attach_again(&self->r, self->e.fd, &self->c);

	if (!ret)
		ret = tring_rx_fill(&self->r);
	return ret < 0 ? ret : 0;
}

static int transmit(struct _test_data_life *self, uint32_t seq)
{
	uint8_t pkt[128];
	size_t len = seq_pkt(pkt, false, seq, 100);
	int ret = tring_send(&self->r, pkt, len, NULL);

	return ret ? ret : env_seen(&self->e, seq, 1);
}

/* Packets that were queued before come first, even through a small ring. */
TEST_F(life, backlog)
{
	self->r.s.rx.entries = 4;
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 50, 100));
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, env_inject_n(&self->e, 50, 50, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 100));
}

static void fill_used(struct tvq *vq)
{
	memset((void *)vq->used, 0x5a, 6 + 8 * vq->entries);
}

/* Set-up zeroes both indices: the memory of the used ring held other values. */
TEST_F(life, used_is_zeroed)
{
	struct tun_ring_attach a = attach_params(&self->r, &self->c);
	struct tvq *vq;
	int i;

	ASSERT_EQ(0, tring_begin(&self->r, self->e.fd));
	fill_used(&self->r.rx);
	fill_used(&self->r.tx);
	ASSERT_EQ(0, attach_raw(self->e.fd, &a));
	for (i = 0; i < 2; i++) {
		vq = i ? &self->r.rx : &self->r.tx;
		EXPECT_EQ(0, tvq_used_idx(vq));
		EXPECT_EQ(0, tvq_used_flags(vq) & ~VRING_USED_F_NO_NOTIFY);
		EXPECT_EQ(0, tvq_avail_event(vq));
	}
	ASSERT_LE(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 20, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 20));
	EXPECT_EQ(0, transmit(self, 5));
}

/* The attach uses entries that were available before, without a kick. */
TEST_F(life, entries_available_before)
{
	struct tun_ring_attach a = attach_params(&self->r, &self->c);
	uint8_t pkt[128];
	unsigned int i;

	ASSERT_EQ(0, tring_begin(&self->r, self->e.fd));
	for (i = 0; i < 16; i++)
		tring_rx_give(&self->r, i);
	for (i = 0; i < 3; i++)
		ASSERT_LE(0, tring_tx_put(&self->r, pkt,
					  seq_pkt(pkt, false, i, 100), NULL));
	tvq_publish(&self->r.rx);
	tvq_publish(&self->r.tx);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 10, 100));
	ASSERT_EQ(0, attach_raw(self->e.fd, &a));
	EXPECT_EQ(0, tvq_wait(&self->r.rx, 10));
	EXPECT_EQ(0, tvq_wait(&self->r.tx, 3));
	EXPECT_EQ(0, env_seen(&self->e, 0, 3));
	self->r.rx.kicked = self->r.rx.avail_idx;
	self->r.tx.kicked = self->r.tx.avail_idx;
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 10));
	EXPECT_EQ(0, transmit(self, 5));
}

/* Rings in the same memory are set up and torn down under traffic. */
TEST_F(life, set_up_and_torn_down_under_traffic)
{
	struct flood f = { .name = "atlife0", .len = 100, .window = 100 };
	uint32_t next = 0;
	unsigned int i;

	ASSERT_EQ(0, flood_start(&f));
	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, start(self));
		ASSERT_EQ(0, env_through_teardown(&self->e, &self->r, &f,
						  &next));
	}
	EXPECT_EQ(0, flood_join(&f, true));
	EXPECT_EQ(0, env_expect_plain(&self->e, next, flood_sent(&f) - next));
}

/*
 * Teardown transmits the available entries. Afterwards the driver writes no
 * byte.
 */
TEST_F(life, teardown_sends_available)
{
	uint8_t pkt[128];
	unsigned int i;

	ASSERT_EQ(0, start(self));
	for (i = 0; i < 16; i++)
		ASSERT_LE(0, tring_tx_put(&self->r, pkt,
					  seq_pkt(pkt, false, i, 100), NULL));
	tvq_publish(&self->r.tx);
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(16, tvq_pending(&self->r.tx));
	EXPECT_EQ(0, env_seen(&self->e, 0, 16));
	memset(self->r.device, 0x5a, self->r.s.device_len);
	memset(self->r.pool, 0x5a, self->r.s.pool_len);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 20, 100));
	EXPECT_EQ(0, env_expect_plain(&self->e, 0, 20));
	for (i = 0; i < self->r.s.device_len; i++)
		ASSERT_EQ(0x5a, self->r.device[i]);
	for (i = 0; i < self->r.s.pool_len; i++)
		ASSERT_EQ(0x5a, self->r.pool[i]);
	EXPECT_EQ(-ENXIO, tring_teardown(self->e.fd));
}

/* Mode and counters in query, statistics and fdinfo. */
TEST_F(life, state_is_reported)
{
	struct tun_ring_query q = { };
	struct tun_ring_stats st;
	char path[64], buf[2048];

	ASSERT_EQ(0, tring_query(self->e.fd, &q));
	EXPECT_EQ(TUN_RING_MODE_PLAIN, q.mode);
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, tring_query(self->e.fd, &q));
	EXPECT_EQ(TUN_RING_MODE_ATTACHED, q.mode);
	/* a running worker would need no kick */
	ASSERT_EQ(0, thread_wait_idle(getpid()));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 9, 100));
	ASSERT_EQ(0, env_expect(&self->e, &self->r, 0, 9));
	ASSERT_EQ(0, transmit(self, 1));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(TUN_RING_MODE_ATTACHED, st.mode);
	EXPECT_EQ(0, st.broken);
	EXPECT_EQ(variant->features | F_V1, st.features);
	EXPECT_EQ(9, st.rx.packets);
	EXPECT_EQ(900, st.rx.bytes);
	EXPECT_EQ(1, st.tx.packets);
	EXPECT_EQ(100, st.tx.bytes);
	EXPECT_EQ(1, st.tx.kicks);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", self->e.fd);
	ASSERT_LT(0, file_get(path, buf, sizeof(buf)));
	EXPECT_NE(NULL, strstr(buf, "ring-mode:\tattached\n"));
	EXPECT_NE(NULL, strstr(buf, "ring-rx:\tentries 16 packets 9 bytes "));
	EXPECT_NE(NULL, strstr(buf, "ring-tx:\tentries 16 packets 1 bytes "));
	EXPECT_NE(NULL, strstr(buf, "ring-broken:\t0"));
}

/* Attached rings have no area to map. */
TEST_F(life, no_mmap)
{
	static const struct tconf c = { 0, 8, 8, 2048, 0 };
	struct tun_ring_setup s = tring_params(&c);
	uint64_t off[3];
	unsigned int i;

	ASSERT_EQ(0, tring_setup_raw(self->e.fd, &s));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	off[0] = s.driver_offset;
	off[1] = s.device_offset;
	off[2] = s.pool_offset;
	ASSERT_EQ(0, start(self));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED,
					   self->e.fd, off[i]));
}

static bool enough;

static void *keep_mapping(void *arg)
{
	const struct env *e = arg;
	long bad = 0;

	while (!__atomic_load_n(&enough, __ATOMIC_RELAXED))
		bad += mmap(NULL, 4096, PROT_READ, MAP_SHARED, e->fd, 0) !=
		       MAP_FAILED;
	return (void *)bad;
}

/* mmap() may drop the last reference to rings, and must not free memory. */
TEST_F(life, teardown_during_mmap)
{
	pthread_t thread;
	void *bad;
	int i;

	ASSERT_EQ(0, pthread_create(&thread, NULL, keep_mapping, &self->e));
	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, start(self));
		ASSERT_EQ(0, tring_teardown(self->e.fd));
	}
	__atomic_store_n(&enough, true, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(thread, &bad));
	EXPECT_EQ(NULL, bad);
}

/* The last close() frees rings and device and unlocks the memory. */
TEST_F(life, close_frees_all)
{
	long locked;

	ASSERT_EQ(0, start(self));
	locked = proc_status_kb("VmLck:");
	EXPECT_EQ(variant->pin, locked > 0);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 30, 100));
	close(self->e.fd);
	self->e.fd = -1;
	EXPECT_EQ(0, if_wait_gone("atlife0"));
	EXPECT_EQ(0, proc_status_kb("VmLck:"));
}

TEST_HARNESS_MAIN
