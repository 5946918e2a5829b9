// SPDX-License-Identifier: GPL-2.0
/* TUNRINGREGIONS, and TUNRINGSETUP with a region table: each refusal. */
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

#define PIN	TUN_RING_REGIONS_PIN
#define SHARE	TUN_RING_REGIONS_SHARE
#define PAGE	4096

FIXTURE(table) {
	struct env e;
	struct tring r;
	struct aconf c;
	uint8_t *mem;
};

FIXTURE_SETUP(table)
{
	self->c = (struct aconf) {
		.c = { F_META, 8, 8, 2048, 0 }, .pin = true,
	};
	ASSERT_EQ(0, env_open(&self->e, "reg0", TUN_PLAIN));
	ASSERT_EQ(0, attach_rings(&self->r, self->e.fd, &self->c));
	self->mem = attach_mem(16 * PAGE);
	ASSERT_NE(NULL, self->mem);
}

/* The rings continue with their table. */
FIXTURE_TEARDOWN(table)
{
	EXPECT_LE(0, tring_rx_fill(&self->r));
	EXPECT_EQ(0, env_inject_n(&self->e, 0, 20, 64));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 20));
	tring_unmap(&self->r);
	env_close(&self->e);
	munmap(self->mem, 16 * PAGE);
}

static struct tun_ring_region region(uint64_t addr, uint64_t len, void *user)
{
	return (struct tun_ring_region) {
		.addr = addr, .len = len, .user = (uintptr_t)user,
	};
}

static int one(int fd, uint64_t addr, uint64_t len, void *user, uint32_t flags)
{
	struct tun_ring_region v = region(addr, len, user);

	return attach_regions(fd, &v, 1, flags);
}

TEST_F(table, shape)
{
	int fd = self->e.fd;
	uint8_t *mem = self->mem;

	EXPECT_EQ(-EINVAL, one(fd, 0, 0, mem, PIN));
	EXPECT_EQ(-EINVAL, one(fd, UINT64_MAX, 2, mem, PIN));
	EXPECT_EQ(-EINVAL, one(fd, UINT64_MAX - PAGE + 2, PAGE, mem, PIN));
	EXPECT_EQ(-EINVAL, one(fd, 1, UINT64_MAX, mem, PIN));
	/* a region may include the last byte of the address space */
	EXPECT_EQ(0, one(fd, UINT64_MAX - PAGE + 1, PAGE, mem, PIN));
	/* the memory of a region may begin within a page */
	EXPECT_EQ(0, one(fd, PAGE, PAGE, mem + 1, PIN));
	EXPECT_EQ(0, attach_pool(&self->r, fd, true));
}

/* Regions are whole pages: smaller ones make a packet dear for its sender. */
TEST_F(table, whole_pages)
{
	static const struct {
		uint64_t addr, len;
	} bad[] = {
		{ 0, 1 }, { 0, 600 }, { 0, PAGE - 1 }, { 0, PAGE + 1 },
		{ 1, PAGE }, { PAGE / 2, PAGE }, { PAGE + 8, PAGE - 8 },
		{ PAGE - 1, 2 * PAGE },
	};
	struct tun_ring_region v[2] = { region(8 * PAGE, PAGE, self->mem) };
	int fd = self->e.fd;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		v[1] = region(bad[i].addr, bad[i].len, self->mem);
		EXPECT_EQ(-EINVAL, attach_regions(fd, &v[1], 1, PIN));
		EXPECT_EQ(-EINVAL, attach_regions(fd, &v[1], 1, 0));
		EXPECT_EQ(-EINVAL, attach_regions(fd, v, 2, PIN));
	}
}

TEST_F(table, overlap)
{
	struct tun_ring_region v[3] = {
		region(8 * PAGE, PAGE, self->mem),
		region(0, PAGE, self->mem),
	};
	int fd = self->e.fd;

	v[2] = region(0, 2 * PAGE, self->mem);
	EXPECT_EQ(-EINVAL, attach_regions(fd, v, 3, PIN));
	v[2] = region(7 * PAGE, 2 * PAGE, self->mem);
	EXPECT_EQ(-EINVAL, attach_regions(fd, v, 3, PIN));
	v[2] = region(0, 9 * PAGE, self->mem);
	EXPECT_EQ(-EINVAL, attach_regions(fd, v, 3, PIN));
	v[2] = v[0];
	EXPECT_EQ(-EINVAL, attach_regions(fd, v, 3, PIN));
	/* the same memory at two addresses is no overlap */
	v[2] = region(7 * PAGE, PAGE, self->mem);
	EXPECT_EQ(0, attach_regions(fd, v, 3, PIN));
	EXPECT_EQ(0, attach_pool(&self->r, fd, true));
}

TEST_F(table, reserved_and_flags)
{
	struct tun_ring_region v = attach_region(&self->r);
	struct tun_ring_regions good = {
		.n = 1, .flags = PIN, .regions = (uintptr_t)&v,
	}, t;
	unsigned int i;

	for (i = 2; i < 32; i++) {
		t = good;
		t.flags |= 1u << i;
		EXPECT_EQ(-EOPNOTSUPP,
			  tunfd_ioctlp(self->e.fd, TUNRINGREGIONS, &t));
	}
	t = good;
	t.reserved0 = 1;
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(self->e.fd, TUNRINGREGIONS, &t));
	for (i = 0; i < 2; i++) {
		t = good;
		t.reserved[i] = 1ULL << 63;
		EXPECT_EQ(-EINVAL,
			  tunfd_ioctlp(self->e.fd, TUNRINGREGIONS, &t));
	}
	t = good;
	t.fd = self->e.fd;
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(self->e.fd, TUNRINGREGIONS, &t));
	t = good;
	t.n = TUN_RING_MAX_REGIONS + 1;
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(self->e.fd, TUNRINGREGIONS, &t));
	t.n = UINT32_MAX;
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(self->e.fd, TUNRINGREGIONS, &t));
	v.reserved = 1;
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(self->e.fd, TUNRINGREGIONS, &good));
}

