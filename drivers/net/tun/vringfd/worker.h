/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An attached driver, and the thread that calls the driver's pull in place of
 * the ring's user.
 */
#ifndef _VRINGFD_WORKER_H
#define _VRINGFD_WORKER_H

#include <linux/types.h>

struct vringfd;
struct vringfd_hook;
struct vringfd_ops;

void vringfd_stop(struct vringfd *vr, int err);
int vringfd_call(struct vringfd *vr, bool push);
struct vringfd_hook *vringfd_worker_new(struct vringfd *vr,
					const struct vringfd_ops *ops,
					void *ctx);
void vringfd_worker_abort(struct vringfd_hook *hook);
void vringfd_worker_end(struct vringfd_hook *hook);
void vringfd_worker_put(struct vringfd_hook *hook);

#endif /* _VRINGFD_WORKER_H */
