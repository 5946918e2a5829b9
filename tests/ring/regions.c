// SPDX-License-Identifier: GPL-2.0
/* Regions: the addresses of descriptors, for both kinds of rings. */
#include <sys/mman.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

#define W	VRING_DESC_F_WRITE
#define PAGES	64
#define PAGE	4096

enum kind { PINNED, UNPINNED, SETUP };

FIXTURE(regions) {
	struct env e;
	struct tring r;
	uint32_t flags;		/* of the region table */
	uint8_t *mem;
};

FIXTURE_VARIANT(regions) {
	enum kind kind;
};

FIXTURE_VARIANT_ADD(regions, pinned) { PINNED };
FIXTURE_VARIANT_ADD(regions, unpinned) { UNPINNED };
FIXTURE_VARIANT_ADD(regions, setup) { SETUP };

static int start(int fd, struct tring *r, enum kind kind)
{
	struct aconf c = {
		.c = { F_META | F_INDIRECT, 16, 16, 2048, 0 },
		.pin = kind == PINNED,
	};

	return kind == SETUP ? attach_mapped(r, fd, &c.c) :
			       attach_rings(r, fd, &c);
}

FIXTURE_SETUP(regions)
{
	ASSERT_EQ(0, env_open(&self->e, "reg0", TUN_PLAIN));
	ASSERT_EQ(0, start(self->e.fd, &self->r, variant->kind));
	self->flags = variant->kind == UNPINNED ? 0 : TUN_RING_REGIONS_PIN;
	self->mem = attach_mem(PAGES * PAGE);
	ASSERT_NE(NULL, self->mem);
	memset(self->mem, 0xa5, PAGES * PAGE);
}

FIXTURE_TEARDOWN(regions)
{
	tring_unmap(&self->r);
	env_close(&self->e);
	munmap(self->mem, PAGES * PAGE);
}

static struct tun_ring_region region(uint64_t addr, uint64_t len, void *user)
{
	return (struct tun_ring_region) {
		.addr = addr, .len = len, .user = (uintptr_t)user,
	};
}

/* Makes one buffer at this address available. */
static int post(struct tring *r, uint64_t addr, uint32_t len)
{
	uint16_t head = r->rx.avail_idx % r->rx.entries;

	tvq_desc(&r->rx, head, addr, len, W, 0);
	tvq_put(&r->rx, head);
	return tring_rx_kick(r);
}

/* Transmits one packet at this address. */
static int send_at(struct tring *r, uint64_t addr, uint32_t len)
{
	uint16_t head = r->tx.avail_idx % r->tx.entries;
	int ret;

	if (r->tx.meta)
		memset(&r->tx.meta[head], 0, sizeof(*r->tx.meta));
	tvq_desc(&r->tx, head, addr, len, 0, 0);
	tvq_put(&r->tx, head);
	ret = tring_tx_kick(r);
	if (ret < 0)
		return ret;
	ret = tvq_wait(&r->tx, 1);
	tvq_take(&r->tx, 1);
	return ret;
}

/* Regions in any order, at any 64-bit address, at any offset in a page. */
TEST_F(regions, several)
{
	uint8_t *mem = self->mem;
	struct tun_ring_region v[] = {
		region(1ULL << 63, 1000, mem + 3 * PAGE + 7),
		region(0, 600, mem + PAGE),
		region(UINT64_MAX - 599, 600, mem + 9 * PAGE - 300),
		region(70000, 2 * PAGE, mem + 20 * PAGE + 1),
	};
	struct tring *r = &self->r;
	unsigned int i;

	ASSERT_EQ(0, attach_regions(self->e.fd, v, ARRAY_LEN(v), self->flags));
	for (i = 0; i < ARRAY_LEN(v); i++)
		ASSERT_LE(0, post(r, v[i].addr + 10, 500));
	for (i = 0; i < ARRAY_LEN(v); i++)
		ASSERT_EQ(0, env_inject(&self->e, i, 400 + i));
	ASSERT_EQ(0, tvq_wait(&r->rx, ARRAY_LEN(v)));
	for (i = 0; i < ARRAY_LEN(v); i++) {
		mem = (void *)(uintptr_t)v[i].user;
		EXPECT_EQ(i, seq_of(mem + 10, 400 + i, false));
		EXPECT_EQ(0xa5, mem[9]);
		EXPECT_EQ(0xa5, mem[10 + 400 + i]);
	}
	for (i = 0; i < ARRAY_LEN(v); i++) {
		mem = (void *)(uintptr_t)v[i].user;
		seq_pkt(mem + v[i].len - 200, false, i, 200);
		ASSERT_EQ(0, send_at(r, v[i].addr + v[i].len - 200, 200));
	}
	EXPECT_EQ(0, env_seen(&self->e, 0, ARRAY_LEN(v)));
}

