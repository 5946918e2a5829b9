// SPDX-License-Identifier: GPL-2.0
/* Packets of all sizes, received, sent, and sent back from where they lie. */
#include "dev.h"
#include "harness.h"

FIXTURE(basic) {
	struct dev d;
	struct tunring_options opt;
};

FIXTURE_VARIANT(basic) {
	bool tap;
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(basic, tun) {};
FIXTURE_VARIANT_ADD(basic, tap) { .tap = true };
FIXTURE_VARIANT_ADD(basic, tun_no_event_idx) { .flags = TUNRING_O_NO_EVENT_IDX };
FIXTURE_VARIANT_ADD(basic, attached) { .flags = TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(basic, attached_tap) { .tap = true,
					   .flags = TUNRING_O_ATTACH |
						    TUNRING_O_NO_EVENT_IDX };
FIXTURE_VARIANT_ADD(basic, pinned) { .flags = TUNRING_O_ATTACH |
					      TUNRING_O_PIN };
FIXTURE_VARIANT_ADD(basic, plain_tun) { .flags = TUNRING_O_NO_RING };
FIXTURE_VARIANT_ADD(basic, plain_tap) { .tap = true,
					.flags = TUNRING_O_NO_RING };

FIXTURE_SETUP(basic)
{
	ASSERT_EQ(netns_new(), 0);
	tunring_options_init(&self->opt);
	self->opt.flags = variant->flags;
	self->opt.rx_entries = 64;
	self->opt.tx_entries = 64;
	ASSERT_EQ(dev_open(&self->d, variant->tap, &self->opt), 0);
	ASSERT_EQ(tunring_mode(self->d.h), expected_mode(variant->flags));
}

FIXTURE_TEARDOWN(basic)
{
	dev_close(&self->d);
}

static void fill(uint8_t *p, size_t n, unsigned int seed)
{
	while (n--)
		p[n] = (uint8_t)(n * 31 + seed);
}

TEST_F(basic, receive)
{
	struct tunring_packet pkts[32];
	struct tunring_meta m;
	uint8_t in[1472], out[1472];
	int i, len;

	for (len = 0; len <= 1472; len += 23) {
		for (i = 0; i < 4; i++) {
			fill(in, (size_t)len, (unsigned int)(len + i));
			ASSERT_EQ(dev_send(&self->d, in, (size_t)len), len);
		}
		ASSERT_EQ(dev_take(&self->d, pkts, 4), 4);
		for (i = 0; i < 4; i++) {
			fill(in, (size_t)len, (unsigned int)(len + i));
			ASSERT_EQ(pkts[i].nsegs, 1);
			ASSERT_EQ(pkts[i].headroom, 64);
			ASSERT_EQ(udp_payload(&self->d, &pkts[i], out,
					      sizeof(out)), len);
			ASSERT_EQ(memcmp(in, out, (size_t)len), 0);
			tunring_meta_get(&pkts[i], &m);
			ASSERT_EQ(m.protocol, 0x0800);
		}
		ASSERT_EQ(tunring_rx_release(self->d.h, pkts, 4), 0);
	}
}

TEST_F(basic, transmit)
{
	uint8_t in[1472], out[1500];
	int i, len;

	for (len = 0; len <= 1472; len += 23) {
		for (i = 0; i < 4; i++) {
			fill(in, (size_t)len, (unsigned int)(len + i));
			ASSERT_EQ(put_udp(&self->d, in, (size_t)len), 1);
		}
		ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
		for (i = 0; i < 4; i++) {
			fill(in, (size_t)len, (unsigned int)(len + i));
			ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), len);
			ASSERT_EQ(memcmp(in, out, (size_t)len), 0);
		}
	}
}

/* In place, headers and all; many times more than there are buffers. */
TEST_F(basic, forward)
{
	struct tunring_packet pkts[16];
	struct tunring_stats st;
	uint32_t v, sent = 0, seen = 0;
	int i;

	while (seen < 2000) {
		for (i = 0; i < 16; i++, sent++)
			ASSERT_EQ(dev_send(&self->d, &sent, 4), 4);
		ASSERT_EQ(dev_take(&self->d, pkts, 16), 16);
		for (i = 0; i < 16; i++)
			turn_udp(&self->d, pkts[i].data);
		ASSERT_EQ(tunring_rx_forward(self->d.h, pkts, 16), 16);
		ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
		for (i = 0; i < 16; i++, seen++) {
			ASSERT_EQ(dev_recv(&self->d, &v, 4), 4);
			ASSERT_EQ(v, seen);
		}
		ASSERT_EQ(dev_sent(&self->d), 0);
	}
	ASSERT_EQ(tunring_get_stats(self->d.h, &st), 0);
	ASSERT_EQ(st.rx.packets, seen);
	ASSERT_EQ(st.tx.packets, seen);
	ASSERT_EQ(st.tx.errors, 0);
	ASSERT_EQ(st.broken, 0);
}

