// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of attached rings is unmapped. Pinned pages stay. Unpinned rings become
 * broken, and nothing else does.
 */
#include <sys/mman.h>

#include "attach_gone.h"

TEST_F(gone, all_unmapped)
{
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, env_put(&self->e, &self->r, 9, 1, 100));
	tring_unmap(&self->r);
	EXPECT_EQ(0, after(self, variant->pin));
	EXPECT_EQ(0, anew(self));
}

/* The buffers alone are unmapped. */
TEST_F(gone, pool_unmapped)
{
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, env_put(&self->e, &self->r, 9, 1, 100));
	munmap(self->r.pool, self->r.s.pool_len);
	self->r.pool = NULL;
	EXPECT_EQ(0, after(self, variant->pin));
	tring_unmap(&self->r);
	EXPECT_EQ(0, anew(self));
}

/* The used rings alone are unmapped. */
TEST_F(gone, used_unmapped)
{
	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, env_put(&self->e, &self->r, 9, 1, 100));
	munmap(self->r.device, self->r.s.device_len);
	self->r.device = NULL;
	EXPECT_EQ(0, after(self, variant->pin));
	tring_unmap(&self->r);
	EXPECT_EQ(0, anew(self));
}

/* The memory that the kernel writes becomes read-only. */
TEST_F(gone, memory_read_only)
{
	struct tring *r = &self->r;

	ASSERT_EQ(0, start(self));
	ASSERT_EQ(0, env_put(&self->e, r, 9, 1, 100));
	ASSERT_EQ(0, mprotect(r->device, r->s.device_len, PROT_READ));
	ASSERT_EQ(0, mprotect(r->pool, r->s.pool_len, PROT_READ));
	EXPECT_EQ(0, after(self, variant->pin));
	if (variant->pin)
		EXPECT_EQ(0, seq_of(tring_buf(r, 0), 100, false));
	tring_unmap(r);
	EXPECT_EQ(0, anew(self));
}

/* New memory at the same address: pinned rings use the pages from before. */
TEST_F(gone, memory_replaced)
{
	struct tring *r = &self->r;

	ASSERT_EQ(0, start(self));
	ASSERT_EQ(r->pool, mmap(r->pool, r->s.pool_len, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	ASSERT_EQ(0, inject(self, 2, 1));
	ASSERT_EQ(0, tvq_wait(&r->rx, 1));
	EXPECT_EQ(variant->pin ? -EBADMSG : 2,
		  seq_of(tring_buf(r, 0), 100, false));
	EXPECT_EQ(0, others_work(self));
}

TEST_HARNESS_MAIN
