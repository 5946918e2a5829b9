// SPDX-License-Identifier: GPL-2.0
/* VRINGFDCREATE and the calls on a vringfd that no device serves. */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "harness.h"
#include "call32.h"
#include "vr.h"

FIXTURE(create) {
	struct vr r;
	struct vringfd_create args;
};

FIXTURE_SETUP(create)
{
	ASSERT_EQ(0, modules_load());
	ASSERT_EQ(0, vr_open(&self->r, 256, 64));
	self->args = (struct vringfd_create) {
		.addr = (uintptr_t)self->r.mem, .num = 256,
		.last_used = (uintptr_t)self->r.last_used,
	};
}

FIXTURE_TEARDOWN(create)
{
	vr_close(&self->r);
}

static int try_num(struct _test_data_create *self, unsigned int num)
{
	int fd;

	self->args.num = num;
	fd = vr_create(&self->args);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

TEST_F(create, close_on_exec)
{
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->r.fd, F_GETFD));
	EXPECT_EQ(O_RDWR, fcntl(self->r.fd, F_GETFL) & O_ACCMODE);
}

TEST_F(create, number_of_descriptors)
{
	static const unsigned int bad[] = {
		0, 3, 6, 255, 257, 32767, 32769, 65536, 0x80000000U, ~0U
	};
	struct vr big;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(bad); i++)
		EXPECT_EQ(-EINVAL, try_num(self, bad[i]));
	for (i = 1; i <= 256; i *= 2)
		EXPECT_EQ(0, try_num(self, i));
	ASSERT_EQ(0, vr_open(&big, 32768, 16));
	vr_close(&big);
}

TEST_F(create, malformed)
{
	struct vringfd_create good = self->args;

	self->args.addr += 8;
	EXPECT_EQ(-EINVAL, vr_create(&self->args));
	self->args = good;
	self->args.last_used++;
	EXPECT_EQ(-EINVAL, vr_create(&self->args));
	self->args = good;
	self->args.flags = 1;
	EXPECT_EQ(-EINVAL, vr_create(&self->args));
	self->args = good;
	self->args.reserved = 1;
	EXPECT_EQ(-EINVAL, vr_create(&self->args));
}

TEST_F(create, not_our_memory)
{
	struct vringfd_create good = self->args;

	self->args.addr = 0xffff888000000000;
	EXPECT_EQ(-EFAULT, vr_create(&self->args));
	self->args = good;
	self->args.last_used = 0xffff888000000000;
	EXPECT_EQ(-EFAULT, vr_create(&self->args));
	self->args.last_used = 16;
	EXPECT_EQ(-EFAULT, vr_create(&self->args));
	self->args = good;
	ASSERT_EQ(0, mprotect(self->r.last_used, 4096, PROT_READ));
	EXPECT_EQ(-EFAULT, vr_create(&self->args));
	EXPECT_EQ(-EFAULT, vr_create(NULL));
}

static int create_in_child(void *arg)
{
	return vr_create(arg) < 0 ? -errno : 0;
}

static int create_unlocked(void *arg)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_MEMLOCK, &none);
	return create_in_child(arg);
}

/* The mode of the file alone decides who may create a ring. */
TEST_F(create, needs_no_privilege)
{
	EXPECT_EQ(-EACCES,
		  child_as_user(1000, 1000, create_in_child, &self->args));
	/* as the udev rule does */
	ASSERT_EQ(0, chmod("/dev/vringfd", 0666));
	EXPECT_EQ(0, child_as_user(1000, 1000, create_in_child, &self->args));
	EXPECT_EQ(-ENOMEM,
		  child_as_user(1000, 1000, create_unlocked, &self->args));
	ASSERT_EQ(0, chmod("/dev/vringfd", 0600));
}

