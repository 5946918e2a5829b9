// SPDX-License-Identifier: GPL-2.0
/* Permissions to create an interface and to attach to a persistent one. */
#include <grp.h>
#include <linux/capability.h>
#include <linux/sockios.h>
#include <sys/syscall.h>

#include "lib.h"
#include "harness.h"

#define USER	1234
#define GROUP	2345
#define OTHER	3456

struct attempt {
	int fd, flags;
	const char *name;
	unsigned long cmd, arg;
};

static int try_setiff(void *arg)
{
	struct attempt *a = arg;

	return tunfd_setiff(a->fd, a->name, a->flags, NULL);
}

static int try_ioctl(void *arg)
{
	struct attempt *a = arg;
	int ret = tunfd_ioctl(a->fd, a->cmd, a->arg);

	return ret > 0 ? 0 : ret;
}

static int try_supplementary(void *arg)
{
	gid_t g = GROUP;

	if (setgroups(1, &g) || setresgid(OTHER, OTHER, OTHER) ||
	    setresuid(OTHER, OTHER, OTHER))
		return -ECHILD;
	return try_setiff(arg);
}

/* With CAP_NET_ADMIN, but not as the owner. */
static int try_net_admin(void *arg)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { };

	d[0].effective = d[0].permitted = 1 << CAP_NET_ADMIN | 1 << CAP_SETUID;
	if (syscall(__NR_capset, &h, d))
		return -ECHILD;
	return try_setiff(arg);
}

/* The caller is root without capabilities. Root is not the owner. */
static int try_no_caps(void *arg)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { };

	if (syscall(__NR_capset, &h, d))
		return -ECHILD;
	return try_setiff(arg);
}

FIXTURE(perm) {
	struct attempt a;
	int dev;
};

FIXTURE_SETUP(perm)
{
	ASSERT_EQ(0, ns_enter());
	self->dev = tunfd_create("p0", IFF_TUN);
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, tunfd_ioctl(self->dev, TUNSETPERSIST, 1));
	memset(&self->a, 0, sizeof(self->a));
	self->a.fd = tunfd_open();
	self->a.flags = IFF_TUN;
	self->a.name = "p0";
	ASSERT_LE(0, self->a.fd);
}

FIXTURE_TEARDOWN(perm)
{
	close(self->dev);
	close(self->a.fd);
	rtnl_del("p0");
}

TEST_F(perm, create_needs_net_admin)
{
	self->a.name = "new0";
	EXPECT_EQ(-EPERM, child_as_user(USER, GROUP, try_setiff, &self->a));
	EXPECT_EQ(-EPERM, child_run(try_no_caps, &self->a));
	EXPECT_FALSE(if_exists("new0"));
	EXPECT_EQ(0, child_run(try_net_admin, &self->a));
	EXPECT_TRUE(if_exists("new0"));
}

/* Anybody attaches if neither owner nor group is set, and nobody without
 * CAP_NET_ADMIN does so on newer kernels.
 */
TEST_F(perm, no_owner_no_group)
{
	bool fixed = kernel_since(7, 3, 0) ||
		     (kernel_since(6, 12, 117) && !kernel_since(6, 13, 0));

	close(self->dev);
	EXPECT_EQ(fixed ? -EPERM : 0,
		  child_as_user(USER, GROUP, try_setiff, &self->a));
	if (fixed)
		EXPECT_EQ(0, child_run(try_net_admin, &self->a));
}

TEST_F(perm, owner)
{
	ASSERT_EQ(0, tunfd_ioctl(self->dev, TUNSETOWNER, USER));
	close(self->dev);
	EXPECT_EQ(-EPERM, child_as_user(OTHER, GROUP, try_setiff, &self->a));
	EXPECT_EQ(-EPERM, child_run(try_no_caps, &self->a));
	EXPECT_EQ(0, child_as_user(USER, OTHER, try_setiff, &self->a));
}

TEST_F(perm, group)
{
	ASSERT_EQ(0, tunfd_ioctl(self->dev, TUNSETGROUP, GROUP));
	close(self->dev);
	EXPECT_EQ(-EPERM, child_as_user(USER, OTHER, try_setiff, &self->a));
	EXPECT_EQ(0, child_as_user(OTHER, GROUP, try_setiff, &self->a));
}

