/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An entry of a queue's ptr_ring: an skb, or an xdp_frame with a tag bit.
 */
#ifndef _TUN_PTR_H
#define _TUN_PTR_H

#include <linux/if_tun.h>
#include <linux/ptr_ring.h>
#include <linux/skbuff.h>
#include <net/dst.h>

/**
 * tun_ptr_prepare_skb - make a packet ready to wait for user space
 * @skb: the packet, of which the tx time stamp has been taken
 *
 * The packet may wait for any time, and its device may move to another
 * namespace meanwhile. So the packet must give up all objects that may go away
 * before it does: socket, connection, route and extensions, such as the state
 * of a tunnel.
 *
 * Return: SKB_NOT_DROPPED_YET, or the reason why the packet cannot wait.
 */
static inline enum skb_drop_reason tun_ptr_prepare_skb(struct sk_buff *skb)
{
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC)))
		return SKB_DROP_REASON_SKB_UCOPY_FAULT;

	skb_orphan(skb);
	nf_reset_ct(skb);
	skb_dst_drop(skb);
	skb_ext_reset(skb);

	return SKB_NOT_DROPPED_YET;
}

void tun_ptr_consume(void *ptr);
int tun_ptr_len(void *ptr);

#endif /* _TUN_PTR_H */
