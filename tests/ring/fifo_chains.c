// SPDX-License-Identifier: GPL-2.0
/*
 * A packet that spans buffers waits while the receive ring has some, but too few for
 * it. The kick that announces the missing buffers delivers the packet, also if the
 * driver has checked in vain for a while, and if an earlier packet is not consumed.
 */
#include "guest.h"
#include "harness.h"

#define RX	16
#define BUF	128
#define HDR	12
#define LONG	(8 * BUF)	/* bytes of a packet of eight buffers, with its header */

/*
 * Sends packets of eight buffers, one and eight. The third waits, for seven buffers
 * are left. Returns when the driver has asked for a kick at the next buffer.
 */
static int third_waits(const struct env *e, const struct tvq *vq, size_t hdr)
{
	long end = now_ms() + WAIT_MS;
	int ret = env_inject(e, 0, LONG - hdr) ?: env_inject(e, 1, 60) ?:
		  env_inject(e, 2, LONG - hdr) ?: tvq_wait(vq, 9);

	while (!ret && tvq_avail_event(vq) != vq->avail_idx) {
		if (now_ms() > end)
			ret = -ETIMEDOUT;
		usleep(1000);
	}
	return ret ?: tvq_pending(vq) == 9 ? 0 : -EBUSY;
}

FIXTURE(mapped) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(mapped) {
	uint64_t features;
};

FIXTURE_VARIANT_ADD(mapped, event) { F_META | F_EVENT };
FIXTURE_VARIANT_ADD(mapped, flow) { F_META | F_EVENT | F_FLOW };

FIXTURE_SETUP(mapped)
{
	struct tconf c = { variant->features, RX, 16, BUF, 0 };

	ASSERT_EQ(0, env_open(&self->e, "chains0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->r));
}

FIXTURE_TEARDOWN(mapped)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

TEST_F(mapped, kick_delivers)
{
	struct tring *r = &self->r;

	ASSERT_EQ(0, third_waits(&self->e, &r->rx, 0));
	tvq_take(&r->rx, 8);
	tring_rx_give(r, tvq_used_at(&r->rx, 0).id);
	tvq_publish(&r->rx);
	ASSERT_TRUE(tvq_wants_kick(r, &r->rx));
	ASSERT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_RX, 0));
	EXPECT_EQ(0, tvq_wait(&r->rx, 9));
}

FIXTURE(guest) {
	struct env e;
	struct guest g;
};

FIXTURE_VARIANT(guest) {
	uint64_t features;
	bool pin;
};

GUEST_VARIANTS(guest, event, G_V1 | G_MRG | G_EVENT);

FIXTURE_SETUP(guest)
{
	unsigned int i;
	int sz = HDR;

	ASSERT_EQ(0, env_open(&self->e, "chains0", TUN_PLAIN | IFF_VNET_HDR));
	ASSERT_EQ(0, tunfd_ioctlp(self->e.fd, TUNSETVNETHDRSZ, &sz));
	ASSERT_EQ(0, guest_open_in(&self->g, dup(self->e.fd), variant->pin,
				   variant->features, HDR));
	for (i = 0; i < RX; i++)
		guest_give(&self->g, i, BUF);
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
	guest_kick(&self->g, G_RX);
}

FIXTURE_TEARDOWN(guest)
{
	guest_close(&self->g);
	env_close(&self->e);
}

TEST_F(guest, kick_delivers)
{
	struct tvq *vq = &self->g.vq[G_RX];

	ASSERT_EQ(0, third_waits(&self->e, vq, HDR));
	tvq_take(vq, 8);
	guest_give(&self->g, tvq_used_at(vq, 0).id, BUF);
	guest_kick(&self->g, G_RX);
	EXPECT_EQ(0, tvq_wait(vq, 9));
}

/* No packet after the one that waits is lost, nor overtakes it. */
TEST_F(guest, packets_in_order)
{
	struct tvq *vq = &self->g.vq[G_RX];
	unsigned int i;

	ASSERT_EQ(0, third_waits(&self->e, vq, HDR));
	ASSERT_EQ(0, env_inject(&self->e, 3, 60));
	tvq_take(vq, 9);
	for (i = 0; i < 9; i++)
		guest_give(&self->g, tvq_used_at(vq, i).id, BUF);
	guest_kick(&self->g, G_RX);
	ASSERT_EQ(0, tvq_wait(vq, 9));
	EXPECT_EQ(BUF, tvq_used_at(vq, 9).len);
	EXPECT_EQ(HDR + 60, tvq_used_at(vq, 17).len);
}

TEST_HARNESS_MAIN
