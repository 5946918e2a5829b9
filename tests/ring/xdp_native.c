// SPDX-License-Identifier: GPL-2.0
/*
 * The device's native program runs over packets of the transmit ring, before they
 * have an skb where that is possible.
 */
#include <linux/bpf.h>
#include <linux/virtio_net.h>

#include "env.h"
#include "harness.h"
#include "insn.h"

FIXTURE(native) {
	struct env e;
	struct tring r;
};

FIXTURE_VARIANT(native) {
	int vnet;
	uint64_t features;
};

FIXTURE_VARIANT_ADD(native, meta) { 0, F_META };
FIXTURE_VARIANT_ADD(native, vnet) { 12, 0 };

FIXTURE_SETUP(native)
{
	struct tconf c = { variant->features, 16, 16, 16384, 0 };
	int flags = TAP_PLAIN | (variant->vnet ? IFF_VNET_HDR : 0);

	ASSERT_EQ(0, env_open(&self->e, "native0", flags));
	if (variant->vnet)
		ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ,
				       variant->vnet));
	ASSERT_EQ(0, tring_start(&self->r, self->e.fd, &c));
}

FIXTURE_TEARDOWN(native)
{
	tring_unmap(&self->r);
	env_close(&self->e);
}

static int attach(int prog)
{
	int ret;

	if (prog < 0)
		return prog;
	ret = rtnl_xdp("native0", prog, XDP_FLAGS_DRV_MODE);
	close(prog);
	return ret;
}

/*
 * The program puts 200 bytes in front of the packet, and takes them off again. It
 * takes @tail bytes off the end.
 */
static int xdp_moves_ends(int tail)
{
	struct bpf_insn prog[] = {
		MOV_REG(6, 1),
		MOV_IMM(2, -200), CALL(BPF_FUNC_xdp_adjust_head),
		MOV_REG(1, 6), MOV_IMM(2, 200), CALL(BPF_FUNC_xdp_adjust_head),
		MOV_REG(1, 6), MOV_IMM(2, -tail), CALL(BPF_FUNC_xdp_adjust_tail),
		MOV_IMM(0, XDP_PASS), EXIT,
	};

	return bpf_load(BPF_PROG_TYPE_XDP, prog, ARRAY_LEN(prog));
}

/* Sends a packet of @len bytes behind the link's header. */
static int send_one(struct tring *r, int vnet, uint32_t seq, size_t len,
		    const struct tun_ring_meta *m,
		    const struct virtio_net_hdr *hdr)
{
	uint8_t pkt[16384] = { };

	if (hdr)
		memcpy(pkt, hdr, sizeof(*hdr));
	return tring_send(r, pkt, vnet + seq_pkt(pkt + vnet, true, seq, len),
			  m);
}

TEST_F(native, program_moves_ends)
{
	struct tun_ring_stats st;
	uint64_t bytes;
	unsigned int i;

	ASSERT_EQ(0, attach(xdp_moves_ends(0)));
	for (i = 0; i < 20; i++)
		ASSERT_EQ(0, send_one(&self->r, variant->vnet, i, 100 + 60 * i,
				      NULL, NULL));
	EXPECT_EQ(0, env_seen(&self->e, 0, 20));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	bytes = st.tx.bytes;
	ASSERT_EQ(0, attach(xdp_moves_ends(7)));
	ASSERT_EQ(0, send_one(&self->r, variant->vnet, 20, 100, NULL, NULL));
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(ETH_HLEN + 100 - 7, st.tx.bytes - bytes);
}

/*
 * Packets that need an skb first: longer than a fragment, segmented, or with a tag
 * in the record. Returns their number.
 */
static int send_generic(struct tring *r, int vnet, uint32_t seq)
{
	struct virtio_net_hdr gso = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.hdr_len = ETH_HLEN + 40, .gso_size = 500,
		.csum_start = ETH_HLEN + 20,
	};
	struct tun_ring_meta m = { };
	const struct { int type, csum_offset; } gso_types[] = {
		{ VIRTIO_NET_HDR_GSO_TCPV4, 16 },
		{ 5 /* VIRTIO_NET_HDR_GSO_UDP_L4 */, 6 },
	};
	unsigned int i;
	int n = 2, err;

	err = send_one(r, vnet, seq, 3400, NULL, NULL) ?:
	      send_one(r, vnet, seq + 1, 9000, NULL, NULL);
	for (i = 0; !err && i < ARRAY_LEN(gso_types); i++, n++) {
		gso.gso_type = gso_types[i].type;
		gso.csum_offset = gso_types[i].csum_offset;
		memcpy(&m, &gso, sizeof(gso));
		err = send_one(r, vnet, seq + n, 1400, vnet ? NULL : &m,
			       vnet ? &gso : NULL);
	}
	if (vnet)
		return err ?: n;
	m = (struct tun_ring_meta) {
		.flags = TUN_RING_META_VLAN,
		.vlan_proto = htons(ETH_P_8021Q), .vlan_tci = 7,
	};
	if (!err && ++n)
		err = send_one(r, vnet, seq + n - 1, 100, &m, NULL);
	return err ?: n;
}

