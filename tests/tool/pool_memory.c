// SPDX-License-Identifier: GPL-2.0
/* Memory of a pool, and its cost: locked, on huge pages, or neither. */
#include "dev.h"
#include "mem.h"
#include "harness.h"

#include <errno.h>
#include <linux/if_tun.h>

FIXTURE(memory) {
	struct tunring_options opt;
	struct tunring_pool *pool;
	struct dev a;
};

FIXTURE_VARIANT(memory) {
	uint32_t pool_flags;
	uint32_t flags;
};

/* the kernel's rings */
FIXTURE_VARIANT_ADD(memory, mapped) { TUNRING_O_PIN, 0 };
FIXTURE_VARIANT_ADD(memory, attached) { 0, TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(memory, pinned) { TUNRING_O_PIN,
				    TUNRING_O_ATTACH | TUNRING_O_PIN };
FIXTURE_VARIANT_ADD(memory, huge) { TUNRING_O_PIN | TUNRING_O_HUGE, 0 };
FIXTURE_VARIANT_ADD(memory, attached_huge) { TUNRING_O_HUGE, TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(memory, plain) { TUNRING_O_PIN, TUNRING_O_NO_RING };

FIXTURE_SETUP(memory)
{
	ASSERT_EQ(pool_begin(&self->opt, variant->flags,
			     variant->pool_flags & TUNRING_O_HUGE), 0);
	self->a.sock = -1;
}

FIXTURE_TEARDOWN(memory)
{
	huge_pages(0);
}

static bool ring(const struct _test_data_memory *self)
{
	return expected_mode(self->opt.flags) == TUNRING_MODE_RING;
}

static int in_pool(struct tunring **h, struct _test_data_memory *self)
{
	return tunring_open_pool(h, "po%d", IFF_TUN, &self->opt, self->pool);
}

/* Huge pages are reported, and few pins suffice. */
TEST_F(memory, in_force)
{
	bool pin = ring(self) && variant->pool_flags & TUNRING_O_PIN;
	uint32_t attach = ring(self) ? variant->flags & TUNRING_O_ATTACH : 0;
	struct tunring_pool_info pool;
	struct tunring_info info;
	long kb;

	ASSERT_EQ(tunring_pool_new(&self->pool, 64, 2048, variant->pool_flags), 0);
	ASSERT_EQ(in_pool(&self->a.h, self), 0);
	tunring_pool_get_info(self->pool, &pool);
	ASSERT_EQ(pool.flags, variant->pool_flags);
	ASSERT_EQ(pool.free, 32);
	kb = pin ? pool_size(self->pool, 64) : 0;
	tunring_get_info(self->a.h, &info);
	ASSERT_EQ(info.mode, expected_mode(variant->flags));
	ASSERT_EQ(info.flags, attach | (pin ? TUNRING_O_PIN : 0));
	ASSERT_EQ(tunring_memory_fd(self->a.h) >= 0, !!attach);
	/* rings of our own are locked, too */
	ASSERT_GE(locked(), kb);
	ASSERT_EQ(locked() > kb, pin && attach);
	tunring_close(self->a.h);
	ASSERT_EQ(locked_soon(kb), kb);
	ASSERT_EQ(tunring_pool_free(self->pool), 0);
	ASSERT_EQ(locked_soon(0), 0);
}

/* Taken from reserved huge pages; without any, from ordinary ones. */
TEST_F(memory, on_huge_pages)
{
	bool huge = variant->pool_flags & TUNRING_O_HUGE;
	struct tunring_pool_info info;
	struct tunring_packet p;
	char out[8];
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(tunring_pool_new(&self->pool, 64, 2048,
					   variant->pool_flags), 0);
		ASSERT_EQ(in_pool(&self->a.h, self), 0);
		ASSERT_EQ(dev_ready(&self->a), 0);
		ASSERT_EQ(dev_send(&self->a, "1", 1), 1);
		ASSERT_EQ(dev_take(&self->a, &p, 1), 1);
		turn_udp(&self->a, p.data);
		ASSERT_EQ(tunring_rx_forward(self->a.h, &p, 1), 1);
		ASSERT_EQ(tunring_tx_kick(self->a.h), 0);
		ASSERT_EQ(dev_recv(&self->a, out, 8), 1);
		tunring_pool_get_info(self->pool, &info);
		ASSERT_EQ(info.flags & TUNRING_O_HUGE,
			  huge && !i ? TUNRING_O_HUGE : 0);
		ASSERT_EQ(huge_free(), huge && !i ? 3 : 0);
		dev_close(&self->a);
		ASSERT_EQ(tunring_pool_free(self->pool), 0);
		ASSERT_EQ(locked_soon(0), 0);
		ASSERT_EQ(huge_free(), huge && !i ? 4 : 0);
		ASSERT_EQ(huge_pages(0), 0);
	}
}

/*
 * A user who may lock the pool and no more can have many devices in it, with rings
 * of the kernel. Another user has none, and gets an error that says why.
 */
TEST_F(memory, limit)
{
	bool pin = ring(self) && variant->pool_flags & TUNRING_O_PIN;
	bool own = pin && variant->flags & TUNRING_O_ATTACH;
	struct tunring *h[2];

	ASSERT_EQ(tunring_pool_new(&self->pool, 64, 2048, variant->pool_flags), 0);
	ASSERT_EQ(lock_at_most(pool_size(self->pool, 64)), 0);
	ASSERT_EQ(in_pool(&h[0], self), own ? -ENOMEM : 0);
	if (own)
		return;
	ASSERT_EQ(in_pool(&h[1], self), 0);
	tunring_close(h[0]);
	tunring_close(h[1]);
	ASSERT_EQ(tunring_pool_free(self->pool), 0);
	ASSERT_EQ(locked_soon(0), 0);
	ASSERT_EQ(lock_at_most(4), 0);
	ASSERT_EQ(tunring_pool_new(&self->pool, 64, 2048, variant->pool_flags), 0);
	ASSERT_EQ(in_pool(&h[0], self), pin ? -ENOMEM : 0);
}

TEST_HARNESS_MAIN
