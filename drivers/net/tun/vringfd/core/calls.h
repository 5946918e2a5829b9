/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver that also works without vringfd.ko finds the functions of vringfd.ko
 * here, when user space passes a vringfd.
 */
#ifndef _VRINGFD_CORE_CALLS_H
#define _VRINGFD_CORE_CALLS_H

#include <linux/module.h>
#include <linux/types.h>

struct vringfd;
struct vringfd_iov;
struct vringfd_ops;

/**
 * struct vringfd_calls - the functions of vringfd.h
 * @owner: vringfd.ko
 */
struct vringfd_calls {
	struct module *owner;
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

void vringfd_calls_register(const struct vringfd_calls *calls);
void vringfd_calls_unregister(void);
const struct vringfd_calls *vringfd_calls_get(void);

/* Context: any. */
static inline void vringfd_calls_put(const struct vringfd_calls *calls)
{
	module_put(calls->owner);
}

#endif /* _VRINGFD_CORE_CALLS_H */
