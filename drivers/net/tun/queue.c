// SPDX-License-Identifier: GPL-2.0
#include "queue.h"

#include <linux/module.h>
#include <linux/security.h>

#include "all_queues.h"
#include "backpressure/backpressure.h"
#include "napi.h"
#include "rings.h"
#include "steer.h"

/* The number or the order of the active queues changed. A burst may have ended
 * in another queue than it began, so each ring publishes its pending packets. A
 * netdev queue that was stopped may have another tun_queue now.
 */
static void tun_queue_list_changed(struct tun_dev *tun)
{
	unsigned int i;

	if (tun->numqueues) {
		netif_set_real_num_tx_queues(tun->dev, tun->numqueues);
		netif_set_real_num_rx_queues(tun->dev, tun->numqueues);
	}

	for (i = 0; i < tun->numqueues; i++)
		tun_ring_rx_flush_queue(tun_queue_rtnl(tun, i));

	if (netif_running(tun->dev))
		netif_tx_wake_all_queues(tun->dev);
	tun_backpressure_reset_all(tun);
}

static void tun_queue_set_index(struct tun_queue *q, u16 index)
{
	WRITE_ONCE(q->index, index);
	q->xdp_rxq.queue_index = index;
}

static void tun_queue_publish_active(struct tun_dev *tun, struct tun_queue *q)
{
	rcu_assign_pointer(tun->queues[tun->numqueues], q);
	WRITE_ONCE(tun->numqueues, tun->numqueues + 1);
}

/* The last queue takes the place of the queue that leaves. numqueues goes down
 * first, so that data paths find no NULL below numqueues. Until the queue is
 * attached again, its number is 0, which each device has.
 */
static void tun_queue_unpublish_active(struct tun_dev *tun, struct tun_queue *q)
{
	unsigned int last = tun->numqueues - 1;
	struct tun_queue *moved = tun_queue_rtnl(tun, last);

	WRITE_ONCE(tun->numqueues, last);
	if (moved != q) {
		tun_queue_set_index(moved, q->index);
		rcu_assign_pointer(tun->queues[q->index], moved);
	}
	RCU_INIT_POINTER(tun->queues[last], NULL);
	tun_queue_set_index(q, 0);
}

static int tun_queue_register_rxq(struct tun_dev *tun, struct tun_queue *q)
{
	int err;

	err = xdp_rxq_info_reg(&q->xdp_rxq, tun->dev, q->index, 0);
	if (err < 0)
		return err;

	err = xdp_rxq_info_reg_mem_model(&q->xdp_rxq, MEM_TYPE_PAGE_SHARED,
					 NULL);
	if (err < 0)
		xdp_rxq_info_unreg(&q->xdp_rxq);

	return err;
}

/*
 * The stack complains about the number of a queue that the device has not, so the device
 * gets the next number before a queue has the number. Return: 0 or -ENOMEM.
 */
static int tun_queue_add_number(struct tun_dev *tun)
{
	unsigned int n = tun->numqueues;
	int err = netif_set_real_num_tx_queues(tun->dev, n + 1);

	if (err)
		return err;
	err = netif_set_real_num_rx_queues(tun->dev, n + 1);
	if (err && n)
		netif_set_real_num_tx_queues(tun->dev, n);
	return err;
}

/* Attach a queue that had no device. */
static int tun_queue_attach_new(struct tun_dev *tun, struct tun_queue *q,
				unsigned int napi_flags)
{
	int err;

	/* Rings of a deleted device cannot serve another one. TUNSETIFF ended
	 * them before taking rtnl, unless the device was deleted after that.
	 */
	if (rcu_access_pointer(q->ring) || tun_queue_has_vrings(q))
		return -EBUSY;
	/* The end of the rings of a deleted device may have returned packets. */
	tun_all_queues_purge_queue(q);
	if (ptr_ring_resize(&q->tx_ring, tun->dev->tx_queue_len, GFP_KERNEL,
			    tun_ptr_free))
		return -ENOMEM;

	q->index = tun->numqueues;
	err = tun_queue_register_rxq(tun, q);
	if (err < 0)
		return err;
	err = tun_queue_add_number(tun);
	if (err) {
		xdp_rxq_info_unreg(&q->xdp_rxq);
		return err;
	}

	/* TUNSETIFINDEX is valid for one TUNSETIFF. */
	q->ifindex = 0;
	sock_hold(&q->sk);
	tun_napi_add(tun, q, napi_flags);

	return 0;
}

