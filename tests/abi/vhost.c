// SPDX-License-Identifier: GPL-2.0
/* Stock vhost_net on the module, by the functions that tun exports to it. */
#include <pthread.h>
#include <linux/bpf.h>

#include "vhost.h"

#define STOCK_ONLY_VARIANT	"napi"
#include "harness.h"

/* tests/ring runs the same cases on the vhost ioctls of the tun's own file. */
#ifndef VHOST_OPEN
#define VHOST_OPEN(v, tun)	vhost_open(v)
#endif

FIXTURE(vhost) {
	struct vhost v;
	struct mode m;
	struct flow f;
	struct virtio_net_hdr vh;
	int fd, sk;
	char *pkt, *buf;
	size_t n;
	uint32_t len;
	struct rtnl_link_stats64 st;
};

FIXTURE_VARIANT(vhost) {
	int flags;
};

FIXTURE_VARIANT_ADD(vhost, tap) { .flags = 0 };
FIXTURE_VARIANT_ADD(vhost, tap_napi) { .flags = IFF_NAPI };

FIXTURE_SETUP(vhost)
{
	memset(self, 0, sizeof(*self));
	self->f = (struct flow) { .sport = 1, .dport = 2 };
	self->m = (struct mode) {
		IFF_TAP | IFF_NO_PI | variant->flags, VNET_HDR, 0
	};
	self->pkt = malloc(BIG);
	self->buf = malloc(BIG);
	ASSERT_EQ(0, ns_enter());
	self->fd = mode_create(&self->m, "t0");
	ASSERT_LE(0, self->fd);
	self->sk = psock_open("t0", true);
	ASSERT_LE(0, self->sk);
	ASSERT_EQ(0, VHOST_OPEN(&self->v, self->fd));
	ASSERT_EQ(0, vhost_backend(&self->v, 0, self->fd));
	ASSERT_EQ(0, vhost_backend(&self->v, 1, self->fd));
}

FIXTURE_TEARDOWN(vhost)
{
	vhost_close(&self->v);
	close(self->sk);
	close(self->fd);
}

/* Transmits one packet behind a virtio_net_hdr. */
static int transmit(struct vhost *v, const struct virtio_net_hdr *vh,
		    const void *pkt, size_t n)
{
	struct vhost_vq *q = &v->vq[1];

	memset(q->buf, 0, VNET_HDR);
	if (vh)
		memcpy(q->buf, vh, sizeof(*vh));
	memcpy(q->buf + VNET_HDR, pkt, n);
	vhost_post(q, 0, 0, VNET_HDR + n, false);
	vhost_kick(q);
	return vhost_wait(q, NULL);
}

TEST_F(vhost, transmit)
{
	static const size_t sizes[] = { 20, 100, 1400, 5000, 40000 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		self->n = pkt_frame(self->pkt, &self->f, sizes[i]);
		ASSERT_EQ(0, transmit(&self->v, NULL, self->pkt, self->n));
		ASSERT_EQ(self->n,
			  psock_recv(self->sk, &self->vh, self->buf, BIG));
		EXPECT_EQ(0, memcmp(self->buf, self->pkt, self->n));
	}
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(i, self->st.rx_packets);
}

TEST_F(vhost, transmit_gso)
{
	struct virtio_net_hdr vh;

	self->f.proto = IPPROTO_TCP;
	self->n = pkt_frame(self->pkt, &self->f, 3000);
	pkt_partial(self->pkt + 14);
	vh = vh_gso(self->pkt + 14, 14, 1000);
	ASSERT_EQ(0, transmit(&self->v, &vh, self->pkt, self->n));
	ASSERT_EQ(self->n, psock_recv(self->sk, &self->vh, self->buf, BIG));
	EXPECT_EQ(1000, self->vh.gso_size);
	EXPECT_EQ(VIRTIO_NET_HDR_GSO_TCPV4, self->vh.gso_type);
}

