// SPDX-License-Identifier: GPL-2.0
/*
 * VHOST_SET_MEM_TABLE and VHOST_NET_SET_BACKEND: valid memory regions, and the
 * queues that accept a guest's rings.
 */
#include <sys/mman.h>

#include "guest.h"

#define STOCK_ONLY_VARIANT	"pinned"
#include "harness.h"

FIXTURE(backend) {
	struct env e;
	struct guest g;
};

FIXTURE_VARIANT(backend) {
	bool apart;		/* the control file has no device */
	bool pin;
};

GUEST_VARIANTS(backend, own, false);
GUEST_VARIANTS(backend, apart, true);

FIXTURE_SETUP(backend)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TUN_PLAIN));
	ASSERT_EQ(0, guest_open_in(&self->g, variant->apart ? tunfd_open() :
				   dup(self->e.fd), variant->pin, G_V1, 0));
}

FIXTURE_TEARDOWN(backend)
{
	guest_close(&self->g);
	env_close(&self->e);
}

#define USER	((uintptr_t)g->pool)

TEST_F(backend, memory_refused)
{
	struct guest *g = &self->g;
	const struct {
		int ret;
		struct vhost_memory_region r[2];
	} bad[] = {
		{ -EINVAL, { { 0, 0, USER } } },
		{ -EINVAL, { { -4096ULL, 8192, USER } } },
		{ -EINVAL, { { 0, 8192, -4096ULL } } },
		{ -EINVAL, { { 0, 8192, USER }, { 4096, 8192, USER } } },
		{ -EINVAL, { { 4096, 1, USER }, { 4096, 1, USER } } },
		{ -EFAULT, { { 0, 4096, 0xffff888000000000ULL } } },
		{ -EFAULT, { { 0, 1ULL << 63, 4096 } } },
		{ -EFAULT, { { 0, 4096, USER }, { 1ULL << 63, 4096,
						  1ULL << 63 } } },
	};
	struct vhost_memory pad = { .padding = 1 };
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(bad); i++)
		EXPECT_EQ(bad[i].ret,
			  guest_table(g, bad[i].r,
				      1 + !!bad[i].r[1].memory_size));
	EXPECT_EQ(-EOPNOTSUPP, guest_ioctl(g, VHOST_SET_MEM_TABLE, &pad));
	/* the previous table is still in use */
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	guest_fill(g);
	EXPECT_EQ(0, guest_works(g, &self->e, 0));
}

TEST_F(backend, memory_taken)
{
	struct guest *g = &self->g;
	struct vhost_memory_region r[80], all = {
		4096, 0x7fffffffe000ULL, 4096
	}, last = { -4096ULL, 4096, USER };
	unsigned int i;

	for (i = 0; i < 80; i++)
		r[i] = (struct vhost_memory_region) { i * 4096, 4096, USER };
	EXPECT_EQ(0, guest_table(g, r, 64));
	EXPECT_EQ(-E2BIG, guest_table(g, r, 65));
	EXPECT_EQ(0, guest_table(g, r, 0));
	EXPECT_EQ(0, guest_table(g, &last, 1));
	/* openconnect uses one region over the whole address space */
	EXPECT_EQ(0, guest_table(g, &all, 1));
}

TEST_F(backend, identity_mapped_table)
{
	struct vhost_memory_region all = { 4096, 0x7fffffffe000ULL, 4096 };
	struct guest *g = &self->g;
	uint8_t buf[256];
	ssize_t n;

	ASSERT_EQ(0, guest_table(g, &all, 1));
	ASSERT_EQ(0, guest_start(g, self->e.fd));
	tvq_desc(&g->vq[G_RX], 0, USER, 2048, VRING_DESC_F_WRITE, 0);
	tvq_put(&g->vq[G_RX], 0);
	tvq_publish(&g->vq[G_RX]);
	guest_kick(g, G_RX);
	ASSERT_EQ(0, env_inject(&self->e, 5, 100));
	n = guest_recv(g, buf, sizeof(buf));
	ASSERT_EQ(100, n);
	EXPECT_EQ(5, seq_of(buf, n, false));
}

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
