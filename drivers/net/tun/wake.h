/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waking whoever waits for a queue: sleepers, poll and SIGIO.
 */
#ifndef _TUN_WAKE_H
#define _TUN_WAKE_H

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/signal.h>

#include "tun.h"

/**
 * tun_queue_notify_readers - there is something to read
 * @q: the queue; the caller holds rcu_read_lock() or rtnl
 */
static inline void tun_queue_notify_readers(struct tun_queue *q)
{
	if (unlikely(READ_ONCE(q->fasync)))
		kill_fasync(&q->fasync, SIGIO, POLL_IN);
	q->sk.sk_data_ready(&q->sk);
}

/**
 * tun_queue_notify_error - poll() says EPOLLERR from now on
 * @q: the queue; the caller holds rcu_read_lock() or rtnl
 *
 * Who waits for nothing but errors is not woken by readiness to read.
 */
static inline void tun_queue_notify_error(struct tun_queue *q)
{
	tun_queue_notify_readers(q);
	sk_error_report(&q->sk);
}

/**
 * tun_queue_notify_writers - there is room to write
 * @q: the queue; the caller holds rcu_read_lock() or rtnl
 */
static inline void tun_queue_notify_writers(struct tun_queue *q)
{
	wait_queue_head_t *wq = &q->socket.wq.wait;

	/* A full barrier: whoever is not seen here yet will see the room. */
	if (wq_has_sleeper(wq))
		wake_up_interruptible_sync_poll(wq, EPOLLOUT | EPOLLWRNORM |
						EPOLLWRBAND);
	kill_fasync(&q->fasync, SIGIO, POLL_OUT);
}

#endif /* _TUN_WAKE_H */
