// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* The same calls by readv() and writev(). */
#include "fake.h"
#include "tap.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

static const uint8_t ip4[20] = { 0x45 };
static const uint8_t eth[18] = { [12] = 0x08, [13] = 0x06 };

static uint32_t opt_flags;

static void init(void)
{
	fake_init();
	opt_flags = 0;
	fake->no_rings = true;
}

static int start(struct tunring **h, uint32_t entries)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.rx_entries = entries;
	opt.tx_entries = entries;
	opt.buf_size = 512;
	opt.want = TUNRING_F_RX_TSTAMP;
	opt.flags = opt_flags;
	return fake_open(h, &opt);
}

static void stop(struct tunring *h)
{
	tunring_close(h);
	fake_free();
}

static int receive(void)
{
	struct tunring_packet p[4];
	struct tunring_meta m;
	struct tunring *h;
	int i;

	init();
	CHECK_EQ(start(&h, 4), 0);
	CHECK_EQ(tunring_prepare_wait(h), 0);
	for (i = 0; i < 6; i++)
		fake_feed(ip4, sizeof(ip4));
	CHECK_EQ(tunring_wait(h, -1, NULL, 0), 1);
	CHECK_EQ(tunring_rx_burst(h, p, 4), 4);
	CHECK_EQ(p[0].len, 20);
	CHECK_EQ(p[0].headroom, 64);
	CHECK_EQ(p[0].tailroom, 512 - 64 - 20);
	memset(p[0].data - 64, 3, 512);
	tunring_meta_get(&p[0], &m);
	CHECK_EQ(m.protocol, 0x0800);
	CHECK_EQ(m.flags, TUNRING_META_TSTAMP);
	CHECK(m.tstamp > 1000000000ULL * 1000000000ULL);
	/* all buffers are held: nothing is read, nothing lost */
	CHECK_EQ(tunring_rx_burst(h, p + 1, 1), 0);
	CHECK_EQ(fake->in_count, 2);
	CHECK_EQ(tunring_rx_release(h, p, 4), 0);
	CHECK_EQ(tunring_rx_release(h, p, 1), -EINVAL);
	CHECK_EQ(tunring_rx_burst(h, p, 4), 2);
	stop(h);
	return 0;
}

static int receive_headers(void)
{
	uint8_t in[4 + 12 + 20] = { 0, 0, 0x12, 0x34 };
	struct tunring_packet p;
	struct tunring_meta m;
	struct tunring *h;

	init();
	opt_flags = TUNRING_O_PI;
	fake->vnet_size = 12;
	fake->vnet_big = true;
	in[4] = TUNRING_VNET_NEEDS_CSUM;
	in[5] = TUNRING_GSO_TCPV4;
	in[9] = 200;		/* gso_size, big-endian */
	in[11] = 20;		/* csum_start */
	in[13] = 16;		/* csum_offset */
	memcpy(in + 16, ip4, 20);
	CHECK_EQ(start(&h, 4), 0);
	fake_feed(in, sizeof(in));
	CHECK_EQ(tunring_rx_burst(h, &p, 1), 1);
	CHECK_EQ(p.len, 20);
	CHECK(!memcmp(p.data, ip4, 20));
	tunring_meta_get(&p, &m);
	CHECK_EQ(m.protocol, 0x1234);
	CHECK_EQ(m.vnet_flags, TUNRING_VNET_NEEDS_CSUM);
	CHECK_EQ(m.gso_type, TUNRING_GSO_TCPV4);
	CHECK_EQ(m.gso_size, 200);
	CHECK_EQ(m.csum_start, 20);
	CHECK_EQ(m.csum_offset, 16);

	/* and the very same header comes out again */
	CHECK_EQ(tunring_rx_forward(h, &p, 1), 1);
	CHECK_EQ(tunring_tx_kick(h), 0);
	CHECK_EQ(fake->out_count, 1);
	CHECK_EQ(fake->out[0].len, sizeof(in));
	CHECK(!memcmp(fake->out[0].data, in, sizeof(in)));
	stop(h);
	return 0;
}

