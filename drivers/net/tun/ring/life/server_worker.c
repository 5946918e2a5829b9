// SPDX-License-Identifier: GPL-2.0
/*
 * A worker as the server of rings.
 *
 * worker.lock protects the rings. The worker may hold the lock for as long as
 * the owner leaves a page fault unanswered. So no thread takes the lock under
 * rtnl, and a signal ends the wait for the lock.
 */
#include "server_worker.h"

#include <linux/eventfd.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "../../tun.h"
#include "../../wake.h"
#include "../engine/vring.h"
#include "../mem/access_user.h"
#include "../mem/dirty_log.h"
#include "../mem/regions.h"
#include "../state.h"
#include "../wake.h"
#include "../worker/worker.h"
#include "../worker/worker_rx.h"
#include "ref.h"
#include "ring.h"

/* An operation that only NAPI needs. */
static void tun_server_worker_none(struct tun_ring *ring)
{
}

static void tun_server_worker_attach(struct tun_ring *ring, struct tun_dev *tun)
{
}

static void tun_server_worker_set_closed(struct tun_ring *ring, unsigned int i,
					 bool closed)
{
	if (i == TUN_RING_RX)
		WRITE_ONCE(ring->rx.state, closed ? TUN_RING_RX_CLOSED
						  : TUN_RING_RX_OPEN);
	else
		WRITE_ONCE(ring->tx.closed, closed);
}

/* The worker may outlive the queue while the worker is in a page fault. */
static int tun_server_worker_main(void *data)
{
	struct tun_ring *ring = data;
	struct tun_queue *q = ring->q;
	bool awaited = tun_worker_run(ring);

	sock_put(&q->sk);
	/* if tun_worker_stop() waits, this is not the last reference */
	tun_ring_ref_put(ring);
	if (awaited)
		complete(&ring->worker.ended);
	module_put_and_kthread_exit(0);
}

static int tun_server_worker_prepare(struct tun_ring *ring)
{
	return tun_worker_create(ring, tun_server_worker_main);
}

static void tun_server_worker_begin(struct tun_ring *ring)
{
	/* tun_server_worker_main() puts these */
	kref_get(&ring->ref);
	sock_hold(&ring->q->sk);
	__module_get(THIS_MODULE);
	tun_worker_start(ring);
}

static void tun_server_worker_wake_vq(struct tun_ring *ring, unsigned int i)
{
	tun_worker_wake(ring, i == TUN_RING_RX ? TUN_WORKER_RX : TUN_WORKER_TX);
}

static void tun_server_worker_open(struct tun_ring *ring, struct tun_dev *tun)
{
	unsigned int i;

	for (i = 0; i < TUN_RING_DIRECTIONS; i++) {
		tun_server_worker_set_closed(ring, i, false);
		tun_server_worker_wake_vq(ring, i);
	}
}

static void tun_server_worker_purge(struct tun_ring *ring)
{
	tun_worker_wake(ring, TUN_WORKER_PURGE);
}

static void tun_server_worker_kick_tx(struct tun_ring *ring)
{
	tun_worker_wake(ring, TUN_WORKER_TX);
}

/*
 * The address belongs to the current process: the caller is the owner, or a
 * process that shares the owner's memory.
 */
static bool tun_server_worker_peek16(const struct tun_ring *ring,
				     const __virtio16 *p, u16 *v)
{
	__le16 raw;

	if (copy_from_user_nofault(&raw, (const void __user *)p, sizeof(raw)))
		return false;
	*v = le16_to_cpu(raw);
	return true;
}

static int tun_server_worker_replace_regions(struct tun_ring *ring,
					     struct tun_regions *regions)
{
	struct tun_regions *old = ring->regions;

	if (mutex_lock_interruptible(&ring->worker.lock))
		return -EINTR;
	tun_ring_use_regions(ring, tun_regions_get(regions));
	mutex_unlock(&ring->worker.lock);
	tun_regions_put(old);
	return 0;
}

/* The log has a reference of its own, so the old eventfd may live longer. */
static void tun_server_worker_set_log_call(struct tun_log *log,
					   struct file *file)
{
	struct eventfd_ctx *old = log->call;

	log->call = file ? eventfd_ctx_fileget(file) : NULL;
	if (WARN_ON_ONCE(IS_ERR(log->call)))
		log->call = NULL;
	if (old)
		eventfd_ctx_put(old);
}

