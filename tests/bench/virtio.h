/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtio driver on rings in memory of its own, behind a tap device, with
 * eventfds for kick and call. A struct virtio_server has the rings served.
 *
 * The driver looks first, and asks for a call at the last packet of a burst only
 * when it has to wait, so that it is woken once, when all packets are used. A
 * server that is a thread has the one processor when the driver waits for it,
 * and not when the scheduler's arithmetic says so.
 */
#ifndef TUN_BENCH_VIRTIO_H
#define TUN_BENCH_VIRTIO_H

#include <stddef.h>

#include "bench.h"
#include "ring.h"

#define VIRTIO_NAME	"bench0"
#define VIRTIO_MAX	1024	/* entries; a ring may have fewer */

/* One ring, in front of its buffers. The event's word follows the last entry. */
struct virtio_mem {
	struct vring_desc desc[VIRTIO_MAX];
	struct {
		uint16_t flags, idx, ring[VIRTIO_MAX + 1];
	} avail;
	struct {
		uint32_t word;	/* flags, idx */
		struct vring_used_elem ring[VIRTIO_MAX + 1];
	} used;
	struct tun_ring_meta meta[VIRTIO_MAX];
} __attribute__((aligned(4096)));

/* How a ring is laid out; addresses in descriptors are ours. */
struct virtio_shape {
	unsigned int entries, bufs, buf_size;
};

/* Both rings, and the offloads that the tap may leave to the driver. */
struct virtio_shapes {
	struct virtio_shape rx, tx;
	unsigned long offload;	/* TUN_F_* */
};

struct virtio_vq {
	struct ring_vq vq;
	struct virtio_shape shape;
	uint8_t *buf;
	int kick, call;
};

struct virtio {
	int fd;			/* the tap */
	int ctl;		/* answers the vhost ioctls, or -1 */
	bool thread;		/* serves the rings, and needs the processor */
	unsigned int hdr;	/* bytes in front of the Ethernet header */
	uint8_t *mem;		/* of both rings */
	size_t len;
	uint64_t syscalls;	/* of the driver */
	struct virtio_vq rx, tx;
};

struct virtio_server {
	int flags;		/* that the tap needs */
	unsigned int hdr;
	const char *(*serve)(struct virtio *v);	/* NULL, or why it cannot */
};

static inline uint8_t *virtio_buf(const struct virtio_vq *q, unsigned int i)
{
	return q->buf + (size_t)i * q->shape.buf_size;
}

extern const struct virtio_shapes virtio_small;	/* a packet, a buffer */

const char *virtio_open(struct virtio *v, const struct virtio_server *s,
			const struct virtio_shapes *shapes);
void virtio_rx_fill(struct virtio *v);
void virtio_kick(struct virtio *v, struct virtio_vq *q);
void virtio_publish(struct virtio *v, struct virtio_vq *q);
void virtio_wait_used(struct virtio *v, struct virtio_vq *q, uint16_t n);
void virtio_close(struct virtio *v);

/* ---- server_vhost.c: by the vhost ioctls ---- */
extern const struct virtio_server virtio_vhost;		/* the kernel's vhost-net */
extern const struct virtio_server virtio_guest;		/* the tun fd itself */
extern const struct virtio_server virtio_guest_pinned;

/* ---- server_attach.c: by TUNRINGATTACH ---- */
extern const struct virtio_server virtio_attached;
extern const struct virtio_server virtio_attached_pinned;

/* ---- virtio_run.c: as a contestant ---- */
const char *virtio_set_up(struct instance *in, const struct virtio_server *s);
void virtio_rx_run(struct instance *in, unsigned int n);
void virtio_tx_run(struct instance *in, unsigned int n);
void virtio_tear_down(struct instance *in);

/* ---- virtio_gso.c: packets of 64 KB ---- */
extern const struct virtio_shapes virtio_gso;
void virtio_gso_take(struct instance *in, struct virtio *v);
void virtio_gso_put(struct instance *in, struct virtio *v);

#endif
