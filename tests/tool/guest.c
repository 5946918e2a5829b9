// SPDX-License-Identifier: GPL-2.0
/*
 * tunring info, of a queue that serves a virtual machine. The machine is this
 * program: it says by vhost's ioctls where its rings are, as QEMU does.
 */
#include "dev.h"
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define ENTRIES	256
#define PART	8192	/* of a ring: descriptors, available, used */
#define MEMORY	(8 * PART)

FIXTURE(guest) {
	int tun;
	int vhost;	/* the same file once more, or another */
	uint8_t *memory;
	bool rings;	/* ours */
};

FIXTURE_VARIANT(guest) {
	bool dup;
};

FIXTURE_VARIANT_ADD(guest, dup) { .dup = true };
FIXTURE_VARIANT_ADD(guest, other) {};

FIXTURE_SETUP(guest)
{
	struct ifreq ifr = {
		.ifr_name = "gu0",
		.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR,
	};

	ASSERT_EQ(netns_new(), 0);
	self->tun = open("/dev/net/tun", O_RDWR);
	ASSERT_EQ(ioctl(self->tun, TUNSETIFF, &ifr), 0);
	self->vhost = variant->dup ? dup(self->tun) :
				     open("/dev/net/tun", O_RDWR);
	self->memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(self->memory, MAP_FAILED);
	self->rings = expected_mode(0) == TUNRING_MODE_RING;
}

FIXTURE_TEARDOWN(guest)
{
	close(self->vhost);
	close(self->tun);
	munmap(self->memory, MEMORY);
}

static int call(const struct _test_data_guest *self, unsigned long cmd,
		const void *arg)
{
	return ioctl(self->vhost, cmd, arg) ? -errno : 0;
}

static int describe(const struct _test_data_guest *self, unsigned int i)
{
	uint64_t at = (uintptr_t)self->memory + i * 3 * PART;
	struct vhost_vring_state num = { i, ENTRIES }, base = { i, 0 };
	struct vhost_vring_addr addr = {
		.index = i, .desc_user_addr = at,
		.avail_user_addr = at + PART, .used_user_addr = at + 2 * PART,
	};
	int ret = call(self, VHOST_SET_VRING_NUM, &num);

	if (!ret)
		ret = call(self, VHOST_SET_VRING_BASE, &base);
	return ret ? ret : call(self, VHOST_SET_VRING_ADDR, &addr);
}

/* The ioctls of a monitor before its guest's rings run. */
static int prepare(const struct _test_data_guest *self)
{
	uint64_t features = 1ULL << VIRTIO_F_VERSION_1 |
			    1ULL << VIRTIO_NET_F_MRG_RXBUF |
			    1ULL << VIRTIO_RING_F_EVENT_IDX;
	struct {
		struct vhost_memory m;
		struct vhost_memory_region r;
	} table = {
		.m.nregions = 1,
		.r = { 0, MEMORY, (uintptr_t)self->memory, 0 },
	};
	int ret = call(self, VHOST_SET_OWNER, NULL);

	if (!ret)
		ret = call(self, VHOST_SET_FEATURES, &features);
	if (!ret)
		ret = call(self, VHOST_SET_MEM_TABLE, &table);
	if (!ret)
		ret = describe(self, 0);
	return ret ? ret : describe(self, 1);
}

static int backend(const struct _test_data_guest *self, int fd)
{
	struct vhost_vring_file rx = { 0, fd }, tx = { 1, fd };
	int ret = call(self, VHOST_NET_SET_BACKEND, &rx);

	return ret ? ret : call(self, VHOST_NET_SET_BACKEND, &tx);
}

/*
 * Does tunring info say so of our descriptor, or as it is? It is not asked for the
 * device: /sys shows another network namespace.
 */
static bool told(const struct _test_data_guest *self, const char *text)
{
	char command[512], want[128], line[512];
	bool yes = false;
	FILE *f;

	snprintf(command, sizeof(command), "%s/build/tools/tunring info",
		 getenv("TOP") ? getenv("TOP") : "../..");
	f = popen(command, "r");
	if (!f)
		return false;
	snprintf(want, sizeof(want), "queue: gu0, guest[%d] fd %d, %s\n",
		 getpid(), self->tun, text);
	while (fgets(line, sizeof(line), f))
		yes |= !strcmp(line, want) || strstr(line, text) == line;
	return !pclose(f) && yes;
}

TEST_F(guest, info)
{
	ASSERT_TRUE(told(self, "read and write"));
	if (!self->rings) {
		ASSERT_LT(prepare(self), 0);
		return;
	}
	ASSERT_EQ(prepare(self), 0);
	ASSERT_TRUE(told(self, "read and write"));
	ASSERT_EQ(backend(self, self->tun), 0);
	ASSERT_TRUE(told(self, "rings (guest)"));
	ASSERT_TRUE(told(self, "  features: mrg-rxbuf event-idx version-1\n"));
	ASSERT_TRUE(told(self, "  rx: 256 entries, 0 packets, 0 bytes"));
	ASSERT_EQ(backend(self, -1), 0);
	ASSERT_TRUE(told(self, "read and write"));
}

TEST_HARNESS_MAIN