/* Several buffers at once are sent as a batch. */
TEST_F(vhost, transmit_batch)
{
	struct vhost_vq *q = &self->v.vq[1];
	int i;

	for (i = 0; i < VQ_SIZE; i++) {
		self->f.seq = i;
		memset(q->buf + i * 4096, 0, VNET_HDR);
		self->n = pkt_frame(q->buf + i * 4096 + VNET_HDR, &self->f, 100);
		vhost_post(q, i, i * 4096, VNET_HDR + self->n, false);
	}
	vhost_kick(q);
	for (i = 0; i < VQ_SIZE; i++) {
		EXPECT_EQ(i, vhost_wait(q, NULL));
		ASSERT_EQ(self->n,
			  psock_recv(self->sk, &self->vh, self->buf, BIG));
		EXPECT_EQ(0, memcmp(self->buf, q->buf + i * 4096 + VNET_HDR,
				    self->n));
	}
}

/* CVE-2024-41091: frames shorter than an Ethernet header, in batches. */
TEST_F(vhost, short_frames)
{
	size_t len;

	self->n = pkt_frame(self->pkt, &self->f, 100);
	for (len = 0; len < 14; len++)
		ASSERT_EQ(0, transmit(&self->v, NULL, self->pkt, len));
	ASSERT_EQ(0, transmit(&self->v, NULL, self->pkt, self->n));
	ASSERT_EQ(self->n, psock_recv(self->sk, &self->vh, self->buf, BIG));
	EXPECT_EQ(-EAGAIN, psock_recv_now(self->sk, &self->vh, self->buf, BIG));
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(1, self->st.rx_packets);
}

TEST_F(vhost, bad_header)
{
	struct virtio_net_hdr vh = { .gso_type = 77 };

	self->n = pkt_frame(self->pkt, &self->f, 100);
	ASSERT_EQ(0, transmit(&self->v, &vh, self->pkt, self->n));
	ASSERT_EQ(0, transmit(&self->v, NULL, self->pkt, self->n));
	ASSERT_EQ(self->n, psock_recv(self->sk, &self->vh, self->buf, BIG));
	EXPECT_EQ(-EAGAIN, psock_recv_now(self->sk, &self->vh, self->buf, BIG));
}

TEST_F(vhost, receive)
{
	static const struct virtio_net_hdr none;
	struct vhost_vq *q = &self->v.vq[0];
	int i;

	for (i = 0; i < 20; i++) {
		vhost_post(q, 0, 0, 4096, true);
		vhost_kick(q);
		self->f.seq = i;
		self->n = pkt_frame(self->pkt, &self->f, 100 + i);
		ASSERT_EQ(0, psock_send(self->sk, &none, self->pkt, self->n));
		ASSERT_EQ(0, vhost_wait(q, &self->len));
		ASSERT_EQ(VNET_HDR + self->n, self->len);
		EXPECT_EQ(0, memcmp(q->buf + VNET_HDR, self->pkt, self->n));
	}
	ASSERT_EQ(0, rtnl_stats("t0", &self->st));
	EXPECT_EQ(20, self->st.tx_packets);
}

/* Frames of XDP_TX reach vhost as xdp_frames. */
TEST_F(vhost, receive_xdp_frame)
{
	struct vhost_vq *q = &self->v.vq[0];

	ASSERT_EQ(0, rtnl_xdp("t0", xdp_const(XDP_TX), XDP_FLAGS_DRV_MODE));
	vhost_post(q, 0, 0, 4096, true);
	vhost_kick(q);
	self->n = pkt_frame(self->pkt, &self->f, 100);
	ASSERT_EQ(VNET_HDR + self->n, mode_write(&self->m, self->fd, 0, NULL,
						 self->pkt, self->n));
	ASSERT_EQ(0, vhost_wait(q, &self->len));
	ASSERT_EQ(VNET_HDR + self->n, self->len);
	EXPECT_EQ(0, memcmp(q->buf + VNET_HDR, self->pkt, self->n));
}

