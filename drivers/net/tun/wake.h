/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Wake-ups for the waiters of a queue: sleepers, poll and SIGIO.
 */
#ifndef _TUN_WAKE_H
#define _TUN_WAKE_H

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/signal.h>

#include "tun.h"

/**
 * tun_queue_notify_readers - wake all waiters for packets of a queue
 * @q: the queue; the caller holds rcu_read_lock() or rtnl
 */
static inline void tun_queue_notify_readers(struct tun_queue *q)
{
	if (unlikely(READ_ONCE(q->fasync)))
		kill_fasync(&q->fasync, SIGIO, POLL_IN);
	q->sk.sk_data_ready(&q->sk);
}

/**
 * tun_queue_notify_error - wake all pollers, as poll() reports EPOLLERR now
 * @q: the queue; the caller holds rcu_read_lock() or rtnl
 *
 * sk_data_ready() does not wake a poller that waits for errors only.
 */
static inline void tun_queue_notify_error(struct tun_queue *q)
{
	tun_queue_notify_readers(q);
	sk_error_report(&q->sk);
}

/**
 * tun_queue_notify_writers - wake all waiters for room to write
 * @q: the queue; the caller holds rcu_read_lock() or rtnl
 */
static inline void tun_queue_notify_writers(struct tun_queue *q)
{
	wait_queue_head_t *wq = &q->socket.wq.wait;

	/* wq_has_sleeper() is a full barrier. A waiter that is not in the wait
	 * queue yet checks for room later, and sees the room.
	 */
	if (wq_has_sleeper(wq))
		wake_up_interruptible_sync_poll(wq, EPOLLOUT | EPOLLWRNORM |
						EPOLLWRBAND);
	kill_fasync(&q->fasync, SIGIO, POLL_OUT);
}

#endif /* _TUN_WAKE_H */
