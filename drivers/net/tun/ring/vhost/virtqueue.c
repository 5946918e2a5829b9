// SPDX-License-Identifier: GPL-2.0
/*
 * A virtqueue goes into service and out of it, whoever serves it: the worker,
 * or, in pinned memory, the packet paths themselves.
 *
 * In pinned memory nobody but us looks at a closed virtqueue: receive is closed
 * under rx.lock; transmit by a flag that the NAPI reads inside rcu_read_lock().
 */
#include "virtqueue.h"

#include <linux/eventfd.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/vhost.h>

#include "../../tun.h"
#include "../engine/access_kernel.h"
#include "../engine/regions_find.h"
#include "../engine/vring.h"
#include "../life/switch.h"
#include "../mem/access_user.h"
#include "../mem/dirty_log.h"
#include "../mem/pinned.h"
#include "../rx/stop.h"
#include "../state.h"
#include "../tx/tx.h"
#include "../worker/worker_rx.h"
#include "types.h"

static struct tun_vq *tun_vhost_vq_of(struct tun_ring *ring, unsigned int i)
{
	return i == TUN_VHOST_RX ? &ring->rx.vq : &ring->tx.vq;
}

static size_t tun_vhost_vq_desc_size(const struct tun_vhost_vq *vq)
{
	return vq->num * sizeof(struct vring_desc);
}

static size_t tun_vhost_vq_avail_size(const struct tun_vhost_vq *vq)
{
	return (3 + vq->num) * sizeof(__virtio16);
}

static size_t tun_vhost_vq_used_size(const struct tun_vhost_vq *vq)
{
	return 3 * sizeof(__virtio16) +
	       vq->num * sizeof(struct vring_used_elem);
}

/* The parts of a ring lie in the owner's memory. Return: 0 or -EFAULT. */
int tun_vhost_vq_check(const struct tun_vhost_vq *vq)
{
	if (!vq->num || vq->desc > ULONG_MAX || vq->avail > ULONG_MAX ||
	    vq->used > ULONG_MAX)
		return -EFAULT;
	return access_ok(u64_to_user_ptr(vq->desc),
			 tun_vhost_vq_desc_size(vq)) &&
			       access_ok(u64_to_user_ptr(vq->avail),
					 tun_vhost_vq_avail_size(vq)) &&
			       access_ok(u64_to_user_ptr(vq->used),
					 tun_vhost_vq_used_size(vq))
		       ? 0
		       : -EFAULT;
}

/* The rings have a reference of their own: they may keep the old one longer. */
static void tun_vhost_vq_set_log_call(struct tun_log *log, struct file *file)
{
	struct eventfd_ctx *old = log->call;

	log->call = file ? eventfd_ctx_fileget(file) : NULL;
	if (WARN_ON_ONCE(IS_ERR(log->call)))
		log->call = NULL;
	if (old)
		eventfd_ctx_put(old);
}

/* Under worker.lock. */
static void tun_vhost_vq_set_log(const struct tun_vhost *vh, unsigned int i,
				 struct tun_vq *to, struct tun_log *log)
{
	const struct tun_vhost_vq *vq = &vh->vq[i];

	log->bitmap = vh->log_bitmap;
	log->used = vq->log_used ? to->vr.used : NULL;
	log->used_addr = vq->log_addr;
	log->buffers = tun_vhost_has(vh, VHOST_F_LOG_ALL);
	tun_vhost_vq_set_log_call(log, vh->log_call);
	to->log = log->bitmap && (log->used || log->buffers) ? log : NULL;
}

static void tun_vhost_vq_set_addr(const struct tun_vhost_vq *vq,
				  struct tun_vring *vr)
{
	vr->desc = (void *)(unsigned long)vq->desc;
	vr->avail = (void *)(unsigned long)vq->avail;
	vr->used = (void *)(unsigned long)vq->used;
}

/* As tun_vhost_vq_set_addr(). Return: 0 or a negative errno, with what was pinned in @pins. */
static int tun_vhost_vq_pin_addr(const struct tun_vhost_vq *vq,
				 struct tun_vring *vr, struct tun_pin *pins)
{
	void *desc, *avail, *used;
	int err;

	err = tun_pin_user(&pins[0], vq->desc, tun_vhost_vq_desc_size(vq),
			   &desc);
	if (!err)
		err = tun_pin_user(&pins[1], vq->avail,
				   tun_vhost_vq_avail_size(vq), &avail);
	if (!err)
		err = tun_pin_user(&pins[2], vq->used,
				   tun_vhost_vq_used_size(vq), &used);
	if (err)
		return err;
	vr->desc = desc;
	vr->avail = avail;
	vr->used = used;
	return 0;
}

