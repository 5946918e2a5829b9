// SPDX-License-Identifier: GPL-2.0
/*
 * Which queues may enable UDP segmentation offload, and how long the offload
 * lasts. Before Linux 6.2 only queues with rings may enable the offload.
 */
#include <linux/ethtool.h>

#include "guest.h"
#include "harness.h"
#include "uso.h"

#define MQ	(TUN_PLAIN | IFF_MULTI_QUEUE)
#define SEGMENT	1000
#define SIZE	3000

/* The kernel's own driver has the offload. */
static bool known(void)
{
	return kernel_since(6, 2, 0);
}

/* Returns 0 if the stack leaves datagrams of the device unsegmented. */
static int disabled(const char *dev)
{
	return cmd_run("ethtool -k %s | grep -q 'tx-udp-segmentation: on'", dev);
}

static int enable(int fd)
{
	return tunfd_ioctl(fd, TUNSETOFFLOAD, USO_OFFLOADS);
}

FIXTURE(rules) {
	struct env e;
	struct tring r[2];
	int fd[2];
};

FIXTURE_SETUP(rules)
{
	ASSERT_EQ(0, env_open(&self->e, "rules0", MQ));
	self->fd[0] = self->e.fd;
	self->fd[1] = tunfd_create("rules0", MQ);
	ASSERT_LE(0, self->fd[1]);
}

FIXTURE_TEARDOWN(rules)
{
	if (self->fd[1] >= 0)
		close(self->fd[1]);
	env_close(&self->e);
	tring_unmap(&self->r[0]);
	tring_unmap(&self->r[1]);
}

static int set_up(struct tring *r, int fd)
{
	struct tconf c = { F_META, 16, 16, 2048, 0 };

	return tring_start(r, fd, &c);
}

/* A queue without rings finds the kernel's own driver. */
TEST_F(rules, without_rings)
{
	EXPECT_EQ(known() ? 0 : -EINVAL, enable(self->fd[0]));
	EXPECT_EQ(!known(), disabled("rules0"));
	if (!known())
		EXPECT_EQ(0, cmd_run("ethtool -k rules0 | grep -q "
				     "'tx-udp-segmentation: off .fixed.'"));
	ASSERT_EQ(0, set_up(&self->r[0], self->fd[0]));
	EXPECT_EQ(known() ? 0 : -EINVAL, enable(self->fd[1]));
}

/* Both versions of IP, and the checksum. */
TEST_F(rules, flags)
{
	ASSERT_EQ(0, set_up(&self->r[0], self->fd[0]));
	EXPECT_EQ(-EINVAL, tunfd_ioctl(self->fd[0], TUNSETOFFLOAD,
				       TUN_F_CSUM | TUN_F_USO4));
	EXPECT_EQ(-EINVAL, tunfd_ioctl(self->fd[0], TUNSETOFFLOAD,
				       TUN_F_CSUM | TUN_F_USO6));
	EXPECT_EQ(-EINVAL, tunfd_ioctl(self->fd[0], TUNSETOFFLOAD,
				       TUN_F_USO4 | TUN_F_USO6));
	EXPECT_NE(0, disabled("rules0"));
	EXPECT_EQ(0, enable(self->fd[0]));
	EXPECT_EQ(0, disabled("rules0"));
	/* the administrator may turn the offload off, and on again */
	EXPECT_EQ(0, cmd_run("ethtool -K rules0 tx-udp-segmentation off"));
	EXPECT_NE(0, disabled("rules0"));
	EXPECT_EQ(0, cmd_run("ethtool -K rules0 tx-udp-segmentation on"));
	EXPECT_EQ(0, disabled("rules0"));
	EXPECT_EQ(0, tunfd_ioctl(self->fd[0], TUNSETOFFLOAD, TUN_F_CSUM));
	EXPECT_NE(0, disabled("rules0"));
}

