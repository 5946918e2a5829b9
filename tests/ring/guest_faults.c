// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's memory is unmapped or read-only: the rings become broken with
 * EFAULT, the monitor gets an error signal, and a new start works.
 */
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "guest.h"
#include "harness.h"

FIXTURE(gfaults) {
	struct env e;
	struct guest g;
};

FIXTURE_SETUP(gfaults)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open(&self->g, dup(self->e.fd), G_V1, 0));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
}

FIXTURE_TEARDOWN(gfaults)
{
	guest_close(&self->g);
	env_close(&self->e);
}

static void *again(void *at, size_t len)
{
	return mmap(at, len, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* Maps new memory where the old was lost and restarts the rings. */
static int anew(struct guest *g, struct env *e)
{
	int ret = guest_stop(g);
	uint8_t buf[256];

	again(g->pool, G_POOL);
	again(g->rings, G_RINGS);
	fd_drain(e->fd);
	/*
	 * a packet may have been transmitted whose used entry could not be
	 * written
	 */
	while (psock_recv_now(e->sk, NULL, buf, sizeof(buf)) >= 0)
		;
	guest_fresh_rings(g);
	if (!ret)
		ret = guest_describe(g, G_RX);
	if (!ret)
		ret = guest_describe(g, G_TX);
	if (!ret)
		ret = guest_start(g, e->fd);
	if (ret)
		return ret;
	guest_fill(g);
	return guest_works(g, e, 1000);
}

static int stopped(struct guest *g, struct env *e, int why)
{
	struct tun_ring_stats st;
	int ret = tring_wait_broken(e->fd, &st);

	if (ret)
		return ret;
	if (!guest_signalled(g->err[G_RX], WAIT_MS) ||
	    !guest_signalled(g->err[G_TX], WAIT_MS))
		return -ENOMSG;
	return st.broken == why ? 0 : -EBADMSG;
}

/*
 * Each part of each ring, unmapped or read-only, under traffic. A tx entry is
 * published only afterwards, where its ring still exists: a busy worker would
 * have transmitted it before.
 */
static void ring_part(struct __test_metadata *_metadata,
		      struct _test_data_gfaults *self, unsigned int i,
		      unsigned int part, int prot)
{
	struct guest *g = &self->g;
	uint8_t *at = g->rings + (i * 3 + part) * G_PART, pkt[256];

	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	if (i == G_TX)
		guest_prepare(g, NULL, pkt, seq_pkt(pkt, false, 1, 100));
	ASSERT_EQ(0, prot < 0 ? munmap(at, G_PART) :
				mprotect(at, G_PART, prot));
	if (i == G_TX && part != 1)
		tvq_publish(&g->vq[G_TX]);
	guest_kick(g, i);
	ASSERT_EQ(0, env_inject_n(&self->e, 1, i == G_TX ? 0 : 3, 100));
	EXPECT_EQ(0, stopped(g, &self->e, EFAULT));
	EXPECT_EQ(0, anew(g, &self->e));
}

TEST_F(gfaults, rx_desc_unmapped)
{
	ring_part(_metadata, self, G_RX, 0, -1);
}

TEST_F(gfaults, rx_avail_unmapped)
{
	ring_part(_metadata, self, G_RX, 1, -1);
}

TEST_F(gfaults, rx_used_unmapped)
{
	ring_part(_metadata, self, G_RX, 2, -1);
}

TEST_F(gfaults, rx_used_read_only)
{
	ring_part(_metadata, self, G_RX, 2, PROT_READ);
}

TEST_F(gfaults, tx_desc_unmapped)
{
	ring_part(_metadata, self, G_TX, 0, -1);
}

TEST_F(gfaults, tx_avail_no_access)
{
	ring_part(_metadata, self, G_TX, 1, PROT_NONE);
}

TEST_F(gfaults, tx_used_read_only)
{
	ring_part(_metadata, self, G_TX, 2, PROT_READ);
}

/* One packet fits, the next does not: the first one hits the read-only page. */
TEST_F(gfaults, rx_used_read_only_then_full)
{
	struct guest *g = &self->g;

	guest_give(g, 0, G_BUF);
	ASSERT_EQ(0, mprotect((void *)g->vq[G_RX].used, G_PART, PROT_READ));
	guest_kick(g, G_RX);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 2, 100));
	EXPECT_EQ(0, stopped(g, &self->e, EFAULT));
	EXPECT_EQ(0, anew(g, &self->e));
}

/* Without a buffer, the worker enables kicks in memory that is unmapped. */
TEST_F(gfaults, rx_starved_then_unmapped)
{
	struct guest *g = &self->g;

	ASSERT_EQ(0, munmap((void *)g->vq[G_RX].used, G_PART));
	ASSERT_EQ(0, env_inject(&self->e, 0, 100));
	EXPECT_EQ(0, stopped(g, &self->e, EFAULT));
	EXPECT_EQ(0, anew(g, &self->e));
}

