// SPDX-License-Identifier: GPL-2.0
/* TUNSETRECVVRING: the stack's packets arrive in the buffers of a vringfd. */
#define STOCK_ONLY_VARIANT	"pi_12"
#include "harness.h"
#include "tunvr.h"

#define MSS	1000
#define PAYLOAD	5000

FIXTURE(rx) {
	struct tv t;
};

FIXTURE_VARIANT(rx) {
	int flags, hdr;
};

FIXTURE_VARIANT_ADD(rx, tun) { TUN_PLAIN, 0 };
FIXTURE_VARIANT_ADD(rx, tun_pi_12) { IFF_TUN, 12 };
FIXTURE_VARIANT_ADD(rx, tap_vnet_20) { TAP_PLAIN | IFF_VNET_HDR, 20 };

FIXTURE_SETUP(rx)
{
	ASSERT_EQ(0, tv_open(&self->t, variant->flags, variant->hdr));
	memset(self->t.rx.pool, 0, BUF_SIZE * BUFS);
}

FIXTURE_TEARDOWN(rx)
{
	tv_close(&self->t);
}

TEST_F(rx, receive)
{
	unsigned int i;

	tv_fill(&self->t);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, tv_inject(&self->t, i * 10, 10, 24 + i * 70));
		ASSERT_EQ(0, tv_expect(&self->t, i * 10, 10));
	}
}

/* Packets that find no buffer wait in the queue. */
TEST_F(rx, more_than_buffers)
{
	tv_fill(&self->t);
	ASSERT_EQ(0, tv_inject(&self->t, 0, 100, 100));
	EXPECT_EQ(0, tv_expect(&self->t, 0, 100));
}

/* The kernel asks for a kick only when it has no buffers. */
TEST_F(rx, waits_for_buffers)
{
	struct tv *t = &self->t;
	long end = now_ms() + WAIT_MS;

	ASSERT_EQ(0, tv_inject(t, 0, 3, 100));
	while (__atomic_load_n(&t->rx.v.used->flags, __ATOMIC_ACQUIRE))
		ASSERT_GT(end, now_ms());
	EXPECT_EQ(0, vr_poll(t->rx.fd, 50));
	tv_fill(t);
	ASSERT_EQ(0, vr_kick(&t->rx));
	EXPECT_EQ(3, vr_pending(&t->rx));
	EXPECT_EQ(0, tv_expect(t, 0, 3));
	EXPECT_EQ(VRING_USED_F_NO_NOTIFY, t->rx.v.used->flags);
}

TEST_F(rx, poll_wakes)
{
	struct tv *t = &self->t;
	pid_t pid;

	tv_fill(t);
	EXPECT_EQ(0, vr_poll(t->rx.fd, 0));
	pid = fork();
	if (!pid)
		_exit(thread_wait_blocked(getppid()) || tv_inject(t, 0, 1, 50));
	EXPECT_EQ(POLLIN, vr_poll(t->rx.fd, WAIT_MS));
	waitpid(pid, NULL, 0);
	EXPECT_EQ(0, tv_expect(t, 0, 1));
	EXPECT_EQ(0, vr_poll(t->rx.fd, 0));
}

/* The kernel drops a packet that is too long, and the next packet gets the buffer. */
TEST_F(rx, too_long)
{
	struct tv *t = &self->t;
	size_t l2 = t->tap ? ETH_HLEN : 0, n = t->hdr + l2 + 60, i;
	struct rtnl_link_stats64 st, st2;

	ASSERT_EQ(0, rtnl_stats("vr0", &st));
	vr_give(&t->rx, 3, n, W);
	ASSERT_EQ(0, vr_kick(&t->rx));
	ASSERT_EQ(0, tv_inject(t, 0, 1, 61));
	ASSERT_EQ(0, tv_inject(t, 1, 1, 60));
	ASSERT_EQ(0, vr_wait(&t->rx, 1));
	EXPECT_EQ(3, t->rx.v.used->ring[0].id);
	EXPECT_EQ(n, t->rx.v.used->ring[0].len);
	EXPECT_EQ(1, seq_of(vr_buf(&t->rx, 3) + t->hdr, n - t->hdr, t->tap));
	for (i = n; i < n + 100; i++)
		ASSERT_EQ(0, vr_buf(&t->rx, 3)[i]);
	ASSERT_EQ(0, rtnl_stats("vr0", &st2));
	EXPECT_EQ(st.tx_dropped + 1, st2.tx_dropped);
	EXPECT_EQ(st.tx_packets + 1, st2.tx_packets);
}

