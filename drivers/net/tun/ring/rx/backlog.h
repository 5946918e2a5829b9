/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets that waited for read() when rings were set up.
 */
#ifndef _TUN_RING_RX_BACKLOG_H
#define _TUN_RING_RX_BACKLOG_H

struct tun_dev;
struct tun_ring;

/**
 * enum tun_ring_rx_drained - why tun_ring_rx_backlog_drain() returned
 * @TUN_RING_RX_DRAINED_ALL: the backlog is empty
 * @TUN_RING_RX_DRAINED_FULL: the ring has no buffers for the next packet
 * @TUN_RING_RX_DRAINED_BUDGET: the budget is spent
 */
enum tun_ring_rx_drained {
	TUN_RING_RX_DRAINED_ALL,
	TUN_RING_RX_DRAINED_FULL,
	TUN_RING_RX_DRAINED_BUDGET,
};

int tun_ring_rx_backlog_get(struct tun_ring *ring);
enum tun_ring_rx_drained tun_ring_rx_backlog_drain(struct tun_ring *ring,
						   struct tun_dev *tun,
						   int *budget);
void tun_ring_rx_backlog_put(struct tun_ring *ring);

#endif /* _TUN_RING_RX_BACKLOG_H */
