// SPDX-License-Identifier: GPL-2.0
/* Mapping the three areas: allowed protections, offsets and lifetimes. */
#include <sys/mman.h>

#include "env.h"
#include "harness.h"

FIXTURE(map) {
	struct env e;
	struct tun_ring_setup s;
	size_t page;
};

static const struct tconf conf = { F_META, 64, 64, 2048, 0 };

FIXTURE_SETUP(map)
{
	ASSERT_EQ(0, env_open(&self->e, "map0", TUN_PLAIN));
	self->s = tring_params(&conf);
	ASSERT_EQ(0, tring_setup_raw(self->e.fd, &self->s));
	self->page = sysconf(_SC_PAGESIZE);
}

FIXTURE_TEARDOWN(map)
{
	env_close(&self->e);
}

/* Returns the errno of mmap(), or 0, and unmaps again. */
static int try_map(int fd, uint64_t off, uint64_t len, int prot, int flags)
{
	void *p = mmap(NULL, len, prot, flags, fd, off);

	if (p == MAP_FAILED)
		return errno;
	munmap(p, len);
	return 0;
}

#define RW (PROT_READ | PROT_WRITE)

TEST_F(map, read_and_write)
{
	const struct tun_ring_setup *s = &self->s;
	int fd = self->e.fd;

	EXPECT_EQ(0, try_map(fd, s->driver_offset, s->driver_len, RW,
			     MAP_SHARED));
	EXPECT_EQ(0, try_map(fd, s->pool_offset, s->pool_len, RW, MAP_SHARED));
	EXPECT_EQ(0, try_map(fd, s->device_offset, s->device_len, PROT_READ,
			     MAP_SHARED));
	EXPECT_EQ(0, try_map(fd, s->pool_offset, s->pool_len, PROT_READ,
			     MAP_SHARED));
}

