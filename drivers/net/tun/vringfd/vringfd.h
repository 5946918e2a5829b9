/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vringfd for drivers: a virtio ring in a user's memory, taken by its file
 * descriptor. The user is virtio's driver, whoever attaches is its device.
 *
 * The ring's lock is held while push and pull run: one of them at a time, in a
 * context that may sleep and has the user's memory. Buffers are taken and
 * given back there, and nowhere else, but for vringfd_used_buffer_atomic().
 */
#ifndef _VRINGFD_H
#define _VRINGFD_H

#include <linux/types.h>
#include <linux/uio.h>

struct module;
struct vringfd;

/* Pieces that a buffer has at most, both directions together. */
#define VRINGFD_MAX_SEGS	64

/**
 * struct vringfd_ops - a driver of vringfds
 * @owner: its module; held while it is attached
 * @pin: pin the ring when it is attached, so that vringfd_used_buffer_atomic()
 *	works. That is no duty: the memory may not be the caller's, or too much.
 * @push: the user wrote to the file: look at the ring
 * @pull: vringfd_schedule() was called, or a write came from another address
 *	space, or the ring was attached: look at the ring
 * @gone: the file was closed, and the driver is detached thereby. Context:
 *	process, no lock of the ring held.
 *
 * @push and @pull return 0; 1 if there is more to do, then @pull is called; or
 * a negative errno, which a write returns. -EPROTO and -EFAULT stop the ring.
 * Neither may attach or detach.
 */
struct vringfd_ops {
	struct module *owner;
	bool pin;
	int (*push)(void *ctx);
	int (*pull)(void *ctx);
	void (*gone)(void *ctx);
};

/**
 * struct vringfd_iov - one direction of a buffer
 * @iov: the caller's room for VRINGFD_MAX_SEGS pieces, addresses of the user
 * @n: pieces
 * @len: bytes of all of them
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

/**
 * struct vringfd_calls - all of these, for a driver that works without them
 *
 * Such a driver takes it by symbol_get(vringfd_calls), once a user names a
 * vringfd, and gives it back when it has done with that.
 */
struct vringfd_calls {
	struct vringfd *(*get)(int fd);
	void (*put)(struct vringfd *vr);
	int (*attach)(struct vringfd *vr, const struct vringfd_ops *ops,
		      void *ctx);
	bool (*detach)(struct vringfd *vr, void *ctx);
	bool (*is_pinned)(const struct vringfd *vr);
	int (*get_buffer)(struct vringfd *vr, struct vringfd_iov *in,
			  struct vringfd_iov *out, u16 *head);
	void (*unget_buffer)(struct vringfd *vr);
	int (*used_buffer)(struct vringfd *vr, u16 head, u32 len);
	int (*used_buffer_atomic)(struct vringfd *vr, u16 head, u32 len);
	void (*wake)(struct vringfd *vr);
	int (*enable_kick)(struct vringfd *vr);
	int (*disable_kick)(struct vringfd *vr);
	void (*schedule)(struct vringfd *vr);
};

extern const struct vringfd_calls vringfd_calls;

#endif /* _VRINGFD_H */
