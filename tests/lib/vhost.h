/* SPDX-License-Identifier: GPL-2.0 */
/* A minimal driver for vhost-net: two queues, one memory region. */
#ifndef TUN_TESTS_VHOST_H
#define TUN_TESTS_VHOST_H

#include <linux/virtio_ring.h>

#include "lib.h"

#define VQ_SIZE		8
#define VQ_BUF		(128 * 1024)	/* bytes for each queue's buffers */
#define VNET_HDR	12

struct vhost_vq {
	struct vring vr;
	int kick, call;
	uint16_t last_used;
	char *buf;
};

struct vhost {
	int fd;
	char *mem;
	size_t memlen;
	struct vhost_vq vq[2];	/* 0: receive, 1: transmit, as in virtio */
};

int vhost_open(struct vhost *v);
int vhost_open_fd(struct vhost *v, int fd);
void vhost_close(struct vhost *v);
int vhost_backend(struct vhost *v, int queue, int fd);
void vhost_post(struct vhost_vq *q, int head, size_t off, size_t len, bool writable);
void vhost_kick(struct vhost_vq *q);
int vhost_wait(struct vhost_vq *q, uint32_t *len);

#endif
