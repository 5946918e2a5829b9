// SPDX-License-Identifier: GPL-2.0
/*
 * XDP on tap. The program runs in the driver for small packets that are written
 * without blocking, and on an skb for all others. Both have the same result.
 */
#include <linux/bpf.h>

#include "insn.h"
#include "lib.h"

#define STOCK_ONLY_VARIANT	"driver_vnet large blocking"
#include "harness.h"

FIXTURE(tap) {
	struct mode m;
	struct flow f;
	int fd, sk;
	char *pkt, *buf;
	size_t n, pre;
	struct rtnl_link_stats64 st;
	struct link_info li;
};

FIXTURE_VARIANT(tap) {
	int flags, hdr;
	bool block;	/* so that the program runs on an skb */
	size_t payload;
};

FIXTURE_VARIANT_ADD(tap, driver) { .payload = 100 };
FIXTURE_VARIANT_ADD(tap, driver_vnet) { .hdr = 12, .payload = 100 };
FIXTURE_VARIANT_ADD(tap, blocking) { .block = true, .payload = 100 };
FIXTURE_VARIANT_ADD(tap, large) { .payload = 5000 };
FIXTURE_VARIANT_ADD(tap, napi) { .flags = IFF_NAPI, .payload = 100 };
FIXTURE_VARIANT_ADD(tap, frags) {
	.flags = IFF_NAPI | IFF_NAPI_FRAGS, .payload = 100
};

FIXTURE_SETUP(tap)
{
	self->m = (struct mode) { IFF_TAP | IFF_NO_PI | variant->flags,
				      variant->hdr, 0 };
	self->pre = variant->hdr;
	self->f = (struct flow) { .sport = 5, .dport = 6 };
	self->pkt = malloc(BIG);
	self->buf = malloc(BIG);
	ASSERT_EQ(0, ns_enter());
	self->fd = mode_create(&self->m, "t0");
	ASSERT_LE(0, self->fd);
	if (variant->block)
		ASSERT_EQ(0, fcntl(self->fd, F_SETFL, 0));
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
	self->n = pkt_frame(self->pkt, &self->f, variant->payload);
}

FIXTURE_TEARDOWN(tap)
{
	close(self->sk);
	close(self->fd);
}

#define WRITE() mode_write(&self->m, self->fd, 0, NULL, self->pkt, self->n)
#define ATTACH(prog) rtnl_xdp("t0", prog, XDP_FLAGS_DRV_MODE)

TEST_F(tap, pass)
{
	ASSERT_EQ(0, ATTACH(xdp_const(XDP_PASS)));
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(self->n, psock_recv(self->sk, NULL, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, self->n));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(1, self->st.rx_packets);
	EXPECT_EQ(self->n, self->st.rx_bytes);
}

/* The writer sees no error. Removing the program lets packets pass again. */
TEST_F(tap, drop)
{
	ASSERT_EQ(0, ATTACH(xdp_const(XDP_DROP)));
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(0, self->st.rx_packets);
	ASSERT_EQ(0, ATTACH(-1));
	self->f.sport = 99;
	pkt_frame(self->pkt, &self->f, variant->payload);
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(self->n, psock_recv(self->sk, NULL, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, self->n));
}

TEST_F(tap, aborted)
{
	ASSERT_EQ(0, ATTACH(xdp_const(XDP_ABORTED)));
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(0, self->st.rx_packets);
}

/* The program removes ten bytes from the front and from the end. */
TEST_F(tap, adjust)
{
	int prog = xdp_adjust(10, -10, XDP_PASS);

	ASSERT_LE(0, prog);
	ASSERT_EQ(0, ATTACH(prog));
	pkt_eth(self->pkt + 10, mac_b, mac_a, 0x88b5);
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(self->n - 20, psock_recv(self->sk, NULL, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt + 10, self->n - 20));
}

/* The program adds sixteen bytes in front. */
TEST_F(tap, grow_head)
{
	int prog = xdp_adjust(-16, 0, XDP_PASS);

	ASSERT_LE(0, prog);
	ASSERT_EQ(0, ATTACH(prog));
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(self->n + 16, psock_recv(self->sk, NULL, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf + 30, self->pkt + 14, self->n - 14));
}

/* XDP_TX returns the frame to the reader, with an empty virtio_net_hdr. */
TEST_F(tap, tx)
{
	static const char zero[12];
	int prog = xdp_swap_mac_tx();

	ASSERT_LE(0, prog);
	ASSERT_EQ(0, ATTACH(prog));
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(self->pre + self->n, fd_read_wait(self->fd, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, zero, self->pre));
	EXPECT_EQ(0, memcmp(self->buf + self->pre, self->pkt + 6, 6));
	EXPECT_EQ(0, memcmp(self->buf + self->pre + 6, self->pkt, 6));
	EXPECT_EQ(0, memcmp(self->buf + self->pre + 12, self->pkt + 12,
			    self->n - 12));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(1, self->st.tx_packets);
}