TEST_F(perm, supplementary_group)
{
	ASSERT_EQ(0, tunfd_ioctl(self->dev, TUNSETGROUP, GROUP));
	close(self->dev);
	EXPECT_EQ(0, child_run(try_supplementary, &self->a));
}

/* Owner and group must both match. */
TEST_F(perm, owner_and_group)
{
	ASSERT_EQ(0, tunfd_ioctl(self->dev, TUNSETOWNER, USER));
	ASSERT_EQ(0, tunfd_ioctl(self->dev, TUNSETGROUP, GROUP));
	close(self->dev);
	EXPECT_EQ(-EPERM, child_as_user(USER, OTHER, try_setiff, &self->a));
	EXPECT_EQ(-EPERM, child_as_user(OTHER, GROUP, try_setiff, &self->a));
	EXPECT_EQ(0, child_as_user(USER, GROUP, try_setiff, &self->a));
}

TEST_F(perm, net_admin_overrides_owner)
{
	ASSERT_EQ(0, tunfd_ioctl(self->dev, TUNSETOWNER, USER));
	close(self->dev);
	EXPECT_EQ(0, child_run(try_net_admin, &self->a));
}

TEST_F(perm, busy_and_type_before_permission)
{
	ASSERT_EQ(0, tunfd_ioctl(self->dev, TUNSETOWNER, USER));
	EXPECT_EQ(-EPERM, child_as_user(OTHER, OTHER, try_setiff, &self->a));
	EXPECT_EQ(-EBUSY, child_as_user(USER, OTHER, try_setiff, &self->a));
	self->a.flags = IFF_TAP;
	EXPECT_EQ(-EINVAL, child_as_user(OTHER, OTHER, try_setiff, &self->a));
	self->a.flags = IFF_TUN | IFF_TUN_EXCL;
	EXPECT_EQ(-EBUSY, child_as_user(OTHER, OTHER, try_setiff, &self->a));
}

TEST_F(perm, bad_ids)
{
	EXPECT_EQ(-EINVAL, tunfd_ioctl(self->dev, TUNSETOWNER, -1));
	EXPECT_EQ(-EINVAL, tunfd_ioctl(self->dev, TUNSETGROUP, -1));
	EXPECT_EQ(0, tunfd_ioctl(self->dev, TUNSETOWNER, 0));
	EXPECT_EQ(0, tunfd_ioctl(self->dev, TUNSETGROUP, 0));
}

/* The holder of the descriptor changes settings without a privilege. */
TEST_F(perm, holder_needs_no_privilege)
{
	static const unsigned long cmds[][2] = {
		{ TUNSETPERSIST, 1 }, { TUNSETOWNER, USER },
		{ TUNSETGROUP, GROUP }, { TUNSETOFFLOAD, TUN_F_CSUM },
		{ TUNSETLINK, ARPHRD_PPP }, { TUNSETDEBUG, 0 },
	};
	size_t i;

	self->a.fd = self->dev;
	for (i = 0; i < ARRAY_LEN(cmds); i++) {
		self->a.cmd = cmds[i][0];
		self->a.arg = cmds[i][1];
		EXPECT_EQ(0, child_as_user(USER, GROUP, try_ioctl, &self->a))
			TH_LOG("command %#lx", cmds[i][0]);
	}
}

TEST_F(perm, namespace_fds_need_net_admin)
{
	self->a.fd = self->dev;
	self->a.cmd = SIOCGSKNS;
	EXPECT_EQ(-EPERM, child_as_user(USER, GROUP, try_ioctl, &self->a));
	EXPECT_EQ(0, try_ioctl(&self->a));
	self->a.cmd = TUNGETDEVNETNS;
	EXPECT_EQ(-EPERM, child_as_user(USER, GROUP, try_ioctl, &self->a));
	EXPECT_EQ(0, try_ioctl(&self->a));
}

/* NAPI_FRAGS needs the capability in the initial user namespace. */
TEST_F(perm, napi_frags_needs_net_admin)
{
	self->a.name = "new0";
	self->a.flags = IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS;
	EXPECT_EQ(-EPERM, child_as_user(USER, GROUP, try_setiff, &self->a));
	EXPECT_EQ(0, child_run(try_net_admin, &self->a));
}

TEST_HARNESS_MAIN
