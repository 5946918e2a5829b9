// SPDX-License-Identifier: GPL-2.0
/* txqueuelen changes with packets in the queue, and VLAN tags in read packets. */
#include <linux/if_vlan.h>

#include "lib.h"

#define STOCK_ONLY_VARIANT	"ctag"
#include "harness.h"

FIXTURE(qlen) {
	int fd, sk;
	struct flow f;
	char buf[256], pkt[256];
	struct rtnl_link_stats64 st;
};

FIXTURE_SETUP(qlen)
{
	self->f = (struct flow) { .sport = 1, .dport = 2 };
	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create_up("t0", IFF_TUN | IFF_NO_PI);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, fd_nonblock(self->fd));
	self->sk = psock_open("t0", false);
	ASSERT_LE(0, self->sk);
}

FIXTURE_TEARDOWN(qlen)
{
	close(self->sk);
	close(self->fd);
}

static int send_run(int sk, int from, int to)
{
	struct flow f = { .sport = 1, .dport = 2 };
	int ret = 0;

	for (; from < to && !ret; from++) {
		f.seq = from;
		ret = psock_send_flow(sk, false, &f, 20);
	}
	return ret;
}

/* Reads all packets. Returns how many came in order after "from", or -errno. */
static int read_run(int fd, int from)
{
	struct flow f = { .sport = 1, .dport = 2 };
	char buf[256], want[256];
	int i;

	for (i = from; ; i++) {
		ssize_t n = fd_read(fd, buf, sizeof(buf));

		if (n == -EAGAIN)
			return i - from;
		f.seq = i;
		if (n != pkt_ip(want, &f, 20) || memcmp(want, buf, n))
			return -EBADMSG;
	}
}

TEST_F(qlen, grow_keeps_packets)
{
	ASSERT_EQ(0, send_run(self->sk, 0, 30));
	ASSERT_EQ(0, if_txqlen("t0", 2000));
	ASSERT_EQ(0, send_run(self->sk, 30, 700));
	EXPECT_EQ(700, read_run(self->fd, 0));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(700, self->st.tx_packets);
	EXPECT_EQ(0, self->st.tx_dropped);
}

/*
 * Shrinking keeps the oldest packets and drops the others without counting
 * them.
 */
TEST_F(qlen, shrink_keeps_oldest)
{
	ASSERT_EQ(0, send_run(self->sk, 0, 30));
	ASSERT_EQ(0, if_txqlen("t0", 10));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(0, self->st.tx_dropped);
	EXPECT_EQ(10, read_run(self->fd, 0));
}

TEST_F(qlen, one)
{
	ASSERT_EQ(0, if_txqlen("t0", 1));
	send_run(self->sk, 0, 5);
	EXPECT_EQ(1, read_run(self->fd, 0));
	send_run(self->sk, 0, 5);
	EXPECT_EQ(1, read_run(self->fd, 0));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(8, self->st.tx_dropped);
}

/* A queue of length 0 drops each packet. */
TEST_F(qlen, length_zero_drops)
{
	ASSERT_EQ(0, if_txqlen("t0", 0));
	send_run(self->sk, 0, 5);
	EXPECT_EQ(0, read_run(self->fd, 0));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(5, self->st.tx_dropped);
	ASSERT_EQ(0, if_txqlen("t0", 10));
	ASSERT_EQ(0, send_run(self->sk, 0, 5));
	EXPECT_EQ(5, read_run(self->fd, 0));
}

/* Detached queues are resized, too. */
TEST_F(qlen, all_queues)
{
	int flags = IFF_TUN | IFF_NO_PI | IFF_MULTI_QUEUE, i, fd[3], sk;

	for (i = 0; i < 3; i++) {
		fd[i] = tunfd_create("t1", flags);
		ASSERT_LE(0, fd[i]);
		ASSERT_EQ(0, fd_nonblock(fd[i]));
	}
	ASSERT_EQ(0, if_up("t1"));
	ASSERT_EQ(0, tunfd_queue(fd[1], IFF_DETACH_QUEUE));
	ASSERT_EQ(0, if_txqlen("t1", 3));
	ASSERT_EQ(0, tunfd_queue(fd[1], IFF_ATTACH_QUEUE));
	close(fd[0]);
	close(fd[2]);
	sk = psock_open("t1", false);
	ASSERT_LE(0, sk);
	for (i = 0; i < 8; i++)
		psock_send_flow(sk, false, &self->f, 20);
	EXPECT_EQ(3, fd_drain(fd[1]));
}

TEST_F(qlen, resize_while_down)
{
	ASSERT_EQ(0, send_run(self->sk, 0, 5));
	ASSERT_EQ(0, if_down("t0"));
	ASSERT_EQ(0, if_txqlen("t0", 100));
	EXPECT_EQ(5, read_run(self->fd, 0));
}

