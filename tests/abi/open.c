// SPDX-License-Identifier: GPL-2.0
/* Opening the device and TUNSETIFF: names, flags, errors. */
#include <sys/mman.h>
#include <sys/stat.h>
#include <linux/filter.h>
#include <linux/sockios.h>

#include "lib.h"
#include "harness.h"

FIXTURE(setiff) {
	char name[IFNAMSIZ + 1];
	int fd;
};

FIXTURE_SETUP(setiff)
{
	memset(self->name, 0, sizeof(self->name));
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(setiff)
{
	close(self->fd);
}

TEST(misc_device)
{
	char buf[4096];
	struct stat st;

	ASSERT_EQ(0, stat("/dev/net/tun", &st));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
	EXPECT_EQ(10 << 8 | 200, st.st_rdev);
	ASSERT_LT(0, file_get("/proc/misc", buf, sizeof(buf)));
	EXPECT_NE(NULL, strstr(buf, "200 tun"));
	ASSERT_LT(0, file_get("/sys/class/misc/tun/dev", buf, sizeof(buf)));
	EXPECT_STREQ("10:200", buf);
}

TEST_F(setiff, default_names)
{
	int fd;

	EXPECT_EQ(0, tunfd_setiff(self->fd, "", IFF_TUN, self->name));
	EXPECT_STREQ("tun0", self->name);
	fd = tunfd_open();
	EXPECT_EQ(0, tunfd_setiff(fd, "", IFF_TAP, self->name));
	EXPECT_STREQ("tap0", self->name);
	fd = tunfd_open();
	EXPECT_EQ(0, tunfd_setiff(fd, "", IFF_TUN, self->name));
	EXPECT_STREQ("tun1", self->name);
}

TEST_F(setiff, both_types_mean_tun)
{
	EXPECT_EQ(0, tunfd_setiff(self->fd, "", IFF_TUN | IFF_TAP, self->name));
	EXPECT_STREQ("tun0", self->name);
	EXPECT_EQ(IFF_TUN | IFF_NOFILTER, tunfd_getiff(self->fd, NULL));
}

TEST_F(setiff, name_template)
{
	int fd;

	EXPECT_EQ(0, tunfd_setiff(self->fd, "foo%d", IFF_TUN, self->name));
	EXPECT_STREQ("foo0", self->name);
	fd = tunfd_open();
	EXPECT_EQ(0, tunfd_setiff(fd, "foo%d", IFF_TAP, self->name));
	EXPECT_STREQ("foo1", self->name);
	close(self->fd);
	self->fd = tunfd_open();
	EXPECT_EQ(0, tunfd_setiff(self->fd, "foo%d", IFF_TAP, self->name));
	EXPECT_STREQ("foo0", self->name);
}

TEST_F(setiff, name_of_fifteen)
{
	char name[IFNAMSIZ] = "abcdefghijklmno";

	EXPECT_EQ(0, tunfd_setiff(self->fd, name, IFF_TUN, self->name));
	EXPECT_STREQ(name, self->name);
	EXPECT_TRUE(if_exists(name));
}

TEST_F(setiff, name_unterminated_is_cut)
{
	EXPECT_EQ(0, tunfd_setiff(self->fd, "abcdefghijklmnopq", IFF_TUN,
				  self->name));
	EXPECT_STREQ("abcdefghijklmno", self->name);
}

TEST_F(setiff, bad_names)
{
	static const char * const bad[] = {
		"a/b", "a b", "a:b", ".", "..", "a%s", "a%d%d", "a%", "%", "a\n",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++)
		EXPECT_EQ(-EINVAL,
			  tunfd_setiff(self->fd, bad[i], IFF_TUN, NULL))
			TH_LOG("name %zu", i);
	EXPECT_EQ(0, tunfd_setiff(self->fd, "good", IFF_TUN, NULL));
}

TEST_F(setiff, no_type)
{
	EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "t0", 0, NULL));
	EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "t0", IFF_NO_PI, NULL));
	EXPECT_FALSE(if_exists("t0"));
	EXPECT_EQ(-EBADFD, tunfd_getiff(self->fd, NULL));
}

TEST_F(setiff, twice_eexist)
{
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	EXPECT_EQ(-EEXIST, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	EXPECT_EQ(-EEXIST, tunfd_setiff(self->fd, "t1", IFF_TAP, NULL));
	EXPECT_EQ(-EEXIST, tunfd_setiff(self->fd, "", 0, NULL));
}

TEST_F(setiff, busy_single_queue)
{
	ASSERT_LE(0, tunfd_create("t0", IFF_TUN));
	EXPECT_EQ(-EBUSY, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	EXPECT_EQ(-EBADFD, tunfd_getiff(self->fd, NULL));
	EXPECT_EQ(0, tunfd_setiff(self->fd, "t1", IFF_TUN, NULL));
}

TEST_F(setiff, wrong_type)
{
	ASSERT_LE(0, tunfd_create("t0", IFF_TUN));
	ASSERT_LE(0, tunfd_create("t1", IFF_TAP));
	EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "t0", IFF_TAP, NULL));
	EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "t1", IFF_TUN, NULL));
	EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "t0", 0, NULL));
	EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "lo", IFF_TUN, NULL));
	EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "lo", IFF_TAP, NULL));
}

