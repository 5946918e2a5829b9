/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtio driver on rings in memory of its own, behind a tap device, with
 * eventfds for kick and call. Who serves the rings is the contestant's matter.
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
	struct virtio_vq rx, tx;
};

static inline uint8_t *virtio_buf(const struct virtio_vq *q, unsigned int i)
{
	return q->buf + (size_t)i * q->shape.buf_size;
}

struct virtio *virtio_open(struct instance *in, int flags, unsigned int hdr);
void virtio_start(struct instance *in);
void virtio_rx_run(struct instance *in, unsigned int n);
void virtio_tx_run(struct instance *in, unsigned int n);
void virtio_tear_down(struct instance *in);
void virtio_publish(struct instance *in, struct virtio_vq *q);
void virtio_wait_used(struct instance *in, struct virtio_vq *q, uint16_t n);

/* ---- virtio_gso.c: packets of 64 KB ---- */
extern const struct virtio_shape virtio_gso_rx, virtio_gso_tx;
void virtio_gso_take(struct instance *in, struct virtio *v);
void virtio_gso_put(struct instance *in, struct virtio *v);

#endif
