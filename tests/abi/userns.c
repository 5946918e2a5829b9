// SPDX-License-Identifier: GPL-2.0
/* Permissions of root in a user namespace. */
#include <sys/stat.h>

#include "lib.h"
#include "harness.h"

static int userns_open(void)
{
	int fd = open("/dev/net/tun", O_RDWR);

	return fd < 0 ? -errno : fd;
}

static int userns_create(void *arg)
{
	int fd = userns_open();

	return fd < 0 ? fd : tunfd_setiff(fd, "u0", *(int *)arg, NULL);
}

/* Only ids mapped into the user namespace can be set. */
static int userns_owner(void *arg)
{
	int fd = userns_open(), ret;

	(void)arg;
	if (fd < 0)
		return fd;
	if (file_put("/proc/self/setgroups", "deny") ||
	    file_put("/proc/self/uid_map", "0 65534 1") ||
	    file_put("/proc/self/gid_map", "0 65534 1"))
		return -ECHILD;
	ret = tunfd_setiff(fd, "u0", IFF_TUN, NULL);
	if (ret)
		return ret;
	if (tunfd_ioctl(fd, TUNSETOWNER, 1) != -EINVAL ||
	    tunfd_ioctl(fd, TUNSETGROUP, 1) != -EINVAL)
		return -EDOM;
	if (tunfd_ioctl(fd, TUNSETOWNER, 0) || tunfd_ioctl(fd, TUNSETGROUP, 0))
		return -ERANGE;
	return 0;
}

/*
 * Root in a user namespace is root over the network namespaces of that user
 * namespace alone. The test's file belongs to the network namespace outside.
 */
static int userns_foreign(void *arg)
{
	return tunfd_setiff(*(int *)arg, "f0", IFF_TUN, NULL);
}

FIXTURE(userns) {
	int fd;			/* of the network namespace outside */
	mode_t mode;		/* of the node, for the programs that follow */
};

FIXTURE_SETUP(userns)
{
	struct stat st;

	ASSERT_EQ(0, ns_fresh());
	ASSERT_EQ(0, stat("/dev/net/tun", &st));
	self->mode = st.st_mode & 07777;
	ASSERT_EQ(0, chmod("/dev/net/tun", 0666));
	self->fd = tunfd_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(userns)
{
	chmod("/dev/net/tun", self->mode);
}

TEST_F(userns, creates_in_own_net)
{
	int tun = IFF_TUN, tap = IFF_TAP;

	EXPECT_EQ(0, child_in_userns(userns_create, &tun));
	EXPECT_EQ(0, child_in_userns(userns_create, &tap));
}

TEST_F(userns, no_napi_frags)
{
	int flags = IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS;

	EXPECT_EQ(-EPERM, child_in_userns(userns_create, &flags));
}

TEST_F(userns, owner_must_be_mapped)
{
	EXPECT_EQ(0, child_in_userns(userns_owner, NULL));
}

TEST_F(userns, not_in_foreign_net)
{
	EXPECT_EQ(-EPERM, child_in_userns(userns_foreign, &self->fd));
	EXPECT_FALSE(if_exists("f0"));
}

TEST_HARNESS_MAIN
