/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for packets that enter the stack: fragments of reused pages.
 */
#ifndef _TUN_RING_FRAGS_H
#define _TUN_RING_FRAGS_H

#include <linux/sizes.h>
#include <linux/types.h>

/* Largest fragment: a page, where pages have this size. */
#define TUN_RING_TX_FRAG_MAX	SZ_4K

void *tun_ring_tx_frag_alloc(u32 *size);
void tun_ring_tx_frags_drain(void);

#endif /* _TUN_RING_FRAGS_H */