TEST_F(rx, into_pieces)
{
	struct tv *t = &self->t;
	size_t l2 = t->tap ? ETH_HLEN : 0, n = t->hdr + l2 + 700;
	uint8_t buf[2048], *p = t->rx.pool;

	vr_desc(&t->rx, 9, p, 5, W | N, 4);
	vr_desc(&t->rx, 4, p + 1000, 100, W | N, 2);
	vr_desc(&t->rx, 2, p + 3000, 2000, W, 0);
	vr_put(&t->rx, 9);
	ASSERT_EQ(0, tv_inject(t, 7, 1, 700));
	ASSERT_EQ(0, vr_wait(&t->rx, 1));
	EXPECT_EQ(9, t->rx.v.used->ring[0].id);
	ASSERT_EQ(n, t->rx.v.used->ring[0].len);
	memcpy(buf, p, 5);
	memcpy(buf + 5, p + 1000, 100);
	memcpy(buf + 105, p + 3000, n - 105);
	EXPECT_EQ(7, seq_of(buf + t->hdr, n - t->hdr, t->tap));
	EXPECT_EQ(0, p[5] + p[1100] + p[3000 + n - 105]);
}

static size_t make_super(void *pkt, bool tap, struct virtio_net_hdr *vh)
{
	struct flow f = { .sport = 10, .dport = 20, .proto = IPPROTO_TCP,
			  .seq = 1 };
	size_t l2 = tap ? ETH_HLEN : 0, n = pkt_any(pkt, tap, &f, PAYLOAD);

	pkt_partial((char *)pkt + l2);
	*vh = vh_gso((char *)pkt + l2, l2, MSS);
	return n;
}

TEST_F(rx, gso)
{
	struct tv *t = &self->t;
	int sk = psock_open("vr0", true);
	struct virtio_net_hdr vh, got;
	uint8_t pkt[8192], buf[8192];
	size_t n;

	ASSERT_EQ(0,
		  tunfd_ioctl(t->fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4));
	n = make_super(pkt, t->tap, &vh);
	tv_fill(t);
	ASSERT_EQ(0, psock_send(sk, &vh, pkt, n));
	ASSERT_EQ(t->hdr + n, tv_recv(t, buf, sizeof(buf)));
	memcpy(&got, buf, sizeof(got));
	EXPECT_EQ(VIRTIO_NET_HDR_GSO_TCPV4, got.gso_type);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, got.flags);
	EXPECT_EQ(MSS, got.gso_size);
	EXPECT_EQ(0, memcmp(buf + t->hdr, pkt, n));
	close(sk);
}

TEST_F(rx, segmented_without_offload)
{
	struct tv *t = &self->t;
	int sk = psock_open("vr0", true);
	struct virtio_net_hdr vh;
	uint8_t pkt[8192], buf[8192];
	size_t l2 = t->tap ? ETH_HLEN : 0, n, i, hdr;

	n = make_super(pkt, t->tap, &vh);
	hdr = l2 + pkt_hdr_len(pkt + l2);
	tv_fill(t);
	ASSERT_EQ(0, psock_send(sk, &vh, pkt, n));
	for (i = 0; i < PAYLOAD / MSS; i++) {
		ASSERT_EQ(t->hdr + hdr + MSS, tv_recv(t, buf, sizeof(buf)));
		EXPECT_EQ(0, buf[0] | buf[1]);
		EXPECT_TRUE(pkt_l4_ok(buf + t->hdr + l2, hdr - l2 + MSS));
		EXPECT_EQ(0, memcmp(buf + t->hdr + hdr, pkt + hdr + i * MSS,
				    MSS));
	}
	close(sk);
}

/* A buffer has no memory: the kernel stops the ring, and read() still returns the packet. */
TEST_F(rx, buffer_not_there)
{
	struct tv *t = &self->t;

	vr_desc(&t->rx, 0, (void *)4096, 2000, W, 0);
	vr_put(&t->rx, 0);
	ASSERT_EQ(0, tv_inject(t, 5, 1, 100));
	ASSERT_EQ(0, vr_wait_error(t->rx.fd));
	EXPECT_EQ(-EFAULT, vr_kick(&t->rx));
	ASSERT_EQ(0, tv_set(t->fd, true, -1));
	EXPECT_EQ(-EFAULT, tv_set(t->fd, true, t->rx.fd));
	if (variant->flags == TUN_PLAIN)
		EXPECT_EQ(0, tv_read(t, 5));
}

TEST_HARNESS_MAIN
