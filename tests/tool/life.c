// SPDX-License-Identifier: GPL-2.0
/* Opening, adopting, full rings, devices that go down or away, closing. */
#include "dev.h"
#include "harness.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/ioctl.h>

FIXTURE(life) {
	struct dev d;
	struct tunring_options opt;
};

FIXTURE_VARIANT(life) {
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(life, native) {};
FIXTURE_VARIANT_ADD(life, attached) { .flags = TUNRING_O_ATTACH };
FIXTURE_VARIANT_ADD(life, pinned) { .flags = TUNRING_O_ATTACH |
					     TUNRING_O_PIN };
FIXTURE_VARIANT_ADD(life, plain) { .flags = TUNRING_O_NO_RING };

FIXTURE_SETUP(life)
{
	ASSERT_EQ(netns_new(), 0);
	tunring_options_init(&self->opt);
	self->opt.flags = variant->flags;
	self->opt.rx_entries = 8;
	self->opt.tx_entries = 8;
	self->d.sock = -1;
}

FIXTURE_TEARDOWN(life)
{
	dev_close(&self->d);
}

static int open_fd(short flags)
{
	struct ifreq ifr;
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	memset(&ifr, 0, sizeof(ifr));
	strcpy(ifr.ifr_name, "ad%d");
	ifr.ifr_flags = flags;
	return ioctl(fd, TUNSETIFF, &ifr) ? -errno : fd;
}

/* Mode and refusal are as the kernel has it. */
TEST_F(life, need_ring)
{
	struct tunring_caps caps;
	int fd = open("/dev/net/tun", O_RDWR), ret;

	ASSERT_EQ(tunring_query(fd, &caps),
		  expected_mode(0) == TUNRING_MODE_RING ? 0 : -ENOTTY);
	close(fd);
	fd = open_fd(IFF_TUN | IFF_NO_PI);
	ASSERT_GE(fd, 0);
	ret = tunring_query(fd, &caps);
	if (expected_mode(0) == TUNRING_MODE_RING) {
		ASSERT_EQ(ret, 0);
		ASSERT_EQ(caps.max_entries, 32768);
		ASSERT_EQ(caps.mode, TUNRING_MODE_PLAIN);
	} else {
		ASSERT_EQ(ret, -ENOTTY);
	}
	self->opt.flags = TUNRING_O_NEED_RING;
	ret = tunring_adopt(&self->d.h, fd, 0, &self->opt);
	ASSERT_EQ(ret, expected_mode(0) == TUNRING_MODE_RING ? 0 : -ENOTTY);
	tunring_close(self->d.h);
	self->d.h = NULL;
	close(fd);
}

/* Packets that come between a set-up and the first buffers, or before, are not lost. */
TEST_F(life, packets_from_before)
{
	int fd = open_fd(IFF_TUN | IFF_NO_PI), i;
	struct tunring_packet p[3];

	ASSERT_GE(fd, 0);
	ASSERT_EQ(tunring_adopt(&self->d.h, fd, 0, &self->opt), 0);
	ASSERT_EQ(dev_ready(&self->d), 0);
	tunring_close(self->d.h);
	for (i = 0; i < 3; i++)
		ASSERT_EQ(dev_send(&self->d, "in", 2), 2);
	ASSERT_EQ(tunring_adopt(&self->d.h, fd, 0, &self->opt), 0);
	ASSERT_EQ(dev_take(&self->d, p, 3), 3);
	ASSERT_EQ(tunring_rx_release(self->d.h, p, 3), 0);
	ASSERT_EQ(dev_send(&self->d, "in", 2), 2);
	ASSERT_EQ(dev_take(&self->d, p, 1), 1);
	ASSERT_EQ(tunring_rx_release(self->d.h, p, 1), 0);
	close(fd);
}

/*
 * A descriptor with all the headers that there are, before and after plain
 * read() and write(): nothing of them is seen while it is adopted.
 */
TEST_F(life, adopt)
{
	uint8_t raw[256], out[8];
	struct tunring_packet p;
	int fd = open_fd(IFF_TUN | IFF_VNET_HDR);
	int off = 4 + 10, round;
	size_t n;

	ASSERT_GE(fd, 0);
	self->opt.flags |= TUNRING_O_PI;
	for (round = 0; round < 3; round++) {
		ASSERT_EQ(tunring_adopt(&self->d.h, fd, 0, &self->opt), 0);
		ASSERT_EQ(tunring_mode(self->d.h),
			  expected_mode(variant->flags));
		ASSERT_EQ(dev_ready(&self->d), 0);
		ASSERT_EQ(dev_send(&self->d, "in", 2), 2);
		ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
		ASSERT_EQ(p.len, HDRS + 2);
		ASSERT_EQ(p.data[0], 0x45);
		ASSERT_EQ(tunring_rx_release(self->d.h, &p, 1), 0);
		ASSERT_EQ(put_udp(&self->d, "out", 3), 1);
		/* not kicked: closing sends it */
		tunring_close(self->d.h);
		self->d.h = NULL;
		ASSERT_EQ(dev_recv(&self->d, out, 8), 3);

		ASSERT_EQ(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
		ASSERT_EQ(dev_send(&self->d, "in", 2), 2);
		ASSERT_EQ(read(fd, raw, sizeof(raw)), off + HDRS + 2);
		ASSERT_EQ(raw[off], 0x45);
		memset(raw, 0, sizeof(raw));
		raw[2] = 8;
		n = make_udp(&self->d, raw + off, "out", 3);
		ASSERT_EQ(write(fd, raw, off + n), off + n);
		ASSERT_EQ(dev_recv(&self->d, out, 8), 3);
		close(self->d.sock);
		self->d.sock = -1;
	}
	close(fd);
}

TEST_F(life, adopt_wrong)
{
	int fd = open("/dev/net/tun", O_RDWR);

	ASSERT_EQ(tunring_adopt(&self->d.h, fd, 0, &self->opt), -EBADFD);
	ASSERT_EQ(fcntl(fd, F_GETFD), 0);
	close(fd);
	ASSERT_EQ(tunring_adopt(&self->d.h, fd, 0, &self->opt), -EBADF);
	fd = open("/dev/null", O_RDWR);
	ASSERT_EQ(tunring_adopt(&self->d.h, fd, 0, &self->opt), -EBADFD);
	close(fd);
	ASSERT_EQ(tunring_open(&self->d.h, "a-name-too-long-for-it", IFF_TUN,
			       &self->opt), -ENAMETOOLONG);
	self->d.h = NULL;
}

/* Every buffer held: the rest waits, and comes in order. */
TEST_F(life, full)
{
	struct tunring_packet p[8];
	uint32_t i, v;

	ASSERT_EQ(dev_open(&self->d, false, &self->opt), 0);
	for (i = 0; i < 100; i++)
		ASSERT_EQ(dev_send(&self->d, &i, 4), 4);
	ASSERT_EQ(dev_take(&self->d, p, 8), 8);
	ASSERT_EQ(tunring_rx_burst(self->d.h, p, 8), 0);
	/* back one by one, in the order of the worst */
	for (i = 0; i < 8; i++) {
		ASSERT_EQ(udp_payload(&self->d, &p[i], &v, 4), 4);
		ASSERT_EQ(v, i);
	}
	for (i = 8; i--;)
		ASSERT_EQ(tunring_rx_release(self->d.h, &p[i], 1), 0);
	for (i = 8; i < 100; i++) {
		ASSERT_EQ(dev_take(&self->d, p, 1), 1);
		ASSERT_EQ(udp_payload(&self->d, &p[0], &v, 4), 4);
		ASSERT_EQ(v, i);
		ASSERT_EQ(tunring_rx_release(self->d.h, &p[0], 1), 0);
	}
}

/* Down: packets are lost, and the ring goes on when the device is up again. */
TEST_F(life, down_and_up)
{
	char out[8];

	ASSERT_EQ(dev_open(&self->d, false, &self->opt), 0);
	ASSERT_EQ(dev_flags(self->d.name, 0, IFF_UP), 0);
	ASSERT_EQ(put_udp(&self->d, "lost", 4), 1);
	ASSERT_EQ(tunring_tx_kick(self->d.h), -EIO);
	ASSERT_EQ(put_udp(&self->d, "lost", 4), 1);
	ASSERT_EQ(tunring_wait(self->d.h, 20000000, NULL, TUNRING_WAIT_TX), 0);
	ASSERT_EQ(dev_flags(self->d.name, IFF_UP, 0), 0);
	ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
	ASSERT_EQ(put_udp(&self->d, "next", 4), 1);
	ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
	ASSERT_EQ(dev_recv(&self->d, out, 8), 4);
	ASSERT_EQ(memcmp(out, "next", 4), 0);
	ASSERT_EQ(tunring_check(self->d.h), 0);
}

TEST_F(life, deleted)
{
	struct tunring_packet p;

	ASSERT_EQ(dev_open(&self->d, false, &self->opt), 0);
	ASSERT_EQ(dev_send(&self->d, "held", 4), 4);
	ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
	ASSERT_EQ(dev_delete(self->d.name), 0);
	/* memory outlives the device */
	memset(p.data - 64, 1, 2048);
	ASSERT_EQ(tunring_check(self->d.h), -EBADFD);
	ASSERT_EQ(tunring_wait(self->d.h, -1, NULL, 0), -EBADFD);
	ASSERT_LT(tunring_wait(self->d.h, -1, NULL, TUNRING_WAIT_TX), 0);
	tunring_rx_release(self->d.h, &p, 1);
}

/* Many buffers, small and large ones. */
TEST_F(life, geometry)
{
	static const struct {
		uint32_t entries, buf_size;
	} kinds[] = {
		{ 1, 2048 }, { 2, 65536 }, { 1024, 192 }, { 32768, 2048 },
		{ 4096, 4096 },
	};
	struct tunring_packet p;
	char out[8];
	int i, k;

	for (i = 0; i < 5; i++) {
		self->opt.rx_entries = kinds[i].entries;
		self->opt.tx_entries = kinds[i].entries;
		self->opt.buf_size = kinds[i].buf_size;
		ASSERT_EQ(dev_open(&self->d, false, &self->opt), 0);
		for (k = 0; k < 20; k++) {
			ASSERT_EQ(dev_send(&self->d, "abcd", 4), 4);
			ASSERT_EQ(dev_take(&self->d, &p, 1), 1);
			turn_udp(&self->d, p.data);
			ASSERT_EQ(tunring_rx_forward(self->d.h, &p, 1), 1);
			ASSERT_EQ(tunring_tx_kick(self->d.h), 0);
			ASSERT_EQ(dev_recv(&self->d, out, 8), 4);
			ASSERT_EQ(dev_sent(&self->d), 0);
		}
		dev_close(&self->d);
	}
}

TEST_HARNESS_MAIN
