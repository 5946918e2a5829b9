// SPDX-License-Identifier: GPL-2.0
/*
 * The debug kernel injects one failure into each allocation of a call in turn.
 * The call returns an error and leaves nothing half set up.
 */
#include <sys/mman.h>

#include "env.h"
#include "harness.h"

#define MAX_FAULTS	500

FIXTURE(fault) {
	struct env e;
	int nth;
};

FIXTURE_SETUP(fault)
{
	self->e.fd = -1;
	self->e.sk = -1;
	self->nth = fault_open();
	if (self->nth < 0) {
		ASSERT_EQ(-ENOENT, self->nth);
		return;
	}
	ASSERT_EQ(0, env_open(&self->e, "fault0", TUN_PLAIN));
	ASSERT_EQ(0, fault_sleeping(true));
}

FIXTURE_TEARDOWN(fault)
{
	if (self->nth < 0)
		return;
	close(self->nth);
	EXPECT_EQ(0, fault_sleeping(false));
	env_close(&self->e);
}

TEST_F_TIMEOUT(fault, in_setup, 300)
{
	struct tconf c = { F_META, 8, 8, 2048, 0 };
	struct tun_ring_query q;
	struct tring r;
	int n, ret;
	bool hit = true;

	if (self->nth < 0)
		SKIP(return, "the kernel cannot inject faults");
	/* moving queued packets to the ring allocates memory, too */
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 5, 100));
	for (n = 1; hit; n++) {
		struct tun_ring_setup s = tring_params(&c);

		ASSERT_GT(MAX_FAULTS, n);
		ASSERT_EQ(0, fault_arm(self->nth, n));
		ret = tring_setup_raw(self->e.fd, &s);
		hit = fault_disarm(self->nth);
		if (ret == 0) {
			ASSERT_EQ(0, tring_teardown(self->e.fd));
			continue;
		}
		ASSERT_TRUE(hit);
		ASSERT_TRUE(ret == -ENOMEM || ret == -EFAULT) {
			TH_LOG("fault %d: %d", n, ret);
		}
		ASSERT_EQ(0, tring_query(self->e.fd, &q));
		ASSERT_EQ(TUN_RING_MODE_PLAIN, q.mode);
		ASSERT_EQ(-ENXIO, tring_teardown(self->e.fd));
	}
	EXPECT_LT(10, n);
	ASSERT_EQ(0, tring_setup(&r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&r));
	EXPECT_EQ(0, env_expect(&self->e, &r, 0, 5));
	tring_unmap(&r);
}

TEST_F(fault, in_mmap)
{
	struct tconf c = { 0, 8, 8, 2048, 0 };
	struct tun_ring_setup s = tring_params(&c);
	bool hit = true;
	void *p;
	int n;

	if (self->nth < 0)
		SKIP(return, "the kernel cannot inject faults");
	ASSERT_EQ(0, tring_setup_raw(self->e.fd, &s));
	for (n = 1; hit; n++) {
		ASSERT_GT(MAX_FAULTS, n);
		ASSERT_EQ(0, fault_arm(self->nth, n));
		p = mmap(NULL, s.pool_len, PROT_READ | PROT_WRITE, MAP_SHARED,
			 self->e.fd, s.pool_offset);
		hit = fault_disarm(self->nth);
		if (p != MAP_FAILED) {
			memset(p, n, s.pool_len);
			munmap(p, s.pool_len);
		}
	}
	EXPECT_LT(2, n);
}

TEST_HARNESS_MAIN
