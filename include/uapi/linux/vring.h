/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vringfd: a virtio ring in the caller's memory as a file descriptor.
 *
 * VRINGFDCREATE on /dev/vringfd returns the file descriptor, which is
 * close-on-exec. The ring has the layout of vring_init(num, addr, page size)
 * and the format of <linux/virtio_ring.h>, little-endian, without indirect
 * tables and without the event index. The caller is virtio's driver. A device
 * is attached to the ring afterwards, such as a tun by TUNSETRECVVRING or
 * TUNSETXMITVRING. The first device starts at used->idx. From then on the
 * indices of the ring run freely.
 *
 *	poll	POLLIN while used->idx differs from *last_used; POLLERR when the
 *		ring was stopped, because it broke the rules or its memory is
 *		gone. poll moves no data and never sleeps in a page fault.
 *	write	of any number of bytes, also none, is a kick: "look at the ring
 *		now". No byte is read from the buffer. write returns the number
 *		of bytes, or ENOTCONN (no device is attached), EPROTO or EFAULT
 *		(the ring was stopped), EINTR, or an error of the device. If the
 *		process does not have the ring's memory, a kernel thread looks
 *		at the ring soon.
 *	read	fails with EINVAL.
 *	close	is allowed at any time; the kernel does not write to the ring
 *		any more.
 *
 * VRING_AVAIL_F_NO_INTERRUPT in avail->flags: the user needs no poll wake-up.
 * VRING_USED_F_NO_NOTIFY in used->flags: the device needs no write.
 */
#ifndef _UAPI_LINUX_VRING_H
#define _UAPI_LINUX_VRING_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VRINGFD_MAX_ENTRIES	32768

/**
 * struct vringfd_create - argument of VRINGFDCREATE
 * @addr: address of the ring, a multiple of 16
 * @last_used: address of a u16 in native byte order: the index up to which the
 *	caller has taken used entries, in the count of used->idx
 * @num: descriptors, a power of two up to VRINGFD_MAX_ENTRIES
 * @flags: 0
 * @reserved: 0
 *
 * The pages of used->idx and of @last_used are pinned, and count as locked
 * memory.
 *
 * Errors:
 *	EINVAL		@num is no power of two or too large, an address is not
 *			aligned, or @flags or @reserved is not 0
 *	EFAULT		the caller has no memory at one of the addresses
 *	EOPNOTSUPP	@last_used or used->idx is in a file system's file
 *	ENOMEM		also beyond RLIMIT_MEMLOCK
 *	EMFILE, ENFILE
 */
struct vringfd_create {
	__u64	addr;
	__u64	last_used;
	__u32	num;
	__u32	flags;
	__u64	reserved;
};

/* The address in a descriptor is an offset from this base. The argument is the
 * value itself. The base is 0 until it is set.
 */
#define VRINGSETBASE	_IOW(0xAD, 0, unsigned long)
/* Each byte of a buffer must have an address, as the descriptor has it, below
 * this limit. The argument is the value itself. There is no limit until it is
 * set.
 */
#define VRINGSETLIMIT	_IOW(0xAD, 1, unsigned long)
/* On /dev/vringfd: create a ring. */
#define VRINGFDCREATE	_IOW(0xAD, 2, struct vringfd_create)

#endif /* _UAPI_LINUX_VRING_H */
