// SPDX-License-Identifier: GPL-2.0
/* XDP on tap: attaching, modes, queue numbers, redirects to and from veth. */
#include <linux/bpf.h>

#include "lib.h"
#include "harness.h"

#define ATTACH(prog) rtnl_xdp("t0", prog, XDP_FLAGS_DRV_MODE)

FIXTURE(attach) {
	int fd;
	struct link_info li;
};

FIXTURE_SETUP(attach)
{
	ASSERT_EQ(0, ns_enter());
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
