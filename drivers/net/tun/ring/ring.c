// SPDX-License-Identifier: GPL-2.0
/*
 * Life of the rings of a queue: set-up, tear-down, and what happens to them
 * when the queue or the device changes.
 */
#include "ring.h"
#include "state.h"

#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "../queue.h"
#include "../tun.h"

static void ring_free(struct kref *ref)
{
	struct tun_ring *ring = container_of(ref, struct tun_ring, ref);

	tun_mem_mapped_free(&ring->mem);
	kfree(ring);
}

/**
 * tun_ring_get - the rings of a queue, with a reference
 * @q: the queue
 *
 * The reference keeps the rings' memory; only while q->ring is still this ring
 * may the queue be reached through it.
 *
 * Return: the ring, or NULL.
 */
struct tun_ring *tun_ring_get(struct tun_queue *q)
{
	struct tun_ring *ring;

	rcu_read_lock();
	ring = rcu_dereference(q->ring);
	if (ring && !kref_get_unless_zero(&ring->ref))
		ring = NULL;
	rcu_read_unlock();
	return ring;
}

void tun_ring_put(struct tun_ring *ring)
{
	kref_put(&ring->ref, ring_free);
}

static struct tun_ring *ring_new(struct tun_queue *q, struct tun_ring_setup *s)
{
	struct tun_ring *ring;
	int err;

	ring = kzalloc(sizeof(*ring), GFP_KERNEL_ACCOUNT);
	if (!ring)
		return ERR_PTR(-ENOMEM);
	kref_init(&ring->ref);
	spin_lock_init(&ring->rx.lock);
	ring->q = q;
	ring->rx.closed = true;
	ring->rx.hold = true;
	ring->features = s->features | BIT_ULL(TUN_RING_F_VERSION_1);
	ring->rx_drop = tun_ring_has(ring, TUN_RING_F_RX_DROP);
	ring->rx_tstamp = tun_ring_has(ring, TUN_RING_F_RX_TSTAMP);
	ring->tx_mark = tun_ring_has(ring, TUN_RING_F_TX_MARK);
	err = tun_ring_layout_alloc(ring, s);
	if (err) {
		kfree(ring);
		return ERR_PTR(err);
	}
	return ring;
}

static bool may_mark(struct tun_dev *tun)
{
	struct user_namespace *user_ns = dev_net(tun->dev)->user_ns;

	return ns_capable(user_ns, CAP_NET_RAW) ||
	       ns_capable(user_ns, CAP_NET_ADMIN);
}

static void ring_napi_start(struct tun_ring *ring, struct tun_dev *tun)
{
	netif_napi_add(tun->dev, &ring->tx.napi, tun_ring_tx_poll);
	ring->life = TUN_RING_DETACHED;
	if (tun_queue_is_active(ring->q)) {
		napi_enable(&ring->tx.napi);
		ring->life = TUN_RING_LIVE;
	}
}

static void ring_napi_stop(struct tun_ring *ring)
{
	if (ring->life == TUN_RING_LIVE)
		napi_disable(&ring->tx.napi);
	ring->life = TUN_RING_DETACHED;
}

/* Transmitters that met the ring closed, or in the middle of a change. */
static void ring_wake_queues(struct tun_dev *tun)
{
	if (tun && netif_running(tun->dev))
		netif_tx_wake_all_queues(tun->dev);
}

/*
 * Unpublish: transmitters go back to the fifo. Those that are still in the
 * ring have left when synchronize_net() returns.
 */
static void ring_unpublish(struct tun_ring *ring)
{
	tun_ring_rx_close(ring);
	tun_ring_backlog_give_back(ring);
	rcu_assign_pointer(ring->q->ring, NULL);
	synchronize_net();
	tun_queue_notify_readers(ring->q);
}

static void ring_end(struct tun_ring *ring)
{
	struct tun_dev *tun = tun_dev_rtnl(ring->q);

	ASSERT_RTNL();

	if (ring->life != TUN_RING_GONE) {
		ring_napi_stop(ring);
		tun_ring_tx_drain(ring);
		netif_napi_del(&ring->tx.napi);
	}
	ring_unpublish(ring);
	ring_wake_queues(tun);
	tun_ring_put(ring);
}

