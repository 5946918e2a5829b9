/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Gives an skb from user space to the stack.
 */
#ifndef _TUN_RECEIVE_H
#define _TUN_RECEIVE_H

#include "tun.h"

struct virtio_net_hdr;

int tun_receive_set_protocol(struct tun_dev *tun, struct sk_buff *skb,
			     __be16 proto, bool has_pi);
int tun_receive_prepare(struct tun_dev *tun, struct tun_queue *q,
			struct sk_buff *skb, const struct virtio_net_hdr *vnet,
			const __be16 *proto);
int tun_receive_skb(struct tun_dev *tun, struct tun_queue *q,
		    struct sk_buff *skb, size_t len, bool more);

/**
 * tun_receive_learn - steer later packets of this flow to this queue
 * @tun: the device
 * @q: the queue that the packet came from
 * @skb: the packet, ready for the stack
 */
static inline void tun_receive_learn(struct tun_dev *tun, struct tun_queue *q,
				     struct sk_buff *skb)
{
	if (READ_ONCE(tun->numqueues) > 1 && tun_queue_is_active(q))
		tun_steer_learn(&tun->steer, skb, READ_ONCE(q->index));
}

#endif /* _TUN_RECEIVE_H */