/* A packet crosses regions that are adjacent in address, but not in memory. */
TEST_F(regions, packet_crosses_regions)
{
	uint8_t *a = self->mem + 2 * PAGE, *b = self->mem + 9 * PAGE + 5;
	struct tun_ring_region v[] = {
		region(5000, 1000, b), region(4000, 1000, a),
	};
	struct tring *r = &self->r;
	uint8_t buf[512];

	ASSERT_EQ(0, attach_regions(self->e.fd, v, 2, self->flags));
	ASSERT_LE(0, post(r, 4700, 600));
	ASSERT_EQ(0, env_inject(&self->e, 8, 500));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(500, tvq_used_at(&r->rx, 0).len);
	memcpy(buf, a + 700, 300);
	memcpy(buf + 300, b, 200);
	EXPECT_EQ(8, seq_of(buf, 500, false));
	EXPECT_EQ(0xa5, a[1000]);
	EXPECT_EQ(0xa5, b[200]);

	seq_pkt(buf, false, 9, 500);
	memcpy(a + 999, buf, 1);
	memcpy(b, buf + 1, 499);
	ASSERT_EQ(0, send_at(r, 4999, 500));
	EXPECT_EQ(0, env_seen(&self->e, 9, 1));
}

/* An indirect table has a descriptor that crosses two regions. */
TEST_F(regions, indirect_crosses_regions)
{
	uint8_t *a = self->mem + 2 * PAGE, *b = self->mem + 9 * PAGE + 5;
	struct tun_ring_region v[] = {
		region(4000, 1000, a), region(5000, 1000, b),
	};
	struct vring_desc d[2] = {
		{ 4100, 150, VRING_DESC_F_NEXT, 1 }, { 4300, 150, 0, 0 },
	};
	struct tring *r = &self->r;
	uint8_t buf[512];

	ASSERT_EQ(0, attach_regions(self->e.fd, v, 2, self->flags));
	seq_pkt(buf, false, 3, 300);
	memcpy(a + 100, buf, 150);
	memcpy(a + 300, buf + 150, 150);
	memcpy(a + 1000 - 21, d, 21);
	memcpy(b, (uint8_t *)d + 21, sizeof(d) - 21);
	memset(r->tx.meta, 0, sizeof(*r->tx.meta));
	tvq_desc(&r->tx, 0, 5000 - 21, sizeof(d), VRING_DESC_F_INDIRECT, 0);
	tvq_put(&r->tx, 0);
	ASSERT_LE(0, tring_tx_kick(r));
	EXPECT_EQ(0, tvq_wait(&r->tx, 1));
	EXPECT_EQ(0, env_seen(&self->e, 3, 1));
}

/* The most regions allowed, with one descriptor across all of them. */
TEST_F(regions, most_regions)
{
	struct tun_ring_region v[TUN_RING_MAX_REGIONS];
	struct tring *r = &self->r;
	unsigned int i, len = 20 * ARRAY_LEN(v);
	uint8_t buf[2048];

	for (i = 0; i < ARRAY_LEN(v); i++)
		v[i] = region(100 + 20 * i, 20, self->mem +
			      i * 37 % ARRAY_LEN(v) * PAGE + i * 60);
	ASSERT_EQ(0, attach_regions(self->e.fd, v, ARRAY_LEN(v), self->flags));
	ASSERT_LE(0, post(r, 100, len));
	ASSERT_EQ(0, env_inject(&self->e, 2, len));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(len, tvq_used_at(&r->rx, 0).len);
	for (i = 0; i < ARRAY_LEN(v); i++)
		memcpy(buf + 20 * i, (void *)(uintptr_t)v[i].user, 20);
	EXPECT_EQ(2, seq_of(buf, len, false));
	ASSERT_EQ(0, send_at(r, 100, len));
	EXPECT_EQ(0, env_seen(&self->e, 2, 1));
}

/* Table A has the pool as one region, table B as three and another one. */
TEST_F(regions, replaced_under_traffic)
{
	struct flood f = { .name = "reg0", .len = 200, .n = 4000,
			   .window = 200 };
	struct tring *r = &self->r;
	struct tun_ring_region v[] = {
		region(1 << 20, PAGE, self->mem),
		region(0, 5000, r->pool), region(5000, 3192, r->pool + 5000),
		region(8192, r->s.pool_len - 8192, r->pool + 8192),
	};
	uint8_t pkt[256];
	unsigned int i;

	ASSERT_LE(0, tring_rx_fill(r));
	ASSERT_EQ(0, flood_start(&f));
	for (i = 0; i < f.n; i += 100) {
		ASSERT_EQ(0, i / 100 & 1 ?
			  attach_pool(r, self->e.fd, self->flags) :
			  attach_regions(self->e.fd, v, 4, self->flags));
		ASSERT_EQ(0, env_expect(&self->e, r, i, 100));
		flood_done(&f, i + 100);
		ASSERT_EQ(0, tring_send(r, pkt, seq_pkt(pkt, false, i, 100),
					NULL));
	}
	EXPECT_EQ(0, flood_join(&f, false));
	EXPECT_EQ(0, attach_pool(r, self->e.fd, self->flags));
}

TEST_HARNESS_MAIN
