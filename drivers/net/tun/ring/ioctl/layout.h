/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layout of rings: checks of parameters, and offsets of the parts.
 */
#ifndef _TUN_RING_IOCTL_LAYOUT_H
#define _TUN_RING_IOCTL_LAYOUT_H

#include <linux/types.h>

struct tun_ring;
struct tun_ring_attach;
struct tun_ring_setup;

u64 tun_ring_layout_features(void);
int tun_ring_layout_check_features(u64 features);
int tun_ring_layout_check_attach(const struct tun_ring_attach *a);
int tun_ring_layout_check(const struct tun_ring_setup *s);
int tun_ring_layout_alloc(struct tun_ring *ring, struct tun_ring_setup *s);

#endif /* _TUN_RING_IOCTL_LAYOUT_H */
