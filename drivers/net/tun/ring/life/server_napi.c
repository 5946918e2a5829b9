// SPDX-License-Identifier: GPL-2.0
/*
 * NAPI as the server of rings.
 *
 * Packet paths do not use a closed ring, so the thread that closed the ring may
 * use it. The receive ring is closed under rx.lock. The transmit ring is closed
 * by a flag that NAPI reads inside rcu_read_lock().
 */
#include "server_napi.h"

#include <linux/netdevice.h>

#include "../../tun.h"
#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../mem/pinned.h"
#include "../mem/regions.h"
#include "../rx/rx.h"
#include "../rx/wait.h"
#include "../state.h"
#include "../tx/coalesce.h"
#include "../tx/poll.h"
#include "../tx/tx.h"
#include "ref.h"
#include "ring.h"

/*
 * Coalesce the kicks of a guest, because each kick costs an exit of the guest.
 */
static int tun_server_napi_prepare(struct tun_ring *ring)
{
	return ring->mode == TUN_RING_MODE_GUEST ?
	       tun_ring_tx_coalesce_start(ring) : 0;
}

/* An operation that only the worker needs: NAPI has no thread and no batch. */
static void tun_server_napi_none(struct tun_ring *ring)
{
}

static void tun_server_napi_release(struct tun_ring *ring)
{
	tun_ring_tx_coalesce_stop(ring);
}

static void tun_server_napi_attach(struct tun_ring *ring, struct tun_dev *tun)
{
	netif_napi_add(tun->dev, &ring->tx.napi, tun_ring_tx_poll);
}

/* The rings outlive the next grace period, so this function need not wait. */
static void tun_server_napi_detach(struct tun_ring *ring)
{
	__netif_napi_del(&ring->tx.napi);
}

static void tun_server_napi_resume(struct tun_ring *ring)
{
	napi_enable(&ring->tx.napi);
}

static void tun_server_napi_quiesce(struct tun_ring *ring)
{
	napi_disable(&ring->tx.napi);
	/*
	 * The coalescing thread does not run NAPI any more, so send the
	 * notification that NAPI deferred. Another thread may close the guest's
	 * ring at the same time. That thread waits for RCU readers before it
	 * releases the memory.
	 */
	rcu_read_lock();
	if (!READ_ONCE(ring->tx.closed))
		tun_ring_tx_notify(ring);
	rcu_read_unlock();
}

static void tun_server_napi_open(struct tun_ring *ring, struct tun_dev *tun)
{
	WRITE_ONCE(ring->tx.closed, false);
	tun_ring_rx_open(ring);
}

static void tun_server_napi_kick_rx(struct tun_ring *ring)
{
	tun_ring_rx_resume(ring, true);
}

static void tun_server_napi_poll_rx(struct tun_ring *ring)
{
	if (READ_ONCE(ring->rx.state) == TUN_RING_RX_WAITING)
		tun_ring_rx_resume(ring, false);
}

static void tun_server_napi_kick_tx(struct tun_ring *ring)
{
	local_bh_disable();
	napi_schedule(&ring->tx.napi);
	/* NAPI polls on this CPU now, unless another CPU polls */
	local_bh_enable();
}

/*
 * The writer holds the lock of the eventfd, with interrupts off. Softirqs do
 * not run when the writer releases the lock, so an interrupt schedules NAPI.
 */
static void tun_server_napi_kickfd_tx(struct tun_ring *ring)
{
	irq_work_queue(&ring->kicked);
}

static void tun_server_napi_kickfd_rx(struct tun_ring *ring)
{
	set_bit(TUN_RING_RX_KICKED, &ring->rx_work);
	irq_work_queue(&ring->kicked);
}

static bool tun_server_napi_peek16(const struct tun_ring *ring,
				   const __virtio16 *p, u16 *v)
{
	tun_kmem_load16(NULL, p, v);
	return true;
}

static int tun_server_napi_replace_regions(struct tun_ring *ring,
					   struct tun_regions *regions)
{
	struct tun_regions *old = ring->regions;

	tun_ring_use_regions(ring, tun_regions_get(regions));
	/* wait until packet paths have left the old table */
	synchronize_rcu();
	tun_regions_put(old);
	return 0;
}

static int tun_server_napi_pin(const struct tun_vq_params *p,
			       struct tun_vring *vr, struct tun_pin *pins)
{
	void *desc, *avail, *used;
	int err;

	err = tun_pin_user(&pins[0], p->desc, tun_vring_desc_size(p->num), &desc);
	if (!err)
		err = tun_pin_user(&pins[1], p->avail,
				   tun_vring_avail_size(p->num), &avail);
	if (!err)
		err = tun_pin_user(&pins[2], p->used,
				   tun_vring_used_size(p->num), &used);
	if (err)
		return err;
	vr->desc = desc;
	vr->avail = avail;
	vr->used = used;
	return 0;
}

