// SPDX-License-Identifier: GPL-2.0
/* Memory of regions: which pages are locked, for how long, and for whom. */
#include <pthread.h>
#include <sys/mman.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

#define HUGE	(2UL << 20)
#define PAGE	4096

FIXTURE(mem) {
	struct env e;
	struct tring r;
	struct aconf c;
	long before;		/* kB locked before */
};

FIXTURE_SETUP(mem)
{
	self->c = (struct aconf) {
		.c = { F_META, 16, 16, 2048, 0 }, .pin = true,
	};
	ASSERT_EQ(0, env_open(&self->e, "mem0", TUN_PLAIN));
	self->before = proc_status_kb("VmLck:");
	ASSERT_EQ(0, self->before);
}

/* The last close unlocks all memory. */
FIXTURE_TEARDOWN(mem)
{
	env_close(&self->e);
	EXPECT_EQ(self->before, proc_status_kb("VmLck:"));
	tring_unmap(&self->r);
}

static int transmit(struct env *e, struct tring *r, uint32_t seq)
{
	uint8_t pkt[128];
	int ret = tring_send(r, pkt, seq_pkt(pkt, false, seq, 100), NULL);

	return ret ? ret : env_seen(e, seq, 1);
}

/* The table locks whole pages for as long as it is used. */
TEST_F(mem, locked)
{
	struct tring *r = &self->r;
	struct tun_ring_region v;
	long pool, rings;

	ASSERT_EQ(0, attach_alloc(r, &self->c));
	pool = r->s.pool_len / 1024;
	ASSERT_EQ(0, attach_pool(r, self->e.fd, false));
	EXPECT_EQ(0, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, attach_pool(r, self->e.fd, true));
	EXPECT_EQ(pool, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, attach_again(r, self->e.fd, &self->c));
	rings = proc_status_kb("VmLck:") - pool;
	EXPECT_LT(0, rings);
	ASSERT_EQ(0, attach_pool(r, self->e.fd, true));
	EXPECT_EQ(pool + rings, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(pool, proc_status_kb("VmLck:"));
	v = attach_region(r);
	v.user += PAGE - 1;
	v.len = PAGE;
	ASSERT_EQ(0, attach_regions(self->e.fd, &v, 1, TUN_RING_REGIONS_PIN));
	EXPECT_EQ(2 * PAGE / 1024, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, attach_regions(self->e.fd, NULL, 0, 0));
	EXPECT_EQ(0, proc_status_kb("VmLck:"));
}

/*
 * Rings of another file in the same memory: the memory is pinned once, and
 * either file keeps it pinned.
 */
TEST_F(mem, shared)
{
	struct env two = { .fd = -1, .sk = -1, .name = "mem1" };
	struct tring *r = &self->r, r2;
	long locked, rings;

	ASSERT_EQ(0, attach_rings(r, self->e.fd, &self->c));
	locked = proc_status_kb("VmLck:");
	rings = locked - r->s.pool_len / 1024;
	two.fd = tunfd_create_up("mem1", TUN_PLAIN);
	ASSERT_LE(0, two.fd);
	ASSERT_EQ(0, qdisc_plain("mem1", 1000));
	two.sk = psock_open("mem1", false);
	ASSERT_EQ(0, attach_share(two.fd, self->e.fd));
	EXPECT_EQ(locked, proc_status_kb("VmLck:"));
	/* rings of its own, buffers of both */
	ASSERT_EQ(0, attach_alloc(&r2, &self->c));
	munmap(r2.pool, r2.s.pool_len);
	r2.pool = r->pool;
	ASSERT_EQ(0, attach_again(&r2, two.fd, &self->c));
	EXPECT_EQ(locked + rings, proc_status_kb("VmLck:"));
	ASSERT_LE(0, tring_rx_fill(&r2));
	ASSERT_EQ(0, env_inject_n(&two, 0, 10, 100));
	EXPECT_EQ(0, env_expect(&two, &r2, 0, 10));
	EXPECT_EQ(0, transmit(&self->e, r, 1));
	/* the first queue drops the table, the second one still uses it */
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, attach_regions(self->e.fd, NULL, 0, 0));
	EXPECT_EQ(locked, proc_status_kb("VmLck:"));
	ASSERT_EQ(0, env_inject_n(&two, 10, 30, 100));
	EXPECT_EQ(0, env_expect(&two, &r2, 10, 30));
	EXPECT_EQ(0, transmit(&two, &r2, 2));
	env_close(&two);
	r2.pool = NULL;
	tring_unmap(&r2);
}

/*
 * A packet received into one file's pages is transmitted by another file's
 * device without a copy.
 */
