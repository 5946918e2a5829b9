// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches a driver to a ring, and detaches it.
 */
#include "attach.h"

#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

#include "buffer.h"
#include "state.h"
#include "vringfd.h"
#include "worker.h"

static int vringfd_attach_locked(struct vringfd *vr,
				 const struct vringfd_ops *ops, void *ctx)
{
	struct task_struct *task;

	lockdep_assert_held(&vr->attach_lock);

	if (vr->dead)
		return -EBADF;
	if (vr->ops)
		return -EBUSY;
	if (READ_ONCE(vr->broken))
		return -vr->broken;
	if (!try_module_get(ops->owner))
		return -ENODEV;
	task = vringfd_worker_create(vr);
	if (IS_ERR(task)) {
		module_put(ops->owner);
		return PTR_ERR(task);
	}
	mutex_lock(&vr->lock);
	vringfd_begin(vr);
	if (ops->pin)
		vringfd_pin(vr);
	vr->ops = ops;
	vr->ctx = ctx;
	mutex_unlock(&vr->lock);
	vringfd_worker_start(vr, task);
	return 0;
}

/**
 * vringfd_attach - attach a driver to a ring
 * @vr: the ring
 * @ops: the driver's functions
 * @ctx: argument of @ops
 *
 * The thread calls pull at once. Context: process, may sleep.
 *
 * Return: 0; -EBUSY if another driver is attached; -EBADF if the file was
 * closed; -EPROTO or -EFAULT if the ring was stopped before; -EINTR; -ENOMEM.
 */
int vringfd_attach(struct vringfd *vr, const struct vringfd_ops *ops, void *ctx)
{
	int err;

	if (mutex_lock_interruptible(&vr->attach_lock))
		return -EINTR;
	err = vringfd_attach_locked(vr, ops, ctx);
	mutex_unlock(&vr->attach_lock);
	return err;
}
EXPORT_SYMBOL_GPL(vringfd_attach);

/* On return, no push or pull of the driver runs, or will run. */
static void vringfd_unhook(struct vringfd *vr)
{
	lockdep_assert_held(&vr->attach_lock);

	vringfd_worker_stop(vr);
	mutex_lock(&vr->lock);
	vr->ops = NULL;
	mutex_unlock(&vr->lock);
}

/**
 * vringfd_detach - detach a driver from a ring
 * @vr: the ring
 * @ctx: as passed to vringfd_attach()
 *
 * The driver may still give back buffers that it took, by
 * vringfd_used_buffer_atomic(). Context: process. Sleeps, if need be until the
 * page fault of a writer has ended.
 *
 * Return: true if the driver was attached: push and pull do not run, and will
 * not run. false if the file was closed before: gone was called, or will be.
 */
bool vringfd_detach(struct vringfd *vr, void *ctx)
{
	const struct vringfd_ops *ops;
	bool was;

	mutex_lock(&vr->attach_lock);
	ops = vr->ops;
	was = ops && vr->ctx == ctx;
	if (was)
		vringfd_unhook(vr);
	mutex_unlock(&vr->attach_lock);
	if (was)
		module_put(ops->owner);
	return was;
}
EXPORT_SYMBOL_GPL(vringfd_detach);

/* The last reference to the file was dropped. */
void vringfd_close(struct vringfd *vr)
{
	const struct vringfd_ops *ops;

	mutex_lock(&vr->attach_lock);
	spin_lock_irq(&vr->used_lock);
	vr->dead = true;
	spin_unlock_irq(&vr->used_lock);
	ops = vr->ops;
	if (ops)
		vringfd_unhook(vr);
	mutex_unlock(&vr->attach_lock);
	if (ops) {
		ops->gone(vr->ctx);
		module_put(ops->owner);
	}
	vringfd_put(vr);
}
