// SPDX-License-Identifier: GPL-2.0
/*
 * The device side of a virtio 1.x split ring: functions that are not inline.
 */
#include "vring.h"

#include <linux/string.h>

/**
 * tun_vring_init - start a ring at index 0, with no memory yet
 * @vr: the ring
 * @num: entries, a power of two up to TUN_VRING_MAX_ENTRIES
 * @indirect: accept indirect tables
 * @event_idx: used_event and avail_event decide on notification
 */
void tun_vring_init(struct tun_vring *vr, u32 num, bool indirect,
		    bool event_idx)
{
	memset(vr, 0, sizeof(*vr));
	vr->num = num;
	vr->indirect = indirect;
	vr->event_idx = event_idx;
}

/**
 * tun_vring_set_broken - mark a ring broken after its driver broke the rules
 * @vr: the ring
 * @why: the reason, for the log; the first reason stays
 *
 * Return: -EPROTO.
 */
int tun_vring_set_broken(struct tun_vring *vr, const char *why)
{
	if (!vr->broken)
		WRITE_ONCE(vr->broken, why);
	return -EPROTO;
}
