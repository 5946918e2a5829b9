// SPDX-License-Identifier: GPL-2.0
/* TUNRINGATTACH is refused for the region table, RLIMIT_MEMLOCK, a privilege. */
#include <sys/resource.h>

#include "attach_bad.h"

TEST_F(bad, no_table)
{
	ASSERT_EQ(0, attach_regions(self->e.fd, NULL, 0, 0));
	EXPECT_EQ(-ENXIO, attach_raw(self->e.fd, &self->a));
}

static int attach(void *arg)
{
	struct _test_data_bad *self = arg;

	return attach_raw(self->e.fd, &self->a);
}

/* Pinned rings need a pinned table, others need an unpinned one. */
TEST_F(bad, wrong_table)
{
	if (variant->pin) {
		ASSERT_EQ(0, attach_pool(&self->r, self->e.fd, false));
		EXPECT_EQ(-ENXIO, attach_raw(self->e.fd, &self->a));
	} else {
		EXPECT_EQ(-ENXIO, child_run(attach, self));
	}
}

/* The child attaches rings in its own memory, beyond RLIMIT_MEMLOCK. */
static int beyond_limit(void *arg)
{
	struct _test_data_bad *self = arg;
	struct rlimit lim = { .rlim_max = 1 << 20 };
	struct tring r;
	int ret = attach_alloc(&r, &self->c);

	if (ret)
		return ret;
	self->a = attach_params(&r, &self->c);
	lim.rlim_cur = r.s.pool_len - 4096;
	if (setrlimit(RLIMIT_MEMLOCK, &lim))
		return -errno;
	ret = attach_pool(&r, self->e.fd, true);
	if (ret != -ENOMEM)
		return -EBADE;
	/* the pool fits the limit, but the rings do not fit beside the pool */
	lim.rlim_cur += 2 * 4096;
	setrlimit(RLIMIT_MEMLOCK, &lim);
	ret = attach_pool(&r, self->e.fd, true);
	if (ret)
		return ret;
	ret = attach_raw(self->e.fd, &self->a);
	if (ret != -ENOMEM || proc_status_kb("VmLck:") * 1024 != r.s.pool_len)
		return -EBADR;
	lim.rlim_cur = lim.rlim_max;
	setrlimit(RLIMIT_MEMLOCK, &lim);
	ret = attach_raw(self->e.fd, &self->a);
	return ret ? ret : tring_teardown(self->e.fd);
}

TEST_F(bad, locked_memory)
{
	if (variant->pin)
		EXPECT_EQ(0, child_as_user(65534, 65534, beyond_limit, self));
}

static int may_not_mark(void *arg)
{
	struct _test_data_bad *self = arg;

	self->a.features |= F_MARK;
	return attach_raw(self->e.fd, &self->a);
}

/* Pinned rings accept a table of another process's memory. */
TEST_F(bad, mark)
{
	if (variant->pin)
		EXPECT_EQ(-EPERM,
			  child_as_user(65534, 65534, may_not_mark, self));
}

TEST_HARNESS_MAIN
