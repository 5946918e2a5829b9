// SPDX-License-Identifier: GPL-2.0
/* VHOST_NET_SET_BACKEND: the queues that accept a guest's rings. */
#include <sys/mman.h>

#include "guest_backend.h"

/* QEMU removes backends that it never set. */
TEST_F(backend, removed_without_being_set)
{
	struct guest *g = &self->g;

	EXPECT_EQ(0, guest_stop(g));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_RESET_OWNER, NULL));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_OWNER, NULL));
	EXPECT_EQ(0, guest_stop(g));
	EXPECT_EQ(0, guest_stop(g));
}

/* A queue with rings of its own is refused, and the previous backend continues. */
TEST_F(backend, refused_keeps_previous)
{
	struct env two = {.fd = tunfd_create_up("guest1", TUN_PLAIN), .sk = -1};
	struct tconf c = { 0, 16, 16, 2048, 0 };
	struct guest *g = &self->g;
	struct tring r;

	ASSERT_LE(0, two.fd);
	ASSERT_EQ(0, tring_setup(&r, two.fd, &c));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	EXPECT_EQ(-EBUSY, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, two.fd));
	EXPECT_EQ(-EBUSY, guest_file(g, VHOST_NET_SET_BACKEND, G_TX, two.fd));
	EXPECT_EQ(-ENOTSOCK, guest_file(g, VHOST_NET_SET_BACKEND, G_TX, 0));
	EXPECT_EQ(0, guest_works(g, &self->e, 1));
	ASSERT_EQ(0, tring_teardown(two.fd));
	ASSERT_EQ(0, guest_stop(g));
	EXPECT_EQ(0, guest_start(g, two.fd));
	close(two.fd);
	tring_unmap(&r);
}

TEST_F(backend, ring_not_set_up)
{
	struct guest *g = &self->g;
	int fd = self->e.fd;
	struct tun_ring_stats st;

	ASSERT_EQ(0, guest_ioctl(g, VHOST_RESET_OWNER, NULL));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_OWNER, NULL));
	EXPECT_EQ(-EFAULT, guest_start(g, fd));
	ASSERT_EQ(0, guest_table_default(g));
	EXPECT_EQ(-EFAULT, guest_start(g, fd));
	ASSERT_EQ(0, guest_addr(g, G_RX, 0, 0));
	EXPECT_EQ(-EFAULT, guest_start(g, fd));
	ASSERT_EQ(0, guest_vring(g, VHOST_SET_VRING_NUM, G_RX, G_ENTRIES));
	EXPECT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, fd));
	EXPECT_EQ(-EFAULT, guest_file(g, VHOST_NET_SET_BACKEND, G_TX, fd));
	EXPECT_EQ(0, guest_stop(g));
	/* nothing is left half set up */
	EXPECT_EQ(-ENXIO, tring_stats(fd, &st));
}

/* Parts of the ring in kernel memory or at invalid addresses. */
TEST_F(backend, ring_outside)
{
	static const uint64_t bad[] = { 0xffff888000000000ULL, -4096ULL,
					1ULL << 63 };
	struct guest *g = &self->g;
	struct tun_ring_stats st;
	unsigned int i, part;

	for (i = 0; i < ARRAY_LEN(bad); i++)
		for (part = 0; part < 3; part++) {
			struct vhost_vring_addr a = {
				0, 0, USER, USER, USER, 0
			};

			*(part == 0 ? &a.desc_user_addr :
			  part == 1 ? &a.used_user_addr :
				      &a.avail_user_addr) = bad[i];
			ASSERT_EQ(0, guest_ioctl(g, VHOST_SET_VRING_ADDR, &a));
			EXPECT_EQ(-EFAULT, guest_start(g, self->e.fd));
			EXPECT_EQ(-ENXIO, tring_stats(self->e.fd, &st));
		}
	/* a valid user address without a mapping */
	munmap(g->rings, G_RINGS);
	ASSERT_EQ(0, guest_addr(g, G_RX, 0, 0));
	EXPECT_EQ(-EFAULT, guest_start(g, self->e.fd));
	EXPECT_EQ(-ENXIO, tring_stats(self->e.fd, &st));
}