/* The user changes the used index and last_used, and poll compares them. */
TEST_F(create, poll_follows_the_words)
{
	struct vr *r = &self->r;

	EXPECT_EQ(0, vr_poll(r->fd, 0));
	r->v.used->idx = 1;
	EXPECT_EQ(POLLIN, vr_poll(r->fd, 0));
	*r->last_used = 1;
	EXPECT_EQ(0, vr_poll(r->fd, 0));
	*r->last_used = 2;
	EXPECT_EQ(POLLIN, vr_poll(r->fd, 0));
	r->v.used->idx = 0xffff;
	*r->last_used = 0xffff;
	EXPECT_EQ(0, vr_poll(r->fd, 0));
}

/* The user has unmapped the memory. The vringfd holds the pages, and poll faults nothing in. */
TEST_F(create, poll_does_not_fault)
{
	struct vr *r = &self->r;

	r->v.used->idx = 1;
	vr_unmap(r);
	EXPECT_EQ(POLLIN, vr_poll(r->fd, 0));
}

TEST_F(create, no_read)
{
	char byte;

	EXPECT_EQ(-EINVAL, fd_read(self->r.fd, &byte, 1));
	EXPECT_EQ(-EINVAL, fd_read(self->r.fd, &byte, 0));
}

TEST_F(create, write_without_a_device)
{
	EXPECT_EQ(-ENOTCONN, fd_write(self->r.fd, "", 0));
	EXPECT_EQ(-ENOTCONN, fd_write(self->r.fd, "abc", 3));
}

TEST_F(create, ioctls)
{
	int fd = self->r.fd, node = open("/dev/vringfd", O_RDWR);

	EXPECT_EQ(0xadU, _IOC_TYPE(VRINGSETBASE));
	EXPECT_EQ(0U, _IOC_NR(VRINGSETBASE));
	EXPECT_EQ(1U, _IOC_NR(VRINGSETLIMIT));
	EXPECT_EQ(0, tunfd_ioctl(fd, VRINGSETBASE, 4096));
	EXPECT_EQ(0, tunfd_ioctl(fd, VRINGSETLIMIT, 4096));
	EXPECT_EQ(-ENOTTY, tunfd_ioctl(fd, VRINGFDCREATE, 0));
	EXPECT_EQ(-ENOTTY, tunfd_ioctl(fd, _IOW(0xad, 3, unsigned long), 0));
	EXPECT_EQ(-ENOTTY, tunfd_ioctl(node, VRINGSETBASE, 0));
	EXPECT_EQ(-EFAULT, tunfd_ioctl(node, VRINGFDCREATE, 0));
	close(node);
}

/* A 32-bit program has a shorter long, so the numbers of its ioctls differ. */
TEST_F(create, compat)
{
	struct vr *r = &self->r;
	struct vringfd_create *low = (void *)r->pool;
	int node = open("/dev/vringfd", O_RDWR), fd, loop;

	*low = self->args;
	fd = call32(NR32_IOCTL, node, VRINGFDCREATE, (long)low);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, call32(NR32_IOCTL, fd, _IOW(0xad, 0, uint32_t),
			    (long)r->pool));
	EXPECT_EQ(0, call32(NR32_IOCTL, fd, _IOW(0xad, 1, uint32_t), 1000));
	EXPECT_EQ(-ENOTTY, call32(NR32_IOCTL, fd, VRINGSETBASE, 0));
	EXPECT_EQ(-ENOTCONN, call32(NR32_WRITE, fd, (long)low, 0));
	/* Base and limit, set by the 32-bit calls, are in effect. */
	loop = loop_attach(fd, 0);
	ASSERT_LE(0, loop);
	memcpy(r->pool + 100, "32 bits", 7);
	r->v.desc[0] = (struct vring_desc) { 100, 7, N, 1 };
	r->v.desc[1] = (struct vring_desc) { 993, 7, W, 0 };
	vr_put(r, 0);
	EXPECT_EQ(0, call32(NR32_WRITE, fd, (long)low, 0));
	ASSERT_EQ(0, vr_wait(r, 1));
	EXPECT_EQ(0, memcmp(r->pool + 993, "32 bits", 7));
	r->v.desc[1].addr++;
	vr_put(r, 0);
	EXPECT_EQ(-EPROTO, call32(NR32_WRITE, fd, (long)low, 0));
	close(loop);
	close(fd);
	close(node);
}

TEST_HARNESS_MAIN