TEST_F(map, device_area_is_read_only)
{
	const struct tun_ring_setup *s = &self->s;
	int fd = self->e.fd;
	void *p;

	EXPECT_EQ(EACCES, try_map(fd, s->device_offset, s->device_len, RW,
				  MAP_SHARED));
	EXPECT_EQ(EACCES, try_map(fd, s->device_offset, s->device_len,
				  PROT_WRITE, MAP_SHARED));
	p = mmap(NULL, s->device_len, PROT_READ, MAP_SHARED, fd,
		 s->device_offset);
	ASSERT_NE(MAP_FAILED, p);
	EXPECT_EQ(-1, mprotect(p, s->device_len, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(p, self->page, PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
}

TEST_F_SIGNAL(map, store_to_device_area_traps, SIGSEGV)
{
	char *p = mmap(NULL, self->s.device_len, PROT_READ, MAP_SHARED,
		       self->e.fd, self->s.device_offset);

	ASSERT_NE(MAP_FAILED, p);
	*(volatile char *)p = 1;
}

/* /proc/PID/mem can write to read-only mappings of a process. */
TEST_F(map, device_area_resists_debuggers)
{
	char *p = mmap(NULL, self->s.device_len, PROT_READ, MAP_SHARED,
		       self->e.fd, self->s.device_offset);
	char *last = p + self->s.device_len - 1;
	int fd = open("/proc/self/mem", O_RDWR);

	ASSERT_NE(MAP_FAILED, p);
	ASSERT_LE(0, fd);
	EXPECT_GT(0, pwrite(fd, "x", 1, (off_t)(uintptr_t)last));
	EXPECT_EQ(0, *last);
	close(fd);
}

/* MAP_PRIVATE would copy pages on write, so mmap() refuses it. */
TEST_F(map, private_is_refused)
{
	const struct tun_ring_setup *s = &self->s;
	int fd = self->e.fd;

	EXPECT_EQ(EINVAL, try_map(fd, s->driver_offset, s->driver_len, RW,
				  MAP_PRIVATE));
	EXPECT_EQ(EINVAL, try_map(fd, s->pool_offset, s->pool_len, RW,
				  MAP_PRIVATE));
	EXPECT_EQ(EINVAL, try_map(fd, s->device_offset, s->device_len,
				  PROT_READ, MAP_PRIVATE));
}

TEST_F(map, wrong_offset_or_length)
{
	const struct tun_ring_setup *s = &self->s;
	uint64_t high = 1ULL << 46;
	int fd = self->e.fd;
	size_t page = self->page;

	EXPECT_NE(0, try_map(fd, s->pool_offset, s->pool_len + page, RW,
			     MAP_SHARED));
	EXPECT_NE(0, try_map(fd, s->driver_offset, s->driver_len + page, RW,
			     MAP_SHARED));
	EXPECT_NE(0, try_map(fd, s->device_offset, s->device_len + page,
			     PROT_READ, MAP_SHARED));
	EXPECT_NE(0, try_map(fd, s->pool_offset + s->pool_len, page, RW,
			     MAP_SHARED));
	EXPECT_NE(0, try_map(fd, s->pool_offset + page, s->pool_len, RW,
			     MAP_SHARED));
	EXPECT_NE(0, try_map(fd, s->driver_offset + 1, page, RW, MAP_SHARED));
	EXPECT_NE(0, try_map(fd, high, page, RW, MAP_SHARED));
	EXPECT_NE(0, try_map(fd, ~0ULL << 12, page, RW, MAP_SHARED));
	EXPECT_NE(0, try_map(fd, s->pool_offset, 1ULL << 40, RW, MAP_SHARED));
}

TEST_F(map, nothing_without_rings)
{
	const struct tun_ring_setup *s = &self->s;
	int fd = self->e.fd, plain = tunfd_open();

	ASSERT_EQ(0, tring_teardown(fd));
	EXPECT_NE(0, try_map(fd, s->driver_offset, s->driver_len, RW,
			     MAP_SHARED));
	EXPECT_NE(0, try_map(fd, s->pool_offset, s->pool_len, RW, MAP_SHARED));
	EXPECT_NE(0, try_map(fd, s->device_offset, s->device_len, PROT_READ,
			     MAP_SHARED));
	ASSERT_LE(0, plain);
	EXPECT_NE(0, try_map(plain, 0, self->page, PROT_READ, MAP_SHARED));
	close(plain);
}

TEST_F(map, cannot_grow)
{
	size_t len = self->s.pool_len;
	char *p = mmap(NULL, len, RW, MAP_SHARED, self->e.fd,
		       self->s.pool_offset);

	ASSERT_NE(MAP_FAILED, p);
	EXPECT_EQ(MAP_FAILED, mremap(p, len, len + self->page, MREMAP_MAYMOVE));
	EXPECT_EQ(MAP_FAILED, mremap(p, len, len + self->page, 0));
	munmap(p, len);
}

/* mremap() moves and shrinks a mapping: the memory stays the same. */
TEST_F(map, moves_and_shrinks)
{
	size_t len = self->s.pool_len, page = self->page;
	char *p = mmap(NULL, len, RW, MAP_SHARED, self->e.fd,
		       self->s.pool_offset), *q, *to;

	ASSERT_NE(MAP_FAILED, p);
	p[0] = 1;
	p[len - 1] = 2;
	to = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	q = mremap(p, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	ASSERT_EQ(to, q);
	EXPECT_EQ(1, q[0]);
	EXPECT_EQ(2, q[len - 1]);
	ASSERT_EQ(0, munmap(q, page));
	EXPECT_EQ(2, q[len - 1]);
	munmap(q + page, len - page);
}

TEST_F(map, twice_shows_the_same)
{
	size_t len = self->s.pool_len;
	char *p = mmap(NULL, len, RW, MAP_SHARED, self->e.fd,
		       self->s.pool_offset);
	char *q = mmap(NULL, len, PROT_READ, MAP_SHARED, self->e.fd,
		       self->s.pool_offset);

	ASSERT_NE(MAP_FAILED, p);
	ASSERT_NE(MAP_FAILED, q);
	p[4097] = 77;
	EXPECT_EQ(77, q[4097]);
}

/* madvise() may fail, but must not drop or change a page. */
TEST_F(map, advice_is_harmless)
{
	static const int advice[] = { MADV_DONTFORK, MADV_FREE, MADV_WILLNEED,
				      MADV_HUGEPAGE, MADV_MERGEABLE,
				      MADV_WIPEONFORK, MADV_COLD, MADV_PAGEOUT };
	struct tring r = { .s = self->s };
	unsigned int i;

	ASSERT_EQ(0, tring_map(&r, self->e.fd));
	ASSERT_EQ(0, tring_rx_fill(&r));
	for (i = 0; i < ARRAY_LEN(advice); i++) {
		madvise(r.pool, r.s.pool_len, advice[i]);
		madvise(r.driver, r.s.driver_len, advice[i]);
		madvise(r.device, r.s.device_len, advice[i]);
		ASSERT_EQ(0, env_inject_n(&self->e, i, 1, 200));
		ASSERT_EQ(0, env_expect(&self->e, &r, i, 1)) {
			TH_LOG("advice %d", advice[i]);
		}
	}
	tring_unmap(&r);
}

static int advise_and_touch(void *arg)
{
	struct tring *r = arg;

	madvise(r->pool, r->s.pool_len, MADV_REMOVE);
	madvise(r->pool, r->s.pool_len, MADV_DONTNEED);
	madvise(r->driver, r->s.driver_len, MADV_DONTNEED);
	madvise(r->device, r->s.device_len, MADV_DONTNEED);
	return r->pool[0] + r->driver[0] + r->device[0];
}

/*
 * A process that drops pages may lose its own access (SIGBUS). The kernel and
 * other processes keep theirs.
 */
TEST_F(map, giving_pages_away)
{
	struct tring r = { .s = self->s };

	ASSERT_EQ(0, tring_map(&r, self->e.fd));
	ASSERT_EQ(0, tring_rx_fill(&r));
	child_run(advise_and_touch, &r);
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 100, 200));
	ASSERT_EQ(0, env_expect(&self->e, &r, 0, 64));
	EXPECT_EQ(0, tring_teardown(self->e.fd));
	tring_unmap(&r);
}

TEST_HARNESS_MAIN
