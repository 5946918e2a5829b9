// SPDX-License-Identifier: GPL-2.0
/* TUNRINGSETUP and related calls: each refusal with its errno. */
#include <sys/mman.h>

#include "env.h"
#include "harness.h"

FIXTURE(bad) {
	struct env e;
	struct tun_ring_setup s;
};

static const struct tconf small = { F_META | F_EVENT, 8, 8, 2048, 0 };

FIXTURE_SETUP(bad)
{
	ASSERT_EQ(0, env_open(&self->e, "bad0", TUN_PLAIN));
	self->s = tring_params(&small);
}

/* After any refusal, read() works and the queue accepts a set-up. */
FIXTURE_TEARDOWN(bad)
{
	struct tring r;

	EXPECT_EQ(0, env_inject_n(&self->e, 70, 3, 64));
	EXPECT_EQ(0, env_expect_plain(&self->e, 70, 3));
	EXPECT_EQ(0, tring_setup(&r, self->e.fd, &small));
	tring_unmap(&r);
	env_close(&self->e);
}

static int try(int fd, struct tun_ring_setup s)
{
	return tring_setup_raw(fd, &s);
}

TEST_F(bad, entries)
{
	static const uint32_t v[] = { 0, 3, 6, 255, 257, 32767, 32769, 65536,
				      1u << 31, 0x80000001, UINT32_MAX };
	struct tun_ring_setup s;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(v); i++) {
		s = self->s;
		s.rx.entries = v[i];
		EXPECT_EQ(-EINVAL, try(self->e.fd, s)) {
			TH_LOG("rx %u", v[i]);
		}
		s = self->s;
		s.tx.entries = v[i];
		EXPECT_EQ(-EINVAL, try(self->e.fd, s)) {
			TH_LOG("tx %u", v[i]);
		}
	}
}

TEST_F(bad, buffer_size)
{
	static const uint32_t v[] = { 0, 1, TUN_RING_MIN_BUF - 1,
				      TUN_RING_MAX_BUF + 1, 1u << 31,
				      0x80000040, UINT32_MAX };
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(v); i++) {
		self->s.buf_size = v[i];
		EXPECT_EQ(-EINVAL, try(self->e.fd, self->s)) {
			TH_LOG("buf_size %u", v[i]);
		}
	}
}

/*
 * Products that are too large, that overflow 32 bits, and that overflow to a
 * small value.
 */
TEST_F(bad, pool_size)
{
	static const struct {
		uint32_t size, count;
	} v[] = {
		{ 2048, 0 },
		{ 2048, (TUN_RING_MAX_POOL / 2048) + 1 },
		{ TUN_RING_MAX_BUF, (TUN_RING_MAX_POOL / TUN_RING_MAX_BUF) + 1 },
		{ 65536, 65536 },
		{ 65536, 65537 },
		{ 64, 1u << 26 },
		{ 64, (1u << 26) + 1 },
		{ 64, 1u << 31 },
		{ 64, UINT32_MAX },
		{ TUN_RING_MAX_BUF, UINT32_MAX },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(v); i++) {
		self->s.buf_size = v[i].size;
		self->s.buf_count = v[i].count;
		EXPECT_EQ(-EINVAL, try(self->e.fd, self->s)) {
			TH_LOG("%u buffers of %u", v[i].count, v[i].size);
		}
	}
}

TEST_F(bad, flags)
{
	unsigned int i;

	self->s.flags = TUN_RING_SETUP_REGIONS;
	EXPECT_EQ(-EINVAL, try(self->e.fd, self->s));
	for (i = 1; i < 32; i++) {
		self->s.flags = 1u << i;
		EXPECT_EQ(-EOPNOTSUPP, try(self->e.fd, self->s)) {
			TH_LOG("flag %u", i);
		}
	}
}

TEST_F(bad, unknown_feature)
{
	unsigned int i;

	for (i = 0; i < 64; i++) {
		if (F_ALL & 1ULL << i)
			continue;
		self->s.features = F_META | 1ULL << i;
		EXPECT_EQ(-EOPNOTSUPP, try(self->e.fd, self->s)) {
			TH_LOG("feature %u", i);
		}
	}
}

TEST_F(bad, feature_without_its_base)
{
	static const uint64_t v[] = { F_TSTAMP, F_MARK, F_TSTAMP | F_MARK,
				      F_TSTAMP | F_EVENT | F_V1 };
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(v); i++) {
		self->s.features = v[i];
		EXPECT_EQ(-EINVAL, try(self->e.fd, self->s));
	}
}

