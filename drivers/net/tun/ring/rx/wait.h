/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets that wait for receive buffers.
 */
#ifndef _TUN_RING_RX_WAIT_H
#define _TUN_RING_RX_WAIT_H

#include <linux/types.h>

struct tun_dev;
struct tun_ring;

void tun_ring_rx_init(struct tun_ring *ring);
bool tun_ring_rx_wait_drain(struct tun_ring *ring, struct tun_dev *tun);
bool tun_ring_rx_wait_begin(struct tun_ring *ring, struct tun_dev *tun);
void tun_ring_rx_wait_flow(struct tun_ring *ring, struct tun_dev *tun, u16 txq);
void tun_ring_rx_wait_later(struct tun_ring *ring);
void tun_ring_rx_resume(struct tun_ring *ring, bool kicked);
void tun_ring_rx_open(struct tun_ring *ring);
void tun_ring_rx_deliver_waiting(struct tun_ring *ring);
void tun_ring_rx_close(struct tun_ring *ring);

#endif /* _TUN_RING_RX_WAIT_H */