/* Arguments and memory at unmapped or read-only addresses. */
TEST_F(table, address)
{
	struct tun_ring_regions t = { .n = 2, .flags = PIN };
	int fd = self->e.fd;
	uint8_t *ro = self->mem + PAGE, *gone = self->mem + 2 * PAGE;

	ASSERT_EQ(0, mprotect(ro, PAGE, PROT_READ));
	ASSERT_EQ(0, munmap(gone, PAGE));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGREGIONS, NULL));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGREGIONS, gone));
	t.regions = (uintptr_t)gone - 40;
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGREGIONS, &t));
	EXPECT_EQ(-EFAULT, one(fd, 0, PAGE, ro, PIN));
	EXPECT_EQ(-EFAULT, one(fd, 0, 2 * PAGE, self->mem, PIN));
	EXPECT_EQ(-EFAULT, one(fd, 0, PAGE, gone, PIN));
	EXPECT_EQ(-EFAULT, one(fd, 0, PAGE, NULL, PIN));
	EXPECT_EQ(-EFAULT, one(fd, 0, PAGE, (void *)(1ULL << 63), PIN));
	EXPECT_GT(0, one(fd, 0, PAGE, (void *)(UINT64_MAX - PAGE / 2), PIN));
	EXPECT_EQ(0, one(fd, 0, PAGE, self->mem, PIN));
	EXPECT_EQ(0, attach_pool(&self->r, fd, true));
}

/* No machine has this much memory: the call fails without a kernel message. */
TEST_F(table, more_than_there_is)
{
	int shift, err;

	for (shift = 38; shift < 64; shift++) {
		err = one(self->e.fd, 0, 1ULL << shift, self->mem, PIN);
		EXPECT_TRUE(err == -ENOMEM || err == -EFAULT) {
			TH_LOG("2^%d bytes: %d", shift, err);
		}
	}
}

/* Attached rings need a table: a pinned one, if the rings are pinned. */
TEST_F(table, in_use)
{
	int fd = self->e.fd;

	EXPECT_EQ(-EBUSY, attach_regions(fd, NULL, 0, 0));
	EXPECT_EQ(-EBUSY, attach_regions(fd, NULL, 0, PIN));
	EXPECT_EQ(-EINVAL, attach_pool(&self->r, fd, false));
	ASSERT_EQ(0, tring_teardown(fd));
	EXPECT_EQ(0, attach_regions(fd, NULL, 0, 0));
	EXPECT_EQ(0, attach_regions(fd, NULL, 0, 0));
	EXPECT_EQ(0, attach_pool(&self->r, fd, true));
	EXPECT_EQ(0, attach_again(&self->r, fd, &self->c));
}

TEST_F(table, share)
{
	int fd = tunfd_create("reg1", TUN_PLAIN);
	int event = eventfd(0, EFD_CLOEXEC);
	int gone = dup(event);
	struct tun_ring_regions t;

	close(gone);
	EXPECT_EQ(-EBADF, attach_share(fd, gone));
	EXPECT_EQ(-EBADF, attach_share(fd, -1));
	EXPECT_EQ(-EBADF, attach_share(fd, event));
	EXPECT_EQ(-EBADF, attach_share(fd, self->e.sk));
	EXPECT_EQ(-ENXIO, attach_share(fd, fd));
	EXPECT_EQ(-ENXIO, attach_share(self->e.fd, fd));
	ASSERT_EQ(0, attach_pool(&self->r, fd, false));
	EXPECT_EQ(-EINVAL, attach_share(self->e.fd, fd));
	EXPECT_EQ(-EINVAL, attach_share(fd, fd));
	t = (struct tun_ring_regions) { .flags = SHARE, .fd = self->e.fd };
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(fd, TUNRINGREGIONS, &t));
	t.flags |= PIN;
	t.n = 1;
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(fd, TUNRINGREGIONS, &t));
	t.n = 0;
	t.regions = (uintptr_t)self->mem;
	EXPECT_EQ(-EINVAL, tunfd_ioctlp(fd, TUNRINGREGIONS, &t));
	EXPECT_EQ(0, attach_share(self->e.fd, self->e.fd));
	EXPECT_EQ(0, attach_share(fd, self->e.fd));
	close(event);
	close(fd);
}

/* TUN_RING_SETUP_REGIONS is refused without a pinned table, and with a pool. */
TEST_F(table, mapped_rings)
{
	static const struct tconf c = { 0, 8, 8, 2048, 0 };
	int fd = tunfd_create("reg1", TUN_PLAIN);
	struct tun_ring_setup s = tring_params(&c);

	s.flags = TUN_RING_SETUP_REGIONS;
	EXPECT_EQ(-EINVAL, tring_setup_raw(fd, &s));
	s.buf_size = 0;
	EXPECT_EQ(-EINVAL, tring_setup_raw(fd, &s));
	s.buf_count = 0;
	EXPECT_EQ(-ENXIO, tring_setup_raw(fd, &s));
	ASSERT_EQ(0, attach_pool(&self->r, fd, false));
	EXPECT_EQ(-ENXIO, tring_setup_raw(fd, &s));
	ASSERT_EQ(0, attach_pool(&self->r, fd, true));
	EXPECT_EQ(0, tring_setup_raw(fd, &s));
	EXPECT_EQ(0, s.pool_len);
	close(fd);
}

TEST_HARNESS_MAIN
