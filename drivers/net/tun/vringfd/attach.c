// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches a driver to a ring, and detaches the driver.
 */
#include "attach.h"

#include <linux/export.h>
#include <linux/module.h>

#include "buffer.h"
#include "state.h"
#include "vringfd.h"
#include "worker.h"

/* Publish a driver, and schedule one pull. Return: 0, or -EBADF if the file was
 * closed.
 */
static int vringfd_hook_publish(struct vringfd *vr, struct vringfd_hook *hook)
{
	bool dead;

	lockdep_assert_held(&vr->attach_lock);

	spin_lock_irq(&vr->used_lock);
	dead = vr->dead;
	if (!dead)
		rcu_assign_pointer(vr->hook, hook);
	spin_unlock_irq(&vr->used_lock);
	if (dead)
		return -EBADF;
	vringfd_schedule(vr);
	return 0;
}

/* Prepare the engine for the first driver, and attach the driver. */
static int vringfd_attach_hook(struct vringfd *vr, struct vringfd_hook *hook)
{
	lockdep_assert_held(&vr->attach_lock);

	/* a driver that was detached may still be in push or pull */
	if (mutex_lock_interruptible(&vr->lock))
		return -EINTR;
	vringfd_begin(vr);
	if (hook->ops->pin)
		vringfd_pin(vr);
	mutex_unlock(&vr->lock);
	return vringfd_hook_publish(vr, hook);
}

static int vringfd_attach_locked(struct vringfd *vr,
				 const struct vringfd_ops *ops, void *ctx)
{
	struct vringfd_hook *hook;
	int err;

	lockdep_assert_held(&vr->attach_lock);

	if (READ_ONCE(vr->dead))
		return -EBADF;
	if (rcu_access_pointer(vr->hook))
		return -EBUSY;
	if (READ_ONCE(vr->broken))
		return -vr->broken;
	if (!try_module_get(ops->owner))
		return -ENODEV;
	hook = vringfd_worker_new(vr, ops, ctx);
	if (IS_ERR(hook)) {
		module_put(ops->owner);
		return PTR_ERR(hook);
	}
	err = vringfd_attach_hook(vr, hook);
	if (err) {
		vringfd_worker_abort(hook);
		module_put(ops->owner);
	}
	return err;
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
 * closed; -EPROTO or -EFAULT if the ring was stopped before; -EAGAIN if the
 * caller has too many threads; -EINTR; -ENOMEM.
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

/*
 * Take the driver from a ring. If @ctx is NULL, take any driver, and let no
 * driver be attached later. The function does not wait for the thread or a
 * writer, which may be in a page fault of the user. Return: the hook, for
 * vringfd_worker_put(); or NULL if the driver is not attached.
 */
static struct vringfd_hook *vringfd_unhook(struct vringfd *vr, void *ctx)
{
	struct vringfd_hook *hook;

	spin_lock_irq(&vr->used_lock);
	if (!ctx)
		vr->dead = true;
	hook = rcu_dereference_protected(vr->hook,
					 lockdep_is_held(&vr->used_lock));
	if (hook && ctx && hook->ctx != ctx)
		hook = NULL;
	if (hook)
		RCU_INIT_POINTER(vr->hook, NULL);
	spin_unlock_irq(&vr->used_lock);
	if (hook)
		vringfd_worker_end(hook);
	return hook;
}

/**
 * vringfd_detach - detach a driver from a ring
 * @vr: the ring
 * @ctx: as passed to vringfd_attach()
 *
 * No call of push or pull begins after the return, but a call may still run:
 * see release of struct vringfd_ops. The driver may still give back buffers
 * that it took, by vringfd_used_buffer_atomic(). Context: process. The function
 * does not wait for user space.
 *
 * Return: true if the driver was attached; false if the file was closed before.
 */
bool vringfd_detach(struct vringfd *vr, void *ctx)
{
	struct vringfd_hook *hook = vringfd_unhook(vr, ctx);

	if (hook)
		vringfd_worker_put(hook);
	return hook;
}
EXPORT_SYMBOL_GPL(vringfd_detach);

/* The last reference to the file was dropped. */
void vringfd_close(struct vringfd *vr)
{
	struct vringfd_hook *hook = vringfd_unhook(vr, NULL);

	if (hook) {
		hook->ops->gone(hook->ctx);
		vringfd_worker_put(hook);
	}
	vringfd_put(vr);
}
