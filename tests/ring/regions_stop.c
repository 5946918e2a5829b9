// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptors outside all regions: the rings of one queue become broken, others
 * continue.
 */
#include "attach.h"
#include "env.h"

#define STOCK_ONLY_VARIANT	"setup"
#include "harness.h"

#define MQ	(TUN_PLAIN | IFF_MULTI_QUEUE)
#define P	4096	/* bytes of a page */

FIXTURE(outside) {
	struct env e, other;
	struct tring r, or;
	uint8_t *mem;
};

FIXTURE_VARIANT(outside) {
	enum attach_kind kind;
};

FIXTURE_VARIANT_ADD(outside, pinned) { ATTACH_PINNED };
FIXTURE_VARIANT_ADD(outside, unpinned) { ATTACH_UNPINNED };
FIXTURE_VARIANT_ADD(outside, setup) { ATTACH_SETUP };

static const struct tconf conf = { F_META | F_INDIRECT, 8, 8, 2048, 0 };

/*
 * The steering program sends packets with an even number to the queue that
 * breaks the rules.
 */
FIXTURE_SETUP(outside)
{
	int prog;

	ASSERT_EQ(0, env_open(&self->e, "stop0", MQ));
	self->other = self->e;
	self->other.fd = tunfd_create("stop0", MQ);
	ASSERT_LE(0, self->other.fd);
	ASSERT_EQ(0, qdisc_plain_mq("stop0", 2, 500));
	prog = bpf_queue_from_byte(20);
	ASSERT_LE(0, prog);
	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETSTEERINGEBPF, prog));
	close(prog);
	ASSERT_EQ(0, attach_by_kind(&self->r, self->e.fd, variant->kind,
				    &conf));
	ASSERT_EQ(0, attach_by_kind(&self->or, self->other.fd, variant->kind,
				    &conf));
	ASSERT_LE(0, tring_rx_fill(&self->or));
	self->mem = attach_mem(P);
	ASSERT_NE(NULL, self->mem);
}

FIXTURE_TEARDOWN(outside)
{
	tring_unmap(&self->r);
	tring_unmap(&self->or);
	close(self->other.fd);
	env_close(&self->e);
}

/* Two regions with a gap between them. */
static int two_regions(struct _test_data_outside *self, enum attach_kind kind)
{
	struct tun_ring_region v[] = {
		{ .addr = 4 * P, .len = P, .user = (uintptr_t)self->mem },
		{ .addr = 6 * P, .len = P, .user = (uintptr_t)self->mem },
	};

	return attach_regions(self->e.fd, v, 2,
			      kind == ATTACH_UNPINNED ? 0 : TUN_RING_REGIONS_PIN);
}

static const struct {
	uint64_t addr;
	uint32_t len;
} ranges[] = {
	{ 0, 1 }, { 4 * P - 1, 1 }, { 4 * P - 1, 100 }, { 5 * P - 100, 101 },
	{ 5 * P - 100, P + 500 }, { 5 * P, 64 }, { 6 * P - 1, 1 },
	{ 6 * P - 1, 2 }, { 7 * P - 1, 2 }, { 7 * P, 64 },
	{ UINT64_MAX, 64 }, { 4 * P, UINT32_MAX },
};

static void use(struct _test_data_outside *self, bool rx, uint64_t addr,
		uint32_t len, uint16_t flags)
{
	struct tvq *vq = rx ? &self->r.rx : &self->r.tx;

	tvq_desc(vq, 0, addr, len, flags | (rx ? VRING_DESC_F_WRITE : 0), 0);
	tvq_put(vq, 0);
	tvq_publish(vq);
	tring_enter(self->e.fd, rx ? TUN_RING_ENTER_RX : TUN_RING_ENTER_TX, 0);
	if (rx)
		env_inject(&self->e, 0, 60);
}

static int others_work(struct _test_data_outside *self)
{
	uint8_t pkt[128];
	int ret = env_inject(&self->e, 1, 60);

	if (!ret)
		ret = env_expect(&self->other, &self->or, 1, 1);
	if (!ret)
		ret = tring_send(&self->or, pkt, seq_pkt(pkt, false, 3, 60),
				 NULL);
	return ret ? ret : env_seen(&self->e, 3, 1);
}

static int stopped(struct _test_data_outside *self, int err)
{
	struct tun_ring_stats st;
	int ret = tring_wait_broken(self->e.fd, &st);

	if (ret)
		return ret;
	if (st.broken != err ||
	    tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0) != -err)
		return -EBADE;
	return fd_wait(self->e.fd, POLLIN, WAIT_MS) & POLLERR ? 0 : -EBADR;
}

/* Buffers before, between and behind the regions, and across an end. */
TEST_F(outside, buffers)
{
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_LEN(ranges); i++) {
		ASSERT_EQ(0, two_regions(self, variant->kind));
		use(self, i & 1, ranges[i / 2].addr, ranges[i / 2].len, 0);
		EXPECT_EQ(0, stopped(self, EPROTO)) {
			TH_LOG("%s %llx %x", i & 1 ? "rx" : "tx",
			       (long long)ranges[i / 2].addr,
			       ranges[i / 2].len);
		}
		EXPECT_EQ(0, others_work(self));
		/* rings set up anew work */
		ASSERT_EQ(0, tring_teardown(self->e.fd));
		tring_unmap(&self->r);
		ASSERT_EQ(0, attach_by_kind(&self->r, self->e.fd, variant->kind,
					    &conf));
		ASSERT_LE(0, tring_rx_fill(&self->r));
		ASSERT_EQ(0, env_inject(&self->e, 4, 60));
		EXPECT_EQ(0, env_expect(&self->e, &self->r, 4, 1));
		ASSERT_EQ(0, tring_teardown(self->e.fd));
		tring_unmap(&self->r);
		ASSERT_EQ(0, attach_by_kind(&self->r, self->e.fd, variant->kind,
					    &conf));
	}
}

/* An indirect table that lies partly outside all regions. */
TEST_F(outside, tables)
{
	static const uint64_t at[] = { 0, 3992, 4992, 5999, 6999, UINT64_MAX };
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_LEN(at); i++) {
		ASSERT_EQ(0, two_regions(self, variant->kind));
		use(self, i & 1, at[i / 2], 16, VRING_DESC_F_INDIRECT);
		EXPECT_EQ(0, stopped(self, EPROTO)) {
			TH_LOG("%s %llx", i & 1 ? "rx" : "tx",
			       (long long)at[i / 2]);
		}
		EXPECT_EQ(0, others_work(self));
		ASSERT_EQ(0, tring_teardown(self->e.fd));
		tring_unmap(&self->r);
		ASSERT_EQ(0, attach_by_kind(&self->r, self->e.fd, variant->kind,
					    &conf));
	}
}

TEST_HARNESS_MAIN
