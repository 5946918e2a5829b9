/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stack to user space over a vringfd.
 */
#ifndef _VRINGFD_TUN_RX_H
#define _VRINGFD_TUN_RX_H

struct tun_vring_end;

int tun_vring_rx_serve(struct tun_vring_end *end);

#endif /* _VRINGFD_TUN_RX_H */