TEST_F(setiff, queue_kind_must_match)
{
	ASSERT_LE(0, tunfd_create("t0", IFF_TUN));
	ASSERT_LE(0, tunfd_create("t1", IFF_TUN | IFF_MULTI_QUEUE));
	EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "t0",
					IFF_TUN | IFF_MULTI_QUEUE, NULL));
	EXPECT_EQ(-EINVAL, tunfd_setiff(self->fd, "t1", IFF_TUN, NULL));
}

TEST_F(setiff, excl)
{
	int excl = IFF_TUN | IFF_TUN_EXCL;
	int fd = tunfd_create("t0", excl);

	ASSERT_LE(0, fd);
	EXPECT_EQ(IFF_TUN | IFF_NOFILTER, tunfd_getiff(fd, NULL));
	EXPECT_EQ(0, tunfd_ioctl(fd, TUNSETPERSIST, 1));
	close(fd);
	EXPECT_EQ(-EBUSY, tunfd_setiff(self->fd, "t0", excl, NULL));
	EXPECT_EQ(-EBUSY, tunfd_setiff(self->fd, "lo", excl, NULL));
	EXPECT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	EXPECT_EQ(0, tunfd_ioctl(self->fd, TUNSETPERSIST, 0));
}

TEST_F(setiff, napi_frags_rules)
{
	EXPECT_EQ(-EINVAL,
		  tunfd_setiff(self->fd, "t0", IFF_TAP | IFF_NAPI_FRAGS, NULL));
	EXPECT_EQ(-EINVAL,
		  tunfd_setiff(self->fd, "t0",
			       IFF_TUN | IFF_NAPI | IFF_NAPI_FRAGS, NULL));
	EXPECT_EQ(0, tunfd_setiff(self->fd, "t0",
				  IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS, NULL));
	EXPECT_EQ(IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS | IFF_NOFILTER,
		  tunfd_getiff(self->fd, NULL));
}

TEST_F(setiff, no_carrier_flag)
{
	struct link_info li;

	ASSERT_EQ(0,
		  tunfd_setiff(self->fd, "t0", IFF_TUN | IFF_NO_CARRIER, NULL));
	EXPECT_EQ(IFF_TUN | IFF_NOFILTER, tunfd_getiff(self->fd, NULL));
	ASSERT_EQ(0, if_up("t0"));
	ASSERT_EQ(0, rtnl_get("t0", &li));
	EXPECT_EQ(0, li.carrier);
	EXPECT_EQ(0, if_wait_running("t0", false));
}

TEST_F(setiff, unknown_flags_ignored)
{
	int flags = IFF_TUN | 0x0004 | 0x0008 | IFF_ATTACH_QUEUE |
		    IFF_DETACH_QUEUE | IFF_PERSIST;

	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", flags, NULL));
	EXPECT_EQ(IFF_TUN | IFF_NOFILTER, tunfd_getiff(self->fd, NULL));
	close(self->fd);
	EXPECT_EQ(0, if_wait_gone("t0"));
	self->fd = tunfd_open();
}

TEST_F(setiff, open_read_only)
{
	char buf[100] = { 0x45 };
	int fd = open("/dev/net/tun", O_RDONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, tunfd_setiff(fd, "t0", IFF_TUN | IFF_NO_PI, NULL));
	EXPECT_EQ(-EBADF, fd_write(fd, buf, sizeof(buf)));
	EXPECT_EQ(0, fd_nonblock(fd));
	EXPECT_EQ(-EAGAIN, fd_read(fd, buf, sizeof(buf)));
}

TEST_F(setiff, open_write_only)
{
	char buf[100] = { 0x45 };
	int fd = open("/dev/net/tun", O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, tunfd_setiff(fd, "t0", IFF_TUN | IFF_NO_PI, NULL));
	EXPECT_EQ(0, if_up("t0"));
	EXPECT_EQ(-EBADF, fd_read(fd, buf, sizeof(buf)));
	EXPECT_EQ(100, fd_write(fd, buf, sizeof(buf)));
}

TEST_F(setiff, seek_and_map)
{
	ASSERT_EQ(0, tunfd_setiff(self->fd, "t0", IFF_TUN, NULL));
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED,
				   self->fd, 0));
}

TEST_HARNESS_MAIN
