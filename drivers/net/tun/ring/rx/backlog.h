/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets that waited for read() when rings were set up.
 */
#ifndef _TUN_RING_RX_BACKLOG_H
#define _TUN_RING_RX_BACKLOG_H

struct tun_ring;

int tun_ring_backlog_take(struct tun_ring *ring);
void tun_ring_backlog_give_back(struct tun_ring *ring);

#endif /* _TUN_RING_RX_BACKLOG_H */
