// SPDX-License-Identifier: GPL-2.0
/* Multi-queue: how many queues a device may have. */
#include <sys/resource.h>

#include "lib.h"
#include "harness.h"

FIXTURE(limit) {
	int fd[258], n;
};

FIXTURE_SETUP(limit)
{
	struct rlimit rl = { 600, 600 };

	self->n = 0;
	ASSERT_EQ(0, ns_enter());
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &rl));
}

FIXTURE_TEARDOWN(limit)
{
	rtnl_del("t0");
}

TEST_F(limit, queues_256)
{
	int flags = IFF_TUN | IFF_NO_PI | IFF_MULTI_QUEUE;
	struct link_info li;
	int extra;

	for (self->n = 0; self->n < 256; self->n++) {
		self->fd[self->n] = tunfd_create("t0", flags);
		ASSERT_LE(0, self->fd[self->n]);
	}
	extra = tunfd_open();
	EXPECT_EQ(-E2BIG, tunfd_setiff(extra, "t0", flags, NULL));
	ASSERT_EQ(0, rtnl_get("t0", &li));
	EXPECT_EQ(256, li.tun[IFLA_TUN_NUM_QUEUES]);
	/* a detached queue still counts */
	ASSERT_EQ(0, tunfd_queue(self->fd[7], IFF_DETACH_QUEUE));
	EXPECT_EQ(-E2BIG, tunfd_setiff(extra, "t0", flags, NULL));
	ASSERT_EQ(0, tunfd_queue(self->fd[7], IFF_ATTACH_QUEUE));
	close(self->fd[9]);
	EXPECT_EQ(0, tunfd_setiff(extra, "t0", flags, NULL));
}

TEST_F(limit, single_queue_cannot_detach)
{
	int fd = tunfd_create("t0", IFF_TUN);

	EXPECT_EQ(-EINVAL, tunfd_queue(fd, IFF_DETACH_QUEUE));
	EXPECT_EQ(-EINVAL, tunfd_queue(fd, IFF_ATTACH_QUEUE));
}

TEST_HARNESS_MAIN
