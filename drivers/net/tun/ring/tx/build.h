/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building an skb from one chain of the transmit ring.
 */
#ifndef _TUN_RING_TX_BUILD_H
#define _TUN_RING_TX_BUILD_H

struct sk_buff;
struct tun_dev;
struct tun_ring;

struct sk_buff *tun_ring_tx_build(struct tun_ring *ring, struct tun_dev *tun,
				  bool *xdp_done);
struct sk_buff *tun_ring_tx_build_user(struct tun_ring *ring,
				       struct tun_dev *tun);

#endif /* _TUN_RING_TX_BUILD_H */