FIXTURE(vlan) {
	struct mode m;
	int fd, sk;
	struct flow f;
	size_t n, pre;
	char buf[512], pkt[256], want[256];
	struct rtnl_link_stats64 st;
};

FIXTURE_VARIANT(vlan) {
	struct mode m;
	const char *kind;	/* of "ip link add type vlan" */
	int proto;
};

FIXTURE_VARIANT_ADD(vlan, ctag) {
	.m = { IFF_TAP | IFF_NO_PI, 0, 0 }, .kind = "802.1Q", .proto = 0x8100
};
FIXTURE_VARIANT_ADD(vlan, stag_pi_vnet) {
	.m = { IFF_TAP, 12, 0 }, .kind = "802.1ad", .proto = 0x88a8
};

FIXTURE_SETUP(vlan)
{
	static const uint8_t tag[2] = { 0, 42 };
	uint16_t proto = htons(variant->proto);

	self->m = variant->m;
	self->pre = mode_prefix(&self->m);
	self->f = (struct flow) { .sport = 1, .dport = 2 };
	ASSERT_EQ(0, ns_enter());
	self->fd = mode_create(&self->m, "t0");
	ASSERT_LE(0, self->fd);
	/* a VLAN interface may see a later change of offloads late */
	if (self->m.hdr)
		ASSERT_EQ(0, tunfd_ioctl(self->fd, TUNSETOFFLOAD, TUN_F_CSUM));
	ASSERT_EQ(0, cmd_run("ip link add link t0 name v42 type vlan proto %s "
			     "id 42",
			     variant->kind));
	ASSERT_EQ(0, if_up("v42"));
	self->sk = psock_open("v42", true);
	ASSERT_LE(0, self->sk);
	self->n = pkt_frame(self->pkt, &self->f, 50);
	/* the packet with the tag in front of its protocol */
	memcpy(self->want, self->pkt, 12);
	memcpy(self->want + 12, &proto, 2);
	memcpy(self->want + 14, tag, 2);
	memcpy(self->want + 16, self->pkt + 12, self->n - 12);
}

FIXTURE_TEARDOWN(vlan)
{
	close(self->sk);
	close(self->fd);
}

TEST_F(vlan, inserted_at_read)
{
	static const struct virtio_net_hdr none;

	ASSERT_EQ(0, psock_send(self->sk, &none, self->pkt, self->n));
	ASSERT_EQ(self->pre + self->n + 4,
		  fd_read_wait(self->fd, self->buf, sizeof(self->buf)));
	EXPECT_EQ(0, memcmp(self->buf + self->pre, self->want, self->n + 4));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(self->n + 4, self->st.tx_bytes);
}

/* Reads cut before, inside and behind the tag. */
TEST_F(vlan, cut)
{
	static const struct virtio_net_hdr none;
	size_t room;

	for (room = 1; room < self->n + 4; room += room < 20 ? 1 : 20) {
		ASSERT_EQ(0, psock_send(self->sk, &none, self->pkt, self->n));
		memset(self->buf, 0x55, sizeof(self->buf));
		ASSERT_EQ(self->pre + room,
			  fd_read_wait(self->fd, self->buf, self->pre + room));
		EXPECT_EQ(0, memcmp(self->buf + self->pre, self->want, room))
			TH_LOG("room %zu", room);
		EXPECT_EQ(0x55, self->buf[self->pre + room]);
	}
}

/* The tag moves csum_start. */
TEST_F(vlan, checksum_start)
{
	struct virtio_net_hdr vh, seen = { };
	struct tun_pi pi;

	if (!self->m.hdr)
		return;
	pkt_partial(self->pkt + 14);
	vh = vh_csum(self->pkt + 14, 14);
	ASSERT_EQ(0, psock_send(self->sk, &vh, self->pkt, self->n));
	ASSERT_EQ(self->pre + self->n + 4,
		  fd_read_wait(self->fd, self->buf, sizeof(self->buf)));
	mode_get(&self->m, self->buf, &pi, &seen);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, seen.flags);
	EXPECT_EQ(vh.csum_start + 4, seen.csum_start);
	EXPECT_EQ(vh.csum_offset, seen.csum_offset);
}

/* A packet written with a tag arrives on the VLAN's interface without it. */
TEST_F(vlan, written_with_tag)
{
	struct virtio_net_hdr vh;

	ASSERT_EQ(self->pre + self->n + 4,
		  mode_write(&self->m, self->fd, 0, NULL, self->want,
			     self->n + 4));
	ASSERT_EQ(self->n,
		  psock_recv(self->sk, &vh, self->buf, sizeof(self->buf)));
	EXPECT_EQ(0, memcmp(self->buf, self->pkt, self->n));
}

TEST_HARNESS_MAIN