TEST_F(native, every_packet_is_seen)
{
	struct rtnl_link_stats64 dev;
	struct tun_ring_stats st;
	int i, n;

	ASSERT_EQ(0, attach(xdp_const(XDP_DROP)));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, send_one(&self->r, variant->vnet, i, 1400, NULL,
				      NULL));
	/* write() counts packets that a native program drops */
	ASSERT_EQ(0, rtnl_stats("native0", &dev));
	EXPECT_EQ(10, dev.rx_dropped);
	n = send_generic(&self->r, variant->vnet, 10);
	ASSERT_LE(4, n);
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.tx.packets);
	EXPECT_EQ(10 + n, st.tx.dropped);
	EXPECT_EQ(0, st.tx.errors);
}

TEST_F(native, long_packets_pass)
{
	unsigned int i;

	ASSERT_EQ(0, attach(xdp_const(XDP_PASS)));
	for (i = 0; i < 20; i++)
		ASSERT_EQ(0, send_one(&self->r, variant->vnet, i,
				      100 + 180 * i, NULL, NULL));
	EXPECT_EQ(0, env_seen(&self->e, 0, 20));
}

/* More packets wait in the stack than the driver has fragments for. */
TEST_F(native, packets_wait)
{
	unsigned int i;

	ASSERT_EQ(0, attach(xdp_const(XDP_PASS)));
	for (i = 0; i < 300; i++)
		ASSERT_EQ(0, send_one(&self->r, variant->vnet, i, 60, NULL,
				      NULL));
	EXPECT_EQ(0, env_seen(&self->e, 0, 300));
}

/* A program that fails, or that redirects to no device, drops the packet. */
TEST_F(native, failed_verdicts)
{
	const int verdicts[] = { XDP_ABORTED, XDP_REDIRECT, 99 };
	struct tun_ring_stats st;
	unsigned int i;

	for (i = 0; i < 30; i++) {
		if (i % 10 == 0)
			ASSERT_EQ(0, attach(xdp_const(verdicts[i / 10])));
		ASSERT_EQ(0, send_one(&self->r, variant->vnet, i, 100, NULL,
				      NULL));
	}
	ASSERT_EQ(0, tring_stats(self->e.fd, &st));
	EXPECT_EQ(0, st.tx.packets);
	EXPECT_EQ(30, st.tx.dropped);
}

/* The program writes 8 bytes in front of the packet; tc would read them. */
TEST_F(native, metadata)
{
	struct bpf_insn prog[] = {
		MOV_IMM(2, -8), CALL(BPF_FUNC_xdp_adjust_meta),
		/* 0, or the negative errno of a driver without metadata */
		JNE_IMM(0, 0, 2), MOV_IMM(0, XDP_PASS), EXIT,
		MOV_IMM(0, XDP_DROP), EXIT,
	};

	ASSERT_EQ(0, attach(bpf_load(BPF_PROG_TYPE_XDP, prog,
				     ARRAY_LEN(prog))));
	ASSERT_EQ(0, send_one(&self->r, variant->vnet, 0, 100, NULL, NULL));
	ASSERT_EQ(0, send_one(&self->r, variant->vnet, 1, 3400, NULL, NULL));
	EXPECT_EQ(0, env_seen(&self->e, 0, 2));
}

/* A program redirects short packets before they have an skb, and long ones after. */
TEST_F(native, redirects_in_order)
{
	int map = bpf_map(BPF_MAP_TYPE_DEVMAP, 4, 4, 1), key = 0, to, index;
	uint8_t pkt[16384] = { }, buf[4096];
	size_t len;
	unsigned int i;

	to = tunfd_create_up("native1", TAP_PLAIN);
	ASSERT_LE(0, to);
	ASSERT_EQ(0, if_mtu("native1", 9000));
	index = if_nametoindex("native1");
	ASSERT_EQ(0, bpf_map_put(map, &key, &index));
	ASSERT_EQ(0, attach(xdp_redirect(map, 0)));
	for (i = 0; i < 10; i++) {
		len = seq_pkt(pkt + variant->vnet, true, i, i % 3 ? 100 : 3500);
		ASSERT_LE(0, tring_tx_put(&self->r, pkt, variant->vnet + len,
					  NULL));
	}
	ASSERT_LE(0, tring_tx_kick(&self->r));
	ASSERT_EQ(0, tring_tx_drain(&self->r));
	for (i = 0; i < 10; i++) {
		len = ETH_HLEN + (i % 3 ? 100 : 3500);
		ASSERT_EQ(len, fd_read_wait(to, buf, sizeof(buf)));
		EXPECT_EQ(i, seq_of(buf, len, true));
	}
	close(map);
	close(to);
}

TEST_HARNESS_MAIN
