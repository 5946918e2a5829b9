/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets that wait for receive buffers, in the queue's tx_ring.
 */
#ifndef _TUN_RING_RX_FIFO_H
#define _TUN_RING_RX_FIFO_H

#include <linux/types.h>

struct sk_buff;
struct tun_dev;
struct tun_ring;
struct xdp_frame;

/**
 * enum tun_ring_rx_drained - why tun_ring_rx_fifo_drain() returned
 * @TUN_RING_RX_DRAINED_ALL: no packet waits
 * @TUN_RING_RX_DRAINED_FULL: the ring has no buffers for the next packet, or is
 *	broken
 * @TUN_RING_RX_DRAINED_BUSY: another reader of the tx_ring holds its lock
 * @TUN_RING_RX_DRAINED_BUDGET: the budget is spent
 */
enum tun_ring_rx_drained {
	TUN_RING_RX_DRAINED_ALL,
	TUN_RING_RX_DRAINED_FULL,
	TUN_RING_RX_DRAINED_BUSY,
	TUN_RING_RX_DRAINED_BUDGET,
};

bool tun_ring_rx_fifo_add_skb(struct tun_ring *ring, struct sk_buff *skb);
bool tun_ring_rx_fifo_add_frame(struct tun_ring *ring, struct xdp_frame *frame);
enum tun_ring_rx_drained tun_ring_rx_fifo_drain(struct tun_ring *ring,
						struct tun_dev *tun,
						int *budget);

#endif /* _TUN_RING_RX_FIFO_H */
