// SPDX-License-Identifier: GPL-2.0
/* The vhost ioctls: in the order of a VMM, and in any order. */
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>

#include "hammer.h"

static int vring(int fd, unsigned long cmd, unsigned int i, unsigned int num)
{
	struct vhost_vring_state s = { h_one_in(32) ? 2 + h_below(4) : i, num };

	return h_call(fd, cmd, &s, sizeof(s));
}

static int file(int fd, unsigned long cmd, unsigned int i, int other)
{
	struct vhost_vring_file f = { h_one_in(32) ? 2 + h_below(4) : i, other };

	return h_call(fd, cmd, &f, sizeof(f));
}

static int set_features(int fd)
{
	static const unsigned int bits[] = {
		VIRTIO_F_NOTIFY_ON_EMPTY, VIRTIO_RING_F_EVENT_IDX,
		VIRTIO_RING_F_INDIRECT_DESC, VIRTIO_NET_F_MRG_RXBUF,
		VHOST_F_LOG_ALL, VHOST_NET_F_VIRTIO_NET_HDR,
	};
	uint64_t f = 1ULL << VIRTIO_F_VERSION_1;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(bits); i++)
		if (h_one_in(bits[i] == VHOST_F_LOG_ALL ? 8 : 2))
			f |= 1ULL << bits[i];
	return h_call(fd, VHOST_SET_FEATURES, &f, sizeof(f));
}

static int set_table(int fd)
{
	struct {
		struct vhost_memory m;
		struct vhost_memory_region r[4];
	} t = { .m.nregions = 1u << h_below(3) };
	unsigned int i;

	for (i = 0; i < t.m.nregions; i++) {
		t.r[i].memory_size = H_POOL / t.m.nregions;
		t.r[i].guest_phys_addr = i * t.r[i].memory_size;
		t.r[i].userspace_addr =
			(uintptr_t)h_pool() + t.r[i].guest_phys_addr;
	}
	if (h_one_in(16))
		h_spoil(t.r, sizeof(t.r));
	return h_call(fd, VHOST_SET_MEM_TABLE, &t, sizeof(t));
}

static int set_addr(int fd, unsigned int set, unsigned int i)
{
	struct h_vq vq = h_vq_at(set, i);
	struct vhost_vring_addr a = {
		.index = i, .flags = h_one_in(8),
		.log_guest_addr = h_below(H_POOL) & -4u,
		.desc_user_addr = (uintptr_t)vq.desc,
		.avail_user_addr = (uintptr_t)vq.avail,
		.used_user_addr = (uintptr_t)vq.used,
	};

	return h_call(fd, VHOST_SET_VRING_ADDR, &a, sizeof(a));
}

static void describe(int fd, unsigned int set, unsigned int i)
{
	vring(fd, VHOST_SET_VRING_NUM, i, H_ENTRIES);
	vring(fd, VHOST_SET_VRING_BASE, i, 0);
	if (!h_one_in(16))
		h_vq_reset(set, i);
	set_addr(fd, set, i);
	file(fd, VHOST_SET_VRING_KICK, i, h_event());
	file(fd, VHOST_SET_VRING_CALL, i, h_one_in(8) ? -1 : h_event());
	file(fd, VHOST_SET_VRING_ERR, i, h_one_in(8) ? -1 : h_event());
}

/* As a VMM starts a guest: on the queue's file, or on another one. */
static void start(void)
{
	unsigned int set = h_below(H_TUNS), other = h_below(H_TUNS), i;
	int fd = H_TUN + set, tun = h_one_in(4) ? H_TUN + other : fd;
	uint64_t log = (uintptr_t)h_pool() + H_POOL;

	h_ioctl(fd, VHOST_SET_OWNER, 0);
	if (h_one_in(4))
		h_call(fd, VHOST_SET_LOG_BASE, &log, sizeof(log));
	set_features(fd);
	set_table(fd);
	for (i = 0; i < 2; i++)
		describe(fd, set, i);
	for (i = 0; i < 2; i++)
		file(fd, VHOST_NET_SET_BACKEND, i, tun);
}

static void stop(void)
{
	int fd = h_tun();

	file(fd, VHOST_NET_SET_BACKEND, h_below(2), -1);
	if (h_one_in(2))
		h_ioctl(fd, VHOST_RESET_OWNER, 0);
}

static void options(void)
{
	struct tun_ring_guest g = { .flags = h_below(8) };

	h_call(h_tun(), TUNRINGGUEST, &g, sizeof(g));
}

/* One call of a running guest's VMM. */
static void meanwhile(void)
{
	int fd = h_tun();
	unsigned int set = fd - H_TUN, i = h_below(2);
	uint64_t u = (uintptr_t)h_pool() + H_POOL;
	int event = h_event();

	switch (h_below(10)) {
	case 0:
		set_features(fd);
		break;
	case 1:
		set_table(fd);
		break;
	case 2:
		set_addr(fd, set, i);
		break;
	case 3:
		file(fd, VHOST_SET_VRING_CALL, i, h_event());
		break;
	case 4:
		file(fd, VHOST_SET_VRING_KICK, i, h_event());
		break;
	case 5:
		file(fd, VHOST_SET_VRING_ERR, i, -1);
		break;
	case 6:
		h_call(fd, VHOST_SET_LOG_BASE, &u, sizeof(u));
		break;
	case 7:
		h_call(fd, VHOST_SET_LOG_FD, &event, sizeof(event));
		break;
	case 8:
		vring(fd, VHOST_SET_VRING_BUSYLOOP_TIMEOUT, i, h_below(100));
		break;
	case 9:
		file(fd, VHOST_NET_SET_BACKEND, i, h_tun());
		break;
	}
}

static void look(void)
{
	static const unsigned long cmds[] = {
		VHOST_GET_VRING_BASE, VHOST_GET_VRING_BUSYLOOP_TIMEOUT,
		VHOST_GET_VRING_ENDIAN, VHOST_SET_VRING_ENDIAN,
		VHOST_SET_VRING_NUM, VHOST_SET_VRING_BASE,
	};
	uint64_t f = 0;

	switch (h_below(4)) {
	case 0:
		h_call(h_tun(), VHOST_GET_FEATURES, &f, sizeof(f));
		break;
	case 1:
		h_call(h_tun(), VHOST_GET_BACKEND_FEATURES, &f, sizeof(f));
		break;
	case 2:
		h_call(h_tun(), VHOST_SET_BACKEND_FEATURES, &f, sizeof(f));
		break;
	case 3:
		vring(h_tun(), cmds[h_below(ARRAY_LEN(cmds))], h_below(2),
		      h_one_in(3) ? h_below(4) : 0);
		break;
	}
}

const struct h_op h_ops_guest[] = {
	{ start, 16 }, { stop, 6 }, { options, 6 }, { meanwhile, 24 },
	{ look, 64 }, { },
};