/* Longer than a buffer, longer than all free ones, longer than all. */
static int receive_long(void)
{
	static uint8_t big[4 * 384 + 1], back[sizeof(big)];
	struct tunring_packet p[4], one;
	struct tunring *h;
	size_t i;

	init();
	for (i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 13);
	big[0] = 0x45;
	CHECK_EQ(start(&h, 4), 0);
	fake_feed(ip4, 20);
	fake_feed(big, sizeof(big));
	fake_feed(big, sizeof(big) - 1);
	fake_feed(ip4, 20);
	CHECK_EQ(tunring_rx_burst(h, &one, 1), 1);
	/* the first is too big and dropped; the second waits for a buffer */
	CHECK_EQ(tunring_rx_burst(h, p, 4), 0);
	CHECK_EQ(fake->in_count, 1);
	CHECK_EQ(tunring_prepare_wait(h), 0);
	CHECK_EQ(tunring_rx_release(h, &one, 1), 0);
	CHECK_EQ(tunring_prepare_wait(h), 1);
	CHECK_EQ(tunring_wait(h, -1, NULL, 0), 1);
	CHECK_EQ(tunring_rx_burst(h, p, 4), 1);
	CHECK_EQ(p[0].nsegs, 4);
	CHECK_EQ(p[0].len, 4 * 384);
	CHECK_EQ(tunring_packet_read(h, p, 0, back, sizeof(back)), 4 * 384);
	CHECK(!memcmp(back, big, 4 * 384));
	CHECK_EQ(tunring_rx_release(h, p, 1), 0);
	CHECK_EQ(tunring_rx_burst(h, p, 4), 1);
	CHECK_EQ(p[0].len, 20);
	stop(h);
	return 0;
}

static int put(struct tunring *h, const void *data, uint32_t len,
	       const struct tunring_meta *m)
{
	struct tunring_packet p;

	if (tunring_tx_reserve(h, &p, 1) != 1)
		return -1;
	memcpy(tunring_packet_put(&p, len), data, len);
	if (m && tunring_meta_set(&p, m))
		return -1;
	return tunring_tx_submit(h, &p, 1);
}

static int transmit(void)
{
	struct tunring_stats st;
	struct tunring *h;
	int i;

	init();
	CHECK_EQ(start(&h, 4), 0);
	for (i = 0; i < 4; i++)
		CHECK_EQ(put(h, ip4, 20, NULL), 1);
	CHECK_EQ(put(h, ip4, 20, NULL), -1);
	CHECK_EQ(tunring_tx_prepare_wait(h), 0);
	CHECK_EQ(fake->out_count, 0);
	/* a full socket buffer keeps them */
	fake->write_errno = EAGAIN;
	CHECK_EQ(tunring_tx_kick(h), -EAGAIN);
	fake->write_errno = 0;
	CHECK_EQ(tunring_tx_kick(h), 0);
	CHECK_EQ(fake->out_count, 4);
	CHECK_EQ(tunring_tx_space(h), 4);
	/* a packet that the kernel refuses is dropped and counted */
	fake->write_errno = EINVAL;
	CHECK_EQ(put(h, ip4, 20, NULL), 1);
	CHECK_EQ(tunring_tx_kick(h), 0);
	CHECK_EQ(tunring_get_stats(h, &st), 0);
	CHECK_EQ(st.tx.packets, 4);
	CHECK_EQ(st.tx.bytes, 80);
	CHECK_EQ(st.tx.errors, 1);
	/* a device that is down loses them */
	fake->write_errno = EIO;
	CHECK_EQ(put(h, ip4, 20, NULL), 1);
	CHECK_EQ(put(h, ip4, 20, NULL), 1);
	CHECK_EQ(tunring_tx_kick(h), -EIO);
	CHECK_EQ(tunring_tx_kick(h), 0);
	CHECK_EQ(tunring_tx_space(h), 4);
	CHECK_EQ(tunring_get_stats(h, &st), 0);
	CHECK_EQ(st.tx.packets, 4);
	CHECK_EQ(st.tx.dropped, 2);
	/* tunring_close() sends submitted packets */
	fake->write_errno = 0;
	CHECK_EQ(put(h, ip4, 20, NULL), 1);
	tunring_close(h);
	CHECK_EQ(fake->out_count, 5);
	fake_free();
	return 0;
}

