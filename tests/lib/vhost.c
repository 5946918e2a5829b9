// SPDX-License-Identifier: GPL-2.0
/* A driver for vhost-net: split rings, guest addresses equal user addresses. */
#include <endian.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>

#include "vhost.h"

static int vhost_ioctl(struct vhost *v, unsigned long cmd, void *arg)
{
	return ioctl(v->fd, cmd, arg) ? -errno : 0;
}

static int set_memory(struct vhost *v)
{
	struct {
		struct vhost_memory m;
		struct vhost_memory_region r;
	} t = { .m = { .nregions = 1 } };

	v->memlen = 2 * (VQ_BUF + 8192);
	v->mem = mmap(NULL, v->memlen, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (v->mem == MAP_FAILED)
		return -errno;
	t.r.guest_phys_addr = t.r.userspace_addr = (uintptr_t)v->mem;
	t.r.memory_size = v->memlen;
	return vhost_ioctl(v, VHOST_SET_MEM_TABLE, &t);
}

static int set_queue(struct vhost *v, int i)
{
	struct vhost_vring_state num = { i, VQ_SIZE }, base = { i, 0 };
	struct vhost_vq *q = &v->vq[i];
	struct vhost_vring_file kick, call;
	struct vhost_vring_addr addr = { .index = i };
	char *ring = v->mem + i * 8192;
	int ret;

	q->buf = v->mem + 2 * 8192 + i * VQ_BUF;
	vring_init(&q->vr, VQ_SIZE, ring, 4096);
	q->kick = eventfd(0, EFD_CLOEXEC);
	q->call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	kick = (struct vhost_vring_file) { i, q->kick };
	call = (struct vhost_vring_file) { i, q->call };
	addr.desc_user_addr = (uintptr_t)q->vr.desc;
	addr.avail_user_addr = (uintptr_t)q->vr.avail;
	addr.used_user_addr = (uintptr_t)q->vr.used;
	ret = vhost_ioctl(v, VHOST_SET_VRING_NUM, &num);
	if (!ret)
		ret = vhost_ioctl(v, VHOST_SET_VRING_BASE, &base);
	if (!ret)
		ret = vhost_ioctl(v, VHOST_SET_VRING_ADDR, &addr);
	if (!ret)
		ret = vhost_ioctl(v, VHOST_SET_VRING_KICK, &kick);
	if (!ret)
		ret = vhost_ioctl(v, VHOST_SET_VRING_CALL, &call);
	return ret;
}

int vhost_open(struct vhost *v)
{
	int fd = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : vhost_open_fd(v, fd);
}

/* Takes any file that implements the vhost ioctls. vhost_close() closes fd. */
int vhost_open_fd(struct vhost *v, int fd)
{
	uint64_t features;
	int ret, i;

	memset(v, 0, sizeof(*v));
	v->fd = fd;
	ret = vhost_ioctl(v, VHOST_SET_OWNER, NULL);
	if (!ret)
		ret = vhost_ioctl(v, VHOST_GET_FEATURES, &features);
	if (ret)
		return ret;
	if (!(features & 1ull << VIRTIO_F_VERSION_1))
		return -EPROTO;
	features = 1ull << VIRTIO_F_VERSION_1;
	ret = vhost_ioctl(v, VHOST_SET_FEATURES, &features);
	if (!ret)
		ret = set_memory(v);
	for (i = 0; i < 2 && !ret; i++)
		ret = set_queue(v, i);
	return ret;
}

void vhost_close(struct vhost *v)
{
	int i;

	for (i = 0; i < 2; i++) {
		close(v->vq[i].kick);
		close(v->vq[i].call);
	}
	close(v->fd);
	munmap(v->mem, v->memlen);
}

/* fd -1 removes the backend. */
int vhost_backend(struct vhost *v, int queue, int fd)
{
	struct vhost_vring_file f = { queue, fd };

	return vhost_ioctl(v, VHOST_NET_SET_BACKEND, &f);
}

/* Makes one buffer of the queue available in descriptor head. */
void vhost_post(struct vhost_vq *q, int head, size_t off, size_t len, bool writable)
{
	uint16_t idx = le16toh(q->vr.avail->idx);

	q->vr.desc[head] = (struct vring_desc) {
		.addr = htole64((uintptr_t)q->buf + off),
		.len = htole32(len),
		.flags = htole16(writable ? VRING_DESC_F_WRITE : 0),
	};
	q->vr.avail->ring[idx % VQ_SIZE] = htole16(head);
	__atomic_store_n(&q->vr.avail->idx, htole16(idx + 1), __ATOMIC_RELEASE);
}

void vhost_kick(struct vhost_vq *q)
{
	uint64_t one = 1;

	if (write(q->kick, &one, sizeof(one)) != sizeof(one))
		abort();
}

/* Waits for the next used entry. Returns its head; *len is the length written. */
int vhost_wait(struct vhost_vq *q, uint32_t *len)
{
	long end = now_ms() + WAIT_MS;
	struct vring_used_elem *e;
	uint64_t n;

	while (le16toh(__atomic_load_n(&q->vr.used->idx, __ATOMIC_ACQUIRE)) ==
	       q->last_used) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		fd_wait(q->call, POLLIN, 100);
		if (read(q->call, &n, sizeof(n)) < 0 && errno != EAGAIN)
			return -errno;
	}
	e = &q->vr.used->ring[q->last_used++ % VQ_SIZE];
	if (len)
		*len = le32toh(e->len);
	return le32toh(e->id);
}