TEST_F(backend, fd_of_another_kind)
{
	struct guest *g = &self->g;
	int null = open("/dev/null", O_RDWR), fresh = tunfd_open();
	int sk = socket(AF_INET, SOCK_DGRAM, 0), fd = self->e.fd;

	EXPECT_EQ(-ENOTSOCK, guest_start(g, 9999));
	EXPECT_EQ(-ENOTSOCK, guest_start(g, null));
	EXPECT_EQ(-ENOTSOCK, guest_start(g, sk));
	EXPECT_EQ(-EINVAL, guest_start(g, fresh));
	/* a running ring is not affected */
	ASSERT_EQ(0, guest_start(g, fd));
	guest_fill(g);
	EXPECT_EQ(-ENOTSOCK, guest_start(g, 9999));
	EXPECT_EQ(-ENOTSOCK, guest_file(g, VHOST_NET_SET_BACKEND, G_TX, null));
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
	close(null);
	close(fresh);
	close(sk);
}

TEST_F(backend, settings_busy_while_running)
{
	struct guest *g = &self->g;
	unsigned int i;

	ASSERT_EQ(0, guest_start(g, self->e.fd));
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(-EBUSY, guest_vring(g, VHOST_SET_VRING_NUM, i, 8));
		EXPECT_EQ(-EBUSY, guest_vring(g, VHOST_SET_VRING_BASE, i, 0));
		EXPECT_EQ(-EBUSY, guest_vring(g, VHOST_SET_VRING_ENDIAN, i, 0));
	}
	ASSERT_EQ(0, guest_stop(g));
	EXPECT_EQ(0, guest_vring(g, VHOST_SET_VRING_NUM, 0, 8));
	EXPECT_EQ(0, guest_vring(g, VHOST_SET_VRING_BASE, 0, 8));
}

/* Setting the same queue again, or another queue, is no error. */
TEST_F(backend, replaced)
{
	int other = tunfd_create_up("guest1", TUN_PLAIN);
	struct guest *g = &self->g;
	struct env e = self->e;
	struct tun_ring_stats st;

	ASSERT_LE(0, other);
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	ASSERT_EQ(0, guest_works(g, &self->e, 0));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	ASSERT_EQ(0, guest_works(g, &self->e, 1));
	ASSERT_EQ(0, guest_start(g, other));
	EXPECT_EQ(-ENXIO, tring_stats(self->e.fd, &st));
	e.fd = other;
	e.sk = psock_open("guest1", false);
	EXPECT_EQ(0, guest_works(g, &e, 2));
	close(e.sk);
	/* removing the backend after the queue's file was closed is no error */
	close(other);
	EXPECT_EQ(0, guest_stop(g));
}

TEST_F(backend, mapped_rings)
{
	struct tconf c = { 0, 8, 8, 2048, 0 };
	struct tun_ring_setup s = tring_params(&c);
	struct tun_ring_stats st;
	struct guest *g = &self->g;
	int fd = self->e.fd;
	struct tring r;

	ASSERT_EQ(0, tring_setup(&r, fd, &c));
	EXPECT_EQ(-EBUSY, guest_start(g, fd));
	EXPECT_EQ(0, guest_stop(g));
	ASSERT_EQ(0, tring_stats(fd, &st));
	EXPECT_EQ(TUN_RING_MODE_MAPPED, st.mode);
	ASSERT_EQ(0, tring_teardown(fd));
	tring_unmap(&r);

	ASSERT_EQ(0, guest_start(g, fd));
	EXPECT_EQ(-EBUSY, tring_setup_raw(fd, &s));
	EXPECT_EQ(-EBUSY, tring_teardown(fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
	ASSERT_EQ(0, guest_stop(g));
	EXPECT_EQ(-ENXIO, tring_teardown(fd));
	ASSERT_EQ(0, tring_setup(&r, fd, &c));
	tring_unmap(&r);
}

TEST_F(backend, queue_of_another_guest)
{
	struct guest *g = &self->g, other;

	ASSERT_EQ(0, guest_open_in(&other, tunfd_open(), variant->pin,
				   G_V1, 0));
	ASSERT_EQ(0, guest_file(g, VHOST_NET_SET_BACKEND, G_RX, self->e.fd));
	EXPECT_EQ(-EBUSY, guest_start(&other, self->e.fd));
	EXPECT_EQ(-EBUSY,
		  guest_file(&other, VHOST_NET_SET_BACKEND, G_TX, self->e.fd));
	EXPECT_EQ(0, guest_stop(&other));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
	ASSERT_EQ(0, guest_ioctl(g, VHOST_RESET_OWNER, NULL));
	ASSERT_EQ(0, guest_start(&other, self->e.fd));
	guest_fill(&other);
	EXPECT_EQ(0, guest_works(&other, &self->e, 1));
	guest_close(&other);
}

TEST_HARNESS_MAIN
