// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation offload within UDP tunnels by vhost_net, and the words of features, which
 * make the guest's header long enough for the offsets of a tunnel.
 */
#include "tunnel.h"

#include <linux/vhost.h>
#include <linux/virtio_config.h>

#include "vhost.h"
#include "harness.h"

#define OFFLOADS	(TUN_F_CSUM | TUN_F_TSO4 | TUNNEL_GSO)

FIXTURE(tunnel) {
	struct tunnel t;
	struct vhost v;
};

FIXTURE_VARIANT(tunnel) {
	bool pin;
};

/* tests/ring runs the same cases on the vhost ioctls of the tun's own file. */
#ifndef VHOST_OPEN
#define VHOST_OPEN(v, tun, pin)	vhost_open(v)

FIXTURE_VARIANT_ADD(tunnel, vhost_net) { .pin = false };
#else
FIXTURE_VARIANT_ADD(tunnel, worker) { .pin = false };
FIXTURE_VARIANT_ADD(tunnel, pinned) { .pin = true };
#endif

FIXTURE_SETUP(tunnel)
{
	ASSERT_EQ(0, tunnel_open(&self->t));
}

FIXTURE_TEARDOWN(tunnel)
{
	if (self->v.mem)
		vhost_close(&self->v);
	tunnel_close(&self->t);
}

/* Features in words: VHOST_GET_FEATURES_ARRAY and VHOST_SET_FEATURES_ARRAY. */
struct words {
	uint64_t count, word[4];
};

#define GET_WORDS	_IOR(VHOST_VIRTIO, 0x83, uint64_t)
#define SET_WORDS	_IOW(VHOST_VIRTIO, 0x83, uint64_t)
#define GUEST_TUNNEL	(1ull << (65 - 64))
#define HOST_TUNNEL	(1ull << (67 - 64))

/* A guest on @tun whose driver knows tunnels. */
static int guest_on(struct vhost *v, int tun, bool pin)
{
	struct words w = {
		2, { 1ull << VIRTIO_F_VERSION_1, GUEST_TUNNEL | HOST_TUNNEL },
	};
	int ret = VHOST_OPEN(v, tun, pin);

	if (ret)
		return ret;
	if (ioctl(v->fd, SET_WORDS, &w))
		return -errno;
	return vhost_backend(v, 0, tun) ?: vhost_backend(v, 1, tun);
}

TEST_F(tunnel, transmits)
{
	struct vhost_vq *q = &self->v.vq[1];

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctl(self->t.to, TUNSETOFFLOAD, OFFLOADS));
	ASSERT_EQ(0, guest_on(&self->v, self->t.from, variant->pin));
	vhost_post(q, 0, 0, tunnel_joined(&self->t, q->buf), false);
	vhost_kick(q);
	ASSERT_EQ(0, vhost_wait(q, NULL));
	EXPECT_EQ(0, tunnel_read_whole(&self->t));
}

TEST_F(tunnel, receives)
{
	struct vhost_vq *q = &self->v.vq[0];
	uint32_t len;
	int head;

	if (!tunnel_known())
		return;
	ASSERT_EQ(0, tunfd_ioctl(self->t.to, TUNSETOFFLOAD, OFFLOADS));
	ASSERT_EQ(0, guest_on(&self->v, self->t.to, variant->pin));
	head = tunnel_vhost_receive(q, &self->t, &len);
	ASSERT_LE(0, head);
	ASSERT_EQ(TUNNEL_HDR + self->t.n, len);
	EXPECT_EQ(0, tunnel_same_header(&self->t, q->buf + head * 8192));
	EXPECT_EQ(0, memcmp(q->buf + head * 8192 + TUNNEL_HDR, self->t.pkt,
			    self->t.n));
}

static int words_set(const struct vhost *v, struct words w)
{
	return ioctl(v->fd, SET_WORDS, &w) ? -errno : 0;
}

TEST_F(tunnel, features_in_words)
{
	struct words w = { 4, { 1, 1, 1, 1 } };
	uint64_t first;

	ASSERT_EQ(0, VHOST_OPEN(&self->v, self->t.to, variant->pin));
	if (!tunnel_known()) {
		EXPECT_EQ(-1, ioctl(self->v.fd, GET_WORDS, &w));
		return;
	}
	ASSERT_EQ(0, ioctl(self->v.fd, VHOST_GET_FEATURES, &first));
	ASSERT_EQ(0, ioctl(self->v.fd, GET_WORDS, &w));
	EXPECT_EQ(4, w.count);
	EXPECT_EQ(first, w.word[0]);
	EXPECT_EQ(GUEST_TUNNEL | HOST_TUNNEL, w.word[1]);
	EXPECT_EQ(0, w.word[2] | w.word[3]);

	/* no more words than the user has room for */
	w = (struct words) { 1, { 0, 99 } };
	ASSERT_EQ(0, ioctl(self->v.fd, GET_WORDS, &w));
	EXPECT_EQ(first, w.word[0]);
	EXPECT_EQ(99, w.word[1]);
	w = (struct words) { 0, { 99 } };
	ASSERT_EQ(0, ioctl(self->v.fd, GET_WORDS, &w));
	EXPECT_EQ(99, w.word[0]);
}

TEST_F(tunnel, set_features_in_words)
{
	const uint64_t v1 = 1ull << VIRTIO_F_VERSION_1;

	ASSERT_EQ(0, VHOST_OPEN(&self->v, self->t.to, variant->pin));
	if (!tunnel_known())
		return;
	EXPECT_EQ(0, words_set(&self->v, (struct words) { 1, { v1 } }));
	EXPECT_EQ(0, words_set(&self->v,
			       (struct words) { 2, { v1, HOST_TUNNEL } }));
	EXPECT_EQ(0, words_set(&self->v,
			       (struct words) { 4, { v1, GUEST_TUNNEL } }));
	EXPECT_EQ(-EOPNOTSUPP, words_set(&self->v, (struct words) { 1, { ~0ull } }));
	EXPECT_EQ(-EOPNOTSUPP, words_set(&self->v, (struct words) { 2, { v1, 1 } }));
	EXPECT_EQ(-EOPNOTSUPP,
		  words_set(&self->v, (struct words) { 4, { v1, 0, 0, 1 } }));
	/* words behind the count do not matter */
	EXPECT_EQ(0, words_set(&self->v, (struct words) { 1, { v1, 1 } }));
	EXPECT_EQ(-1, ioctl(self->v.fd, SET_WORDS, NULL));
	EXPECT_EQ(EFAULT, errno);
}

TEST_HARNESS_MAIN
