/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IFF_BACKPRESSURE: a full tx_ring stops the netdev queue, so that packets wait in
 * the queueing discipline.
 */
#ifndef _TUN_BACKPRESSURE_BACKPRESSURE_H
#define _TUN_BACKPRESSURE_BACKPRESSURE_H

#include "../tun.h"

int tun_backpressure_produce(struct tun_queue *q, void *ptr);
void tun_backpressure_consumed_slow(struct tun_queue *q, unsigned int n);

/* Does a full tx_ring stop the netdev queue? */
static inline bool tun_backpressure_is_on(const struct tun_queue *q)
{
	return TUN_BACKPRESSURE && unlikely(READ_ONCE(q->backpressure.on));
}

/**
 * tun_backpressure_consumed - packets were taken from the tx_ring
 * @q: the queue
 * @n: number of packets
 *
 * Context: any; the caller may hold the consumer_lock of the tx_ring.
 */
static inline void tun_backpressure_consumed(struct tun_queue *q,
					     unsigned int n)
{
	if (tun_backpressure_is_on(q))
		tun_backpressure_consumed_slow(q, n);
}

void tun_backpressure_init(struct tun_queue *q);
void tun_backpressure_reset(struct tun_dev *tun, struct tun_queue *q);
void tun_backpressure_reset_all(struct tun_dev *tun);
void tun_backpressure_cancel(struct tun_queue *q);

#endif /* _TUN_BACKPRESSURE_BACKPRESSURE_H */