static void tun_server_napi_unpin(struct tun_pin *pins)
{
	unsigned int i;

	for (i = 0; i < TUN_RING_PARTS; i++)
		tun_pin_release(&pins[i]);
}

/* Let packet paths use the virtqueue, whose parts are pinned. */
static void tun_server_napi_publish(struct tun_ring *ring, unsigned int i,
				    const struct tun_vq_params *p,
				    const struct tun_vring *vr)
{
	struct tun_vq *vq = tun_ring_vq_of(ring, i);

	ASSERT_RTNL();

	spin_lock_bh(&ring->rx.lock);
	tun_ring_set_vhost_hdr(ring, p);
	vq->vr = *vr;
	vq->log = NULL;
	spin_unlock_bh(&ring->rx.lock);
	if (i == TUN_RING_RX) {
		tun_ring_rx_open(ring);
		return;
	}
	/* the guest's kicks are enabled */
	ring->tx.kick_disabled = false;
	/* store the ring before the flag; matches tun_ring_tx_poll() */
	smp_store_release(&ring->tx.closed, false);
}

static int tun_server_napi_vq_open(struct tun_ring *ring, unsigned int i,
				   const struct tun_vq_params *p)
{
	struct tun_vring vr;
	int err;

	tun_ring_vring_init(&vr, p);
	err = tun_server_napi_pin(p, &vr, ring->pins[i]);
	if (!err) {
		tun_vring_load_used(&vr, &tun_kmem);
		rtnl_lock();
		/* the device may have been deleted before rtnl was taken */
		if (ring->state == TUN_RING_DEAD)
			err = -EBADFD;
		else
			tun_server_napi_publish(ring, i, p, &vr);
		rtnl_unlock();
	}
	if (err)
		tun_server_napi_unpin(ring->pins[i]);
	else if (i == TUN_RING_RX)
		tun_ring_rx_deliver_waiting(ring);
	else
		/*
		 * the guest need not kick for entries that are available
		 * already
		 */
		tun_server_napi_kick_tx(ring);
	return err;
}

static int tun_server_napi_vq_close(struct tun_ring *ring, unsigned int i)
{
	bool open = !tun_ring_is_closed(ring, i);

	if (open && i == TUN_RING_RX) {
		tun_ring_rx_close(ring);
	} else if (open) {
		WRITE_ONCE(ring->tx.closed, true);
		/* wait until NAPI has left the ring, or sees the flag */
		synchronize_rcu();
		/* the coalescing thread cannot notify the guest any more */
		tun_ring_tx_notify(ring);
	}
	/*
	 * unregistering the device may have closed the receive ring, but not
	 * unpinned it
	 */
	tun_server_napi_unpin(ring->pins[i]);
	return 0;
}

/* Of the description, NAPI uses only the addresses. */
static int tun_server_napi_vq_update(struct tun_ring *ring, unsigned int i,
				     const struct tun_vq_params *p,
				     bool addr_changed)
{
	struct tun_vq_params new = *p;

	if (!addr_changed || tun_ring_is_closed(ring, i) ||
	    READ_ONCE(ring->broken))
		return 0;
	tun_server_napi_vq_close(ring, i);
	new.base = tun_ring_vq_of(ring, i)->vr.last_avail;
	return tun_server_napi_vq_open(ring, i, &new);
}

const struct tun_ring_server tun_server_napi = {
	.name			= "kernel",
	.prepare		= tun_server_napi_prepare,
	.stop			= tun_ring_tx_drain,
	.release		= tun_server_napi_release,
	.attach			= tun_server_napi_attach,
	.detach			= tun_server_napi_detach,
	.resume			= tun_server_napi_resume,
	.quiesce		= tun_server_napi_quiesce,
	.begin			= tun_server_napi_none,
	.open			= tun_server_napi_open,
	.deliver_waiting	= tun_ring_rx_deliver_waiting,
	.unpublish		= tun_ring_rx_close,
	.purge			= tun_server_napi_none,
	.kick_rx		= tun_server_napi_kick_rx,
	.poll_rx		= tun_server_napi_poll_rx,
	.kick_tx		= tun_server_napi_kick_tx,
	.kickfd_rx		= tun_server_napi_kickfd_rx,
	.kickfd_tx		= tun_server_napi_kickfd_tx,
	.flush			= tun_ring_rx_publish,
	.peek16			= tun_server_napi_peek16,
	.replace_regions	= tun_server_napi_replace_regions,
	.vq_open		= tun_server_napi_vq_open,
	.vq_close		= tun_server_napi_vq_close,
	.vq_update		= tun_server_napi_vq_update,
};
