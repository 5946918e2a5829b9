/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets that waited for read() when rings were set up.
 */
#ifndef _TUN_RING_RX_BACKLOG_H
#define _TUN_RING_RX_BACKLOG_H

struct tun_ring;

int tun_ring_rx_backlog_get(struct tun_ring *ring);
void tun_ring_rx_backlog_put(struct tun_ring *ring);

#endif /* _TUN_RING_RX_BACKLOG_H */
