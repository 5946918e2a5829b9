// SPDX-License-Identifier: GPL-2.0
/*
 * TUNRINGATTACH: each refusal of an argument with its errno. attach_limits.c has the
 * other refusals, regions_bad.c has the refusals of the region table.
 */
#include <sys/mman.h>

#include "attach_bad.h"

/* Attaches with the given virtqueue as rx or tx. */
static int try_vq(struct _test_data_bad *self, bool rx,
		  const struct tun_ring_attach_vq *vq)
{
	struct tun_ring_attach a = self->a;

	*(rx ? &a.rx : &a.tx) = *vq;
	return attach_raw(self->e.fd, &a);
}

/*
 * Changes one member of a valid virtqueue: as rx and as tx, the ring is
 * refused.
 */
#define EXPECT_VQ(err, member, value)					\
do {									\
	int rx_;							\
	for (rx_ = 0; rx_ < 2; rx_++) {					\
		struct tun_ring_attach_vq vq = rx_ ? self->a.rx :	\
						     self->a.tx;	\
		vq.member = value;					\
		EXPECT_EQ(err, try_vq(self, rx_, &vq)) {		\
			TH_LOG("%s %s", rx_ ? "rx" : "tx", #member);	\
		}							\
	}								\
} while (0)

TEST_F(bad, entries)
{
	static const uint32_t v[] = { 0, 3, 6, 255, 257, 32767, 32769, 65536,
				      1u << 31, 0x80000001, UINT32_MAX };
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(v); i++)
		EXPECT_VQ(-EINVAL, entries, v[i]);
}

TEST_F(bad, alignment)
{
	static const unsigned int off[] = { 1, 2, 4, 8 };
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(off); i++) {
		EXPECT_VQ(-EINVAL, desc, vq.desc + off[i]);
		if (off[i] < 2)
			EXPECT_VQ(-EINVAL, avail, vq.avail + off[i]);
		if (off[i] < 4)
			EXPECT_VQ(-EINVAL, used, vq.used + off[i]);
		if (off[i] < 8)
			EXPECT_VQ(-EINVAL, meta, vq.meta + off[i]);
	}
}

/* Addresses that belong to the kernel, and addresses that no process can have. */
TEST_F(bad, addresses)
{
	static const uint64_t v[] = { 0xffff888000000000ULL, -4096ULL,
				      1ULL << 63 };
	unsigned int i;

#ifdef __s390x__
	/* the kernel has an address space of its own: only pinning finds out */
	if (!self->c.pin)
		return;
#endif
	for (i = 0; i < ARRAY_LEN(v); i++) {
		EXPECT_VQ(-EFAULT, desc, v[i]);
		EXPECT_VQ(-EFAULT, avail, v[i]);
		EXPECT_VQ(-EFAULT, used, v[i]);
		EXPECT_VQ(-EFAULT, meta, v[i]);
	}
}

/* Addresses of records are required with the feature, and refused without it. */
TEST_F(bad, records)
{
	EXPECT_VQ(-EINVAL, meta, 0);
	self->a.features = F_EVENT;
	EXPECT_EQ(-EINVAL, attach_raw(self->e.fd, &self->a));
	self->a.tx.meta = 0;
	EXPECT_EQ(-EINVAL, attach_raw(self->e.fd, &self->a));
}

TEST_F(bad, reserved)
{
	unsigned int i;

	EXPECT_VQ(-EINVAL, reserved0, 1);
	EXPECT_VQ(-EINVAL, reserved[0], 1ULL << 63);
	EXPECT_VQ(-EINVAL, reserved[1], 1);
	for (i = 0; i <= ARRAY_LEN(self->a.reserved); i++) {
		struct tun_ring_attach a = self->a;

		if (i < ARRAY_LEN(a.reserved))
			a.reserved[i] = 1ULL << 63;
		else
			a.tx_poll_us = self->c.pin ?
				       TUN_RING_MAX_POLL_US + 1 : 1;
		EXPECT_EQ(-EINVAL, attach_raw(self->e.fd, &a));
	}
}

