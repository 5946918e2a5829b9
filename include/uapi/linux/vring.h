/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vringfd: a virtio ring in the caller's memory as a file descriptor.
 *
 * VRINGFDCREATE on /dev/vringfd returns the descriptor, which is close-on-exec.
 * It belongs to the ring that vring_init(num, addr, page size) lays out, in the
 * format of <linux/virtio_ring.h>, little-endian, without indirect tables and
 * without the event index. The caller is virtio's driver. A device, such as a
 * tun by TUNSETRECVVRING or TUNSETXMITVRING, is attached to it afterwards; the
 * first one takes the ring to stand where used->idx says, and from then on its
 * indices run freely.
 *
 *	poll	POLLIN while used->idx differs from *last_used; POLLERR when the
 *		ring was stopped, because it broke the rules or its memory is
 *		gone. Moves no data and never sleeps in a page fault.
 *	write	of any number of bytes, also none: "look at the ring now".
 *		Nothing is read from the buffer. The answer is the number of
 *		bytes, or ENOTCONN (no device is attached), EPROTO or EFAULT
 *		(the ring was stopped), EINTR, or an error of the device's. In a
 *		process that does not have the ring's memory, a kernel thread
 *		looks at it, soon.
 *	read	EINVAL
 *	close	at any moment; nothing is written to the ring any more.
 *
 * VRING_AVAIL_F_NO_INTERRUPT in avail->flags: no wake-up of poll is wanted.
 * VRING_USED_F_NO_NOTIFY in used->flags: no write is wanted.
 */
#ifndef _UAPI_LINUX_VRING_H
#define _UAPI_LINUX_VRING_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VRINGFD_MAX_ENTRIES	32768

/**
 * struct vringfd_create - argument of VRINGFDCREATE
 * @addr: of the ring, a multiple of 16
 * @last_used: address of a u16 in native byte order: the index up to which the
 *	caller has taken used entries, counted as used->idx is
 * @num: descriptors, a power of two up to VRINGFD_MAX_ENTRIES
 * @flags: 0
 * @reserved: 0
 *
 * The pages of used->idx and of @last_used are pinned, and count as locked
 * memory.
 *
 * Errors: EINVAL @num is no such number, an address is not aligned, or @flags
 * or @reserved is not 0; EFAULT there is no such memory; ENOMEM, also beyond
 * RLIMIT_MEMLOCK; EMFILE, ENFILE.
 */
struct vringfd_create {
	__u64	addr;
	__u64	last_used;
	__u32	num;
	__u32	flags;
	__u64	reserved;
};

/* A descriptor's address is an offset from this address. The argument is the
 * value itself. 0 until it is set.
 */
#define VRINGSETBASE	_IOW(0xAD, 0, unsigned long)
/* Each byte of a buffer must have an address, as the descriptor has it, below
 * this one. The argument is the value itself. No limit until it is set.
 */
#define VRINGSETLIMIT	_IOW(0xAD, 1, unsigned long)
/* On /dev/vringfd: a new ring. */
#define VRINGFDCREATE	_IOW(0xAD, 2, struct vringfd_create)

#endif /* _UAPI_LINUX_VRING_H */