static void tun_vhost_vq_unpin_addr(struct tun_pin *pins)
{
	unsigned int i;

	for (i = 0; i < TUN_RING_PARTS; i++)
		tun_pin_release(&pins[i]);
}

/* A ring that goes on where the driver was told that it does. */
static void tun_vhost_vq_init(const struct tun_vhost *vh, unsigned int i,
			      struct tun_vring *vr)
{
	tun_vring_init(vr, vh->vq[i].num,
		       tun_vhost_has(vh, VIRTIO_RING_F_INDIRECT_DESC),
		       tun_vhost_has(vh, VIRTIO_RING_F_EVENT_IDX));
	vr->notify_on_empty = tun_vhost_has(vh, VIRTIO_F_NOTIFY_ON_EMPTY);
	vr->last_avail = vh->vq[i].base;
	vr->avail_idx = vh->vq[i].base;
}

/* Where the driver sees us. A ring may have been in use before. */
static __always_inline int
tun_vhost_vq_load_used(struct tun_vring *vr, const struct tun_vring_mem *mem)
{
	u16 idx;

	if (mem->load16(vr, &vr->used->idx, &idx))
		return -EFAULT;
	vr->used_idx = idx;
	vr->published = idx;
	vr->signalled = idx;
	return mem->store16(vr, &vr->used->flags, 0);
}

/* What the driver has agreed to for its packets. */
static void tun_vhost_vq_set_hdr(const struct tun_vhost *vh,
				 struct tun_ring *ring)
{
	bool mergeable = tun_vhost_has(vh, VIRTIO_NET_F_MRG_RXBUF);
	u8 own = 0;

	if (tun_vhost_has(vh, VHOST_NET_F_VIRTIO_NET_HDR))
		own = mergeable || tun_vhost_has(vh, VIRTIO_F_VERSION_1) ?
		      sizeof(struct virtio_net_hdr_mrg_rxbuf) :
		      sizeof(struct virtio_net_hdr);
	ring->mergeable = mergeable;
	/* the other virtqueue, at work, finds what it had */
	WRITE_ONCE(ring->vhost_hlen, own);
}

/* Under worker.lock. */
static int tun_vhost_vq_open_user(struct tun_vhost *vh, unsigned int i,
				  struct tun_ring *ring)
{
	struct tun_vq *to = tun_vhost_vq_of(ring, i);
	int err;

	lockdep_assert_held(&ring->worker.lock);

	tun_vhost_vq_init(vh, i, &to->vr);
	tun_vhost_vq_set_addr(&vh->vq[i], &to->vr);
	tun_vhost_vq_set_log(vh, i, to, &ring->log[i]);
	ring->busyloop[i] = vh->vq[i].busyloop;
	tun_vhost_vq_set_hdr(vh, ring);
	/* there may be buffers now, without a kick */
	if (i == TUN_VHOST_RX)
		WRITE_ONCE(ring->worker.rx_starved, false);
	err = tun_vhost_vq_load_used(&to->vr, &tun_umem);
	if (!err)
		WRITE_ONCE(*tun_vhost_vq_closed(ring, i), false);
	return err;
}

/* The packet paths may use the virtqueue, whose parts are pinned. */
static void tun_vhost_vq_publish(struct tun_vhost *vh, unsigned int i,
				 struct tun_ring *ring,
				 const struct tun_vring *vr)
{
	ASSERT_RTNL();

	spin_lock_bh(&ring->rx.lock);
	tun_vhost_vq_set_hdr(vh, ring);
	tun_vhost_vq_of(ring, i)->vr = *vr;
	spin_unlock_bh(&ring->rx.lock);
	if (i == TUN_VHOST_RX) {
		tun_ring_rx_open(ring, tun_dev_rtnl(ring->q));
		return;
	}
	/* the guest's kicks are enabled */
	ring->tx.kick_disabled = false;
	/* the ring before the flag; matches tun_ring_tx_poll() */
	smp_store_release(&ring->tx.closed, false);
	/* no kick need come for entries that are available already */
	tun_ring_switch_up(ring->q);
}

static int tun_vhost_vq_open_pinned(struct tun_vhost *vh, unsigned int i,
				    struct tun_ring *ring)
{
	struct tun_vring vr;
	int err;