TEST_F(bad, flags_and_features)
{
	struct tun_ring_attach a;
	unsigned int i;

	for (i = 1; i < 32; i++) {
		a = self->a;
		a.flags |= 1u << i;
		EXPECT_EQ(-EOPNOTSUPP, attach_raw(self->e.fd, &a));
	}
	for (i = 0; i < 64; i++) {
		a = self->a;
		a.features |= 1ULL << i;
		if (!(F_ALL & 1ULL << i))
			EXPECT_EQ(-EOPNOTSUPP, attach_raw(self->e.fd, &a));
	}
	a = self->a;
	a.features = F_TSTAMP;
	a.rx.meta = 0;
	a.tx.meta = 0;
	EXPECT_EQ(-EINVAL, attach_raw(self->e.fd, &a));
}

TEST_F(bad, eventfds)
{
	int gone = dup(self->event), other = self->e.sk;

	close(gone);
	EXPECT_VQ(-EINVAL, kick, -2);
	EXPECT_VQ(-EINVAL, call, INT32_MIN);
	EXPECT_VQ(-EBADF, kick, gone);
	EXPECT_VQ(-EBADF, call, gone);
	EXPECT_VQ(-EINVAL, kick, other);
	EXPECT_VQ(-EINVAL, call, other);
	EXPECT_VQ(-EINVAL, kick, self->e.fd);
}

TEST_F(bad, twice)
{
	static const struct tconf c = { 0, 8, 8, 2048, 0 };
	struct tun_ring_setup s = tring_params(&c);

	ASSERT_EQ(0, attach_raw(self->e.fd, &self->a));
	EXPECT_EQ(-EBUSY, attach_raw(self->e.fd, &self->a));
	EXPECT_EQ(-EBUSY, tring_setup_raw(self->e.fd, &s));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	s = tring_params(&c);
	ASSERT_EQ(0, tring_setup_raw(self->e.fd, &s));
	EXPECT_EQ(-EBUSY, attach_raw(self->e.fd, &self->a));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
}

TEST_F(bad, no_device)
{
	int fd = tunfd_open();

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EBADFD, attach_raw(fd, &self->a));
	ASSERT_EQ(0, tunfd_setiff(fd, "atbad1", TUN_PLAIN, NULL));
	ASSERT_EQ(0, attach_pool(&self->r, fd, variant->pin));
	ASSERT_EQ(0, rtnl_del("atbad1"));
	EXPECT_EQ(-EBADFD, attach_raw(fd, &self->a));
	close(fd);
}

TEST_F(bad, address)
{
	uint8_t *ro = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	uint64_t gone = (uintptr_t)ro + 4096;

	ASSERT_NE(MAP_FAILED, ro);
	ASSERT_EQ(0, munmap(ro + 4096, 4096));
	EXPECT_EQ(-EFAULT, attach_raw(self->e.fd, NULL));
	EXPECT_EQ(-EFAULT, attach_raw(self->e.fd, (void *)(ro + 4096 - 8)));
	if (!variant->pin)
		goto out;	/* attach_gone.c has the tests of such rings */
	EXPECT_VQ(-EFAULT, desc, (uintptr_t)ro);
	EXPECT_VQ(-EFAULT, used, (uintptr_t)ro);
	EXPECT_VQ(-EFAULT, desc, gone);
	EXPECT_VQ(-EFAULT, avail, gone - 2);
	EXPECT_VQ(-EFAULT, used, gone - 4);
	EXPECT_VQ(-EFAULT, meta, gone);
	EXPECT_VQ(-EFAULT, desc, 0);
	EXPECT_VQ(-EFAULT, avail, UINT64_MAX - 1);
	EXPECT_VQ(-EFAULT, used, 1ULL << 63);
	EXPECT_EQ(self->r.s.pool_len, proc_status_kb("VmLck:") * 1024);
out:
	munmap(ro, 4096);
}

TEST_HARNESS_MAIN
