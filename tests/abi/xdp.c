// SPDX-License-Identifier: GPL-2.0
/*
 * XDP on tap. The program runs in the driver for small packets that are written
 * without blocking, and on an skb for all others. Both have the same result.
 */
#include <linux/bpf.h>

#include "lib.h"
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
	ASSERT_EQ(0, ns_fresh());
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

FIXTURE(attach) {
	int fd;
	struct link_info li;
};

FIXTURE_SETUP(attach)
{
	ASSERT_EQ(0, ns_fresh());
	self->fd = tunfd_create_up("t0", IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(attach)
{
	close(self->fd);
}

TEST_F(attach, shown_and_replaced)
{
	uint32_t first;

	ASSERT_EQ(0, ATTACH(xdp_const(XDP_PASS)));
	ASSERT_EQ(0, rtnl_get("t0", &self->li));
	EXPECT_EQ(XDP_ATTACHED_DRV, self->li.xdp_mode);
	EXPECT_NE(0, self->li.xdp_id);
	first = self->li.xdp_id;
	ASSERT_EQ(0, ATTACH(xdp_const(XDP_DROP)));
	ASSERT_EQ(0, rtnl_get("t0", &self->li));
	EXPECT_NE(first, self->li.xdp_id);
	EXPECT_EQ(-EBUSY, rtnl_xdp("t0", xdp_const(XDP_PASS),
				   XDP_FLAGS_DRV_MODE |
				   XDP_FLAGS_UPDATE_IF_NOEXIST));
	ASSERT_EQ(0, ATTACH(-1));
	ASSERT_EQ(0, rtnl_get("t0", &self->li));
	EXPECT_EQ(XDP_ATTACHED_NONE, self->li.xdp_mode);
}

/* Without a mode flag, tap uses native XDP and tun uses generic XDP. */
TEST_F(attach, modes)
{
	int fd = tunfd_create_up("t1", IFF_TUN);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, rtnl_xdp("t0", xdp_const(XDP_PASS), 0));
	ASSERT_EQ(0, rtnl_get("t0", &self->li));
	EXPECT_EQ(XDP_ATTACHED_DRV, self->li.xdp_mode);
	EXPECT_EQ(-EOPNOTSUPP, rtnl_xdp("t1", xdp_const(XDP_PASS),
					XDP_FLAGS_DRV_MODE));
	ASSERT_EQ(0, rtnl_xdp("t1", xdp_const(XDP_PASS), 0));
	ASSERT_EQ(0, rtnl_get("t1", &self->li));
	EXPECT_EQ(XDP_ATTACHED_SKB, self->li.xdp_mode);
}

/* rx_queue_index is the number of the queue, also after queues were renumbered. */
TEST_F(attach, queue_index)
{
	struct flow f = { .sport = 1, .dport = 2 };
	char pkt[128], buf[128];
	int second, third, sk;
	size_t n = pkt_frame(pkt, &f, 20);

	ASSERT_EQ(0, ATTACH(xdp_queue_drop()));
	second = tunfd_create("t0", IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE);
	third = tunfd_create("t0", IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE);
	ASSERT_LE(0, third);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(0, fd_nonblock(second));
	ASSERT_EQ(0, fd_nonblock(third));
	sk = psock_open("t0", false);
	ASSERT_EQ(n, fd_write(second, pkt, n));
	EXPECT_EQ(-EAGAIN, psock_recv_now(sk, NULL, buf, sizeof(buf)));
	ASSERT_EQ(n, fd_write(third, pkt, n));
	EXPECT_EQ(n, psock_recv(sk, NULL, buf, sizeof(buf)));
	ASSERT_EQ(0, tunfd_queue(second, IFF_DETACH_QUEUE));
	ASSERT_EQ(n, fd_write(third, pkt, n));
	EXPECT_EQ(-EAGAIN, psock_recv_now(sk, NULL, buf, sizeof(buf)));
	ASSERT_EQ(0, tunfd_queue(second, IFF_ATTACH_QUEUE));
	ASSERT_EQ(n, fd_write(second, pkt, n));
	EXPECT_EQ(n, psock_recv(sk, NULL, buf, sizeof(buf)));
}

/* A native frame of veth is redirected to tap. */
TEST_F(attach, redirect_from_veth)
{
	int map = bpf_map(BPF_MAP_TYPE_DEVMAP, 4, 4, 1), key = 0;
	int index = if_nametoindex("t0"), sk;
	struct flow f = { .sport = 1, .dport = 2 };
	char buf[256];

	ASSERT_EQ(0, rtnl_add("veth", "v0", "v1"));
	ASSERT_EQ(0, if_up("v0"));
	ASSERT_EQ(0, if_up("v1"));
	ASSERT_EQ(0, if_wait_running("v1", true));
	/* veth sends nothing before its carrier is up */
	ASSERT_EQ(0, if_wait_running("v0", true));
	ASSERT_EQ(0, bpf_map_put(map, &key, &index));
	ASSERT_EQ(0, rtnl_xdp("v1", xdp_redirect(map, 0), XDP_FLAGS_DRV_MODE));
	sk = psock_open("v0", false);
	ASSERT_EQ(0, psock_send_flow(sk, true, &f, 20));
	EXPECT_EQ(62, fd_read_wait(self->fd, buf, sizeof(buf)));
}

/* A frame of tap is redirected to veth. */
TEST_F(attach, redirect_to_veth)
{
	int map = bpf_map(BPF_MAP_TYPE_DEVMAP, 4, 4, 1), key = 0, index, sk;
	struct flow f = { .sport = 1, .dport = 2 };
	char buf[256];
	size_t n = pkt_frame(buf, &f, 20);

	ASSERT_EQ(0, rtnl_add("veth", "v0", "v1"));
	ASSERT_EQ(0, if_up("v0"));
	ASSERT_EQ(0, if_up("v1"));
	ASSERT_EQ(0, if_wait_running("v1", true));
	/* veth takes frames only if its peer has a program */
	ASSERT_EQ(0, rtnl_xdp("v1", xdp_const(XDP_PASS), XDP_FLAGS_DRV_MODE));
	index = if_nametoindex("v0");
	ASSERT_EQ(0, bpf_map_put(map, &key, &index));
	ASSERT_EQ(0, ATTACH(xdp_redirect(map, 0)));
	sk = psock_open("v1", false);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	ASSERT_EQ(n, fd_write(self->fd, buf, n));
	EXPECT_EQ(n, psock_recv(sk, NULL, buf, sizeof(buf)));
}

TEST_HARNESS_MAIN