	tun_vhost_vq_init(vh, i, &vr);
	err = tun_vhost_vq_pin_addr(&vh->vq[i], &vr, ring->pins[i]);
	if (!err) {
		tun_vhost_vq_load_used(&vr, &tun_kmem);
		rtnl_lock();
		/* the device may have been deleted meanwhile */
		if (ring->state == TUN_RING_DEAD)
			err = -EBADFD;
		else
			tun_vhost_vq_publish(vh, i, ring, &vr);
		rtnl_unlock();
	}
	if (err)
		tun_vhost_vq_unpin_addr(ring->pins[i]);
	else if (i == TUN_VHOST_RX)
		tun_ring_rx_deliver_backlog(ring);
	return err;
}

/**
 * tun_vhost_vq_open - put a virtqueue into service
 * @vh: what is known of it; its lock is held
 * @i: its number
 * @ring: rings, with this one closed; the ring_mutex of their queue is held
 *
 * Return: 0; -EBUSY it is open; -EBADFD the device was deleted; -EINTR; -EFAULT;
 * and for pinned rings what tun_pin_user() returns.
 */
int tun_vhost_vq_open(struct tun_vhost *vh, unsigned int i,
		      struct tun_ring *ring)
{
	int err;

	lockdep_assert_held(&ring->q->ring_mutex);

	if (!*tun_vhost_vq_closed(ring, i))
		return -EBUSY;
	if (!tun_ring_has_worker(ring))
		return tun_vhost_vq_open_pinned(vh, i, ring);
	if (mutex_lock_interruptible(&ring->worker.lock))
		return -EINTR;
	err = tun_vhost_vq_open_user(vh, i, ring);
	mutex_unlock(&ring->worker.lock);
	return err;
}

static void tun_vhost_vq_close_pinned(unsigned int i, struct tun_ring *ring)
{
	if (i == TUN_VHOST_RX) {
		tun_ring_rx_close(ring);
	} else {
		WRITE_ONCE(ring->tx.closed, true);
		/* the NAPI has left it, or sees the flag */
		synchronize_rcu_expedited();
		/* in place of the thread that was to look once more */
		tun_ring_tx_notify(ring);
	}
}

/**
 * tun_vhost_vq_close - take a virtqueue out of service
 * @vh: gets the index where it is to go on; its lock is held
 * @i: its number
 * @ring: rings; the ring_mutex of their queue is held
 *
 * Return: 0, with nothing in flight, or -EINTR, with nothing changed.
 */
int tun_vhost_vq_close(struct tun_vhost *vh, unsigned int i,
		       struct tun_ring *ring)
{
	bool *closed = tun_vhost_vq_closed(ring, i);

	lockdep_assert_held(&ring->q->ring_mutex);

	if (!tun_ring_has_worker(ring)) {
		if (!*closed)
			tun_vhost_vq_close_pinned(i, ring);
		/* the end of the device closes receive, and leaves its pins */
		tun_vhost_vq_unpin_addr(ring->pins[i]);
	} else {
		if (mutex_lock_killable(&ring->worker.lock))
			return -EINTR;
		WRITE_ONCE(*closed, true);
		if (i == TUN_VHOST_RX)
			tun_worker_rx_release(ring);
		mutex_unlock(&ring->worker.lock);
	}
	vh->vq[i].base = tun_vhost_vq_base(ring, i);
	return 0;
}

/* The next available entry that we take. */
u16 tun_vhost_vq_base(struct tun_ring *ring, unsigned int i)
{
	return READ_ONCE(tun_vhost_vq_of(ring, i)->vr.last_avail);
}

/**
 * tun_vhost_vq_update - addresses and logging of a virtqueue at work change
 * @vh: the new ones; its lock is held
 * @i: its number
 * @ring: rings with a worker; the ring_mutex of their queue is held
 *
 * Return: 0 or -EINTR.
 */
int tun_vhost_vq_update(struct tun_vhost *vh, unsigned int i,
			struct tun_ring *ring)
{
	lockdep_assert_held(&ring->q->ring_mutex);

	if (mutex_lock_interruptible(&ring->worker.lock))
		return -EINTR;
	tun_vhost_vq_set_addr(&vh->vq[i], &tun_vhost_vq_of(ring, i)->vr);
	tun_vhost_vq_set_log(vh, i, tun_vhost_vq_of(ring, i), &ring->log[i]);
	ring->busyloop[i] = vh->vq[i].busyloop;
	mutex_unlock(&ring->worker.lock);
	return 0;
}
