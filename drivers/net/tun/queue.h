/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Life of a queue: attached, disabled, detached, closed.
 */
#ifndef _TUN_QUEUE_H
#define _TUN_QUEUE_H

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/signal.h>

#include "tun.h"

struct net;

struct tun_queue *tun_queue_open(struct net *net, struct file *file);
void tun_queue_close(struct tun_queue *q);

int tun_queue_attach(struct tun_dev *tun, struct tun_queue *q, bool filter,
		     unsigned int napi_flags, bool publish);
void tun_queue_disable(struct tun_queue *q);
void tun_queue_detach_all(struct tun_dev *tun);

int tun_queue_resize_all(struct tun_dev *tun, unsigned int len);
void tun_queue_set_sndbuf_all(struct tun_dev *tun);
int tun_queue_attach_filter_all(struct tun_dev *tun);
void tun_queue_detach_filter_all(struct tun_dev *tun);
void tun_queue_set_xdp_all(struct tun_dev *tun, bool on);

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

#endif /* _TUN_QUEUE_H */
