// SPDX-License-Identifier: GPL-2.0
/* Metadata beside the packets, both ways. */
#include "dev.h"
#include "harness.h"

#include <arpa/inet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

FIXTURE(meta) {
	struct dev d;
	struct tunring_options opt;
	bool ring;
};

FIXTURE_VARIANT(meta) {
	uint32_t flags;
	unsigned int iff;
};

FIXTURE_VARIANT_ADD(meta, native) { .iff = IFF_TUN };
FIXTURE_VARIANT_ADD(meta, native_vnet) { .iff = IFF_TUN | IFF_VNET_HDR };
FIXTURE_VARIANT_ADD(meta, native_tap) { .iff = IFF_TAP };
FIXTURE_VARIANT_ADD(meta, attached_vnet) { .iff = IFF_TUN | IFF_VNET_HDR,
					   .flags = TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(meta, attached_tap) { .iff = IFF_TAP,
					  .flags = TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(meta, plain) { .iff = IFF_TUN, .flags = TUNRING_O_NO_RING };
FIXTURE_VARIANT_ADD(meta, plain_vnet) { .iff = IFF_TUN | IFF_VNET_HDR,
					.flags = TUNRING_O_NO_RING };
FIXTURE_VARIANT_ADD(meta, plain_tap) { .iff = IFF_TAP,
				       .flags = TUNRING_O_NO_RING };

FIXTURE_SETUP(meta)
{
	ASSERT_EQ(netns_new(), 0);
	tunring_options_init(&self->opt);
	self->opt.flags = variant->flags;
	self->opt.want = TUNRING_F_TX_MARK;
	self->opt.features = TUNRING_F_RX_TSTAMP;
	self->d.sock = -1;
	ASSERT_EQ(tunring_open(&self->d.h, "me%d", variant->iff, &self->opt), 0);
	ASSERT_EQ(dev_ready(&self->d), 0);
	self->ring = expected_mode(variant->flags) == TUNRING_MODE_RING;
	ASSERT_EQ(tunring_mode(self->d.h) == TUNRING_MODE_RING, self->ring);
}

FIXTURE_TEARDOWN(meta)
{
	dev_close(&self->d);
}

TEST_F(meta, time_stamp)
{
	struct tunring_packet p;
	struct tunring_meta m;
	struct timespec a, b;

	clock_gettime(CLOCK_REALTIME, &a);
	ASSERT_EQ(dev_send(&self->d, "t", 1), 1);
	ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
	clock_gettime(CLOCK_REALTIME, &b);
	tunring_meta_get(&p, &m);
	ASSERT_EQ(m.flags & TUNRING_META_TSTAMP, TUNRING_META_TSTAMP);
	ASSERT_GE(m.tstamp, a.tv_sec * 1000000000ULL + a.tv_nsec);
	ASSERT_LE(m.tstamp, b.tv_sec * 1000000000ULL + b.tv_nsec);
}

TEST_F(meta, received_mark)
{
	struct tunring_packet p;
	struct tunring_meta m;
	int mark = 0xbeef, prio = 5;

	ASSERT_EQ(setsockopt(self->d.sock, SOL_SOCKET, SO_MARK, &mark,
			     sizeof(mark)), 0);
	ASSERT_EQ(setsockopt(self->d.sock, SOL_SOCKET, SO_PRIORITY, &prio,
			     sizeof(prio)), 0);
	ASSERT_EQ(dev_send(&self->d, "m", 1), 1);
	ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
	tunring_meta_get(&p, &m);
	if (self->ring) {
		ASSERT_EQ(m.flags & TUNRING_META_MARK, TUNRING_META_MARK);
		ASSERT_EQ(m.mark, 0xbeef);
		ASSERT_EQ(m.flags & TUNRING_META_PRIORITY,
			  TUNRING_META_PRIORITY);
		ASSERT_EQ(m.priority, 5);
	} else {
		ASSERT_EQ(m.flags, TUNRING_META_TSTAMP);
	}
}

static int put_meta(struct dev *d, const void *data, size_t len,
		    const struct tunring_meta *m, uint16_t udp_csum)
{
	struct tunring_packet p;
	uint8_t *udp;

	if (tunring_tx_reserve(d->h, &p, 1) != 1)
		return -1;
	make_udp(d, tunring_packet_put(&p, (uint32_t)((d->tap ? ETH : 0) +
						      HDRS + len)), data, len);
	udp = p.data + (d->tap ? ETH : 0) + 20;
	udp[6] = (uint8_t)(udp_csum >> 8);
	udp[7] = (uint8_t)udp_csum;
	if (tunring_meta_set(&p, m) || tunring_tx_submit(d->h, &p, 1) != 1)
		return -1;
	return tunring_tx_kick(d->h);
}

/* 10.77.0.2 + 10.77.0.1 + UDP + length, folded, not inverted */
static uint16_t pseudo_sum(size_t len)
{
	uint32_t sum = 0x0a4d + 2 + 0x0a4d + 1 + 17 + 8 + (uint32_t)len;

	return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

/*
 * A checksum left open is closed by somebody: the stack, or the library where the
 * fd has no header for it. A wrong one that is said to be complete is refused.
 */
TEST_F(meta, open_checksum)
{
	uint16_t eth = self->d.tap ? ETH : 0;
	struct tunring_meta m = { .vnet_flags = TUNRING_VNET_NEEDS_CSUM,
				  .csum_start = (uint16_t)(eth + 20),
				  .csum_offset = 6 };
	struct tunring_meta none = { 0 };
	char out[16];

	ASSERT_EQ(put_meta(&self->d, "wrong", 5, &none, pseudo_sum(5)), 0);
	ASSERT_EQ(put_meta(&self->d, "right", 5, &m, pseudo_sum(5)), 0);
	ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), 5);
	ASSERT_EQ(memcmp(out, "right", 5), 0);
}

/* With offload the stack leaves its checksums open, and says where. */
TEST_F(meta, offload)
{
	struct tunring_packet p;
	struct tunring_meta m;
	uint16_t eth = self->d.tap ? ETH : 0;

	ASSERT_EQ(ioctl(tunring_fd(self->d.h), TUNSETOFFLOAD, TUN_F_CSUM), 0);
	ASSERT_EQ(dev_send(&self->d, "open", 4), 4);
	ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
	tunring_meta_get(&p, &m);
	if (!self->ring && !(variant->iff & IFF_VNET_HDR)) {
		ASSERT_EQ(m.vnet_flags, 0);
		return;
	}
	ASSERT_EQ(m.vnet_flags & TUNRING_VNET_NEEDS_CSUM,
		  TUNRING_VNET_NEEDS_CSUM);
	ASSERT_EQ(m.csum_start, eth + 20);
	ASSERT_EQ(m.csum_offset, 6);
	/* and so it goes back, as it is, and is right for the receiver */
	turn_udp(&self->d, p.data);
	ASSERT_EQ(tunring_rx_forward(self->d.h, &p, 1), 1);
	ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
	ASSERT_EQ(dev_recv(&self->d, &m, sizeof(m)), 4);
}

/* A record that the kernel would refuse is counted, in both modes. */
TEST_F(meta, refused)
{
	struct tunring_meta m = { .vnet_flags = TUNRING_VNET_NEEDS_CSUM,
				  .csum_start = 9000, .csum_offset = 9000 };
	struct tunring_stats st;
	char out[8];

	ASSERT_EQ(put_meta(&self->d, "bad", 3, &m, 0), 0);
	memset(&m, 0, sizeof(m));
	ASSERT_EQ(put_meta(&self->d, "good", 4, &m, 0), 0);
	ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), 4);
	if (self->ring)
		ASSERT_EQ(dev_sent(&self->d), 0);
	ASSERT_EQ(tunring_get_stats(self->d.h, &st), 0);
	ASSERT_EQ(st.tx.errors, 1);
	ASSERT_EQ(st.tx.packets, 1);
	m.flags = 0x8000;
	ASSERT_EQ(put_meta(&self->d, "flag", 4, &m, 0), -1);
}

TEST_HARNESS_MAIN
