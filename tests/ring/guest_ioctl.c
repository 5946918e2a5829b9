// SPDX-License-Identifier: GPL-2.0
/*
 * The vhost ioctls: arguments and refusals. The tun's own file takes them,
 * and a file without a device does.
 */
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "guest_ioctl.h"

TEST_F(gioctl, features)
{
	unsigned int bit;
	uint64_t f = 0;
	static uint8_t log[4096];
	uint64_t at = (uintptr_t)log;

	ASSERT_EQ(0, tunfd_ioctlp(self->bare, VHOST_GET_FEATURES, &f));
	EXPECT_EQ(G_ALL, f);
	for (bit = 0; bit < 64; bit++)
		EXPECT_EQ(!(G_ALL & G_BIT(bit)) ? -EOPNOTSUPP :
			  G_BIT(bit) == G_LOG ? -EFAULT : 0,
			  guest_features(&self->g, G_BIT(bit)));
	ASSERT_EQ(0, guest_ioctl(&self->g, VHOST_SET_LOG_BASE, &at));
	EXPECT_EQ(0, guest_features(&self->g, G_ALL));
	EXPECT_EQ(0, guest_features(&self->g, 0));
}

TEST_F(gioctl, backend_features)
{
	uint64_t f = ~0ULL;

	ASSERT_EQ(0, tunfd_ioctlp(self->bare, VHOST_GET_BACKEND_FEATURES, &f));
	EXPECT_EQ(0, f);
	EXPECT_EQ(0, guest_ioctl(&self->g, VHOST_SET_BACKEND_FEATURES, &f));
	for (f = 1; f; f <<= 1)
		EXPECT_EQ(-EOPNOTSUPP,
			  guest_ioctl(&self->g, VHOST_SET_BACKEND_FEATURES,
				      &f));
}

static bool is_known(unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < guest_ncmds; i++)
		if (guest_cmds[i].cmd == cmd)
			return true;
	return cmd == VHOST_SET_OWNER || cmd == VHOST_GET_FEATURES ||
	       cmd == VHOST_GET_BACKEND_FEATURES;
}

/* A monitor tries newer ioctls, which must fail. */
TEST_F(gioctl, unknown_commands)
{
	static const unsigned int sizes[] = { 0, 4, 8, 16, 40, 64 };
	uint8_t arg[4096] = { };
	unsigned int dir, nr, s, cmd;
	int ret;

	for (dir = 0; dir < 4; dir++)
		for (nr = 0; nr < 256; nr++)
			for (s = 0; s < ARRAY_LEN(sizes); s++) {
				cmd = _IOC(dir, VHOST_VIRTIO, nr, sizes[s]);
				if (is_known(cmd))
					continue;
				ret = guest_ioctl(&self->g, cmd, arg);
				EXPECT_TRUE(ret == -EINVAL || ret == -ENOTTY ||
					    ret == -EBADFD);
			}
}

TEST_F(gioctl, no_such_ring)
{
	uint32_t arg[64] = { 2 };
	unsigned int i;

	for (i = 0; i < guest_ncmds; i++) {
		if (!guest_cmds[i].ring)
			continue;
		arg[0] = 2;
		EXPECT_EQ(-ENOBUFS,
			  guest_ioctl(&self->g, guest_cmds[i].cmd, arg));
		arg[0] = 0xffffffff;
		EXPECT_EQ(-ENOBUFS,
			  guest_ioctl(&self->g, guest_cmds[i].cmd, arg));
	}
}

TEST_F(gioctl, bad_pointers)
{
	void *bad[] = { NULL, (void *)8, (void *)-4096L };
	unsigned int i, k;

	for (k = 0; k < ARRAY_LEN(bad); k++) {
		for (i = 0; i < guest_ncmds; i++) {
			if (guest_cmds[i].cmd == VHOST_RESET_OWNER)
				continue;
			EXPECT_EQ(-EFAULT,
				  guest_ioctl(&self->g, guest_cmds[i].cmd,
					      bad[k]));
		}
		EXPECT_EQ(-EFAULT,
			  guest_ioctl(&self->g, VHOST_GET_FEATURES, bad[k]));
		EXPECT_EQ(-EFAULT,
			  guest_ioctl(&self->g, VHOST_GET_BACKEND_FEATURES,
				      bad[k]));
	}
}

TEST_F(gioctl, sizes_and_bases)
{
	static const unsigned int bad[] = { 0, 3, 15, 32767, 32769, 65536,
					    0x80000000, 0xffffffff };
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(bad); i++)
		EXPECT_EQ(-EINVAL, guest_vring(&self->g, VHOST_SET_VRING_NUM, 0,
					       bad[i]));
	for (i = 1; i <= 32768; i *= 2)
		EXPECT_EQ(0, guest_vring(&self->g, VHOST_SET_VRING_NUM, 1, i));
	EXPECT_EQ(-EINVAL,
		  guest_vring(&self->g, VHOST_SET_VRING_BASE, 0, 65536));
	EXPECT_EQ(-EINVAL, guest_vring(&self->g, VHOST_SET_VRING_BASE, 0, ~0));
	EXPECT_EQ(0, guest_vring(&self->g, VHOST_SET_VRING_BASE, 1, 65535));
	EXPECT_EQ(65535, guest_base(&self->g, 1));
	EXPECT_EQ(0, guest_base(&self->g, 0));
}

