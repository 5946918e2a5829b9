/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The thread that calls a driver's pull in place of the ring's user.
 */
#ifndef _VRINGFD_WORKER_H
#define _VRINGFD_WORKER_H

#include <linux/types.h>

struct task_struct;
struct vringfd;

void vringfd_stop(struct vringfd *vr, int err);
int vringfd_call(struct vringfd *vr, bool push);
struct task_struct *vringfd_worker_create(struct vringfd *vr);
void vringfd_worker_start(struct vringfd *vr, struct task_struct *task);
void vringfd_worker_stop(struct vringfd *vr);

#endif /* _VRINGFD_WORKER_H */
