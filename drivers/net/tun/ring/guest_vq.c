// SPDX-License-Identifier: GPL-2.0
/*
 * A virtqueue goes into service and out of it, whoever serves it: the worker,
 * or, in pinned memory, the packet paths themselves.
 *
 * In pinned memory nobody but us looks at a closed virtqueue: receive is closed
 * under rx.lock; transmit by a flag that the NAPI reads inside rcu_read_lock().
 */
#include "guest_vq.h"

#include <linux/eventfd.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/vhost.h>

#include "../tun.h"
#include "mem_user.h"
#include "serve.h"
#include "worker.h"

static struct tun_vq *vq_of(struct tun_ring *ring, unsigned int i)
{
	return i == TUN_VHOST_RX ? &ring->rx.m : &ring->tx.m;
}

static size_t desc_size(const struct tun_vhost_vq *vq)
{
	return vq->num * sizeof(struct vring_desc);
}

static size_t avail_size(const struct tun_vhost_vq *vq)
{
	return (3 + vq->num) * sizeof(__virtio16);
}

static size_t used_size(const struct tun_vhost_vq *vq)
{
	return 3 * sizeof(__virtio16) +
	       vq->num * sizeof(struct vring_used_elem);
}

/* The parts of a ring lie in the owner's memory. Return: 0 or -EFAULT. */
int tun_guest_vq_check(const struct tun_vhost_vq *vq)
{
	if (!vq->num || vq->desc > ULONG_MAX || vq->avail > ULONG_MAX ||
	    vq->used > ULONG_MAX)
		return -EFAULT;
	return access_ok(u64_to_user_ptr(vq->desc), desc_size(vq)) &&
	       access_ok(u64_to_user_ptr(vq->avail), avail_size(vq)) &&
	       access_ok(u64_to_user_ptr(vq->used), used_size(vq)) ?
	       0 : -EFAULT;
}

/* The rings have a reference of their own: they may keep the old one longer. */
static void set_log_call(struct tun_log *log, struct file *file)
{
	struct eventfd_ctx *old = log->call;

	log->call = file ? eventfd_ctx_fileget(file) : NULL;
	if (WARN_ON_ONCE(IS_ERR(log->call)))
		log->call = NULL;
	if (old)
		eventfd_ctx_put(old);
}

/* Under worker.lock. */
static void set_log(const struct tun_vhost *vh, unsigned int i,
		    struct tun_vq *to, struct tun_log *log)
{
	const struct tun_vhost_vq *vq = &vh->vq[i];

	log->bitmap = vh->log_bitmap;
	log->used = vq->log_used ? to->vr.used : NULL;
	log->used_addr = vq->log_addr;
	log->buffers = tun_vhost_has(vh, VHOST_F_LOG_ALL);
	set_log_call(log, vh->log_call);
	to->log = log->bitmap && (log->used || log->buffers) ? log : NULL;
}

static void set_addr(const struct tun_vhost_vq *vq, struct tun_vring *vr)
{
	vr->desc = (void *)(unsigned long)vq->desc;
	vr->avail = (void *)(unsigned long)vq->avail;
	vr->used = (void *)(unsigned long)vq->used;
}

/* As set_addr(). Return: 0 or a negative errno, with what was pinned in @pins. */
static int pin_addr(const struct tun_vhost_vq *vq, struct tun_vring *vr,
		    struct tun_pin *pins)
{
	void *desc, *avail, *used;
	int err;

	err = tun_pin_user(&pins[0], vq->desc, desc_size(vq), &desc);
	if (!err)
		err = tun_pin_user(&pins[1], vq->avail, avail_size(vq), &avail);
	if (!err)
		err = tun_pin_user(&pins[2], vq->used, used_size(vq), &used);
	if (err)
		return err;
	vr->desc = desc;
	vr->avail = avail;
	vr->used = used;
	return 0;
}

static void unpin_addr(struct tun_pin *pins)
{
	unsigned int i;

	for (i = 0; i < TUN_RING_PARTS; i++)
		tun_pin_release(&pins[i]);
}