TEST_F(mem, forward)
{
	struct tring *r = &self->r, r2;
	int two = tunfd_create_up("mem1", TUN_PLAIN), sk;
	struct env e2 = { .fd = two };
	unsigned int i;

	ASSERT_LE(0, two);
	sk = psock_open("mem1", false);
	e2.sk = sk;
	ASSERT_EQ(0, attach_rings(r, self->e.fd, &self->c));
	ASSERT_EQ(0, attach_share(two, self->e.fd));
	ASSERT_EQ(0, attach_mapped(&r2, two, &self->c.c));
	ASSERT_EQ(0, attach_share(two, self->e.fd));
	ASSERT_LE(0, tring_rx_fill(r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 10, 100));
	ASSERT_EQ(0, tvq_wait(&r->rx, 10));
	for (i = 0; i < 10; i++) {
		struct vring_used_elem u = tvq_used_at(&r->rx, i);

		memset(&r2.tx.meta[i], 0, sizeof(*r2.tx.meta));
		tvq_desc(&r2.tx, i, le64toh(r->rx.desc[u.id].addr),
			 u.len, 0, 0);
		tvq_put(&r2.tx, i);
	}
	ASSERT_LE(0, tring_tx_kick(&r2));
	EXPECT_EQ(0, tvq_wait(&r2.tx, 10));
	EXPECT_EQ(0, env_seen(&e2, 0, 10));
	tring_unmap(&r2);
	close(sk);
	close(two);
}

static long huge_free(void)
{
	char buf[8192], *p;

	if (file_get("/proc/meminfo", buf, sizeof(buf)) < 0)
		return -EIO;
	p = strstr(buf, "HugePages_Free:");
	return p ? atol(p + 15) : -ENOENT;
}

/* Huge pages, one of them split between two regions. */
TEST_F(mem, huge_pages)
{
	struct tring *r = &self->r;
	struct tun_ring_region v[2];
	uint8_t *old;
	void *huge;

	ASSERT_EQ(0, file_put("/proc/sys/vm/nr_hugepages", "4"));
	ASSERT_LE(2, huge_free());
	huge = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		    MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	ASSERT_NE(MAP_FAILED, huge);
	ASSERT_EQ(0, attach_alloc(r, &self->c));
	old = r->pool;
	r->pool = (uint8_t *)huge + HUGE - 5 * 2048;
	v[0] = attach_region(r);
	v[0].len = 4 * PAGE;
	v[1] = v[0];
	v[1].addr += v[0].len;
	v[1].user += v[0].len;
	v[1].len = HUGE - 2 * PAGE;
	ASSERT_EQ(0, attach_regions(self->e.fd, v, 2, TUN_RING_REGIONS_PIN));
	ASSERT_EQ(0, attach_again(r, self->e.fd, &self->c));
	ASSERT_LE(0, tring_rx_fill(r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 60, 1400));
	EXPECT_EQ(0, env_expect(&self->e, r, 0, 60));
	EXPECT_EQ(0, transmit(&self->e, r, 1));
	/* the pages stay pinned after munmap() */
	ASSERT_EQ(0, munmap(huge, 2 * HUGE));
	r->pool = old;
	EXPECT_EQ(2, huge_free());
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 1400));
	ASSERT_EQ(0, tvq_wait(&r->rx, 5));
	close(self->e.fd);
	self->e.fd = -1;
	EXPECT_EQ(4, huge_free());
	ASSERT_EQ(0, file_put("/proc/sys/vm/nr_hugepages", "0"));
}

struct changer {
	int fd, stop;
	struct tring *r;
};

static void *change(void *arg)
{
	struct changer *c = arg;

	while (!__atomic_load_n(&c->stop, __ATOMIC_ACQUIRE)) {
		attach_pool(c->r, c->fd, true);
		attach_regions(c->fd, NULL, 0, 0);
	}
	return NULL;
}

/*
 * The table is set and removed while rings are attached: attaching succeeds, or
 * fails with ENXIO without a table.
 */
TEST_F(mem, race)
{
	struct changer c = { .fd = self->e.fd, .r = &self->r };
	long start = now_ms(), ms;
	unsigned int done = 0;
	pthread_t thread;
	int ret;

	ASSERT_EQ(0, attach_alloc(&self->r, &self->c));
	ASSERT_EQ(0, pthread_create(&thread, NULL, change, &c));
	while ((ms = now_ms() - start) < 3000 || (!done && ms < WAIT_MS)) {
		ret = attach_again(&self->r, self->e.fd, &self->c);
		if (!ret) {
			attach_pool(&self->r, self->e.fd, true);
			EXPECT_EQ(0, tring_teardown(self->e.fd));
			done++;
		} else {
			EXPECT_EQ(-ENXIO, ret);
		}
	}
	__atomic_store_n(&c.stop, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	EXPECT_LT(0, done);
}

TEST_HARNESS_MAIN
