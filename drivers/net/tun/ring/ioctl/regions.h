/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TUNRINGREGIONS, and the table of buffers of new rings.
 */
#ifndef _TUN_RING_IOCTL_REGIONS_H
#define _TUN_RING_IOCTL_REGIONS_H

#include <linux/compiler.h>
#include <linux/types.h>

struct tun_queue;
struct tun_ring;

long tun_ring_ioctl_regions(struct tun_queue *q, void __user *argp);
int tun_ring_regions_get(struct tun_ring *ring, bool pinned);

#endif /* _TUN_RING_IOCTL_REGIONS_H */
