/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Error reports for a broken ring.
 */
#ifndef _TUN_RING_EVENT_REPORT_H
#define _TUN_RING_EVENT_REPORT_H

#include <linux/types.h>

struct tun_ring;
struct tun_vring;

bool tun_ring_set_broken(struct tun_ring *ring, int err);
void tun_ring_report_failed(struct tun_ring *ring, const struct tun_vring *vr,
			    int err);
void tun_ring_report_broken(struct tun_ring *ring, const struct tun_vring *vr);

#endif /* _TUN_RING_EVENT_REPORT_H */
