// SPDX-License-Identifier: GPL-2.0
/* Regions: the addresses of descriptors, for both kinds of rings. */
#include <sys/mman.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

#define W	VRING_DESC_F_WRITE
#define PAGES	64
#define PAGE	4096

FIXTURE(regions) {
	struct env e;
	struct tring r;
	uint32_t flags;		/* of the region table */
	uint8_t *mem;
};

FIXTURE_VARIANT(regions) {
	enum attach_kind kind;
};

FIXTURE_VARIANT_ADD(regions, pinned) { ATTACH_PINNED };
FIXTURE_VARIANT_ADD(regions, unpinned) { ATTACH_UNPINNED };
FIXTURE_VARIANT_ADD(regions, setup) { ATTACH_SETUP };

static const struct tconf conf = { F_META | F_INDIRECT, 16, 16, 2048, 0 };

FIXTURE_SETUP(regions)
{
	ASSERT_EQ(0, env_open(&self->e, "reg0", TUN_PLAIN));
	ASSERT_EQ(0, attach_by_kind(&self->r, self->e.fd, variant->kind,
				    &conf));
	self->flags = variant->kind == ATTACH_UNPINNED ? 0 : TUN_RING_REGIONS_PIN;
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

/* Regions in any order, at any page of 64-bit addresses, at any offset in memory. */
TEST_F(regions, several)
{
	uint8_t *mem = self->mem;
	struct tun_ring_region v[] = {
		region(1ULL << 63, PAGE, mem + 3 * PAGE + 7),
		region(0, PAGE, mem + PAGE),
		region(UINT64_MAX - PAGE + 1, PAGE, mem + 9 * PAGE - 300),
		region(17 * PAGE, 2 * PAGE, mem + 20 * PAGE + 1),
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
		region(5 * PAGE, PAGE, b), region(4 * PAGE, PAGE, a),
	};
	struct tring *r = &self->r;
	uint8_t buf[512];

	ASSERT_EQ(0, attach_regions(self->e.fd, v, 2, self->flags));
	ASSERT_LE(0, post(r, 5 * PAGE - 300, 600));
	ASSERT_EQ(0, env_inject(&self->e, 8, 500));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(500, tvq_used_at(&r->rx, 0).len);
	memcpy(buf, a + PAGE - 300, 300);
	memcpy(buf + 300, b, 200);
	EXPECT_EQ(8, seq_of(buf, 500, false));
	EXPECT_EQ(0xa5, a[PAGE]);
	EXPECT_EQ(0xa5, b[200]);

	seq_pkt(buf, false, 9, 500);
	memcpy(a + PAGE - 1, buf, 1);
	memcpy(b, buf + 1, 499);
	ASSERT_EQ(0, send_at(r, 5 * PAGE - 1, 500));
	EXPECT_EQ(0, env_seen(&self->e, 9, 1));
}

/* Offers a table of two descriptors, with @here bytes of it in the first region. */
static int send_table(struct tring *r, int fd, uint32_t flags, uint8_t *mem,
		      size_t here)
{
	uint8_t *a = mem + 2 * PAGE, *b = mem + 9 * PAGE + 5;
	struct tun_ring_region v[] = {
		region(4 * PAGE, PAGE, a), region(5 * PAGE, PAGE, b),
	};
	struct vring_desc d[2] = {
		tvq_descriptor(4 * PAGE + 100, 150, VRING_DESC_F_NEXT, 1),
		tvq_descriptor(4 * PAGE + 300, 150, 0, 0),
	};
	uint8_t buf[512];
	int ret = attach_regions(fd, v, 2, flags);

	if (ret)
		return ret;
	seq_pkt(buf, false, 3, 300);
	memcpy(a + 100, buf, 150);
	memcpy(a + 300, buf + 150, 150);
	memcpy(a + PAGE - here, d, here);
	memcpy(b, (uint8_t *)d + here, sizeof(d) - here);
	memset(r->tx.meta, 0, sizeof(*r->tx.meta));
	tvq_desc(&r->tx, 0, 5 * PAGE - here, sizeof(d), VRING_DESC_F_INDIRECT,
		 0);
	tvq_put(&r->tx, 0);
	return tring_tx_kick(r);
}

TEST_F(regions, indirect_table_ends_with_its_region)
{
	struct tring *r = &self->r;

	ASSERT_LE(0, send_table(r, self->e.fd, self->flags, self->mem,
				2 * sizeof(struct vring_desc)));
	EXPECT_EQ(0, tvq_wait(&r->tx, 1));
	EXPECT_EQ(0, env_seen(&self->e, 3, 1));
}

/* An indirect table lies in one region. */
TEST_F(regions, indirect_table_crosses_regions)
{
	struct tun_ring_stats st;

	send_table(&self->r, self->e.fd, self->flags, self->mem,
		   sizeof(struct vring_desc));
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	EXPECT_EQ(EPROTO, st.broken);
	EXPECT_EQ(0, st.tx.packets);
}

/* The most regions allowed, with one descriptor across all of them. */
TEST_F(regions, most_regions)
{
	struct tun_ring_region v[TUN_RING_MAX_REGIONS];
	unsigned int i, len = 2 * PAGE + 300;
	struct tring *r = &self->r;
	uint8_t buf[3 * PAGE];

	for (i = 0; i < ARRAY_LEN(v); i++)
		v[i] = region((i + 3) * PAGE, PAGE, self->mem +
			      i * 37 % ARRAY_LEN(v) * PAGE);
	ASSERT_EQ(0, if_mtu("reg0", len));
	ASSERT_EQ(0, attach_regions(self->e.fd, v, ARRAY_LEN(v), self->flags));
	ASSERT_LE(0, post(r, v[0].addr, ARRAY_LEN(v) * PAGE));
	ASSERT_EQ(0, psock_send(self->e.sk, NULL, buf,
				seq_pkt(buf, false, 2, len)));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(len, tvq_used_at(&r->rx, 0).len);
	for (i = 0; i < 3; i++)
		memcpy(buf + i * PAGE, (void *)(uintptr_t)v[i].user, PAGE);
	EXPECT_EQ(2, seq_of(buf, len, false));
	seq_pkt(buf, false, 4, 1200);
	memcpy((uint8_t *)(uintptr_t)v[62].user + PAGE - 600, buf, 600);
	memcpy((void *)(uintptr_t)v[63].user, buf + 600, 600);
	ASSERT_EQ(0, send_at(r, v[63].addr - 600, 1200));
	EXPECT_EQ(0, env_seen(&self->e, 4, 1));
}

/*
 * Table A holds the pool as one region. Table B holds the pool as three regions,
 * and one more region.
 */
TEST_F(regions, replaced_under_traffic)
{
	struct flood f = { .name = "reg0", .len = 200, .n = 4000,
			   .window = 200 };
	struct tring *r = &self->r;
	struct tun_ring_region v[] = {
		region(1 << 20, PAGE, self->mem),
		region(0, PAGE, r->pool), region(PAGE, PAGE, r->pool + PAGE),
		region(2 * PAGE, r->s.pool_len - 2 * PAGE, r->pool + 2 * PAGE),
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
