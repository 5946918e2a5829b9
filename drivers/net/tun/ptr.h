/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An entry of a queue's ptr_ring: an skb, or an xdp_frame with a tag bit.
 */
#ifndef _TUN_PTR_H
#define _TUN_PTR_H

#include <linux/if_tun.h>

void tun_ptr_consume(void *ptr);
int tun_ptr_len(void *ptr);

#endif /* _TUN_PTR_H */
