/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * vringfd - a virtio ring as a file descriptor, as in 2008
 *
 * For programs written for that interface. A new program should rather use
 * tunring.h: one descriptor instead of three, fewer system calls.
 *
 *	unsigned int num = 256;
 *	struct vring vr;	from <linux/virtio_ring.h>
 *	uint16_t last_used = 0;
 *
 *	vring_init(&vr, num, memory, getpagesize());
 *	fd = vringfd(memory, num, &last_used);
 *
 * poll(fd): POLLIN while vr.used->idx differs from last_used. write(fd) of any
 * length: look at the ring now. close(fd) at any time. All fields are
 * little-endian. The program may do without the write if VRING_USED_F_NO_NOTIFY
 * is set, and without being woken if it sets VRING_AVAIL_F_NO_INTERRUPT.
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
 * @last_used: the program stores here the index of the next used entry to take
 *
 * All of this has to stay until the descriptor is closed.
 *
 * Return: a descriptor with O_CLOEXEC; or -1 and errno: ENOENT or ENXIO the
 * kernel has no such thing; EINVAL, EFAULT, ENOMEM, EMFILE see linux/vring.h.
 */
int vringfd(void *addr, unsigned int num, uint16_t *last_used);

/* ioctls of the descriptor; the value itself is the argument. Addresses of
 * buffers are offset by the base, and end below the limit.
 */
#ifndef VRINGSETBASE
#define VRINGSETBASE	_IOW(0xAD, 0, unsigned long)
#define VRINGSETLIMIT	_IOW(0xAD, 1, unsigned long)
#endif

/* ioctls of a tun; the argument is such a descriptor, or -1. */
#ifndef TUNSETRECVVRING
#define TUNSETRECVVRING	_IOW('T', 250, int)
#define TUNSETXMITVRING	_IOW('T', 251, int)
#endif

#ifdef __cplusplus
}
#endif

#endif /* VRINGFD_H */
