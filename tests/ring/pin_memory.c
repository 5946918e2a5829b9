// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that can be pinned: anonymous memory, shared memory, huge pages. A
 * file system writes a file's pages back and loses later stores of the kernel,
 * so the driver refuses such pages. ramfs stands for the file system of a disk.
 */
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>

#include "attach.h"
#include "guest.h"
#include "harness.h"

#define HUGE	(2UL << 20)

enum kind { PRIVATE, SHARED, MEMFD, HUGE_PAGE, FILE_PRIVATE, FILE_SHARED,
	    FILE_LAST_PAGE };

FIXTURE(memory) {
	struct env e;
	struct tring r;
	struct aconf c;
	uint8_t *p;
	size_t len;
};

FIXTURE_VARIANT(memory) {
	enum kind kind;
	bool refused;
};

FIXTURE_VARIANT_ADD(memory, private_anonymous) { PRIVATE };
FIXTURE_VARIANT_ADD(memory, shared_anonymous) { SHARED };
FIXTURE_VARIANT_ADD(memory, memfd) { MEMFD };
FIXTURE_VARIANT_ADD(memory, huge_page) { HUGE_PAGE };
FIXTURE_VARIANT_ADD(memory, private_copy_of_a_file) { FILE_PRIVATE };
FIXTURE_VARIANT_ADD(memory, file) { FILE_SHARED, true };
FIXTURE_VARIANT_ADD(memory, file_behind_anonymous) { FILE_LAST_PAGE, true };

/* Opens a file of len bytes on a file system without a page cache in swap. */
static int open_file(size_t len)
{
	int fd;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("ramfs", "/mnt", "ramfs", 0, NULL))
		return -errno;
	fd = open("/mnt/memory", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0 && ftruncate(fd, len))
		return -errno;
	return fd;
}

static void *map(void *at, size_t len, int flags, int fd)
{
	return mmap(at, len, PROT_READ | PROT_WRITE,
		    flags | (at ? MAP_FIXED : 0), fd, 0);
}

static void *map_kind(enum kind kind, size_t len)
{
	uint8_t *p;

	switch (kind) {
	case PRIVATE:
		return map(NULL, len, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	case SHARED:
		return map(NULL, len, MAP_SHARED | MAP_ANONYMOUS, -1);
	case MEMFD: {
		int fd = memfd_create("memory", MFD_CLOEXEC);

		if (fd < 0 || ftruncate(fd, len))
			return MAP_FAILED;
		return map(NULL, len, MAP_SHARED, fd);
	}
	case HUGE_PAGE:
		if (file_put("/proc/sys/vm/nr_hugepages", "4"))
			return MAP_FAILED;
		return map(NULL, HUGE, MAP_PRIVATE | MAP_ANONYMOUS |
			   MAP_HUGETLB, -1);
	case FILE_PRIVATE:
		return map(NULL, len, MAP_PRIVATE, open_file(len));
	case FILE_SHARED:
		return map(NULL, len, MAP_SHARED, open_file(len));
	case FILE_LAST_PAGE:
		p = map(NULL, len, MAP_PRIVATE | MAP_ANONYMOUS, -1);
		if (p != MAP_FAILED &&
		    map(p + len - 4096, 4096, MAP_SHARED,
			open_file(4096)) == MAP_FAILED)
			return MAP_FAILED;
		return p;
	}
	return MAP_FAILED;
}

FIXTURE_SETUP(memory)
{
	self->c = (struct aconf) {
		.c = { F_META, 16, 16, 2048, 0 }, .pin = true,
	};
	ASSERT_EQ(0, env_open(&self->e, "kind0", TUN_PLAIN));
	ASSERT_EQ(0, attach_alloc(&self->r, &self->c));
	self->len = self->r.s.pool_len;
	self->p = map_kind(variant->kind, self->len);
	ASSERT_NE(MAP_FAILED, self->p);
}

/* After an error, too, nothing stays pinned. */
FIXTURE_TEARDOWN(memory)
{
	env_close(&self->e);
	EXPECT_EQ(0, proc_status_kb("VmLck:"));
	tring_unmap(&self->r);
	munmap(self->p, variant->kind == HUGE_PAGE ? HUGE : self->len);
}

TEST_F(memory, regions)
{
	struct tun_ring_region v = { .len = self->len,
				     .user = (uintptr_t)self->p };
	uint8_t *own = self->r.pool;

	EXPECT_EQ(variant->refused ? -EOPNOTSUPP : 0,
		  attach_regions(self->e.fd, &v, 1, TUN_RING_REGIONS_PIN));
	if (variant->refused) {
		EXPECT_EQ(0, proc_status_kb("VmLck:"));
		/* a worker uses no pins, and stores like the user itself */
		EXPECT_EQ(0, attach_regions(self->e.fd, &v, 1, 0));
		return;
	}
	ASSERT_EQ(0, attach_again(&self->r, self->e.fd, &self->c));
	self->r.pool = self->p;
	EXPECT_LE(0, tring_rx_fill(&self->r));
	EXPECT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	EXPECT_EQ(0, env_expect(&self->e, &self->r, 0, 5));
	self->r.pool = own;
}

/* A part of a ring in this memory: the used ring, which the kernel writes. */
TEST_F(memory, ring)
{
	struct tun_ring_attach a;

	ASSERT_EQ(0, attach_pool(&self->r, self->e.fd, true));
	a = attach_params(&self->r, &self->c);
	/* at the end, so that each kind has its own memory there */
	a.rx.used = (uintptr_t)self->p + self->len - 2048;
	EXPECT_EQ(variant->refused ? -EOPNOTSUPP : 0,
		  attach_raw(self->e.fd, &a));
	if (variant->refused)
		EXPECT_EQ((long)self->r.s.pool_len / 1024,
			  proc_status_kb("VmLck:"));
}

/* The worker serves a guest whose memory is of a file. */
TEST_F(memory, guest)
{
	struct guest g;
	uint8_t *own;

	ASSERT_EQ(0, guest_open_pinned(&g, dup(self->e.fd), G_V1 | G_EVENT, 0));
	own = (uint8_t *)g.vq[G_RX].used;
	g.vq[G_RX].used = (void *)(self->p + self->len - 2048);
	ASSERT_EQ(0, guest_addr(&g, G_RX, 0, 0));
	ASSERT_EQ(0, guest_start(&g, self->e.fd));
	EXPECT_STREQ(variant->refused ? "worker" : "kernel",
		     guest_server(self->e.fd));
	guest_fill(&g);
	EXPECT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	EXPECT_EQ(0, guest_expect(&g, false, 0, 5));
	g.vq[G_RX].used = (void *)own;
	guest_close(&g);
}

TEST_HARNESS_MAIN
