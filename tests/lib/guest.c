// SPDX-License-Identifier: GPL-2.0
/* The monitor's side of a guest: its memory and the vhost ioctls. */
#include <errno.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "guest.h"

int guest_ioctl(const struct guest *g, unsigned long cmd, void *arg)
{
	return tunfd_ioctlp(g->ctl, cmd, arg);
}

int guest_vring(const struct guest *g, unsigned long cmd, unsigned int i,
		unsigned int num)
{
	struct vhost_vring_state s = { i, num };

	return guest_ioctl(g, cmd, &s);
}

int guest_file(const struct guest *g, unsigned long cmd, unsigned int i, int fd)
{
	struct vhost_vring_file f = { i, fd };

	return guest_ioctl(g, cmd, &f);
}

int guest_features(struct guest *g, uint64_t features)
{
	int ret = guest_ioctl(g, VHOST_SET_FEATURES, &features);

	if (!ret)
		g->features = features;
	return ret;
}

int guest_table(const struct guest *g, const struct vhost_memory_region *r,
		unsigned int n)
{
	struct {
		struct vhost_memory m;
		struct vhost_memory_region r[80];
	} t = { .m.nregions = n };

	memcpy(t.r, r, n * sizeof(*r));
	return guest_ioctl(g, VHOST_SET_MEM_TABLE, &t);
}

int guest_table_default(const struct guest *g)
{
	struct vhost_memory_region r = { 0, G_POOL, (uintptr_t)g->pool, 0 };

	return guest_table(g, &r, 1);
}

int guest_addr(const struct guest *g, unsigned int i, unsigned int flags,
	       uint64_t log)
{
	struct vhost_vring_addr a = {
		.index = i, .flags = flags, .log_guest_addr = log,
		.desc_user_addr = (uintptr_t)g->vq[i].desc,
		.avail_user_addr = (uintptr_t)g->vq[i].avail,
		.used_user_addr = (uintptr_t)g->vq[i].used,
	};

	return guest_ioctl(g, VHOST_SET_VRING_ADDR, &a);
}

/* Sets up one virtqueue that starts at index 0. */
int guest_describe(const struct guest *g, unsigned int i)
{
	int ret = guest_vring(g, VHOST_SET_VRING_NUM, i, G_ENTRIES);

	if (!ret)
		ret = guest_vring(g, VHOST_SET_VRING_BASE, i, 0);
	if (!ret)
		ret = guest_addr(g, i, 0, 0);
	if (!ret)
		ret = guest_file(g, VHOST_SET_VRING_KICK, i, g->kick[i]);
	if (!ret)
		ret = guest_file(g, VHOST_SET_VRING_CALL, i, g->call[i]);
	if (!ret)
		ret = guest_file(g, VHOST_SET_VRING_ERR, i, g->err[i]);
	return ret;
}

/* Clears both virtqueues, as a guest's driver does after a reset. */
void guest_fresh_rings(struct guest *g)
{
	unsigned int i;

	memset(g->rings, 0, G_RINGS);
	for (i = 0; i < 2; i++) {
		uint8_t *p = g->rings + i * 3 * G_PART;

		g->vq[i] = (struct tvq) {
			.entries = G_ENTRIES, .desc = (void *)p,
			.avail = (void *)(p + G_PART),
			.used = (void *)(p + 2 * G_PART),
		};
	}
}

static uint8_t *memory(size_t len)
{
	uint8_t *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

int guest_flags(int ctl, uint32_t flags)
{
	struct tun_ring_guest how = { .flags = flags };

	return tunfd_ioctlp(ctl, TUNRINGGUEST, &how);
}

/*
 * Returns the server of a queue's rings: "worker", "kernel", or "" without
 * rings.
 */
const char *guest_server(int tun)
{
	static char server[16];
	char path[64], line[256];
	FILE *f;

	server[0] = 0;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", tun);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "ring-server: %15s", server) == 1)
			break;
	if (f)
		fclose(f);
	return server;
}

/*
 * Opens a guest whose ioctls go to ctl: a dup of the tun's file or a file of
 * its own. guest_close() closes ctl.
 */
int guest_open_in(struct guest *g, int ctl, bool pin, uint64_t features,
		  size_t hdr)
{
	unsigned int i;
	int ret = 0;

	*g = (struct guest) { .ctl = ctl, .hdr = hdr };
	g->pool = memory(G_POOL);
	g->rings = memory(G_RINGS);
	if (ctl < 0 || !g->pool || !g->rings)
		return -ENOMEM;
	guest_fresh_rings(g);
	if (pin)
		ret = guest_flags(ctl, TUN_RING_GUEST_PIN);
	if (!ret)
		ret = guest_ioctl(g, VHOST_SET_OWNER, NULL);
	if (!ret)
		ret = guest_features(g, features);
	if (!ret)
		ret = guest_table_default(g);
	for (i = 0; i < 2 && !ret; i++) {
		g->kick[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		g->call[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		g->err[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		ret = guest_describe(g, i);
	}
	return ret;
}

int guest_open(struct guest *g, int ctl, uint64_t features, size_t hdr)
{
	return guest_open_in(g, ctl, false, features, hdr);
}

/* Opens a guest in pinned memory. The monitor's later ioctls are the same. */
int guest_open_pinned(struct guest *g, int ctl, uint64_t features, size_t hdr)
{
	return guest_open_in(g, ctl, true, features, hdr);
}

int guest_start(const struct guest *g, int tun)
{
	int ret = guest_file(g, VHOST_NET_SET_BACKEND, G_RX, tun);

	return ret ?: guest_file(g, VHOST_NET_SET_BACKEND, G_TX, tun);
}

int guest_stop(const struct guest *g)
{
	return guest_start(g, -1);
}

/* Returns the index at which the ring continues, or a negative errno. */
int guest_base(const struct guest *g, unsigned int i)
{
	struct vhost_vring_state s = { .index = i };
	int ret = guest_ioctl(g, VHOST_GET_VRING_BASE, &s);

	return ret ?: s.num;
}

void guest_close(struct guest *g)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		close(g->kick[i]);
		close(g->call[i]);
		close(g->err[i]);
	}
	if (g->ctl >= 0)
		close(g->ctl);
	munmap(g->pool, G_POOL);
	munmap(g->rings, G_RINGS);
}
