// SPDX-License-Identifier: GPL-2.0
/*
 * vringloop uses vringfd's interface in the kernel, as tun does.
 */
#include "loop.h"

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static void loop_free(struct kref *ref)
{
	kfree(container_of(ref, struct loop, ref));
}

static void gone(void *ctx)
{
	struct loop *l = ctx;

	WRITE_ONCE(l->count.gone, l->count.gone + 1);
}

static void release(void *ctx)
{
	struct loop *l = ctx;

	complete(&l->released);
	kref_put(&l->ref, loop_free);
}

static const struct vringfd_ops plain_ops = {
	.owner	= THIS_MODULE,
	.push	= loop_push,
	.pull	= loop_pull,
	.gone	= gone,
	.release = release,
};

static const struct vringfd_ops pin_ops = {
	.owner	= THIS_MODULE,
	.pin	= true,
	.push	= loop_push,
	.pull	= loop_pull,
	.gone	= gone,
	.release = release,
};

/* The tests resolve all page faults, so the wait ends. */
static int detach(struct loop *l)
{
	if (!l->vr)
		return -ENXIO;
	vringfd_detach(l->vr, l);
	wait_for_completion(&l->released);
	timer_delete_sync(&l->timer);
	l->nheld = 0;
	vringfd_put(l->vr);
	l->vr = NULL;
	return 0;
}

static int attach(struct loop *l, const struct vringloop_attach *a)
{
	struct vringfd *vr;
	int err;

	if (l->vr)
		return -EBUSY;
	vr = vringfd_get(a->fd);
	if (IS_ERR(vr))
		return PTR_ERR(vr);
	l->vr = vr;
	l->flags = a->flags;
	memset(&l->count, 0, sizeof(l->count));
	init_completion(&l->released);
	kref_get(&l->ref);
	err = vringfd_attach(vr, a->flags & VRINGLOOP_PIN ? &pin_ops :
							   &plain_ops, l);
	if (!err)
		return 0;
	kref_put(&l->ref, loop_free);
	l->vr = NULL;
	vringfd_put(vr);
	return err;
}

/* The lock makes sure that the counters include each buffer that the user has seen as used. */
static long tell_count(struct loop *l, void __user *argp)
{
	struct vringloop_stats count;

	spin_lock_bh(&l->held_lock);
	count = l->count;
	spin_unlock_bh(&l->held_lock);
	return copy_to_user(argp, &count, sizeof(count)) ? -EFAULT : 0;
}

static long loop_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct loop *l = file->private_data;
	void __user *argp = (void __user *)arg;
	struct vringloop_attach a;
	long ret;

	if (cmd == VRINGLOOP_ATTACH && copy_from_user(&a, argp, sizeof(a)))
		return -EFAULT;
	mutex_lock(&l->lock);
	switch (cmd) {
	case VRINGLOOP_ATTACH:
		ret = attach(l, &a);
		break;
	case VRINGLOOP_DETACH:
		ret = detach(l);
		break;
	case VRINGLOOP_STATS:
		ret = tell_count(l, argp);
		break;
	case VRINGLOOP_SCHEDULE:
		if (l->vr)
			vringfd_schedule(l->vr);
		ret = l->vr ? 0 : -ENXIO;
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&l->lock);
	return ret;
}

static int loop_open(struct inode *inode, struct file *file)
{
	struct loop *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return -ENOMEM;
	kref_init(&l->ref);
	mutex_init(&l->lock);
	spin_lock_init(&l->held_lock);
	timer_setup(&l->timer, loop_tick, 0);
	file->private_data = l;
	return 0;
}

static int loop_release(struct inode *inode, struct file *file)
{
	struct loop *l = file->private_data;

	mutex_lock(&l->lock);
	detach(l);
	mutex_unlock(&l->lock);
	kref_put(&l->ref, loop_free);
	return 0;
}

static const struct file_operations loop_fops = {
	.owner		= THIS_MODULE,
	.open		= loop_open,
	.release	= loop_release,
	.unlocked_ioctl	= loop_ioctl,
};

static struct miscdevice loop_dev = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "vringloop",
	.fops	= &loop_fops,
};

module_misc_device(loop_dev);

MODULE_DESCRIPTION("vringfds that echo, for tests");
MODULE_LICENSE("GPL");
