// SPDX-License-Identifier: GPL-2.0
/* The open files, names of devices and memory that all threads share. */
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "hammer.h"

struct h_shared *h_shared;

/* Moves an open file to a number of the table. */
static int place(int fd, int at)
{
	if (fd < 0)
		return fd;
	if (dup2(fd, at) < 0)
		return -errno;
	close(fd);
	return 0;
}

/* Two namespaces; the caller stays in the first one. */
static int spaces(void)
{
	int i, ret = 0;

	for (i = H_SPACES - 1; i >= 0 && !ret; i--) {
		ret = ns_fresh();
		if (!ret)
			ret = place(ns_open(), H_SPACE + i);
	}
	return ret ?: ns_sysfs();
}

/* The memory of all generations. */
int h_shared_create(void)
{
	h_shared = mmap(NULL, sizeof(*h_shared), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return h_shared == MAP_FAILED ? -errno : 0;
}

/* The files and the memory of one generation. */
int h_world_create(void)
{
	unsigned int i;
	void *p;
	int ret;

	p = mmap(H_ARENA, H_ARENA_LEN, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (p == MAP_FAILED)
		return -errno;
	ret = spaces();
	for (i = 0; i < H_TUNS && !ret; i++) {
		ret = place(tunfd_open(), H_TUN + i);
		fd_nonblock(H_TUN + i);
		h_setiff(H_TUN + i, i, h_dev(i));
		if_up(h_dev(i));
	}
	for (i = 0; i < H_EVENTS && !ret; i++)
		ret = place(eventfd(0, EFD_NONBLOCK), H_EVENT + i);
	return ret;
}

/* A file for a call: a tun, but once in a while another one, or none. */
int h_tun(void)
{
	if (h_one_in(16))
		return h_one_in(2) ? h_event() : H_NONE;
	return H_TUN + h_below(H_TUNS);
}

int h_vringfd(void)
{
	return H_VRING + h_below(H_VRINGS);
}

int h_event(void)
{
	return H_EVENT + h_below(H_EVENTS);
}

const char *h_dev(unsigned int i)
{
	static const char *const names[H_DEVS] = { "hm0", "hm1", "hm2", "hm3" };

	return names[i % H_DEVS];
}

/* A device for a call, or once in a while a name that none has. */
const char *h_some_dev(void)
{
	return h_one_in(16) ? "hm9" : h_dev(h_below(H_DEVS));
}

/* Attaches a file to device i with flags that fit its other queues. */
int h_setiff(int fd, unsigned int i, const char *name)
{
	static const int flags[H_DEVS] = {
		IFF_TUN | IFF_NO_PI | IFF_MULTI_QUEUE,
		IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE,
		IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_NAPI_FRAGS | IFF_MULTI_QUEUE,
		IFF_TUN | IFF_VNET_HDR,
	};
	struct ifreq ifr = { .ifr_flags = flags[i % H_DEVS] };

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", name);
	return h_call(fd, TUNSETIFF, &ifr, sizeof(ifr));
}

struct h_vq h_vq_at(unsigned int set, unsigned int dir)
{
	uint8_t *p = H_ARENA + (set % H_SETS * 2 + dir) * H_VQ;

	return (struct h_vq) {
		.desc = (void *)p, .avail = (void *)(p + 4096),
		.used = (void *)(p + 8192), .entries = H_ENTRIES,
	};
}

static void reset(void *arg)
{
	memset(arg, 0, H_VQ);
}

void h_vq_reset(unsigned int set, unsigned int dir)
{
	h_touch(reset, h_vq_at(set, dir).desc);
}

uint8_t *h_pool(void)
{
	return H_ARENA + H_RINGS;
}
