/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The behaviour of the kernel's own tun driver towards user space, where that
 * depends on the kernel. A program finds the same in this driver.
 *
 * No header shows some of these changes. The header of another change that is
 * in the same kernels, or in newer ones, stands for them.
 */
#ifndef _TUN_COMPAT_STOCK_H
#define _TUN_COMPAT_STOCK_H

#include <linux/if_tun.h>

/* Kernels with iter_iov() (6.4) honour IOCB_NOWAIT. Older kernels refuse
 * RWF_NOWAIT on a tun file. A tun is a link of 10 Gbit/s since 6.3.
 */
#ifdef TUN_HAVE_ITER_IOV
#define TUN_FMODE	FMODE_NOWAIT
#define TUN_LINK_SPEED	SPEED_10000
#else
#define TUN_FMODE	((__force fmode_t)0)
#define TUN_LINK_SPEED	SPEED_10
#endif

/* May a caller without privilege attach to a device that has neither owner nor
 * group? Linux 6.12.117 and 7.3 refuse that. Kernels between these, as old as
 * this header's sign, may allow it: refusing is the safe side.
 * Does ethtool show the number of queues? Linux 6.12 does.
 */
#ifdef TUN_HAVE_F_OWNER_ALLOCATE
#define TUN_UNOWNED_IS_FREE	false
#define TUN_GET_CHANNELS(fn)	(fn)
#else
#define TUN_UNOWNED_IS_FREE	true
#define TUN_GET_CHANNELS(fn)	NULL
#endif

/* Does a program in the driver have room for metadata in front of a packet? The
 * kernel's own driver has that since 6.15. The sign is of 6.17.
 */
#ifdef TUN_HAVE_XDP_HDR
#define TUN_XDP_HAS_META	false
#else
#define TUN_XDP_HAS_META	true
#endif

/* UDP segmentation offload by TUNSETOFFLOAD (6.2). On older kernels, only a
 * queue with rings may enable the offload: read() and write() stay as they are.
 */
#ifdef TUN_F_USO4
#define TUN_USO_BY_RINGS_ALONE	false
#else
#define TUN_F_USO4		0x20
#define TUN_F_USO6		0x40
#define TUN_USO_BY_RINGS_ALONE	true
#endif

#endif /* _TUN_COMPAT_STOCK_H */
