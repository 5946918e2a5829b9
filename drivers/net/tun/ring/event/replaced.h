/* SPDX-License-Identifier: GPL-2.0 */
/*
 * eventfds that were replaced while packet paths may signal them.
 */
#ifndef _TUN_RING_EVENT_REPLACED_H
#define _TUN_RING_EVENT_REPLACED_H

struct eventfd_ctx;

void tun_ring_event_put_later(struct eventfd_ctx *ctx);
void tun_ring_event_drain(void);

#endif /* _TUN_RING_EVENT_REPLACED_H */
