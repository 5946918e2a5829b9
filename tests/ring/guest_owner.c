// SPDX-License-Identifier: GPL-2.0
/*
 * VHOST_SET_OWNER and VHOST_RESET_OWNER: the process that may call the vhost ioctls.
 */
#include "guest_ioctl.h"

TEST_F(gioctl, owner_first)
{
	uint8_t arg[4096] = { };
	unsigned int i;

	for (i = 0; i < guest_ncmds; i++)
		EXPECT_EQ(-EPERM,
			  tunfd_ioctlp(self->bare, guest_cmds[i].cmd, arg));
	ASSERT_EQ(0, tunfd_ioctlp(self->bare, VHOST_SET_OWNER, NULL));
	EXPECT_EQ(0, tunfd_ioctlp(self->bare, VHOST_SET_MEM_TABLE, arg));
	ASSERT_EQ(0, tunfd_ioctlp(self->bare, VHOST_RESET_OWNER, NULL));
	EXPECT_EQ(-EPERM, tunfd_ioctlp(self->bare, VHOST_SET_MEM_TABLE, arg));
}

TEST_F(gioctl, owner_twice)
{
	EXPECT_EQ(-EBUSY, guest_ioctl(&self->g, VHOST_SET_OWNER, NULL));
	EXPECT_EQ(0, guest_vring(&self->g, VHOST_SET_VRING_BASE, 0, 7));
	ASSERT_EQ(0, guest_ioctl(&self->g, VHOST_RESET_OWNER, NULL));
	ASSERT_EQ(0, guest_ioctl(&self->g, VHOST_SET_OWNER, NULL));
	/* no setting of the previous owner is left */
	EXPECT_EQ(0, guest_base(&self->g, 0));
	EXPECT_EQ(-EFAULT, guest_start(&self->g, self->e.fd));
}

/* The child has the same file, but other memory. */
static int as_stranger(void *arg)
{
	struct guest *g = arg;
	uint8_t zeroes[4096] = { };
	unsigned int i;

	if (guest_ioctl(g, VHOST_SET_OWNER, NULL) != -EBUSY)
		return -1;
	for (i = 0; i < guest_ncmds; i++)
		if (guest_ioctl(g, guest_cmds[i].cmd, zeroes) != -EPERM)
			return i + 1;
	return 0;
}

TEST_F(gioctl, another_process)
{
	EXPECT_EQ(0, child_run(as_stranger, &self->g));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
	EXPECT_EQ(0, child_run(as_stranger, &self->g));
	guest_fill(&self->g);
	EXPECT_EQ(0, guest_works(&self->g, &self->e, 0));
}

static int own(void *arg)
{
	return tunfd_ioctlp(*(int *)arg, VHOST_SET_OWNER, NULL);
}

TEST_F(gioctl, owner_died)
{
	ASSERT_EQ(0, child_run(own, &self->bare));
	ASSERT_EQ(0, child_run(own, &self->bare));
	ASSERT_EQ(0, own(&self->bare));
	EXPECT_EQ(-EBUSY, child_run(own, &self->bare));
}

TEST_HARNESS_MAIN