TEST_F(gfaults, rx_buffers_read_only)
{
	struct guest *g = &self->g;

	guest_fill(g);
	ASSERT_EQ(0, mprotect(g->pool, G_POOL, PROT_READ));
	ASSERT_EQ(0, env_inject(&self->e, 0, 100));
	EXPECT_EQ(0, stopped(g, &self->e, EFAULT));
	EXPECT_EQ(0, anew(g, &self->e));
}

TEST_F(gfaults, tx_buffers_unmapped)
{
	struct guest *g = &self->g;
	uint8_t pkt[256];

	guest_prepare(g, NULL, pkt, seq_pkt(pkt, false, 1, 100));
	ASSERT_EQ(0, munmap(g->pool, G_POOL));
	tvq_publish(&g->vq[G_TX]);
	guest_kick(g, G_TX);
	EXPECT_EQ(0, stopped(g, &self->e, EFAULT));
	EXPECT_EQ(0, anew(g, &self->e));
}

/* The memory is a file that is truncated: a process would get SIGBUS. */
TEST_F(gfaults, file_truncated)
{
	struct guest *g = &self->g;
	int file = syscall(SYS_memfd_create, "guest", 0);
	uint8_t pkt[256];

	ASSERT_EQ(0, ftruncate(file, G_POOL));
	ASSERT_EQ(g->pool, mmap(g->pool, G_POOL, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_FIXED, file, 0));
	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	guest_prepare(g, NULL, pkt, seq_pkt(pkt, false, 1, 100));
	ASSERT_EQ(0, ftruncate(file, 0));
	tvq_publish(&g->vq[G_TX]);
	guest_kick(g, G_TX);
	EXPECT_EQ(0, stopped(g, &self->e, EFAULT));
	EXPECT_EQ(0, anew(g, &self->e));
	close(file);
}

/* A region at user addresses that cannot be mapped. */
TEST_F(gfaults, region_of_nowhere)
{
	static const uint64_t nowhere[] = { 4096, 0x7ffffffe0000ULL,
					    1ULL << 47, 1ULL << 62 };
	struct guest *g = &self->g;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(nowhere); i++) {
		struct vhost_memory_region r = { 0, G_POOL, nowhere[i] };

		if (guest_table(g, &r, 1) == -EFAULT)
			continue;
		guest_fill(g);
		ASSERT_EQ(0, env_inject(&self->e, 0, 100));
		EXPECT_EQ(0, stopped(g, &self->e, EFAULT));
		ASSERT_EQ(0, guest_table_default(g));
		ASSERT_EQ(0, anew(g, &self->e));
	}
}

/* The table loses its region under traffic. */
TEST_F(gfaults, no_region)
{
	struct guest *g = &self->g;

	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	ASSERT_EQ(0, guest_table(g, NULL, 0));
	ASSERT_EQ(0, env_inject(&self->e, 1, 100));
	EXPECT_EQ(0, stopped(g, &self->e, EPROTO));
	ASSERT_EQ(0, guest_table_default(g));
	EXPECT_EQ(0, anew(g, &self->e));
}

/* The dirty bitmap is too small. */
TEST_F(gfaults, log_too_small)
{
	struct guest *g = &self->g;
	uint8_t *log = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t at = (uintptr_t)log;
	struct vhost_memory_region r = {
		8ULL * 4096 * 4096, G_POOL, (uintptr_t)g->pool
	};

	ASSERT_EQ(0, munmap(log + 4096, 4096));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_LOG_BASE, &at));
	ASSERT_EQ(0, guest_features(g, G_V1 | G_LOG));
	ASSERT_EQ(0, guest_table(g, &r, 1));
	tvq_desc(&g->vq[G_RX], 0, r.guest_phys_addr, 2048, VRING_DESC_F_WRITE,
		 0);
	tvq_put(&g->vq[G_RX], 0);
	tvq_publish(&g->vq[G_RX]);
	guest_kick(g, G_RX);
	ASSERT_EQ(0, env_inject(&self->e, 0, 100));
	EXPECT_EQ(0, stopped(g, &self->e, EFAULT));
	ASSERT_EQ(0, guest_features(g, G_V1));
	ASSERT_EQ(0, guest_table_default(g));
	EXPECT_EQ(0, anew(g, &self->e));
	munmap(log, 4096);
}

/* The log address of the used ring is far beyond the bitmap. */
TEST_F(gfaults, log_far_out)
{
	static const uint64_t far[] = { -4ULL, -4096ULL, 1ULL << 63,
					1ULL << 50 };
	struct guest *g = &self->g;
	uint8_t log[4096] = { };
	uint64_t at = (uintptr_t)log;
	unsigned int i;

	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_LOG_BASE, &at));
	for (i = 0; i < ARRAY_LEN(far); i++) {
		guest_fill(g);
		ASSERT_EQ(0,
			  guest_addr(g, G_RX, 1U << VHOST_VRING_F_LOG, far[i]));
		ASSERT_EQ(0, env_inject(&self->e, 0, 100));
		EXPECT_EQ(0, stopped(g, &self->e, EFAULT));
		ASSERT_EQ(0, anew(g, &self->e));
	}
}

TEST_HARNESS_MAIN