/* Set addresses, dirty logging and busy polling. */
static void tun_server_worker_set(struct tun_ring *ring, unsigned int i,
				  const struct tun_vq_params *p)
{
	struct tun_vq *vq = tun_ring_vq_of(ring, i);
	struct tun_log *log = &ring->log[i];

	lockdep_assert_held(&ring->worker.lock);

	vq->vr.desc = (void *)(unsigned long)p->desc;
	vq->vr.avail = (void *)(unsigned long)p->avail;
	vq->vr.used = (void *)(unsigned long)p->used;
	log->bitmap = p->log_bitmap;
	log->used = p->log_used ? vq->vr.used : NULL;
	log->used_addr = p->log_addr;
	log->buffers = p->log_buffers;
	tun_server_worker_set_log_call(log, p->log_call);
	vq->log = log->bitmap && (log->used || log->buffers) ? log : NULL;
	ring->busyloop[i] = p->busyloop;
}

static int tun_server_worker_vq_open(struct tun_ring *ring, unsigned int i,
				     const struct tun_vq_params *p)
{
	struct tun_vring *vr = &tun_ring_vq_of(ring, i)->vr;
	int err;

	if (mutex_lock_interruptible(&ring->worker.lock))
		return -EINTR;
	tun_ring_vring_init(vr, p);
	tun_server_worker_set(ring, i, p);
	tun_ring_set_vhost_hdr(ring, p);
	/* buffers may be available, and the guest need not kick for these */
	if (i == TUN_RING_RX)
		WRITE_ONCE(ring->worker.rx_starved, false);
	err = tun_vring_load_used(vr, &tun_umem);
	if (!err)
		tun_server_worker_set_closed(ring, i, false);
	mutex_unlock(&ring->worker.lock);
	/* entries may be available, and the guest need not kick for these */
	if (!err)
		tun_server_worker_wake_vq(ring, i);
	return err;
}

static int tun_server_worker_vq_close(struct tun_ring *ring, unsigned int i)
{
	struct tun_vring *vr = &tun_ring_vq_of(ring, i)->vr;

	if (mutex_lock_killable(&ring->worker.lock))
		return -EINTR;
	tun_server_worker_set_closed(ring, i, true);
	/* drop used entries that a failed page fault left unpublished */
	vr->used_idx = vr->published;
	if (i == TUN_RING_RX)
		tun_worker_rx_release(ring);
	mutex_unlock(&ring->worker.lock);
	if (i == TUN_RING_RX) {
		/* read() gets the packets that the worker held */
		rcu_read_lock();
		tun_queue_notify_readers(ring->q);
		rcu_read_unlock();
	}
	return 0;
}

static int tun_server_worker_vq_update(struct tun_ring *ring, unsigned int i,
				       const struct tun_vq_params *p,
				       bool addr_changed)
{
	if (mutex_lock_interruptible(&ring->worker.lock))
		return -EINTR;
	tun_server_worker_set(ring, i, p);
	mutex_unlock(&ring->worker.lock);
	return 0;
}

const struct tun_ring_server tun_server_worker = {
	.name			= "worker",
	.via_ptr_ring		= true,
	.prepare		= tun_server_worker_prepare,
	.stop			= tun_worker_stop,
	.release		= tun_worker_release,
	.attach			= tun_server_worker_attach,
	.detach			= tun_server_worker_none,
	.resume			= tun_server_worker_none,
	.quiesce		= tun_server_worker_none,
	.begin			= tun_server_worker_begin,
	.open			= tun_server_worker_open,
	.deliver_waiting	= tun_server_worker_none,
	.unpublish		= tun_server_worker_none,
	.purge			= tun_server_worker_purge,
	.kick_rx		= tun_worker_kick_rx,
	.poll_rx		= tun_server_worker_none,
	.kick_tx		= tun_server_worker_kick_tx,
	.kickfd_rx		= tun_worker_kick_rx,
	.kickfd_tx		= tun_server_worker_kick_tx,
	.flush			= tun_server_worker_none,
	.peek16			= tun_server_worker_peek16,
	.replace_regions	= tun_server_worker_replace_regions,
	.vq_open		= tun_server_worker_vq_open,
	.vq_close		= tun_server_worker_vq_close,
	.vq_update		= tun_server_worker_vq_update,
};
