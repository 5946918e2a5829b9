/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /dev/vringloop is a driver of vringfds for tests. Each open file serves one ring: the
 * driver copies the readable part of a buffer into its writable part.
 */
#ifndef VRINGLOOP_H
#define VRINGLOOP_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VRINGLOOP_PIN		(1U << 0)	/* the driver asks for a pinned ring */
#define VRINGLOOP_ATOMIC	(1U << 1)	/* the driver uses buffers from a timer */
#define VRINGLOOP_NO_KICK	(1U << 2)	/* the driver asks for no kicks */

struct vringloop_attach {
	__s32 fd;
	__u32 flags;
};

struct vringloop_stats {
	__u32 pushes;
	__u32 pulls;
	__u32 gone;
	__u32 buffers;
	__u32 atomic;		/* buffers that the timer has used */
	__u32 refused;		/* buffers that vringfd_used_buffer_atomic() refused */
};

#define VRINGLOOP_ATTACH	_IOW(0xAD, 0x80, struct vringloop_attach)
#define VRINGLOOP_DETACH	_IO(0xAD, 0x81)
#define VRINGLOOP_STATS		_IOR(0xAD, 0x82, struct vringloop_stats)
#define VRINGLOOP_SCHEDULE	_IO(0xAD, 0x83)

#endif
