/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * vringfd - a virtio ring as a file descriptor, as in 2008
 *
 * This interface is for programs that use it already. A new program should use
 * tunring.h, which needs one descriptor instead of three, and fewer system
 * calls.
 *
 *	unsigned int num = 256;
 *	struct vring vr;	from <linux/virtio_ring.h>
 *	uint16_t last_used = 0;
 *
 *	vring_init(&vr, num, memory, getpagesize());
 *	fd = vringfd(memory, num, &last_used);
 *
 * poll(fd): POLLIN while vr.used->idx differs from last_used. write(fd) of any
 * length kicks the kernel. The program may close fd at any time. All fields are
 * little-endian. The program need not write while VRING_USED_F_NO_NOTIFY is
 * set. The kernel does not wake the program while VRING_AVAIL_F_NO_INTERRUPT is
 * set.
 *
 * The kernel needs the module vringfd, and the tun driver that comes with it.
 */
#ifndef VRINGFD_H
#define VRINGFD_H

#include <stdint.h>
#include <linux/ioctl.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * vringfd - make a descriptor of a ring
 * @addr: of the ring, zeroed and laid out by vring_init(); a multiple of 16
 * @num: descriptors, a power of two, at most 32768
 * @last_used: index of the next used entry that the program will take; the
 *	program writes this
 *
 * The memory of both must stay until the descriptor is closed.
 *
 * Return: a descriptor with O_CLOEXEC; or -1 and errno: ENOENT or ENXIO if the
 * kernel has no vringfd; EINVAL, EFAULT, ENOMEM or EMFILE, see linux/vring.h.
 */
int vringfd(void *addr, unsigned int num, uint16_t *last_used);

/*
 * ioctls of the descriptor; the argument is the value itself. The kernel adds
 * the base to the addresses of buffers, which must end below the limit.
 */
#ifndef VRINGSETBASE
#define VRINGSETBASE	_IOW(0xAD, 0, unsigned long)
#define VRINGSETLIMIT	_IOW(0xAD, 1, unsigned long)
#endif

/* ioctls of a tun; the argument is a descriptor of vringfd(), or -1. */
#ifndef TUNSETRECVVRING
#define TUNSETRECVVRING	_IOW('T', 250, int)
#define TUNSETXMITVRING	_IOW('T', 251, int)
#endif

#ifdef __cplusplus
}
#endif

#endif /* VRINGFD_H */
