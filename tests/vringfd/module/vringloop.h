/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /dev/vringloop: a driver of vringfds for tests. An open file of it serves one
 * ring: it copies what is readable of a buffer into what is writable of it.
 */
#ifndef VRINGLOOP_H
#define VRINGLOOP_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VRINGLOOP_PIN		(1U << 0)	/* ask for a pinned ring */
#define VRINGLOOP_ATOMIC	(1U << 1)	/* use buffers from a timer */
#define VRINGLOOP_NO_KICK	(1U << 2)	/* want no writes */

struct vringloop_attach {
	__s32 fd;
	__u32 flags;
};

struct vringloop_stats {
	__u32 pushes;
	__u32 pulls;
	__u32 gone;
	__u32 buffers;
	__u32 atomic;		/* used by the timer */
	__u32 refused;		/* by vringfd_used_buffer_atomic() */
};

#define VRINGLOOP_ATTACH	_IOW(0xAD, 0x80, struct vringloop_attach)
#define VRINGLOOP_DETACH	_IO(0xAD, 0x81)
#define VRINGLOOP_STATS		_IOR(0xAD, 0x82, struct vringloop_stats)
#define VRINGLOOP_SCHEDULE	_IO(0xAD, 0x83)

#endif
