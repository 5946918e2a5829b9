// SPDX-License-Identifier: GPL-2.0
/* The driver's side of rings that have eventfds. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "virtio.h"

const struct virtio_shapes virtio_small = {
	.rx = { 256, 256, 2048 },
	.tx = { 256, 256, 2048 },
};

static size_t vq_len(const struct virtio_vq *q)
{
	return sizeof(struct virtio_mem) +
	       (size_t)q->shape.bufs * q->shape.buf_size;
}

static void vq_init(struct virtio_vq *q, void *p)
{
	struct virtio_mem *mem = p;

	q->buf = (void *)(mem + 1);
	q->vq = (struct ring_vq) {
		.mask = q->shape.entries - 1,
		.desc = mem->desc,
		.avail = (void *)&mem->avail,
		.used = (void *)&mem->used,
		.meta = mem->meta,
	};
	q->kick = eventfd(0, EFD_CLOEXEC);
	q->call = eventfd(0, EFD_CLOEXEC);
	if (q->kick < 0 || q->call < 0)
		die("eventfd: %s", strerror(errno));
}

/*
 * A tap with two rings in front of it, both empty, that are served unless it says
 * why not. The caller has cleared *v.
 */
const char *virtio_open(struct virtio *v, const struct virtio_server *s,
			const struct virtio_shapes *shapes)
{
	v->hdr = s->hdr;
	v->ctl = -1;
	v->fd = net_tun(VIRTIO_NAME, IFF_TAP | IFF_NO_PI | s->flags);
	v->rx.shape = shapes->rx;
	v->tx.shape = shapes->tx;
	v->len = vq_len(&v->rx) + vq_len(&v->tx);
	v->mem = mmap(NULL, v->len, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (v->mem == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	vq_init(&v->rx, v->mem);
	vq_init(&v->tx, v->mem + vq_len(&v->rx));
	if (s->hdr && ioctl(v->fd, TUNSETVNETHDRSZ, &v->hdr))
		die("TUNSETVNETHDRSZ: %s", strerror(errno));
	if (shapes->offload && ioctl(v->fd, TUNSETOFFLOAD, shapes->offload))
		die("TUNSETOFFLOAD: %s", strerror(errno));
	return s->serve(v);
}

void virtio_kick(struct virtio *v, struct virtio_vq *q)
{
	uint64_t one = 1;

	v->syscalls++;
	if (write(q->kick, &one, sizeof(one)) != sizeof(one))
		die("eventfd: %s", strerror(errno));
}

void virtio_publish(struct virtio *v, struct virtio_vq *q)
{
	if (vq_publish(&q->vq))
		virtio_kick(v, q);
}

/* Until there are n used entries. */
void virtio_wait_used(struct virtio *v, struct virtio_vq *q, uint16_t n)
{
	uint64_t calls;

	if ((uint16_t)(vq_used(&q->vq) - q->vq.taken) >= n)
		return;
	__atomic_store_n(&q->vq.avail->ring[q->vq.mask + 1],
			 q->vq.taken + n - 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	while ((uint16_t)(vq_used(&q->vq) - q->vq.taken) < n) {
		v->syscalls++;
		if (read(q->call, &calls, sizeof(calls)) != sizeof(calls))
			die("eventfd: %s", strerror(errno));
	}
}

/* Every buffer is there to receive into. */
void virtio_rx_fill(struct virtio *v)
{
	struct virtio_vq *q = &v->rx;
	unsigned int i;

	for (i = 0; i < q->shape.entries; i++) {
		q->vq.desc[i] = (struct vring_desc) {
			.addr = (uintptr_t)virtio_buf(q, i),
			.len = q->shape.buf_size,
			.flags = VRING_DESC_F_WRITE,
		};
		vq_give(&q->vq, i);
	}
	virtio_publish(v, q);
}

static void vq_close(struct virtio_vq *q)
{
	close(q->kick);
	close(q->call);
}

void virtio_close(struct virtio *v)
{
	if (v->ctl >= 0)
		close(v->ctl);
	close(v->fd);
	vq_close(&v->rx);
	vq_close(&v->tx);
	munmap(v->mem, v->len);
}