/* A ring that goes on where the driver was told that it does. */
static void vring_start(const struct tun_vhost *vh, unsigned int i,
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
static __always_inline int load_used(struct tun_vring *vr,
				     const struct tun_vring_mem *mem)
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
static void set_hdr(const struct tun_vhost *vh, struct tun_ring *ring)
{
	bool mergeable = tun_vhost_has(vh, VIRTIO_NET_F_MRG_RXBUF);
	u8 own = 0;

	if (tun_vhost_has(vh, VHOST_NET_F_VIRTIO_NET_HDR))
		own = mergeable || tun_vhost_has(vh, VIRTIO_F_VERSION_1) ?
		      sizeof(struct virtio_net_hdr_mrg_rxbuf) :
		      sizeof(struct virtio_net_hdr);
	ring->mergeable = mergeable;
	/* the other virtqueue, at work, finds what it had */
	WRITE_ONCE(ring->own_hdr_sz, own);
}

/* Under worker.lock. */
static int open_user(struct tun_vhost *vh, unsigned int i,
		     struct tun_ring *ring)
{
	struct tun_vq *to = vq_of(ring, i);
	int err;

	vring_start(vh, i, &to->vr);
	set_addr(&vh->vq[i], &to->vr);
	set_log(vh, i, to, &ring->log[i]);
	ring->busyloop[i] = vh->vq[i].busyloop;
	set_hdr(vh, ring);
	/* there may be buffers now, without a kick */
	if (i == TUN_VHOST_RX)
		WRITE_ONCE(ring->worker.rx_starved, false);
	err = load_used(&to->vr, &tun_umem);
	if (!err)
		WRITE_ONCE(*tun_guest_closed(ring, i), false);
	return err;
}

/* The packet paths may use the virtqueue, whose parts are pinned. */
static void publish_pinned(struct tun_vhost *vh, unsigned int i,
			   struct tun_ring *ring, const struct tun_vring *vr)
{
	ASSERT_RTNL();

	spin_lock_bh(&ring->rx.lock);
	set_hdr(vh, ring);
	vq_of(ring, i)->vr = *vr;
	spin_unlock_bh(&ring->rx.lock);
	if (i == TUN_VHOST_RX) {
		tun_ring_rx_open(ring, tun_dev_rtnl(ring->q));
		return;
	}
	/* its kicks were not declined */
	ring->tx.looks_on = false;
	/* the ring before the flag; matches tun_ring_tx_poll() */
	smp_store_release(&ring->tx.closed, false);
	/* for what is available already no kick need come */
	tun_ring_device_up(ring->q);
}

static int open_pinned(struct tun_vhost *vh, unsigned int i,
		       struct tun_ring *ring)
{
	struct tun_vring vr;
	int err;

	vring_start(vh, i, &vr);
	err = pin_addr(&vh->vq[i], &vr, ring->pins[i]);
	if (err) {
		unpin_addr(ring->pins[i]);
		return err;
	}
	load_used(&vr, &tun_kmem);
	rtnl_lock();
	/* rtnl: the device may be deleted while the ring is pinned */
	if (ring->life == TUN_RING_GONE)
		err = -EBADFD;
	else
		publish_pinned(vh, i, ring, &vr);
	rtnl_unlock();
	if (err)
		unpin_addr(ring->pins[i]);
	else if (i == TUN_VHOST_RX)
		tun_ring_rx_deliver_backlog(ring);
	return err;
}

/**
 * tun_guest_vq_open - put a virtqueue into service
 * @vh: what is known of it; its lock is held
 * @i: its number
 * @ring: rings, with this one closed; the ring_mutex of their queue is held
 *
 * Return: 0; -EBUSY it is open; -EBADFD the device was deleted; -EINTR; -EFAULT;
 * and for pinned rings what tun_pin_user() returns.
 */
int tun_guest_vq_open(struct tun_vhost *vh, unsigned int i,
		      struct tun_ring *ring)
{
	int err;

	lockdep_assert_held(&ring->q->ring_mutex);

	if (!*tun_guest_closed(ring, i))
		return -EBUSY;
	if (!tun_ring_has_worker(ring))
		return open_pinned(vh, i, ring);
	if (mutex_lock_interruptible(&ring->worker.lock))
		return -EINTR;
	err = open_user(vh, i, ring);
	mutex_unlock(&ring->worker.lock);
	return err;
}

static void close_pinned(unsigned int i, struct tun_ring *ring)
{
	if (i == TUN_VHOST_RX) {
		tun_ring_rx_close(ring);
	} else {
		WRITE_ONCE(ring->tx.closed, true);
		/* the NAPI has left it, or sees the flag */
		synchronize_rcu_expedited();
		/* in place of the thread that was to look once more */
		tun_ring_tx_tell(ring);
	}
}

/**
 * tun_guest_vq_close - take a virtqueue out of service
 * @vh: gets the index where it is to go on; its lock is held
 * @i: its number
 * @ring: rings; the ring_mutex of their queue is held
 *
 * Return: 0, with nothing in flight, or -EINTR, with nothing changed.
 */
int tun_guest_vq_close(struct tun_vhost *vh, unsigned int i,
		       struct tun_ring *ring)
{
	bool *closed = tun_guest_closed(ring, i);

	lockdep_assert_held(&ring->q->ring_mutex);

	if (!tun_ring_has_worker(ring)) {
		if (!*closed)
			close_pinned(i, ring);
		/* the end of the device closes receive, and leaves its pins */
		unpin_addr(ring->pins[i]);
	} else {
		if (mutex_lock_killable(&ring->worker.lock))
			return -EINTR;
		WRITE_ONCE(*closed, true);
		if (i == TUN_VHOST_RX)
			tun_ring_serve_rx_end(ring);
		mutex_unlock(&ring->worker.lock);
	}
	vh->vq[i].base = tun_guest_vq_base(ring, i);
	return 0;
}

/* The next available entry that we take. */
u16 tun_guest_vq_base(struct tun_ring *ring, unsigned int i)
{
	return READ_ONCE(vq_of(ring, i)->vr.last_avail);
}

/**
 * tun_guest_vq_update - addresses and logging of a virtqueue at work change
 * @vh: the new ones; its lock is held
 * @i: its number
 * @ring: rings with a worker; the ring_mutex of their queue is held
 *
 * Return: 0 or -EINTR.
 */
int tun_guest_vq_update(struct tun_vhost *vh, unsigned int i,
			struct tun_ring *ring)
{
	lockdep_assert_held(&ring->q->ring_mutex);

	if (mutex_lock_interruptible(&ring->worker.lock))
		return -EINTR;
	set_addr(&vh->vq[i], &vq_of(ring, i)->vr);
	set_log(vh, i, vq_of(ring, i), &ring->log[i]);
	ring->busyloop[i] = vh->vq[i].busyloop;
	mutex_unlock(&ring->worker.lock);
	return 0;
}
