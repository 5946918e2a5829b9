// SPDX-License-Identifier: GPL-2.0
/*
 * Rings of a queue that lie in a guest's memory: what a struct tun_vhost says,
 * put into service one virtqueue at a time. A worker serves them.
 */
#include "guest.h"

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/sched/mm.h>
#include <linux/virtio_net.h>
#include <linux/virtio_config.h>
#include <linux/vhost.h>

#include "../tun.h"
#include "mem_user.h"
#include "ring.h"
#include "state.h"
#include "worker.h"
#include "serve.h"

static struct tun_vq *vq_of(struct tun_ring *ring, unsigned int i)
{
	return i == TUN_VHOST_RX ? &ring->rx.m : &ring->tx.m;
}

static bool *closed_of(struct tun_ring *ring, unsigned int i)
{
	return i == TUN_VHOST_RX ? &ring->rx.closed : &ring->tx.closed;
}

/*
 * The rings that serve a virtqueue, with its queue's ring_mutex held, which
 * guest_put() gives back. Return: NULL, with nothing held, if there are none.
 */
static struct tun_ring *guest_get(struct tun_vhost *vh, unsigned int i)
{
	struct tun_queue *q = vh->vq[i].backend;
	struct tun_ring *ring;

	lockdep_assert_held(&vh->lock);

	if (!q)
		return NULL;
	mutex_lock(&q->ring_mutex);
	ring = rcu_dereference_protected(q->ring, 1);
	/* they end with the queue's file, or its device, without our doing */
	if (ring && ring->guest == vh)
		return ring;
	mutex_unlock(&q->ring_mutex);
	return NULL;
}

static void guest_put(struct tun_ring *ring)
{
	mutex_unlock(&ring->q->ring_mutex);
}

