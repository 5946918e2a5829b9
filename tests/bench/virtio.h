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
#define VIRTIO_ENTRIES	256
#define VIRTIO_BUF	2048

/* One ring and its buffers. Addresses in descriptors are ours. */
struct virtio_mem {
	struct vring_desc desc[VIRTIO_ENTRIES];
	struct {
		uint16_t flags, idx, ring[VIRTIO_ENTRIES], used_event;
	} avail;
	struct {
		uint32_t word;	/* flags, idx */
		struct vring_used_elem ring[VIRTIO_ENTRIES];
		uint16_t avail_event;
	} used;
	struct tun_ring_meta meta[VIRTIO_ENTRIES];
	uint8_t buf[VIRTIO_ENTRIES][VIRTIO_BUF] __attribute__((aligned(4096)));
};

struct virtio_vq {
	struct ring_vq vq;
	struct virtio_mem *mem;
	int kick, call;
};

struct virtio {
	int fd;			/* the tap */
	int ctl;		/* answers the vhost ioctls, or -1 */
	bool thread;		/* serves the rings, and needs the processor */
	unsigned int hdr;	/* bytes in front of the Ethernet header */
	struct virtio_mem *mem;	/* two of them */
	struct virtio_vq rx, tx;
};

#define VIRTIO_MEM	(2 * sizeof(struct virtio_mem))

struct virtio *virtio_open(struct instance *in, int flags, unsigned int hdr);
void virtio_start(struct instance *in);
void virtio_rx_run(struct instance *in, unsigned int n);
void virtio_tx_run(struct instance *in, unsigned int n);
void virtio_tear_down(struct instance *in);

#endif
