// SPDX-License-Identifier: GPL-2.0
#include "vr.h"

#include <sys/mman.h>

int vr_create(struct vringfd_create *args)
{
	int node = open("/dev/vringfd", O_RDWR | O_CLOEXEC), fd;

	if (node < 0)
		return -errno;
	fd = ioctl(node, VRINGFDCREATE, args);
	if (fd < 0)
		fd = -errno;
	close(node);
	return fd;
}

/* The memory lies below 4 GiB, for the calls of 32-bit programs. */
int vr_map(struct vr *r, unsigned int num, size_t buf_size)
{
	size_t ring = (vring_size(num, 4096) + 4095) & -4096UL;

	memset(r, 0, sizeof(*r));
	r->fd = -1;
	r->num = num;
	r->buf_size = buf_size;
	r->len = ring + 4096 + num * buf_size;
	r->mem = mmap(NULL, r->len, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (r->mem == MAP_FAILED)
		return -errno;
	vring_init(&r->v, num, r->mem, 4096);
	r->last_used = (uint16_t *)(r->mem + ring);
	r->pool = r->mem + ring + 4096;
	return 0;
}

int vr_open(struct vr *r, unsigned int num, size_t buf_size)
{
	struct vringfd_create args = { .num = num };
	int ret = vr_map(r, num, buf_size);

	if (ret)
		return ret;
	args.addr = (uintptr_t)r->mem;
	args.last_used = (uintptr_t)r->last_used;
	r->fd = vr_create(&args);
	return r->fd < 0 ? r->fd : 0;
}

void vr_unmap(struct vr *r)
{
	if (r->mem)
		munmap(r->mem, r->len);
	r->mem = NULL;
}

void vr_close(struct vr *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	vr_unmap(r);
}

uint8_t *vr_buf(const struct vr *r, unsigned int head)
{
	return r->pool + head * r->buf_size;
}

void vr_desc(struct vr *r, unsigned int i, const void *addr, uint32_t len,
	     uint16_t flags, uint16_t next)
{
	r->v.desc[i] = (struct vring_desc) { (uintptr_t)addr, len, flags, next };
}

/* Write the entry, then the index, then make the index visible before used->flags is read. */
void vr_put(struct vr *r, uint16_t head)
{
	r->v.avail->ring[r->avail++ % r->num] = head;
	__atomic_store_n(&r->v.avail->idx, r->avail, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void vr_give(struct vr *r, unsigned int i, uint32_t len, uint16_t flags)
{
	vr_desc(r, i, vr_buf(r, i), len, flags, 0);
	vr_put(r, i);
}

int vr_kick(struct vr *r)
{
	return write(r->fd, "", 0) ? -errno : 0;
}

int vr_kick_if(struct vr *r)
{
	uint16_t flags = __atomic_load_n(&r->v.used->flags, __ATOMIC_ACQUIRE);

	return flags & VRING_USED_F_NO_NOTIFY ? 0 : vr_kick(r);
}

uint16_t vr_used_idx(const struct vr *r)
{
	return __atomic_load_n(&r->v.used->idx, __ATOMIC_ACQUIRE);
}

uint16_t vr_pending(const struct vr *r)
{
	return vr_used_idx(r) - *r->last_used;
}

/* Wait for @n used entries. The loop reads the index, so that it does not depend on poll. */
int vr_wait(const struct vr *r, unsigned int n)
{
	long end = now_ms() + WAIT_MS;

	while (vr_pending(r) < n) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(200);
	}
	return 0;
}

struct vring_used_elem vr_take(struct vr *r)
{
	struct vring_used_elem e = r->v.used->ring[*r->last_used % r->num];

	__atomic_store_n(r->last_used, *r->last_used + 1, __ATOMIC_RELEASE);
	return e;
}

/* Return: the events of poll(2), 0 for a time-out, or a negative errno. */
int vr_poll(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ret = poll(&p, 1, ms);

	return ret < 0 ? -errno : p.revents;
}

/* Wait until another context has stopped the ring. */
int vr_wait_error(int fd)
{
	long end = now_ms() + WAIT_MS;

	while (!(vr_poll(fd, 0) & POLLERR)) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	return 0;
}
