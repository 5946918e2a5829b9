/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files, eventfds, user memory and timers.
 */
#ifndef _TUN_COMPAT_FILE_H
#define _TUN_COMPAT_FILE_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/hrtimer.h>
#include <linux/timer.h>

#ifndef TUN_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*fn)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}
#endif

#ifndef timer_container_of
#define timer_container_of(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*(var)), timer_fieldname)
#endif

/* On kernels without no_llseek, a file without .llseek cannot seek. */
#ifndef TUN_HAVE_NO_LLSEEK
#define no_llseek	NULL
#endif

/* An eventfd is signalled once at a time; old kernels ask for the number. */
#ifndef TUN_HAVE_EVENTFD_ONE
#include <linux/eventfd.h>

#define eventfd_signal(ctx)	eventfd_signal(ctx, 1)
#endif

/* The file of a struct fd, which newer kernels keep in a tagged pointer. */
#ifndef TUN_HAVE_FD_FILE
#define fd_file(f)		((f).file)
#endif

/* New kernels allocate the owner that SIGIO goes to. Without that,
 * __f_setown() has no effect.
 */
#ifndef TUN_HAVE_F_OWNER_ALLOCATE
static inline int file_f_owner_allocate(struct file *file)
{
	return 0;
}
#endif

/* A buffer of user space; old kernels need an iovec for that, or no check. */
#ifndef TUN_HAVE_IMPORT_UBUF
#include <linux/uio.h>

static inline int import_ubuf(int rw, void __user *buf, size_t len,
			      struct iov_iter *i)
{
	if (unlikely(!access_ok(buf, len)))
		return -EFAULT;
	iov_iter_ubuf(i, rw, buf, len);
	return 0;
}
#endif

/* Old kernels let a driver write the flags of a mapping directly. */
#ifndef TUN_HAVE_VM_FLAGS_SET
static inline void vm_flags_set(struct vm_area_struct *vma,
				unsigned long flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma,
				  unsigned long flags)
{
	vma->vm_flags &= ~flags;
}
#endif

#endif /* _TUN_COMPAT_FILE_H */