/* Attach a queue that TUNSETQUEUE had detached. Its file may be written to all the
 * time.
 */
static int tun_queue_attach_again(struct tun_dev *tun, struct tun_queue *q)
{
	int err = tun_queue_add_number(tun);

	if (err)
		return err;

	list_del_init(&q->node);
	tun->numdisabled--;
	tun_queue_set_index(q, tun->numqueues);
	tun_napi_enable(q);

	return 0;
}

/**
 * tun_queue_attach - make a queue an active one of a device
 * @tun: the device
 * @q: the queue, which has no device or is a disabled queue of @tun
 * @filter: attach the device's socket filter to the queue; NULL for no filter
 * @napi_flags: IFF_NAPI, IFF_NAPI_FRAGS; used if @q had no device
 * @publish: set q->tun; else the caller sets it
 *
 * Return: 0 or a negative errno, with nothing changed; -EFAULT if the caller is
 * to read the filter's memory, see tun_filter_fault_in().
 */
int tun_queue_attach(struct tun_dev *tun, struct tun_queue *q,
		     struct tun_filter_fault *filter, unsigned int napi_flags,
		     bool publish)
{
	bool again = q->state == TUN_QUEUE_DISABLED;
	int err;

	ASSERT_RTNL();

	err = security_tun_dev_attach(&q->sk, tun->security);
	if (err < 0)
		return err;
	if (q->state == TUN_QUEUE_ACTIVE)
		return -EINVAL;
	if (!(tun->flags & IFF_MULTI_QUEUE) && tun->numqueues == 1)
		return -EBUSY;
	if (!again && tun->numqueues + tun->numdisabled == TUN_MAX_QUEUES)
		return -E2BIG;

	if (tun_filter_attach_new(&tun->filter, &q->sk, filter))
		return -EFAULT;

	q->sk.sk_shutdown &= ~RCV_SHUTDOWN;
	err = again ? tun_queue_attach_again(tun, q) :
		      tun_queue_attach_new(tun, q, napi_flags);
	if (err < 0)
		return err;

	sock_valbool_flag(&q->sk, SOCK_XDP,
			  !!rcu_access_pointer(tun->xdp_prog));

	/* The queue is complete: publish it to the data paths. */
	WRITE_ONCE(q->state, TUN_QUEUE_ACTIVE);
	if (publish)
		rcu_assign_pointer(q->tun, tun);
	tun_queue_publish_active(tun, q);
	tun_queue_list_changed(tun);
	if (again)
		tun_ring_switch_attach(q);

	return 0;
}

/**
 * tun_queue_disable - detach an active queue for a while (TUNSETQUEUE)
 * @q: the queue
 *
 * The queue keeps its device, its NAPI and its rings, but carries no packets.
 */
void tun_queue_disable(struct tun_queue *q)
{
	struct tun_dev *tun = tun_dev_rtnl(q);

	tun_queue_unpublish_active(tun, q);
	WRITE_ONCE(q->state, TUN_QUEUE_DISABLED);
	list_add_tail(&q->node, &tun->disabled);
	tun->numdisabled++;
	tun_napi_disable(q);

	/* No new packet finds the queue. From here on the rings' server drops
	 * packets of the transmit ring. The grace period below waits for
	 * transmitters that found q before.
	 */
	tun_ring_switch_detach(q);
	synchronize_net();
	tun_ring_rx_flush_queue(q);

	tun_steer_forget_queue(&tun->steer, tun->numqueues);
	tun_all_queues_purge_queue(q);
	tun_queue_list_changed(tun);
}

/**
 * tun_queue_detach - the file of a queue is closed
 * @tun: the device, which may stay
 * @q: the queue
 */
void tun_queue_detach(struct tun_dev *tun, struct tun_queue *q)
{
	bool active = q->state == TUN_QUEUE_ACTIVE;

	/* NAPI of a disabled queue is disabled. */
	if (active)
		tun_napi_disable(q);
	tun_napi_del(q);

	if (active) {
		tun_queue_unpublish_active(tun, q);
	} else {
		list_del_init(&q->node);
		tun->numdisabled--;
	}
	q->state = TUN_QUEUE_NONE;
	RCU_INIT_POINTER(q->tun, NULL);
	if (active)
		synchronize_net();

	if (active) {
		tun_steer_forget_queue(&tun->steer, tun->numqueues);
		tun_queue_list_changed(tun);
	}
	tun_all_queues_purge_queue(q);
	xdp_rxq_info_unreg(&q->xdp_rxq);
	sock_put(&q->sk);
}
