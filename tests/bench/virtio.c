// SPDX-License-Identifier: GPL-2.0
/* The driver's side of rings that have eventfds. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "virtio.h"

static const struct virtio_shape shape_small = { 256, 256, 2048 };

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

/* A tap with two empty rings in front of it that nobody serves yet. */
struct virtio *virtio_open(struct instance *in, int flags, unsigned int hdr)
{
	const bool gso = in->size == SIZE_GSO;
	struct virtio *v = calloc(1, sizeof(*v));

	if (!v)
		die("no memory");
	sched_unthrottle();
	in->priv = v;
	v->hdr = hdr;
	v->ctl = -1;
	v->fd = net_tun(VIRTIO_NAME, IFF_TAP | IFF_NO_PI | flags);
	v->rx.shape = gso ? virtio_gso_rx : shape_small;
	v->tx.shape = gso ? virtio_gso_tx : shape_small;
	v->len = vq_len(&v->rx) + vq_len(&v->tx);
	v->mem = mmap(NULL, v->len, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (v->mem == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	vq_init(&v->rx, v->mem);
	vq_init(&v->tx, v->mem + vq_len(&v->rx));
	return v;
}

static void kick(struct instance *in, struct virtio_vq *q)
{
	uint64_t one = 1;

	in->syscalls++;
	if (write(q->kick, &one, sizeof(one)) != sizeof(one))
		die("eventfd: %s", strerror(errno));
}

void virtio_publish(struct instance *in, struct virtio_vq *q)
{
	if (vq_publish(&q->vq))
		kick(in, q);
}

/* Until there are n used entries. */
void virtio_wait_used(struct instance *in, struct virtio_vq *q, uint16_t n)
{
	uint64_t calls;

	if ((uint16_t)(vq_used(&q->vq) - q->vq.taken) >= n)
		return;
	__atomic_store_n(&q->vq.avail->ring[q->vq.mask + 1],
			 q->vq.taken + n - 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	while ((uint16_t)(vq_used(&q->vq) - q->vq.taken) < n) {
		in->syscalls++;
		if (read(q->call, &calls, sizeof(calls)) != sizeof(calls))
			die("eventfd: %s", strerror(errno));
	}
}

static void rx_start(struct instance *in, struct virtio_vq *q)
{
	unsigned int i;

	for (i = 0; i < q->shape.entries; i++) {
		q->vq.desc[i] = (struct vring_desc) {
			.addr = (uintptr_t)virtio_buf(q, i),
			.len = q->shape.buf_size,
			.flags = VRING_DESC_F_WRITE,
		};
		vq_give(&q->vq, i);
	}
	virtio_publish(in, q);
	source_open(in);
}

static void tx_fill(struct instance *in, struct virtio *v, const uint8_t *mac)
{
	struct ethhdr *eth;
	unsigned int i;

	for (i = 0; i < v->tx.shape.bufs; i++) {
		eth = (void *)(virtio_buf(&v->tx, i) + v->hdr);
		memcpy(eth->h_dest, mac, ETH_ALEN);
		eth->h_proto = __builtin_bswap16(ETH_P_IP);
		packet_fill(eth + 1, in->size);
	}
}

/* The rings are served. */
void virtio_start(struct instance *in)
{
	struct virtio *v = in->priv;
	uint8_t mac[ETH_ALEN];

	net_no_arp(VIRTIO_NAME, mac);
	net_up(VIRTIO_NAME);
	if (in->c->direction == RX) {
		rx_start(in, &v->rx);
		return;
	}
	sink_open(in);
	tx_fill(in, v, mac);
}

/* The descriptors stay as they are: a buffer is given back by its number. */
static void rx_take(struct instance *in, struct virtio *v)
{
	const unsigned int len = v->hdr + ETH_HLEN + in->size;
	const struct vring_used_elem *used;
	struct ring_vq *vq = &v->rx.vq;
	unsigned int i;

	virtio_wait_used(in, &v->rx, in->burst);
	for (i = 0; i < in->burst; i++) {
		used = vq_next(vq);
		if (used->len != len)
			die("%s: a packet of %u bytes instead of %u",
			    in->c->name, used->len, len);
		vq_give(vq, used->id);
	}
	virtio_publish(in, &v->rx);
}

void virtio_rx_run(struct instance *in, unsigned int n)
{
	struct virtio *v = in->priv;

	sched_in_front(v->thread);
	for (; n; n -= in->burst) {
		source_send(in, in->burst);
		own_begin(in);
		if (in->size == SIZE_GSO)
			virtio_gso_take(in, v);
		else
			rx_take(in, v);
		own_end(in);
	}
	sched_in_front(false);
}

/* Each packet gets its descriptor and header or record, as if it were new. */
static void tx_put(struct virtio *v, uint16_t head, unsigned int size)
{
	uint8_t *buf = virtio_buf(&v->tx, head);
	struct ring_vq *vq = &v->tx.vq;

	vq->desc[head] = (struct vring_desc) {
		.addr = (uintptr_t)buf, .len = v->hdr + ETH_HLEN + size,
	};
	if (v->hdr)
		memset(buf, 0, v->hdr);
	else
		memset(&vq->meta[head], 0, sizeof(*vq->meta));
	vq_give(vq, head);
}

static void tx_put_burst(struct instance *in, struct virtio *v)
{
	unsigned int i;

	for (i = 0; i < in->burst; i++)
		tx_put(v, v->tx.vq.avail_idx & v->tx.vq.mask, in->size);
}

static void tx_reap(struct virtio *v, unsigned int n)
{
	while (n--)
		if (vq_next(&v->tx.vq)->id > v->tx.vq.mask)
			die("a used entry that is none");
}

void virtio_tx_run(struct instance *in, unsigned int n)
{
	struct virtio *v = in->priv;

	sched_in_front(v->thread);
	own_begin(in);
	for (; n; n -= in->burst) {
		if (in->size == SIZE_GSO)
			virtio_gso_put(in, v);
		else
			tx_put_burst(in, v);
		virtio_publish(in, &v->tx);
		virtio_wait_used(in, &v->tx, in->burst);
		tx_reap(v, in->burst);
	}
	own_end(in);
	sched_in_front(false);
}

static void vq_close(struct virtio_vq *q)
{
	close(q->kick);
	close(q->call);
}

void virtio_tear_down(struct instance *in)
{
	struct virtio *v = in->priv;

	if (v->ctl >= 0)
		close(v->ctl);
	close(v->fd);
	vq_close(&v->rx);
	vq_close(&v->tx);
	munmap(v->mem, v->len);
	free(v);
}
