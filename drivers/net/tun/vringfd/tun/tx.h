/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User space to stack over a vringfd.
 */
#ifndef _VRINGFD_TUN_TX_H
#define _VRINGFD_TUN_TX_H

struct tun_vring_end;

int tun_vring_tx_serve(struct tun_vring_end *end);

#endif /* _VRINGFD_TUN_TX_H */
