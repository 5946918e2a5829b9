/* SPDX-License-Identifier: GPL-2.0 */
/* A tun has a namespace of its own and a vringfd for each direction. */
#ifndef TUN_VRINGFD_TUNVR_H
#define TUN_VRINGFD_TUNVR_H

#include "vr.h"

#define TUN_PLAIN	(IFF_TUN | IFF_NO_PI)
#define TAP_PLAIN	(IFF_TAP | IFF_NO_PI)
#define BUF_SIZE	66000
#define BUFS		16

size_t seq_pkt(void *buf, bool tap, uint32_t seq, size_t len);
int64_t seq_of(const void *buf, size_t len, bool tap);

struct tv {
	int fd, sk;		/* the queue, and a packet socket on the device */
	bool tap;
	size_t hdr;		/* size of the virtio_net_hdr */
	struct vr rx, tx;
};

int tv_device(struct tv *t, int flags, int hdr);
int tv_open(struct tv *t, int flags, int hdr);
void tv_close(struct tv *t);
int tv_set(int tun, bool rx, int fd);
void tv_fill(struct tv *t);
ssize_t tv_recv(struct tv *t, void *buf, size_t size);
int tv_expect(struct tv *t, uint32_t from, unsigned int n);
int tv_inject(struct tv *t, uint32_t from, unsigned int n, size_t len);
int tv_send(struct tv *t, unsigned int i, const struct virtio_net_hdr *vh,
	    const void *p, size_t len);
int tv_reap(struct tv *t);
int tv_seen(struct tv *t, uint32_t seq);
int tv_read(struct tv *t, uint32_t seq);

#endif
