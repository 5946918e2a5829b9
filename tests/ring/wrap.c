// SPDX-License-Identifier: GPL-2.0
/* Indices are 16 bits wide and free-running: packets beyond 65536 wrap them. */
#include "attach.h"
#include "env.h"
#include "harness.h"

#define ENTRIES	256
#define PACKETS	(65536 + 4 * ENTRIES)

FIXTURE(wrap) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(wrap) {
	bool attached, pin;
};

FIXTURE_VARIANT_ADD(wrap, mapped) { false, false };
FIXTURE_VARIANT_ADD(wrap, pinned) { true, true };
FIXTURE_VARIANT_ADD(wrap, unpinned) { true, false };

FIXTURE_SETUP(wrap)
{
	struct aconf c = {
		/* the event fields wrap, too */
		.c = { F_META | F_EVENT, ENTRIES, ENTRIES, 128, 0 },
		.pin = variant->pin,
	};

	ASSERT_EQ(0, env_open(&self->e, "wrap0", TUN_PLAIN));
	ASSERT_EQ(0, variant->attached ?
		     attach_rings(&self->r, self->e.fd, &c) :
		     tring_setup(&self->r, self->e.fd, &c.c));
}

FIXTURE_TEARDOWN(wrap)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* Packets beyond txqueuelen are dropped, so fewer than that are on their way. */
TEST_F(wrap, rx)
{
	struct flood f = { .name = "wrap0", .len = SEQ_MIN, .n = PACKETS,
			   .window = 400 };
	struct tring *r = &self->r;
	uint32_t seq = 0;
	uint8_t buf[64];

	ASSERT_LE(0, tring_rx_fill(r));
	ASSERT_EQ(0, flood_start(&f));
	while (seq < PACKETS) {
		ASSERT_EQ(0, tvq_wait(&r->rx, 1));
		while (tvq_pending(&r->rx)) {
			ASSERT_EQ(SEQ_MIN,
				  tring_rx_take(r, buf, sizeof(buf), NULL));
			ASSERT_EQ(seq, seq_of(buf, SEQ_MIN, false));
			flood_done(&f, ++seq);
		}
		ASSERT_LE(0, tring_rx_kick(r));
	}
	EXPECT_EQ(0, flood_join(&f, false));
	EXPECT_EQ((uint16_t)PACKETS, tvq_used_idx(&r->rx));
}

TEST_F(wrap, tx)
{
	struct tring *r = &self->r;
	struct tun_ring_stats st;
	unsigned int n, i;
	uint8_t pkt[64];

	/* the packet socket would drop packets, and is not needed */
	close(self->e.sk);
	for (n = 0; n < PACKETS; n += ENTRIES) {
		for (i = 0; i < ENTRIES; i++)
			ASSERT_LE(0,
				  tring_tx_put(r, pkt,
					       seq_pkt(pkt, false, i, SEQ_MIN),
					       NULL));
		ASSERT_LE(0, tring_tx_kick(r));
		ASSERT_EQ(0, tring_tx_drain(r));
	}
	EXPECT_EQ((uint16_t)PACKETS, tvq_used_idx(&r->tx));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(PACKETS, st.tx.packets);
	EXPECT_EQ(0, st.tx.errors + st.tx.dropped);
	self->e.sk = psock_open("wrap0", false);
	ASSERT_LE(0, self->e.sk);
	ASSERT_EQ(0, tring_send(r, pkt, seq_pkt(pkt, false, 3, 50), NULL));
	EXPECT_EQ(0, env_seen(&self->e, 3, 1));
}

TEST_HARNESS_MAIN
