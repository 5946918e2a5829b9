// SPDX-License-Identifier: GPL-2.0
/*
 * The ABI for a 32-bit program: the same structures through the 32-bit system
 * calls, with addresses below 4 GiB.
 */
#include <sys/mman.h>

#include "call32.h"
#include "env.h"
#include "harness.h"

struct low {
	struct tun_ring_query query;
	struct tun_ring_setup setup;
	struct tun_ring_enter enter;
	struct tun_ring_stats stats;
	uint64_t mask;
	char empty;
};

FIXTURE(compat) {
	struct env e;
	struct low *low;
};

FIXTURE_SETUP(compat)
{
	struct tconf c = { F_META | F_EVENT, 8, 8, 2048, 0 };

	ASSERT_EQ(0, env_open(&self->e, "compat0", TUN_PLAIN));
	self->low = mmap(NULL, sizeof(*self->low), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	ASSERT_NE(MAP_FAILED, self->low);
	self->low->setup = tring_params(&c);
}

FIXTURE_TEARDOWN(compat)
{
	env_close(&self->e);
}

static int ioctl32(int fd, unsigned long cmd, void *arg)
{
	return call32(NR32_IOCTL, fd, cmd, (long)arg);
}

TEST_F(compat, life)
{
	struct low *low = self->low;
	int fd = self->e.fd;
	struct tring r = { };
	uint8_t pkt[128];

	memset(&low->query, 0xff, sizeof(low->query));
	ASSERT_EQ(0, ioctl32(fd, TUNRINGQUERY, &low->query));
	EXPECT_EQ(F_ALL, low->query.features);
	EXPECT_EQ(TUN_RING_MAX_POOL, low->query.max_pool);
	ASSERT_EQ(0, ioctl32(fd, TUNRINGSETUP, &low->setup));
	EXPECT_EQ(-EBUSY, ioctl32(fd, TUNRINGSETUP, &low->setup));
	r.s = low->setup;
	ASSERT_EQ(0, tring_map(&r, fd));
	ASSERT_LE(0, tring_rx_fill(&r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));

	low->enter = (struct tun_ring_enter) {
		.flags = TUN_RING_ENTER_WAIT, .timeout_ns = 5 * NS_PER_MS,
		.sigmask = (uintptr_t)&low->mask, .sigsetsize = 8,
	};
	EXPECT_EQ(3, ioctl32(fd, TUNRINGENTER, &low->enter));
	EXPECT_EQ(0, env_expect(&self->e, &r, 0, 3));
	ASSERT_LE(0, tring_tx_put(&r, pkt, seq_pkt(pkt, false, 1, 90), NULL));
	tvq_publish(&r.tx);
	EXPECT_EQ(0, call32(NR32_WRITE, fd, (long)&low->empty, 0));
	EXPECT_EQ(0, env_seen(&self->e, 1, 1));

	ASSERT_EQ(0, ioctl32(fd, TUNRINGSTATS, &low->stats));
	EXPECT_EQ(3, low->stats.rx.packets);
	EXPECT_EQ(1, low->stats.tx.packets);
	EXPECT_EQ(TUN_RING_MODE_MAPPED, low->stats.mode);
	EXPECT_EQ(0, ioctl32(fd, TUNRINGTEARDOWN, NULL));
	EXPECT_EQ(-ENXIO, ioctl32(fd, TUNRINGTEARDOWN, NULL));
	tring_unmap(&r);
}

TEST_F(compat, errors)
{
	struct low *low = self->low;
	int fd = self->e.fd;

	EXPECT_EQ(-EFAULT, ioctl32(fd, TUNRINGSETUP, NULL));
	low->setup.flags = 1u << 31;
	EXPECT_EQ(-EOPNOTSUPP, ioctl32(fd, TUNRINGSETUP, &low->setup));
	low->setup.flags = 0;
	low->setup.reserved[3] = 1;
	EXPECT_EQ(-EINVAL, ioctl32(fd, TUNRINGSETUP, &low->setup));
	EXPECT_EQ(-ENXIO, ioctl32(fd, TUNRINGSTATS, &low->stats));
}

TEST_HARNESS_MAIN