TEST_F(vhost, xdp_drop_and_pass)
{
	self->n = pkt_frame(self->pkt, &self->f, 100);
	ASSERT_EQ(0, rtnl_xdp("t0", xdp_const(XDP_DROP), XDP_FLAGS_DRV_MODE));
	ASSERT_EQ(0, transmit(&self->v, NULL, self->pkt, self->n));
	ASSERT_EQ(0, transmit(&self->v, NULL, self->pkt, self->n));
	ASSERT_EQ(0, rtnl_xdp("t0", xdp_const(XDP_PASS), XDP_FLAGS_DRV_MODE));
	ASSERT_EQ(0, transmit(&self->v, NULL, self->pkt, self->n));
	ASSERT_EQ(self->n, psock_recv(self->sk, &self->vh, self->buf, BIG));
	EXPECT_EQ(-EAGAIN, psock_recv_now(self->sk, &self->vh, self->buf, BIG));
}

/* read() receives the packets after the backend is removed. */
TEST_F(vhost, back_to_read)
{
	static const struct virtio_net_hdr none;

	ASSERT_EQ(0, vhost_backend(&self->v, 0, -1));
	ASSERT_EQ(0, vhost_backend(&self->v, 1, -1));
	self->n = pkt_frame(self->pkt, &self->f, 100);
	ASSERT_EQ(0, psock_send(self->sk, &none, self->pkt, self->n));
	EXPECT_EQ(VNET_HDR + self->n,
		  fd_read_wait(self->fd, self->buf, BIG));
}

TEST_F(vhost, device_deleted)
{
	ASSERT_EQ(0, rtnl_del("t0"));
	self->n = pkt_frame(self->pkt, &self->f, 100);
	/* vhost may return the buffer or keep it, and must continue */
	memcpy(self->v.vq[1].buf, self->pkt, self->n);
	vhost_post(&self->v.vq[1], 0, 0, self->n, false);
	vhost_kick(&self->v.vq[1]);
	EXPECT_EQ(0, vhost_backend(&self->v, 0, -1));
	EXPECT_EQ(0, vhost_backend(&self->v, 1, -1));
}

TEST_F(vhost, wrong_backends)
{
	int tun = tunfd_create("t1", IFF_TUN), fresh = tunfd_open();

	EXPECT_EQ(-ENOTSOCK, vhost_backend(&self->v, 0, 9999));
	EXPECT_EQ(-ENOTSOCK, vhost_backend(&self->v, 0, self->v.vq[0].kick));
	EXPECT_EQ(0, vhost_backend(&self->v, 0, tun));
	/* a file that was never attached: vhost sees EPOLLERR from its poll() */
	EXPECT_EQ(-EINVAL, vhost_backend(&self->v, 0, fresh));
	EXPECT_EQ(0, vhost_backend(&self->v, 0, self->fd));
}

/*
 * CVE-2023-1838: the descriptor is replaced while another thread sets the
 * backend.
 */
static void *swap(void *arg)
{
	int *fds = arg, i;

	for (i = 0; i < 200; i++)
		dup2(fds[i & 1], fds[2]);
	return NULL;
}

TEST_F(vhost, descriptor_swapped)
{
	int fds[3] = { dup(self->fd), open("/dev/null", O_RDWR), 77 }, i;
	pthread_t t;

	ASSERT_LE(0, dup2(self->fd, 77));
	ASSERT_EQ(0, pthread_create(&t, NULL, swap, fds));
	for (i = 0; i < 50; i++) {
		int ret = vhost_backend(&self->v, 1, 77);

		EXPECT_TRUE(!ret || ret == -ENOTSOCK);
	}
	ASSERT_EQ(0, pthread_join(t, NULL));
	ASSERT_EQ(0, vhost_backend(&self->v, 1, self->fd));
	self->n = pkt_frame(self->pkt, &self->f, 100);
	ASSERT_EQ(0, transmit(&self->v, NULL, self->pkt, self->n));
	ASSERT_EQ(self->n, psock_recv(self->sk, &self->vh, self->buf, BIG));
}

TEST_HARNESS_MAIN