TEST_F(bad, reserved)
{
	struct tun_ring_setup s;
	unsigned int i;

	s = self->s;
	s.tx_poll_us = TUN_RING_MAX_POLL_US + 1;
	EXPECT_EQ(-EINVAL, try(self->e.fd, s));
	for (i = 0; i < ARRAY_LEN(s.rx.reserved); i++) {
		s = self->s;
		s.rx.reserved[i] = 1u << 31;
		EXPECT_EQ(-EINVAL, try(self->e.fd, s));
		s = self->s;
		s.tx.reserved[i] = 1;
		EXPECT_EQ(-EINVAL, try(self->e.fd, s));
	}
	for (i = 0; i < ARRAY_LEN(s.reserved); i++) {
		s = self->s;
		s.reserved[i] = 1ULL << 63;
		EXPECT_EQ(-EINVAL, try(self->e.fd, s));
	}
}

TEST_F(bad, twice)
{
	struct tun_ring_setup s = self->s;

	ASSERT_EQ(0, try(self->e.fd, self->s));
	EXPECT_EQ(-EBUSY, try(self->e.fd, self->s));
	s.rx.entries = 16;
	EXPECT_EQ(-EBUSY, try(self->e.fd, s));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
}

TEST_F(bad, calls_without_rings)
{
	struct tun_ring_stats st;

	EXPECT_EQ(-ENXIO, tring_teardown(self->e.fd));
	EXPECT_EQ(-ENXIO, tring_stats(self->e.fd, &st));
	EXPECT_EQ(-ENXIO, tring_enter(self->e.fd, TUN_RING_ENTER_RX, 0));
	EXPECT_EQ(-ENXIO, tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0));
	EXPECT_EQ(-ENXIO, tring_enter(self->e.fd, TUN_RING_ENTER_WAIT, -1));
	ASSERT_EQ(0, try(self->e.fd, self->s));
	EXPECT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(-ENXIO, tring_teardown(self->e.fd));
	EXPECT_EQ(-ENXIO, tring_stats(self->e.fd, &st));
	EXPECT_EQ(-ENXIO, tring_enter(self->e.fd, TUN_RING_ENTER_RX, 0));
}

TEST_F(bad, no_device)
{
	int fd = tunfd_open();

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EBADFD, try(fd, self->s));
	EXPECT_EQ(-ENXIO, tring_teardown(fd));
	EXPECT_EQ(-ENXIO, tring_enter(fd, TUN_RING_ENTER_RX, 0));
	close(fd);
}

/* Pages that are unreadable, read-only, or cut the argument. */
TEST_F(bad, address)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct tun_ring_query q = { };
	int fd = self->e.fd;
	char *edge;

	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(0, mprotect(p + page, page, PROT_NONE));
	edge = p + page - 8;
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGQUERY, NULL));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGQUERY, edge));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGSETUP, NULL));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGSETUP, edge));
	memcpy(p, &self->s, sizeof(self->s));
	ASSERT_EQ(0, mprotect(p, page, PROT_READ));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGSETUP, p));
	ASSERT_EQ(0, tring_query(fd, &q));
	EXPECT_EQ(TUN_RING_MODE_PLAIN, q.mode);

	ASSERT_EQ(0, try(fd, self->s));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGSTATS, p));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGENTER, edge));
	EXPECT_EQ(-EFAULT, tunfd_ioctlp(fd, TUNRINGENTER, NULL));
	ASSERT_EQ(0, tring_teardown(fd));
}

/* A refused set-up keeps the packets that were queued. */
TEST_F(bad, refusal_keeps_packets)
{
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	self->s.rx.entries = 3;
	EXPECT_EQ(-EINVAL, try(self->e.fd, self->s));
	self->s.rx.entries = 8;
	self->s.flags = 1u << 31;
	EXPECT_EQ(-EOPNOTSUPP, try(self->e.fd, self->s));
	EXPECT_EQ(0, env_expect_plain(&self->e, 0, 5));
}

/*
 * The command includes the structure's size: another size is an unknown
 * command.
 */
TEST_F(bad, other_commands)
{
	char buf[512] = { };
	int fd = self->e.fd;
	int unknown = tunfd_ioctlp(fd, _IO('T', 239), buf);

	EXPECT_GT(0, unknown);
	EXPECT_EQ(unknown, tunfd_ioctlp(fd, _IOR('T', 240, char[8]), buf));
	EXPECT_EQ(unknown, tunfd_ioctlp(fd, _IOWR('T', 241, char[16]), buf));
	EXPECT_EQ(unknown, tunfd_ioctlp(fd, _IOW('T', 243, char[500]), buf));
	EXPECT_EQ(unknown, tunfd_ioctlp(fd, _IOR('T', 249, char[8]), buf));
}

TEST_HARNESS_MAIN
