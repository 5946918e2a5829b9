// SPDX-License-Identifier: GPL-2.0
/*
 * Creates a queue when /dev/net/tun is opened, and ends it when the file is
 * closed.
 */
#include "open.h"

#include <linux/cred.h>

#include "backpressure/backpressure.h"
#include "queue.h"
#include "rings.h"
#include "settings.h"
#include "sock.h"
#include "vringfd/tun/vrings.h"

/**
 * tun_queue_open - create the queue of a newly opened file
 * @net: the namespace in which TUNSETIFF creates or finds the device
 * @file: the file
 *
 * Return: the queue, or NULL without memory.
 */
struct tun_queue *tun_queue_open(struct net *net, struct file *file)
{
	struct tun_queue *q;

	q = (struct tun_queue *)sk_alloc(net, AF_UNSPEC, GFP_KERNEL,
					 &tun_proto, 0);
	if (!q)
		return NULL;
	if (ptr_ring_init(&q->tx_ring, 0, GFP_KERNEL)) {
		sk_free(&q->sk);
		return NULL;
	}

	RCU_INIT_POINTER(q->tun, NULL);
	RCU_INIT_POINTER(q->ring, NULL);
	mutex_init(&q->ring_mutex);
	q->regions = NULL;
	q->vhost = NULL;
	memset(q->vrings, 0, sizeof(q->vrings));
	q->state = TUN_QUEUE_NONE;
	q->ifindex = 0;
	q->fasync = NULL;
	mutex_init(&q->napi_mutex);
	tun_backpressure_init(q);
	INIT_LIST_HEAD(&q->node);

	q->socket.file = file;
	q->socket.ops = &tun_socket_ops;
	init_waitqueue_head(&q->socket.wq.wait);
	sock_init_data_uid(&q->socket, &q->sk, current_fsuid());
	q->sk.sk_write_space = tun_sock_write_space;
	q->sk.sk_sndbuf = INT_MAX;
	sock_set_flag(&q->sk, SOCK_ZEROCOPY);

	return q;
}

/* The device loses the queue. Rings that are left are as after a deletion. */
static void tun_queue_leave_device(struct tun_queue *q)
{
	struct tun_dev *tun;

	rtnl_lock();
	tun = tun_dev_rtnl(q);
	if (tun) {
		tun_ring_switch_dead(q);
		tun_queue_detach(tun, q);
		tun_settings_release_rings(tun);

		if (!tun->numqueues && !tun->numdisabled) {
			netif_carrier_off(tun->dev);
			if (!(tun->flags & IFF_PERSIST) &&
			    tun->dev->reg_state == NETREG_REGISTERED)
				unregister_netdevice(tun->dev);
		}
		netdev_state_change(tun->dev);
	}
	rtnl_unlock();
}

/* The queue has neither a device nor rings: see also tun_ring_closed(). */
static void tun_queue_free(struct tun_queue *q)
{
	tun_backpressure_cancel(q);
	ptr_ring_cleanup(&q->tx_ring, tun_ptr_free);
	sock_put(&q->sk);
}

/**
 * tun_queue_close - the last reference to the file was dropped
 * @q: the queue; freed with the last reference to its sock
 */
void tun_queue_close(struct tun_queue *q)
{
	bool ended;

	tun_vrings_close(q);
	ended = tun_ring_close(q);
	tun_queue_leave_device(q);
	if (likely(ended)) {
		tun_queue_free(q);
		return;
	}
	/* the thread that is in the way ends the queue, or this one does now */
	WRITE_ONCE(q->ending, true);
	tun_ring_closed(q);
}
