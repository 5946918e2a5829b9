// SPDX-License-Identifier: GPL-2.0
/*
 * vringfd: a file descriptor for a virtio ring in a user's memory.
 * VRINGFDCREATE on /dev/vringfd takes the place of a system call.
 */
#include <linux/anon_inodes.h>
#include <linux/build_bug.h>
#include <linux/fcntl.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/vring.h>

#include "../ring/engine/vring.h"
#include "core/calls.h"
#include "file.h"
#include "life.h"
#include "vringfd.h"

/* The layout of struct vringfd_create never changes. */
#define ABI_FIELD(field, offset, size)						\
	static_assert(offsetof(struct vringfd_create, field) == (offset) &&	\
		      sizeof_field(struct vringfd_create, field) == (size))
static_assert(sizeof(struct vringfd_create) == 32);
ABI_FIELD(addr, 0, 8);
ABI_FIELD(last_used, 8, 8);
ABI_FIELD(num, 16, 4);
ABI_FIELD(flags, 20, 4);
ABI_FIELD(reserved, 24, 8);
#undef ABI_FIELD

static_assert(VRINGFD_MAX_SEGS == TUN_VRING_MAX_CHAIN);
static_assert(VRINGFD_MAX_ENTRIES == TUN_VRING_MAX_ENTRIES);

static long vringfd_create_fd(const struct vringfd_create __user *argp)
{
	struct vringfd_create args;
	struct vringfd *vr;
	int fd;

	if (copy_from_user(&args, argp, sizeof(args)))
		return -EFAULT;
	vr = vringfd_new(&args);
	if (IS_ERR(vr))
		return PTR_ERR(vr);
	fd = anon_inode_getfd("[vringfd]", &vringfd_fops, vr,
			      O_RDWR | O_CLOEXEC);
	if (fd < 0)
		vringfd_put(vr);
	return fd;
}

static long vringfd_node_ioctl(struct file *file, unsigned int cmd,
			       unsigned long arg)
{
	if (cmd != VRINGFDCREATE)
		return -ENOTTY;
	return vringfd_create_fd((void __user *)arg);
}

static const struct file_operations node_fops = {
	.owner		= THIS_MODULE,
	.llseek		= no_llseek,
	.unlocked_ioctl	= vringfd_node_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};

static struct miscdevice node = {
	.minor		= MISC_DYNAMIC_MINOR,
	.name		= "vringfd",
	.mode		= 0600,	/* udev has a rule, as for /dev/net/tun */
	.fops		= &node_fops,
};

static const struct vringfd_calls calls = {
	.owner			= THIS_MODULE,
	.get			= vringfd_get,
	.put			= vringfd_put,
	.attach			= vringfd_attach,
	.detach			= vringfd_detach,
	.is_pinned		= vringfd_is_pinned,
	.get_buffer		= vringfd_get_buffer,
	.unget_buffer		= vringfd_unget_buffer,
	.used_buffer		= vringfd_used_buffer,
	.used_buffer_atomic	= vringfd_used_buffer_atomic,
	.wake			= vringfd_wake,
	.enable_kick		= vringfd_enable_kick,
	.disable_kick		= vringfd_disable_kick,
	.schedule		= vringfd_schedule,
};

static int __init vringfd_init(void)
{
	int err = vringfd_life_init();

	if (err)
		return err;
	err = misc_register(&node);
	if (err) {
		vringfd_life_exit();
		return err;
	}
	vringfd_calls_register(&calls);
	return 0;
}

/* No file is open: each open file holds the module. */
static void __exit vringfd_exit(void)
{
	vringfd_calls_unregister();
	misc_deregister(&node);
	vringfd_life_exit();
}

module_init(vringfd_init);
module_exit(vringfd_exit);

MODULE_IMPORT_NS(VRING_CORE);
MODULE_DESCRIPTION("virtio rings in user memory as file descriptors");
MODULE_LICENSE("GPL");