TEST_F(tap, redirect_to_tap)
{
	int map = bpf_map(BPF_MAP_TYPE_DEVMAP, 4, 4, 2), key = 1, fd, index;
	struct mode m = { IFF_TAP | IFF_NO_PI, 10, 0 };
	static const char zero[10];

	fd = mode_create(&m, "t1");
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, if_mtu("t1", 9000));
	index = if_nametoindex("t1");
	ASSERT_LE(0, map);
	ASSERT_EQ(0, bpf_map_put(map, &key, &index));
	ASSERT_EQ(0, ATTACH(xdp_redirect(map, key)));
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(10 + self->n, fd_read_wait(fd, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, zero, 10));
	EXPECT_EQ(0, memcmp(self->buf + 10, self->pkt, self->n));
	/* an empty slot of the map: the frame is dropped */
	ASSERT_EQ(0, ATTACH(xdp_redirect(map, 0)));
	ASSERT_EQ(self->pre + self->n, WRITE());
	EXPECT_EQ(-EAGAIN, fd_read(fd, self->buf, BIG));
}

/* The target's queue is full: the target drops and counts the frame. */
TEST_F(tap, redirect_full)
{
	int map = bpf_map(BPF_MAP_TYPE_DEVMAP, 4, 4, 1), key = 0, fd, index, i;
	struct mode m = { IFF_TAP | IFF_NO_PI, 0, 0 };

	fd = mode_create(&m, "t1");
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, if_mtu("t1", 9000));
	ASSERT_EQ(0, if_txqlen("t1", 2));
	index = if_nametoindex("t1");
	ASSERT_EQ(0, bpf_map_put(map, &key, &index));
	ASSERT_EQ(0, ATTACH(xdp_redirect(map, key)));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(0, rtnl_stats("t1", &self->st));
	EXPECT_EQ(3, self->st.tx_dropped);
	EXPECT_EQ(2, fd_drain(fd));
	ASSERT_EQ(0, rtnl_stats("t1", &self->st));
	EXPECT_EQ(2, self->st.tx_packets);
	EXPECT_EQ(2 * self->n, self->st.tx_bytes);
}

TEST_F(tap, frames_purged_on_close)
{
	ASSERT_EQ(0, ATTACH(xdp_const(XDP_TX)));
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(POLLIN, fd_wait(self->fd, POLLIN, WAIT_MS));
	close(self->fd);
	EXPECT_FALSE(if_exists("t0"));
}

#define META	0x5a5a5a5a

/* The program puts four bytes in front of the packet, or drops the packet. */
static int xdp_puts_meta(void)
{
	struct bpf_insn prog[] = {
		MOV_REG(6, 1),
		MOV_IMM(2, -4), CALL(BPF_FUNC_xdp_adjust_meta),
		JNE_IMM(0, 0, 9),
		LDX(BPF_W, 2, 6, offsetof(struct xdp_md, data_meta)),
		LDX(BPF_W, 3, 6, offsetof(struct xdp_md, data)),
		MOV_REG(4, 2), ADD_IMM(4, 4), JGT_REG(4, 3, 4),
		MOV_IMM(5, META), STX(BPF_W, 2, 5, 0),
		MOV_IMM(0, XDP_PASS), EXIT,
		MOV_IMM(0, XDP_DROP), EXIT,
	};

	return bpf_load(BPF_PROG_TYPE_XDP, prog, ARRAY_LEN(prog));
}

/* The classifier sends a packet with the four bytes to another device. */
static int cls_finds_meta(int to)
{
	struct bpf_insn prog[] = {
		LDX(BPF_W, 2, 1, offsetof(struct __sk_buff, data_meta)),
		LDX(BPF_W, 3, 1, offsetof(struct __sk_buff, data)),
		MOV_REG(4, 2), ADD_IMM(4, 4), JGT_REG(4, 3, 6),
		LDX(BPF_W, 5, 2, 0), JNE_IMM(5, META, 4),
		MOV_IMM(1, to), MOV_IMM(2, 0), CALL(BPF_FUNC_redirect), EXIT,
		MOV_IMM(0, -1), EXIT,
	};

	return bpf_load(BPF_PROG_TYPE_SCHED_CLS, prog, ARRAY_LEN(prog));
}

/* Metadata of a program in the driver, since Linux 6.15 */
TEST_F(tap, metadata)
{
	bool on_skb = variant->block || variant->payload > 1000 ||
		      variant->flags & IFF_NAPI_FRAGS;
	int to, cls, link;

	ASSERT_EQ(0, ATTACH(xdp_puts_meta()));
	if (!on_skb && !kernel_since(6, 15, 0)) {
		ASSERT_EQ(self->pre + self->n, WRITE());
		ASSERT_EQ(0, rtnl_stats("t0", &self->st));
		EXPECT_EQ(1, self->st.rx_dropped);
		return;
	}
	if (!kernel_since(6, 6, 0) || variant->flags & IFF_NAPI_FRAGS) {
		ASSERT_EQ(self->pre + self->n, WRITE());
		ASSERT_EQ(self->n, psock_recv(self->sk, NULL, self->buf, BIG));
		return;
	}
	to = tunfd_create_up("t1", IFF_TAP | IFF_NO_PI);
	ASSERT_LE(0, to);
	ASSERT_EQ(0, if_mtu("t1", 9000));
	cls = cls_finds_meta(if_nametoindex("t1"));
	ASSERT_LE(0, cls);
	link = bpf_tcx_ingress("t0", cls);
	ASSERT_LE(0, link);
	ASSERT_EQ(self->pre + self->n, WRITE());
	ASSERT_EQ(self->n, fd_read_wait(to, self->buf, BIG));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, self->n));
	close(link);
	close(cls);
	close(to);
}

TEST_HARNESS_MAIN
