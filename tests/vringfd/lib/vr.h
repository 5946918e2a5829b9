/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user's side of a vringfd, written from the ABI alone. Functions return a negative
 * errno on failure, and wait no longer than WAIT_MS.
 */
#ifndef TUN_VRINGFD_VR_H
#define TUN_VRINGFD_VR_H

#include "lib.h"

#include <linux/if_tun_ring.h>
#include <linux/virtio_ring.h>
#include <linux/vring.h>

#include "vringloop.h"

#define W	VRING_DESC_F_WRITE
#define N	VRING_DESC_F_NEXT

/* The mapping also contains last_used, which must outlive the function that sets it up. */
struct vr {
	int fd;
	unsigned int num;
	size_t buf_size, len;
	uint8_t *mem;		/* the ring, last_used and the buffers */
	struct vring v;
	uint16_t *last_used;
	uint8_t *pool;
	uint16_t avail;		/* index of the next available entry */
};

int vr_create(struct vringfd_create *args);
int vr_map(struct vr *r, unsigned int num, size_t buf_size);
int vr_open(struct vr *r, unsigned int num, size_t buf_size);
void vr_close(struct vr *r);
void vr_unmap(struct vr *r);

uint8_t *vr_buf(const struct vr *r, unsigned int head);
void vr_desc(struct vr *r, unsigned int i, const void *addr, uint32_t len,
	     uint16_t flags, uint16_t next);
void vr_put(struct vr *r, uint16_t head);
void vr_give(struct vr *r, unsigned int i, uint32_t len, uint16_t flags);
int vr_kick(struct vr *r);
int vr_kick_if(struct vr *r);
uint16_t vr_used_idx(const struct vr *r);
uint16_t vr_pending(const struct vr *r);
int vr_wait(const struct vr *r, unsigned int n);
struct vring_used_elem vr_take(struct vr *r);
int vr_poll(int fd, int ms);
int vr_wait_error(int fd);

/* ---- loop.c: /dev/vringloop ---- */
int modules_load(void);
int loop_attach(int fd, unsigned int flags);
int loop_attach_to(int loop, int fd, unsigned int flags);
struct vringloop_stats loop_stats(int loop);
int echo_put(struct vr *r, unsigned int i, const void *text, size_t len);
int echo_check(struct vr *r, unsigned int i, const void *text, size_t len);

#endif
