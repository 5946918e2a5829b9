/* SPDX-License-Identifier: GPL-2.0 */
/*
 * skb -> stack, and the one path that reads the headers in front of a packet.
 */
#ifndef _TUN_INPUT_H
#define _TUN_INPUT_H

#include "tun.h"

struct iov_iter;
struct ubuf_info;
struct virtio_net_hdr;

ssize_t tun_input(struct tun_dev *tun, struct tun_queue *q,
		  struct ubuf_info *uarg, struct iov_iter *from, bool noblock,
		  bool more);
int tun_input_set_protocol(struct tun_dev *tun, struct sk_buff *skb,
			   __be16 proto);
int tun_input_prepare(struct tun_dev *tun, struct tun_queue *q,
		      struct sk_buff *skb, const struct virtio_net_hdr *vnet,
		      const __be16 *proto);

/**
 * tun_input_learn - let packets of this flow come back to this queue
 * @tun: the device
 * @q: the queue that the packet came from
 * @skb: the packet, ready for the stack
 */
static inline void tun_input_learn(struct tun_dev *tun, struct tun_queue *q,
				   struct sk_buff *skb)
{
	if (READ_ONCE(tun->numqueues) > 1 && tun_queue_is_active(q))
		tun_steer_learn(&tun->steer, skb, READ_ONCE(q->index));
}

#endif /* _TUN_INPUT_H */
