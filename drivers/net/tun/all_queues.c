// SPDX-License-Identifier: GPL-2.0
/*
 * Functions for all queues of a device: settings that each queue keeps a copy of, and
 * the end of the device.
 */
#include "all_queues.h"

#include <linux/module.h>
#include <linux/slab.h>

#include "backpressure/backpressure.h"
#include "filter.h"
#include "napi.h"
#include "rings.h"
#include "tun.h"

static void tun_all_queues_purge_tx_ring(struct tun_queue *q)
{
	void *ptr;

	while ((ptr = ptr_ring_consume(&q->tx_ring)))
		tun_ptr_free(ptr);
}

/* Drop all packets of a queue. The callers make sure that no path adds packets
 * to the queue any more.
 */
void tun_all_queues_purge_queue(struct tun_queue *q)
{
	tun_all_queues_purge_tx_ring(q);
	skb_queue_purge(&q->sk.sk_write_queue);
	skb_queue_purge(&q->sk.sk_error_queue);
}

/**
 * tun_all_queues_purge - drop the packets that wait for user space
 * @tun: the device, which is down and moves to another namespace
 */
void tun_all_queues_purge(struct tun_dev *tun)
{
	struct tun_queue *q;
	unsigned int i;

	ASSERT_RTNL();

	for (i = 0; i < tun->numqueues; i++) {
		q = tun_queue_rtnl(tun, i);
		tun_all_queues_purge_tx_ring(q);
		tun_ring_switch_purge(q);
	}
	list_for_each_entry(q, &tun->disabled, node) {
		tun_all_queues_purge_tx_ring(q);
		tun_ring_switch_purge(q);
	}
}

/**
 * tun_queue_resize_all - resize all tx_rings to a new tx_queue_len
 * @tun: the device
 * @len: packets that may wait for user space, on each queue
 *
 * Return: 0, or -ENOMEM with nothing changed.
 */
int tun_queue_resize_all(struct tun_dev *tun, unsigned int len)
{
	unsigned int n = tun->numqueues + tun->numdisabled;
	struct ptr_ring **fifos;
	struct tun_queue *q;
	unsigned int i;
	int err;

	ASSERT_RTNL();

	fifos = kmalloc_array(n, sizeof(*fifos), GFP_KERNEL);
	if (!fifos)
		return -ENOMEM;

	for (i = 0; i < tun->numqueues; i++)
		fifos[i] = &tun_queue_rtnl(tun, i)->tx_ring;
	list_for_each_entry(q, &tun->disabled, node)
		fifos[i++] = &q->tx_ring;

	err = ptr_ring_resize_multiple_bh(fifos, n, len, GFP_KERNEL,
					  tun_ptr_free);
	kfree(fifos);
	if (!err)
		tun_backpressure_reset_all(tun);

	return err;
}

/* Copy tun_dev.sndbuf to the active queues. */
void tun_queue_set_sndbuf_all(struct tun_dev *tun)
{
	unsigned int i;

	for (i = 0; i < tun->numqueues; i++) {
		struct tun_queue *q = tun_queue_rtnl(tun, i);

		q->sk.sk_sndbuf = tun->sndbuf;
		tun_ring_kick_space(q);
	}
}

static void tun_all_queues_detach_filter(struct tun_dev *tun, unsigned int n)
{
	while (n--)
		tun_filter_detach_sock(&tun_queue_rtnl(tun, n)->sk);
	tun->filter.fprog_attached = false;
}

/* TUNDETACHFILTER: detach the filter from the active queues. */
void tun_queue_detach_filter_all(struct tun_dev *tun)
{
	tun_all_queues_detach_filter(tun, tun->numqueues);
}

/* TUNATTACHFILTER: attach the filter to all active queues, or to none. */
int tun_queue_attach_filter_all(struct tun_dev *tun,
				struct tun_filter_fault *fault)
{
	unsigned int i;
	int err;

	for (i = 0; i < tun->numqueues; i++) {
		err = tun_filter_attach_sock(&tun->filter,
					     &tun_queue_rtnl(tun, i)->sk, fault);
		if (err) {
			tun_all_queues_detach_filter(tun, i);
			return err;
		}
	}
	tun->filter.fprog_attached = true;

	return 0;
}

/* vhost_net reads SOCK_XDP to decide if its buffers need headroom for XDP. */
void tun_queue_set_xdp_all(struct tun_dev *tun, bool on)
{
	struct tun_queue *q;
	unsigned int i;

	for (i = 0; i < tun->numqueues; i++)
		sock_valbool_flag(&tun_queue_rtnl(tun, i)->sk, SOCK_XDP, on);
	list_for_each_entry(q, &tun->disabled, node)
		sock_valbool_flag(&q->sk, SOCK_XDP, on);
}

/* First half of detaching from a dead device: wake all waiters, and clear the
 * pointer by which the file finds the device.
 */
static void tun_queue_unpublish_dead(struct tun_queue *q)
{
	q->sk.sk_shutdown = RCV_SHUTDOWN;
	tun_ring_switch_dead(q);
	q->sk.sk_data_ready(&q->sk);
	RCU_INIT_POINTER(q->tun, NULL);
}

/**
 * tun_queue_detach_all - detach all queues of a device that is unregistered
 * @tun: the device; it is down, so the stack sends no packets any more
 */
void tun_queue_detach_all(struct tun_dev *tun)
{
	struct tun_queue *q, *tmp;
	LIST_HEAD(gone);
	unsigned int i;

	ASSERT_RTNL();

	list_splice_init(&tun->disabled, &gone);
	for (i = 0; i < tun->numqueues; i++) {
		q = tun_queue_rtnl(tun, i);
		tun_napi_disable(q);
		list_add_tail(&q->node, &gone);
		RCU_INIT_POINTER(tun->queues[i], NULL);
	}
	WRITE_ONCE(tun->numqueues, 0);
	tun->numdisabled = 0;

	list_for_each_entry(q, &gone, node)
		tun_queue_unpublish_dead(q);

	/* After this, all paths that found the device by q->tun, or a queue by
	 * tun->queues[], have left their RCU sections. A writer that sleeps
	 * outside of RCU finds IFF_UP clear.
	 */
	synchronize_net();

	list_for_each_entry_safe(q, tmp, &gone, node) {
		list_del_init(&q->node);
		tun_napi_del(q);
		tun_all_queues_purge_queue(q);
		xdp_rxq_info_unreg(&q->xdp_rxq);
		WRITE_ONCE(q->state, TUN_QUEUE_NONE);
		sock_put(&q->sk);
	}

	if (tun->flags & IFF_PERSIST)
		module_put(THIS_MODULE);
}