/* The parts of a ring lie in the owner's memory. Return: 0 or -EFAULT. */
static int vq_check(const struct tun_vhost_vq *vq)
{
	u64 n = vq->num;

	if (!n || vq->desc > ULONG_MAX || vq->avail > ULONG_MAX ||
	    vq->used > ULONG_MAX)
		return -EFAULT;
	return access_ok(u64_to_user_ptr(vq->desc),
			 n * sizeof(struct vring_desc)) &&
	       access_ok(u64_to_user_ptr(vq->avail),
			 (3 + n) * sizeof(__virtio16)) &&
	       access_ok(u64_to_user_ptr(vq->used), 3 * sizeof(__virtio16) +
			 n * sizeof(struct vring_used_elem)) ? 0 : -EFAULT;
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

/* Where the driver sees us. A ring may have been in use before. */
static int load_used(struct tun_vring *vr)
{
	u16 idx;

	if (tun_umem_load16(vr, &vr->used->idx, &idx))
		return -EFAULT;
	vr->used_idx = idx;
	vr->published = idx;
	vr->signalled = idx;
	return tun_umem_store16(vr, &vr->used->flags, 0);
}

/* Under ring_mutex. Who found the old one has left it when this returns. */
static void set_call(struct eventfd_ctx __rcu **place, struct file *file)
{
	struct eventfd_ctx *old = rcu_dereference_protected(*place, 1);
	struct eventfd_ctx *ctx = file ? eventfd_ctx_fileget(file) : NULL;

	if (WARN_ON_ONCE(IS_ERR(ctx)))
		return;
	rcu_assign_pointer(*place, ctx);
	if (!old)
		return;
	if (old != ctx)
		synchronize_rcu_expedited();
	eventfd_ctx_put(old);
}

/* eventfds may change at any time. */
static void set_events(const struct tun_vhost *vh, unsigned int i,
		       struct tun_ring *ring)
{
	const struct tun_vhost_vq *vq = &vh->vq[i];

	if (i == TUN_VHOST_RX) {
		set_call(&ring->rx.call, vq->call);
		set_call(&ring->rx.err, vq->err);
	} else {
		set_call(&ring->tx.call, vq->call);
		set_call(&ring->tx.err, vq->err);
	}
	tun_ring_set_kick(ring, i == TUN_VHOST_RX, vq->kick);
}

/* What the driver has agreed to for its packets. */
static void set_hdr(const struct tun_vhost *vh, struct tun_ring *ring)
{
	bool hdr12 = tun_vhost_has(vh, VIRTIO_NET_F_MRG_RXBUF) ||
		     tun_vhost_has(vh, VIRTIO_F_VERSION_1);

	ring->mergeable = tun_vhost_has(vh, VIRTIO_NET_F_MRG_RXBUF);
	ring->own_hdr_sz = 0;
	if (tun_vhost_has(vh, VHOST_NET_F_VIRTIO_NET_HDR))
		ring->own_hdr_sz = hdr12 ?
				   sizeof(struct virtio_net_hdr_mrg_rxbuf) :
				   sizeof(struct virtio_net_hdr);
}

static int vq_start(struct tun_vhost *vh, unsigned int i, struct tun_ring *ring)
{
	struct tun_vhost_vq *vq = &vh->vq[i];
	struct tun_vq *to = vq_of(ring, i);
	struct tun_vring *vr = &to->vr;
	int err;

	tun_vring_init(vr, vq->num,
		       tun_vhost_has(vh, VIRTIO_RING_F_INDIRECT_DESC),
		       tun_vhost_has(vh, VIRTIO_RING_F_EVENT_IDX));
	vr->notify_on_empty = tun_vhost_has(vh, VIRTIO_F_NOTIFY_ON_EMPTY);
	vr->last_avail = vq->base;
	vr->avail_idx = vq->base;
	set_addr(vq, vr);
	set_log(vh, i, to, &ring->log[i]);
	ring->busyloop[i] = vq->busyloop;
	set_hdr(vh, ring);
	/* there may be buffers now, without a kick */
	if (i == TUN_VHOST_RX)
		WRITE_ONCE(ring->worker.rx_starved, false);
	err = load_used(vr);
	if (err)
		return err;
	WRITE_ONCE(*closed_of(ring, i), false);
	return 0;
}

static struct tun_ring *guest_new(struct tun_vhost *vh, struct tun_queue *q)
{
	struct tun_ring *ring;
	int err;

	ring = tun_ring_new(q, vh->features, TUN_RING_MODE_GUEST);
	if (!ring)
		return ERR_PTR(-ENOMEM);
	ring->guest = vh;
	tun_ring_set_owner(ring, vh->mm);
	tun_ring_use_regions(ring, tun_regions_get(vh->regions));
	err = tun_ring_worker_create(ring);
	if (!err)
		err = tun_ring_install(q, ring);
	if (!err)
		return ring;
	tun_ring_worker_stop(ring);
	tun_ring_put(ring);
	return ERR_PTR(err);
}

/* Return: the rings of @q for @vh, made if need be, or an ERR_PTR(). */
static struct tun_ring *guest_ring(struct tun_vhost *vh, struct tun_queue *q)
{
	struct tun_ring *ring = rcu_dereference_protected(q->ring, 1);

	lockdep_assert_held(&q->ring_mutex);

	if (!ring)
		return guest_new(vh, q);
	return ring->guest == vh ? ring : ERR_PTR(-EBUSY);
}

static bool is_idle(const struct tun_ring *ring)
{
	return ring->rx.closed && ring->tx.closed;
}

static int start_locked(struct tun_vhost *vh, unsigned int i,
			struct tun_queue *q)
{
	struct tun_ring *ring = guest_ring(vh, q);
	int err;

	if (IS_ERR(ring))
		return PTR_ERR(ring);
	/* the other virtqueue is to be stopped, too: then they begin anew */
	if (READ_ONCE(ring->broken))
		return -ring->broken;
	err = mutex_lock_interruptible(&ring->worker.lock);
	if (!err) {
		err = *closed_of(ring, i) ? vq_start(vh, i, ring) : -EBUSY;
		mutex_unlock(&ring->worker.lock);
	}
	if (err) {
		if (is_idle(ring))
			tun_ring_teardown_locked(q);
		return err;
	}
	set_events(vh, i, ring);
	tun_ring_worker_wake(ring, TUN_WORKER_RX);
	tun_ring_worker_wake(ring, TUN_WORKER_TX);
	return 0;
}

/**
 * tun_guest_start - put a virtqueue into service
 * @vh: what is known of it; its lock is held
 * @i: its number; it is at rest
 * @q: the queue that it serves
 *
 * Return: 0; -EFAULT it was not described, or not in the owner's memory; -EBUSY
 * the queue has other rings; -EBADFD it has no device; -EPROTO or -EFAULT its
 * other virtqueue was stopped for that; -EINTR; -ENOMEM.
 */
int tun_guest_start(struct tun_vhost *vh, unsigned int i, struct tun_queue *q)
{
	int err = vq_check(&vh->vq[i]);

	lockdep_assert_held(&vh->lock);

	if (err || !vh->regions)
		return err ?: -EFAULT;
	mutex_lock(&q->ring_mutex);
	err = start_locked(vh, i, q);
	mutex_unlock(&q->ring_mutex);
	if (!err) {
		sock_hold(&q->sk);
		vh->vq[i].backend = q;
	}
	return err;
}

/* Under ring_mutex. Return: 0 or -EINTR, with nothing changed. */
static int vq_stop(struct tun_vhost *vh, unsigned int i, struct tun_ring *ring)
{
	if (mutex_lock_killable(&ring->worker.lock))
		return -EINTR;
	WRITE_ONCE(*closed_of(ring, i), true);
	vh->vq[i].base = vq_of(ring, i)->vr.last_avail;
	if (i == TUN_VHOST_RX)
		tun_ring_serve_rx_end(ring);
	mutex_unlock(&ring->worker.lock);
	return 0;
}

/**
 * tun_guest_stop - take a virtqueue out of service
 * @vh: its lock is held
 * @i: the virtqueue, whether it is in service or not
 * @now: do not wait for a page fault of the owner's; the other virtqueue of the
 *	same queue ends, too
 *
 * Nothing is in flight afterwards: what was taken from the ring is used, and
 * what was taken from the queue is back in it. The base says where to go on.
 *
 * The owner decides how long a page fault lasts, and may have died, or be the
 * one that waits here: a caller that is killed goes on as with @now.
 */
void tun_guest_stop(struct tun_vhost *vh, unsigned int i, bool now)
{
	struct tun_ring *ring = guest_get(vh, i);
	struct tun_queue *q = vh->vq[i].backend;

	if (ring) {
		tun_ring_set_kick(ring, i == TUN_VHOST_RX, NULL);
		/* teardown ends the fault */
		if (now || vq_stop(vh, i, ring) || is_idle(ring))
			tun_ring_teardown_locked(q);
		mutex_unlock(&q->ring_mutex);
	}
	if (q)
		sock_put(&q->sk);
	vh->vq[i].backend = NULL;
}

/* The next available entry that we take, of a virtqueue at work or at rest. */
u16 tun_guest_base(struct tun_vhost *vh, unsigned int i)
{
	struct tun_ring *ring = guest_get(vh, i);

	if (ring) {
		vh->vq[i].base = READ_ONCE(vq_of(ring, i)->vr.last_avail);
		guest_put(ring);
	}
	return vh->vq[i].base;
}

/**
 * tun_guest_update - what may change of a virtqueue at work has changed
 * @vh: its lock is held; what has changed is there
 * @i: the virtqueue: addresses, logging, eventfds
 *
 * Return: 0, also if it is at rest; -EFAULT; -EINTR.
 */
int tun_guest_update(struct tun_vhost *vh, unsigned int i)
{
	struct tun_ring *ring = guest_get(vh, i);
	int err = 0;

	if (!ring)
		return 0;
	err = vq_check(&vh->vq[i]);
	if (!err && mutex_lock_interruptible(&ring->worker.lock))
		err = -EINTR;
	if (!err) {
		set_addr(&vh->vq[i], &vq_of(ring, i)->vr);
		set_log(vh, i, vq_of(ring, i), &ring->log[i]);
		ring->busyloop[i] = vh->vq[i].busyloop;
		mutex_unlock(&ring->worker.lock);
		set_events(vh, i, ring);
	}
	guest_put(ring);
	return err;
}

/* The guest's memory lies elsewhere. Return: 0 or -EINTR. */
int tun_guest_set_regions(struct tun_vhost *vh, struct tun_regions *regions)
{
	struct tun_ring *ring;
	unsigned int i;
	int err = 0;

	for (i = 0; i < TUN_VHOST_VQS && !err; i++) {
		ring = guest_get(vh, i);
		if (!ring)
			continue;
		if (ring->regions != regions)
			err = tun_ring_replace_regions(ring, regions);
		guest_put(ring);
	}
	return err;
}