/* Longer than a buffer, both ways. */
TEST_F(basic, segments)
{
	struct tunring_packet p;
	static uint8_t in[60000], out[60000];
	int len;

	ASSERT_EQ(dev_mtu(self->d.name, 65000), 0);
	for (len = 1800; len <= 60000; len += 2911) {
		fill(in, (size_t)len, (unsigned int)len);
		ASSERT_EQ(dev_send(&self->d, in, (size_t)len), len);
		ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
		ASSERT_EQ(p.nsegs, (p.len + 1919) / 1920);
		ASSERT_EQ(udp_payload(&self->d, &p, out, sizeof(out)), len);
		ASSERT_EQ(memcmp(in, out, (size_t)len), 0);
		memset(out, 0, sizeof(out));
		turn_udp(&self->d, p.data);
		ASSERT_EQ(tunring_rx_forward(self->d.h, &p, 1), 1);
		ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
		ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), len);
		ASSERT_EQ(memcmp(in, out, (size_t)len), 0);
		ASSERT_EQ(dev_sent(&self->d), 0);
		ASSERT_EQ(put_udp(&self->d, in, (size_t)len), 1);
		ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
		ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), len);
		ASSERT_EQ(memcmp(in, out, (size_t)len), 0);
		ASSERT_EQ(dev_sent(&self->d), 0);
	}
}

/* As a VPN does: a header in front and a trailer behind, in place. */
TEST_F(basic, head_and_tail)
{
	struct tunring_packet p;
	char out[8];

	ASSERT_EQ(dev_send(&self->d, "abc", 3), 3);
	ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
	memset(tunring_packet_push(&p, 64), 0xaa, 64);
	memset(tunring_packet_put(&p, 64), 0xbb, 64);
	ASSERT_NE(tunring_packet_pull(&p, 64), NULL);
	p.len -= 64;
	p.first_len -= 64;
	turn_udp(&self->d, p.data);
	ASSERT_EQ(tunring_rx_forward(self->d.h, &p, 1), 1);
	ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
	ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), 3);
	ASSERT_EQ(memcmp(out, "abc", 3), 0);
}

/* A large buffer for a received packet, small ones for a packet to be sent. */
TEST_F(basic, sizes)
{
	struct tunring_packet p;
	static uint8_t in[9000], out[9000];
	int i;

	dev_close(&self->d);
	self->opt.rx_entries = 16;
	self->opt.buf_size = 16384;
	self->opt.tx_buf_size = 1024 + 128;
	ASSERT_EQ(dev_open(&self->d, variant->tap, &self->opt), 0);
	ASSERT_EQ(tunring_mode(self->d.h), expected_mode(variant->flags));
	ASSERT_EQ(dev_mtu(self->d.name, 10000), 0);
	for (i = 0; i < 100; i++) {
		fill(in, sizeof(in), (unsigned int)i);
		ASSERT_EQ(dev_send(&self->d, in, sizeof(in)), sizeof(in));
		ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
		ASSERT_EQ(p.nsegs, 1);
		ASSERT_EQ(udp_payload(&self->d, &p, out, sizeof(out)), sizeof(out));
		ASSERT_EQ(memcmp(in, out, sizeof(in)), 0);
		ASSERT_EQ(tunring_rx_forward(self->d.h, &p, 1), -EOPNOTSUPP);
		ASSERT_EQ(tunring_rx_release(self->d.h, &p, 1), 0);
		ASSERT_EQ(put_udp(&self->d, in, sizeof(in)), 1);
		ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
		ASSERT_EQ(dev_recv(&self->d, out, sizeof(out)), sizeof(out));
		ASSERT_EQ(memcmp(in, out, sizeof(in)), 0);
		ASSERT_EQ(dev_sent(&self->d), 0);
	}
}

TEST_HARNESS_MAIN
