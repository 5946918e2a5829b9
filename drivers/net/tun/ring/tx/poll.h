/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The NAPI instance of a queue with rings.
 */
#ifndef _TUN_RING_TX_POLL_H
#define _TUN_RING_TX_POLL_H

struct napi_struct;

int tun_ring_tx_poll(struct napi_struct *napi, int budget);

#endif /* _TUN_RING_TX_POLL_H */