TEST_F(gioctl, addresses)
{
	struct vhost_vring_addr ok = {
		.desc_user_addr = (uintptr_t)self->g.vq[0].desc,
		.avail_user_addr = (uintptr_t)self->g.vq[0].avail,
		.used_user_addr = (uintptr_t)self->g.vq[0].used,
	}, a;
	unsigned int i;

	a = ok;
	a.avail_user_addr += 1;
	EXPECT_EQ(-EINVAL, guest_ioctl(&self->g, VHOST_SET_VRING_ADDR, &a));
	for (i = 1; i < 4; i++) {
		a = ok;
		a.used_user_addr += i;
		EXPECT_EQ(-EINVAL,
			  guest_ioctl(&self->g, VHOST_SET_VRING_ADDR, &a));
		a = ok;
		a.log_guest_addr += i;
		EXPECT_EQ(-EINVAL,
			  guest_ioctl(&self->g, VHOST_SET_VRING_ADDR, &a));
	}
	for (i = 1; i < 32; i++) {
		a = ok;
		a.flags = 1U << i;
		EXPECT_EQ(-EOPNOTSUPP,
			  guest_ioctl(&self->g, VHOST_SET_VRING_ADDR, &a));
	}
	EXPECT_EQ(0, guest_ioctl(&self->g, VHOST_SET_VRING_ADDR, &ok));
	EXPECT_EQ(0, guest_start(&self->g, self->e.fd));
}

/* Without VERSION_1, a ring has the byte order of the machine. */
TEST_F(gioctl, without_version_1)
{
	bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	ASSERT_EQ(0, guest_features(&self->g, 0));
	ASSERT_EQ(big ? -EOPNOTSUPP : 0, guest_start(&self->g, self->e.fd));
	ASSERT_EQ(0, guest_features(&self->g, G_V1));
	EXPECT_EQ(0, guest_stop(&self->g));
	EXPECT_EQ(0, guest_start(&self->g, self->e.fd));
}

TEST_F(gioctl, endian_and_busyloop)
{
	struct vhost_vring_state s = { .index = 1 };

	EXPECT_EQ(0, guest_vring(&self->g, VHOST_SET_VRING_ENDIAN, 0,
				 VHOST_VRING_LITTLE_ENDIAN));
	EXPECT_EQ(-EINVAL, guest_vring(&self->g, VHOST_SET_VRING_ENDIAN, 0,
				       VHOST_VRING_BIG_ENDIAN));
	EXPECT_EQ(-EINVAL, guest_vring(&self->g, VHOST_SET_VRING_ENDIAN, 0, 2));
	s.num = 5;
	ASSERT_EQ(0, guest_ioctl(&self->g, VHOST_GET_VRING_ENDIAN, &s));
	EXPECT_EQ(VHOST_VRING_LITTLE_ENDIAN, s.num);
	EXPECT_EQ(0, guest_vring(&self->g, VHOST_SET_VRING_BUSYLOOP_TIMEOUT, 1,
				 50));
	ASSERT_EQ(0,
		  guest_ioctl(&self->g, VHOST_GET_VRING_BUSYLOOP_TIMEOUT, &s));
	EXPECT_EQ(50, s.num);
	s.index = 0;
	ASSERT_EQ(0,
		  guest_ioctl(&self->g, VHOST_GET_VRING_BUSYLOOP_TIMEOUT, &s));
	EXPECT_EQ(0, s.num);
}

TEST_F(gioctl, eventfds)
{
	static const unsigned long cmds[] = { VHOST_SET_VRING_KICK,
		VHOST_SET_VRING_CALL, VHOST_SET_VRING_ERR };
	int null = open("/dev/null", O_RDWR), fd;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(cmds); i++) {
		EXPECT_EQ(-EBADF, guest_file(&self->g, cmds[i], 0, 9999));
		EXPECT_EQ(-EINVAL, guest_file(&self->g, cmds[i], 0, null));
		EXPECT_EQ(-EINVAL,
			  guest_file(&self->g, cmds[i], 0, self->e.fd));
		EXPECT_EQ(0, guest_file(&self->g, cmds[i], 0, -1));
	}
	EXPECT_EQ(-EBADF,
		  (fd = 9999, guest_ioctl(&self->g, VHOST_SET_LOG_FD, &fd)));
	EXPECT_EQ(-EINVAL, guest_ioctl(&self->g, VHOST_SET_LOG_FD, &null));
	EXPECT_EQ(0, (fd = -1, guest_ioctl(&self->g, VHOST_SET_LOG_FD, &fd)));
	close(null);
}

TEST_HARNESS_MAIN
