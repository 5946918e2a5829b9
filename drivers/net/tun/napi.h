/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Input through the queue's NAPI (IFF_NAPI), and packets built in its fragment
 * list (IFF_NAPI_FRAGS).
 */
#ifndef _TUN_NAPI_H
#define _TUN_NAPI_H

#include "tun.h"

struct iov_iter;

/* The caller holds rtnl. No-ops for a queue without IFF_NAPI. */
void tun_napi_add(struct tun_dev *tun, struct tun_queue *q,
		  unsigned int flags);
void tun_napi_enable(struct tun_queue *q);
void tun_napi_disable(struct tun_queue *q);
void tun_napi_del(struct tun_queue *q);

void tun_napi_renumber(const struct tun_queue *q, struct napi_struct *napi);

/**
 * tun_napi_follow - renumber the packets that GRO holds if the queue's number changed
 * @q: the queue
 * @napi: the NAPI of the queue, or of its rings
 * @number: the number that these packets bear
 *
 * The device may soon have fewer queues: see tun_queue_record().
 *
 * Context: the owner of @napi, before GRO delivers a packet.
 */
static inline void tun_napi_follow(const struct tun_queue *q,
				   struct napi_struct *napi, u16 *number)
{
	u16 now = READ_ONCE(q->index);

	if (likely(*number == now))
		return;
	*number = now;
	tun_napi_renumber(q, napi);
}

int tun_napi_queue(struct tun_queue *q, struct sk_buff *skb, bool more);

struct sk_buff *tun_napi_build(struct tun_dev *tun, struct tun_queue *q,
			       struct iov_iter *from, size_t len);
int tun_napi_deliver_frags(struct tun_dev *tun, struct tun_queue *q,
			   struct sk_buff *skb);

#endif /* _TUN_NAPI_H */
