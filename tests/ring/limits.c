// SPDX-License-Identifier: GPL-2.0
/* Limits on the work of the kernel for one packet or one call. */
#include "env.h"
#include "violations.h"
#include "harness.h"

#define MAX_VNET_HDR	4096	/* bytes of header in a packet */

FIXTURE(limits) {
	struct env e;
	struct tring r;
};

FIXTURE_SETUP(limits)
{
}

FIXTURE_TEARDOWN(limits)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

/* TUNSETVNETHDRSZ accepts any size, but a ring does not zero all of it. */
TEST_F(limits, header)
{
	struct tconf c = { F_EVENT, 8, 8, 8192, 0 };
	struct tun_ring_stats st;
	uint8_t buf[8192];

	ASSERT_EQ(0, env_open(&self->e, "limit0", TUN_PLAIN | IFF_VNET_HDR));
	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ, 0x7fffff00));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_EQ(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 3, 100));
	ASSERT_EQ(0, tring_wait_count(self->e.fd, &st.rx.too_big, &st, 3));
	EXPECT_EQ(0, tvq_pending(&self->r.rx));
	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ, MAX_VNET_HDR + 1));
	ASSERT_EQ(0, env_inject(&self->e, 3, 100));
	ASSERT_EQ(0, tring_wait_count(self->e.fd, &st.rx.too_big, &st, 4));
	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ, MAX_VNET_HDR));
	ASSERT_EQ(0, env_inject(&self->e, 4, 100));
	ASSERT_EQ(MAX_VNET_HDR + 100,
		  tring_recv(&self->r, buf, sizeof(buf), NULL));
	EXPECT_EQ(4, seq_of(buf + MAX_VNET_HDR, 100, false));
}

/* A packet may take so many buffers of 64 bytes, but not of 16 bytes. */
TEST_F(limits, used_entries)
{
	struct tconf c = { F_META, 2048, 8, 64, 0 };
	uint8_t pkt[60000];
	struct tun_ring_stats st;
	unsigned int i, big = 64 * 900;

	ASSERT_EQ(0, env_open(&self->e, "limit0", TUN_PLAIN));
	ASSERT_EQ(0, if_mtu("limit0", 65535));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	for (i = 0; i < c.rx; i++) {
		tvq_desc(&self->r.rx, i, i * 64, i < 900 ? 64 : 16,
			 VRING_DESC_F_WRITE, 0);
		tvq_put(&self->r.rx, i);
	}
	tvq_publish(&self->r.rx);
	ASSERT_LE(0, tring_enter(self->e.fd, TUN_RING_ENTER_RX, 0));
	ASSERT_EQ(0, psock_send(self->e.sk, NULL, pkt,
				seq_pkt(pkt, false, 0, big)));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 900));
	EXPECT_EQ(900, tvq_pending(&self->r.rx));
	EXPECT_EQ(900, le16toh(self->r.rx.meta[0].num_buffers));
	psock_send(self->e.sk, NULL, pkt, seq_pkt(pkt, false, 1, 1400));
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	EXPECT_EQ(1, st.rx.packets);
	EXPECT_EQ(1, st.rx.dropped);
}

/* Teardown of a full tx ring transmits more than one NAPI poll may. */
TEST_F(limits, teardown_of_a_full_ring)
{
	struct tconf c = { F_META, 8, 1024, 256, 0 };
	struct rtnl_link_stats64 dev;
	uint8_t pkt[256];
	unsigned int i;

	ASSERT_EQ(0, env_open(&self->e, "limit0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	for (i = 0; i < c.tx; i++)
		ASSERT_LE(0, tring_tx_put(&self->r, pkt,
					  seq_pkt(pkt, false, i, 100), NULL));
	tvq_publish(&self->r.tx);
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	ASSERT_EQ(0, rtnl_stats("limit0", &dev));
	EXPECT_EQ(c.tx, dev.rx_packets);
	EXPECT_EQ(0, env_seen(&self->e, 0, 100));
}

/*
 * Packets that waited when the ring became broken are for read() after the
 * teardown. Later packets are dropped.
 */
TEST_F(limits, broken_while_full)
{
	struct tconf c = { F_META, 8, 8, 2048, 0 };
	struct tun_ring_stats st;

	ASSERT_EQ(0, env_open(&self->e, "limit0", TUN_PLAIN));
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_EQ(0, tring_rx_fill(&self->r));
	ASSERT_EQ(0, env_inject_n(&self->e, 0, 20, 100));
	ASSERT_EQ(0, tvq_wait(&self->r.rx, 8));
	ASSERT_EQ(0, tring_wait_count(self->e.fd, &st.rx.full, &st, 1));
	avail_runs_away(&self->r, &self->r.tx, 0);
	tvq_publish(&self->r.tx);
	/* the kick may be handled on another CPU */
	tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0);
	ASSERT_EQ(0, tring_wait_broken(self->e.fd, &st));
	ASSERT_EQ(-EPROTO, tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0));
	ASSERT_EQ(0, env_inject_n(&self->e, 20, 5, 100));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(5, st.rx.dropped);
	EXPECT_EQ(8, st.rx.packets);
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	EXPECT_EQ(0, env_expect_plain(&self->e, 8, 12));
}

TEST_HARNESS_MAIN