/* The last rings take the offload along, unless the kernel's own driver has it. */
TEST_F(rules, last_rings)
{
	ASSERT_EQ(0, set_up(&self->r[0], self->fd[0]));
	ASSERT_EQ(0, set_up(&self->r[1], self->fd[1]));
	ASSERT_EQ(0, tunfd_ioctl(self->fd[1], TUNSETOFFLOAD,
				 USO_OFFLOADS | TUN_F_TSO4));
	ASSERT_EQ(0, tring_teardown(self->fd[0]));
	EXPECT_EQ(0, disabled("rules0"));
	/* a queue that TUNSETQUEUE has detached keeps its rings */
	ASSERT_EQ(0, tunfd_queue(self->fd[1], IFF_DETACH_QUEUE));
	ASSERT_EQ(0, set_up(&self->r[0], self->fd[0]));
	ASSERT_EQ(0, tring_teardown(self->fd[0]));
	EXPECT_EQ(0, disabled("rules0"));
	ASSERT_EQ(0, tring_teardown(self->fd[1]));
	EXPECT_EQ(!known(), disabled("rules0"));
	EXPECT_EQ(1, if_feature("rules0", ETHTOOL_GTSO));
	EXPECT_EQ(1, if_feature("rules0", ETHTOOL_GTXCSUM));
}

/* The device outlives the file. */
TEST_F(rules, closed_file)
{
	ASSERT_EQ(0, set_up(&self->r[1], self->fd[1]));
	ASSERT_EQ(0, enable(self->fd[1]));
	tring_unmap(&self->r[1]);
	close(self->fd[1]);
	self->fd[1] = -1;
	EXPECT_EQ(!known(), disabled("rules0"));
}

FIXTURE(uguest) {
	struct env e;
	struct guest g;
	int sk;
};

FIXTURE_VARIANT(uguest) {
	bool pin;
};

FIXTURE_VARIANT_ADD(uguest, worker) { };
FIXTURE_VARIANT_ADD(uguest, pinned) { .pin = true };

FIXTURE_SETUP(uguest)
{
	ASSERT_EQ(0, env_open(&self->e, "guest0", TAP_PLAIN | IFF_VNET_HDR));
	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETVNETHDRSZ, 12));
	ASSERT_EQ(0, guest_open_in(&self->g, dup(self->e.fd), variant->pin,
				   G_V1 | G_MRG, 12));
	ASSERT_EQ(0, guest_start(&self->g, self->e.fd));
	self->sk = uso_socket("guest0", false);
	ASSERT_LE(0, self->sk);
	ASSERT_EQ(0, enable(self->e.fd));
}

FIXTURE_TEARDOWN(uguest)
{
	close(self->sk);
	guest_close(&self->g);
	env_close(&self->e);
}

TEST_F(uguest, receive)
{
	uint8_t pkt[SIZE], buf[G_BUF];
	struct virtio_net_hdr vh;
	struct guest *g = &self->g;

	memset(pkt, 0x5a, sizeof(pkt));
	guest_fill(g);
	ASSERT_EQ(SIZE, uso_send(self->sk, pkt, SIZE, SEGMENT));
	ASSERT_EQ(ETH_HLEN + 28 + SIZE, guest_recv(g, buf, sizeof(buf)));
	memcpy(&vh, guest_buf(g, G_RX, 0), sizeof(vh));
	EXPECT_EQ(VIRTIO_NET_HDR_GSO_UDP_L4, vh.gso_type);
	EXPECT_EQ(SEGMENT, vh.gso_size);
	EXPECT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, vh.flags);
	EXPECT_EQ(0, memcmp(pkt, buf + ETH_HLEN + 28, SIZE));
}

TEST_F(uguest, transmit)
{
	struct flow f = { .sport = 5000, .dport = 6000 };
	uint8_t pkt[G_BUF], buf[2048];
	struct virtio_net_hdr vh;
	unsigned int i;
	size_t n;

	n = uso_packet(pkt, true, &f, SIZE, SEGMENT, &vh);
	ASSERT_EQ(0, guest_send(&self->g, &vh, pkt, n));
	for (i = 0; i < SIZE / SEGMENT; i++) {
		ASSERT_EQ(SEGMENT, recv(self->sk, buf, sizeof(buf), 0));
		EXPECT_EQ(0, memcmp(buf, pkt + ETH_HLEN + 28 + i * SEGMENT,
				    SEGMENT));
	}
}

TEST_HARNESS_MAIN