/* Without virtio_net_hdr, the library is the one to fill the checksum in. */
static int transmit_checksum(void)
{
	struct tunring_meta m = { .vnet_flags = TUNRING_VNET_NEEDS_CSUM,
				  .csum_start = 8, .csum_offset = 2 };
	/* sum of the words from 8, the field as 0: 0x0102 + 0x0304 + 0x0500 */
	uint8_t pkt[13] = { 0x45, 1, 2, 3, 4, 5, 6, 7, 1, 2, 0, 0, 5 };
	struct tunring_stats st;
	struct tunring *h;
	uint16_t want = (uint16_t)~(0x0102 + 0x0500);

	init();
	CHECK_EQ(start(&h, 4), 0);
	fake->write_errno = EAGAIN;
	CHECK_EQ(put(h, pkt, sizeof(pkt), &m), 1);
	CHECK_EQ(tunring_tx_kick(h), -EAGAIN);
	fake->write_errno = 0;
	CHECK_EQ(tunring_tx_kick(h), 0);
	CHECK_EQ(fake->out[0].len, sizeof(pkt));
	CHECK_EQ(fake->out[0].data[10] << 8 | fake->out[0].data[11], want);
	/* outside of the packet; GSO; a mark: refused as a ring would */
	m.csum_start = 12;
	CHECK_EQ(put(h, pkt, sizeof(pkt), &m), 1);
	m = (struct tunring_meta){ .gso_type = TUNRING_GSO_TCPV4 };
	CHECK_EQ(put(h, pkt, sizeof(pkt), &m), 1);
	m = (struct tunring_meta){ .flags = TUNRING_META_MARK, .mark = 1 };
	CHECK_EQ(put(h, pkt, sizeof(pkt), &m), 1);
	CHECK_EQ(tunring_tx_kick(h), 0);
	CHECK_EQ(fake->out_count, 1);
	CHECK_EQ(tunring_get_stats(h, &st), 0);
	CHECK_EQ(st.tx.errors, 3);
	stop(h);
	return 0;
}

static int transmit_tag(void)
{
	struct tunring_meta m = { .flags = TUNRING_META_VLAN,
				  .vlan_proto = 0x8100, .vlan_tci = 0x2007,
				  .vnet_flags = TUNRING_VNET_NEEDS_CSUM,
				  .csum_start = 14, .csum_offset = 2 };
	uint8_t *out;
	struct tunring *h;

	init();
	fake->tap = true;
	fake->vnet_size = 10;
	CHECK_EQ(start(&h, 4), 0);
	CHECK_EQ(put(h, eth, sizeof(eth), &m), 1);
	CHECK_EQ(tunring_tx_kick(h), 0);
	CHECK_EQ(fake->out[0].len, 10 + sizeof(eth) + 4);
	out = fake->out[0].data;
	CHECK_EQ(out[6], 18);	/* csum_start moved along */
	CHECK_EQ(out[10 + 12] << 8 | out[10 + 13], 0x8100);
	CHECK_EQ(out[10 + 14] << 8 | out[10 + 15], 0x2007);
	CHECK_EQ(out[10 + 16] << 8 | out[10 + 17], 0x0806);
	stop(h);
	return 0;
}

static int transmit_segments(void)
{
	static uint8_t big[2000];
	struct tunring_packet p;
	struct tunring *h;
	size_t i;

	init();
	for (i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 5);
	CHECK_EQ(start(&h, 8), 0);
	CHECK_EQ(tunring_tx_reserve_len(h, &p, 2000), 1);
	CHECK_EQ(tunring_packet_write(h, &p, 0, big, 2000), 2000);
	CHECK_EQ(tunring_tx_submit(h, &p, 1), 1);
	CHECK_EQ(tunring_wait(h, 0, NULL, TUNRING_WAIT_TX), 0);
	CHECK_EQ(fake->out[0].len, 2000);
	CHECK(!memcmp(fake->out[0].data, big, 2000));
	CHECK_EQ(tunring_tx_space(h), 8);
	stop(h);
	return 0;
}

static const struct tap_test tests[] = {
	TEST(receive), TEST(receive_headers), TEST(receive_long),
	TEST(transmit), TEST(transmit_checksum), TEST(transmit_tag),
	TEST(transmit_segments),
};

TAP_MAIN(tests)
