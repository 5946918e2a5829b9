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

int tun_napi_queue(struct tun_queue *q, struct sk_buff *skb, bool more);

struct sk_buff *tun_napi_build(struct tun_dev *tun, struct tun_queue *q,
			       struct iov_iter *from, size_t len);
int tun_napi_deliver_frags(struct tun_dev *tun, struct tun_queue *q,
			   struct sk_buff *skb);

#endif /* _TUN_NAPI_H */