static int ring_start(struct tun_queue *q, struct tun_ring *ring)
{
	struct tun_dev *tun = tun_dev_rtnl(q);
	int err;

	ASSERT_RTNL();

	if (!tun)
		return -EBADFD;
	if (rtnl_dereference(q->ring))
		return -EBUSY;
	if (ring->tx_mark && !may_mark(tun))
		return -EPERM;

	ring_napi_start(ring, tun);
	rcu_assign_pointer(q->ring, ring);
	/* whoever found no ring has put its packet into the fifo by now */
	synchronize_net();
	/* a read() that sleeps is no longer served */
	tun_queue_notify_readers(q);
	err = tun_ring_backlog_take(ring);
	if (err) {
		ring_napi_stop(ring);
		netif_napi_del(&ring->tx.napi);
		ring_unpublish(ring);
	} else {
		tun_ring_rx_open(ring, tun);
	}
	ring_wake_queues(tun);
	return err;
}

/**
 * tun_ring_setup - TUNRINGSETUP
 * @q: the queue
 * @argp: struct tun_ring_setup of the user
 *
 * The memory is allocated before anything is locked or changed; the result is
 * copied out before the ring starts, so that no error leaves half a ring.
 *
 * Return: 0 or a negative errno, see the UAPI header.
 */
long tun_ring_setup(struct tun_queue *q, void __user *argp)
{
	struct tun_ring_setup s;
	struct tun_ring *ring;
	long err;

	if (copy_from_user(&s, argp, sizeof(s)))
		return -EFAULT;
	err = tun_ring_layout_check(&s);
	if (err)
		return err;
	if (!rcu_access_pointer(q->tun))
		return -EBADFD;
	if (rcu_access_pointer(q->ring))
		return -EBUSY;

	ring = ring_new(q, &s);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	err = copy_to_user(argp, &s, sizeof(s)) ? -EFAULT : 0;
	if (!err) {
		rtnl_lock();
		err = ring_start(q, ring);
		rtnl_unlock();
	}
	if (err)
		tun_ring_put(ring);
	return err;
}

/* TUNRINGTEARDOWN. Return: 0 or -ENXIO. */
long tun_ring_teardown(struct tun_queue *q)
{
	struct tun_ring *ring;
	long err = -ENXIO;

	rtnl_lock();
	ring = rtnl_dereference(q->ring);
	if (ring) {
		ring_end(ring);
		err = 0;
	}
	rtnl_unlock();
	return err;
}

/* The last reference on the fd is gone. */
void tun_ring_release(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (ring)
		ring_end(ring);
}

/* TUNSETQUEUE puts the queue into service again; rings go on where they were. */
void tun_ring_attach(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring || ring->life != TUN_RING_DETACHED)
		return;
	napi_enable(&ring->tx.napi);
	ring->life = TUN_RING_LIVE;
	tun_ring_device_up(q);
}

/* TUNSETQUEUE takes the queue out of service; the rings keep what they hold. */
void tun_ring_detach(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (ring && ring->life == TUN_RING_LIVE)
		ring_napi_stop(ring);
}

/* The device is going. The user sees EPOLLERR, and EBADFD from calls. */
void tun_ring_device_gone(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring || ring->life == TUN_RING_GONE)
		return;
	ring_napi_stop(ring);
	netif_napi_del(&ring->tx.napi);
	WRITE_ONCE(ring->life, TUN_RING_GONE);
	tun_queue_notify_readers(q);
}

/* What was made available while the device was down is processed now. */
void tun_ring_device_up(struct tun_queue *q)
{
	struct tun_ring *ring = rtnl_dereference(q->ring);

	if (!ring || ring->life != TUN_RING_LIVE)
		return;
	local_bh_disable();
	napi_schedule(&ring->tx.napi);
	local_bh_enable();
}
