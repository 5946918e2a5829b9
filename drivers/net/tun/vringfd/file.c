// SPDX-License-Identifier: GPL-2.0
/*
 * The file operations of a vringfd: poll, write, ioctl and close.
 */
#include "file.h"

#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "attach.h"
#include "life.h"
#include "state.h"
#include "vringfd.h"
#include "worker.h"

/* Both words are pinned, so poll never faults on user memory. */
static bool vringfd_has_used(const struct vringfd *vr)
{
	return le16_to_cpu((__force __le16)READ_ONCE(*vr->used_idx)) !=
	       READ_ONCE(*vr->last_used);
}

static __poll_t vringfd_file_poll(struct file *file, poll_table *wait)
{
	struct vringfd *vr = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &vr->wait, wait);
	if (vringfd_has_used(vr))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(vr->broken))
		mask |= EPOLLERR;
	return mask;
}

/*
 * A write is a kick. The driver runs in this context if the writer has the
 * ring's memory. Otherwise the thread runs the driver.
 */
static ssize_t vringfd_file_write(struct file *file, const char __user *buf,
				  size_t len, loff_t *pos)
{
	struct vringfd *vr = file->private_data;
	int ret;

	if (current->mm != vr->mm) {
		if (READ_ONCE(vr->broken))
			return -vr->broken;
		if (!rcu_access_pointer(vr->hook))
			return -ENOTCONN;
		vringfd_schedule(vr);
		return len;
	}
	if (mutex_lock_interruptible(&vr->lock))
		return -EINTR;
	ret = vringfd_call(vr, true);
	mutex_unlock(&vr->lock);
	if (ret > 0)
		vringfd_schedule(vr);
	return ret < 0 ? ret : len;
}

static long vringfd_ioctl_set_region(struct vringfd *vr, bool limit,
				     unsigned long value)
{
	if (mutex_lock_interruptible(&vr->lock))
		return -EINTR;
	if (limit)
		vringfd_set_region(vr, vr->base, value);
	else
		vringfd_set_region(vr, value, vr->limit);
	mutex_unlock(&vr->lock);
	return 0;
}

static long vringfd_file_ioctl(struct file *file, unsigned int cmd,
			       unsigned long arg)
{
	switch (cmd) {
	case VRINGSETBASE:
	case VRINGSETLIMIT:
		return vringfd_ioctl_set_region(file->private_data,
						cmd == VRINGSETLIMIT, arg);
	default:
		return -ENOTTY;
	}
}

#ifdef CONFIG_COMPAT
/* The ioctl numbers contain the size of a long, so 32-bit callers have other
 * numbers.
 */
static long vringfd_file_compat_ioctl(struct file *file, unsigned int cmd,
				      unsigned long arg)
{
	arg = (compat_ulong_t)arg;
	switch (cmd) {
	case _IOW(_IOC_TYPE(VRINGSETBASE), _IOC_NR(VRINGSETBASE), compat_ulong_t):
		return vringfd_ioctl_set_region(file->private_data, false, arg);
	case _IOW(_IOC_TYPE(VRINGSETBASE), _IOC_NR(VRINGSETLIMIT), compat_ulong_t):
		return vringfd_ioctl_set_region(file->private_data, true, arg);
	default:
		return -ENOTTY;
	}
}
#endif

static int vringfd_file_release(struct inode *inode, struct file *file)
{
	vringfd_close(file->private_data);
	return 0;
}

#ifdef CONFIG_PROC_FS
static void vringfd_file_show_fdinfo(struct seq_file *m, struct file *file)
{
	const struct vringfd *vr = file->private_data;

	seq_printf(m, "vring-num:\t%u\n", vr->vq.vr.num);
	seq_printf(m, "vring-driver:\t%s\n",
		   rcu_access_pointer(vr->hook) ? "attached" : "none");
	seq_printf(m, "vring-pinned:\t%d\n", READ_ONCE(vr->pinned));
	seq_printf(m, "vring-error:\t%d\n", READ_ONCE(vr->broken));
}
#endif

/* A file without .read: read(2) fails with EINVAL. */
const struct file_operations vringfd_fops = {
	.owner		= THIS_MODULE,
	.llseek		= no_llseek,
	.poll		= vringfd_file_poll,
	.write		= vringfd_file_write,
	.unlocked_ioctl	= vringfd_file_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl	= vringfd_file_compat_ioctl,
#endif
	.release	= vringfd_file_release,
#ifdef CONFIG_PROC_FS
	.show_fdinfo	= vringfd_file_show_fdinfo,
#endif
};
