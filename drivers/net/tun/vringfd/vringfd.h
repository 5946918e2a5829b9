/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vringfd for drivers: a virtio ring in a user's memory, found by its file
 * descriptor. User space is virtio's driver. The kernel driver that attaches to
 * the ring is virtio's device.
 *
 * push and pull run under the ring's lock, so only one of them runs at a time.
 * They may sleep, and run with the user's memory. Only push and pull take
 * buffers. Only push, pull and vringfd_used_buffer_atomic() give buffers back.
 */
#ifndef _VRINGFD_H
#define _VRINGFD_H

#include <linux/types.h>
#include <linux/uio.h>

struct module;
struct vringfd;

/* Segments that a buffer may have, both directions together. */
#define VRINGFD_MAX_SEGS	64

/**
 * struct vringfd_ops - a kernel driver of vringfds
 * @owner: the driver's module; held while the driver is attached
 * @pin: pin the ring when it is attached, so that vringfd_used_buffer_atomic()
 *	works. A failure to pin is no error: the memory may belong to another
 *	process, or exceed the limit of locked memory.
 * @push: process the ring, because the user wrote to the file
 * @pull: process the ring, because vringfd_schedule() was called, a process
 *	with other memory wrote to the file, or the ring was attached
 * @gone: the file was closed, which detached the driver. Context: process, no
 *	lock of the ring held.
 * @release: the driver is detached, and push and pull do not run and will not
 *	run. Called once for each vringfd_attach() that succeeded, by the thread
 *	that called vringfd_detach(), by the thread that closed the file, or by
 *	the last thread in push or pull. Context: process. Must take no lock
 *	that is held when vringfd_detach() is called.
 *
 * @push and @pull return 0; 1 if there is more to do; or a negative errno.
 * After 1 @pull is called again. A write returns the errno of @push. -EPROTO
 * and -EFAULT stop the ring. Neither @push nor @pull may attach or detach.
 */
struct vringfd_ops {
	struct module *owner;
	bool pin;
	int (*push)(void *ctx);
	int (*pull)(void *ctx);
	void (*gone)(void *ctx);
	void (*release)(void *ctx);
};

/**
 * struct vringfd_iov - one direction of a buffer
 * @iov: array of the caller, for VRINGFD_MAX_SEGS segments with user addresses
 * @n: number of segments
 * @len: bytes of all segments
 */
struct vringfd_iov {
	struct iovec *iov;
	unsigned int n;
	size_t len;
};

struct vringfd *vringfd_get(int fd);
void vringfd_put(struct vringfd *vr);
int vringfd_attach(struct vringfd *vr, const struct vringfd_ops *ops, void *ctx);
bool vringfd_detach(struct vringfd *vr, void *ctx);
bool vringfd_is_pinned(const struct vringfd *vr);

int vringfd_get_buffer(struct vringfd *vr, struct vringfd_iov *in,
		       struct vringfd_iov *out, u16 *head);
void vringfd_unget_buffer(struct vringfd *vr);
int vringfd_used_buffer(struct vringfd *vr, u16 head, u32 len);
int vringfd_used_buffer_atomic(struct vringfd *vr, u16 head, u32 len);
void vringfd_wake(struct vringfd *vr);
int vringfd_enable_kick(struct vringfd *vr);
int vringfd_disable_kick(struct vringfd *vr);
void vringfd_schedule(struct vringfd *vr);

/* A driver that also works without vringfd.ko calls through core/calls.h. */

#endif /* _VRINGFD_H */
