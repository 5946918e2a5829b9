// SPDX-License-Identifier: GPL-2.0
/*
 * The object of a queue's rings: allocation, references and release.
 */
#include "ref.h"

#include <linux/eventfd.h>
#include <linux/llist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "../../tun.h"
#include "../limit/refuse.h"
#include "../mem/mapped.h"
#include "../mem/pinned.h"
#include "../mem/regions.h"
#include "../rx/wait.h"
#include "../state.h"
#include "kick.h"
#include "server_napi.h"

static void tun_ring_use_rx_features(struct tun_ring *ring)
{
	ring->rx_drop = tun_ring_has(ring, TUN_RING_F_RX_DROP);
	ring->rx.flow.state = tun_ring_has(ring, TUN_RING_F_RX_FLOW) ?
			      TUN_RING_FLOW_RUNNING : TUN_RING_FLOW_OFF;
}

/**
 * tun_ring_new - allocate the object of a queue's rings
 * @q: the queue
 * @features: bit mask of TUN_RING_F_*, checked
 * @mode: TUN_RING_MODE_*
 *
 * The caller gives the rings their memory.
 *
 * Return: the rings, with one reference; or an ERR_PTR(): -ENOMEM, or -EPERM if
 * the administrator refuses rings to the caller.
 */
struct tun_ring *tun_ring_new(struct tun_queue *q, u64 features, u32 mode)
{
	struct tun_ring *ring;

	if (tun_ring_limit_refuses())
		return ERR_PTR(-EPERM);
	ring = kzalloc(sizeof(*ring), GFP_KERNEL_ACCOUNT);
	if (!ring)
		return ERR_PTR(-ENOMEM);
	kref_init(&ring->ref);
	tun_ring_rx_init(ring);
	mutex_init(&ring->worker.lock);
	u64_stats_init(&ring->rx.count.syncp);
	u64_stats_init(&ring->tx.count.syncp);
	ring->rx.vq.lock = &ring->worker.lock;
	ring->tx.vq.lock = &ring->worker.lock;
	tun_ring_kick_init(ring);
	ring->q = q;
	ring->mode = mode;
	ring->mergeable = true;
	ring->tx.closed = true;
	/*
	 * before NAPI is enabled, a kick has no effect, as after napi_disable()
	 */
	ring->tx.napi.state = NAPIF_STATE_SCHED;
	tun_ring_set_server(ring, &tun_server_napi);
	ring->features = features | BIT_ULL(TUN_RING_F_VERSION_1);
	tun_ring_use_rx_features(ring);
	ring->rx_tstamp = tun_ring_has(ring, TUN_RING_F_RX_TSTAMP);
	ring->tx_mark = tun_ring_has(ring, TUN_RING_F_TX_MARK);
	return ring;
}

/**
 * tun_ring_set_server - set the server of rings
 * @ring: rings that are new, or rings with both directions closed
 * @server: the server
 */
void tun_ring_set_server(struct tun_ring *ring,
			 const struct tun_ring_server *server)
{
	BUILD_BUG_ON(offsetof(struct tun_ring, common));

	WRITE_ONCE(ring->server, server);
	WRITE_ONCE(ring->common.via_ptr_ring, server->via_ptr_ring);
}

/* Set the address space in which new rings lie. */
void tun_ring_set_owner(struct tun_ring *ring, struct mm_struct *mm)
{
	mmgrab(mm);
	ring->mm = mm;
}

/**
 * tun_ring_set_rx_features - choose what happens when the receive ring is full
 * @ring: new or closed rings
 * @features: TUN_RING_F_RX_DROP, TUN_RING_F_RX_FLOW or 0, as bit masks
 */
void tun_ring_set_rx_features(struct tun_ring *ring, u64 features)
{
	ring->features &= ~(BIT_ULL(TUN_RING_F_RX_DROP) |
			    BIT_ULL(TUN_RING_F_RX_FLOW));
	ring->features |= features;
	tun_ring_use_rx_features(ring);
}

/**
 * tun_ring_use_regions - give rings a table of buffers
 * @ring: the rings; the caller puts the old table when no packet path uses it
 * @regions: the table; the rings take over the caller's reference
 */
void tun_ring_use_regions(struct tun_ring *ring, struct tun_regions *regions)
{
	ring->regions = regions;
	rcu_assign_pointer(ring->rx.vq.regions, regions);
	rcu_assign_pointer(ring->tx.vq.regions, regions);
}

static void tun_ring_ref_free(struct kref *ref)
{
	struct tun_ring *ring = container_of(ref, struct tun_ring, ref);
	unsigned int i;

	ring->server->release(ring);
	tun_mem_mapped_free(&ring->mem);
	for (i = 0; i < TUN_RING_PARTS; i++) {
		tun_pin_release(&ring->pins[0][i]);
		tun_pin_release(&ring->pins[1][i]);
	}
	for (i = 0; i < ARRAY_SIZE(ring->log); i++)
		if (ring->log[i].call)
			eventfd_ctx_put(ring->log[i].call);
	tun_regions_put(ring->regions);
	tun_ring_kick_free(ring);
	if (ring->mm)
		mmdrop(ring->mm);
	kfree(ring);
}

/**
 * tun_ring_ref_get - get the rings of a queue, with a reference
 * @q: the queue
 *
 * The reference keeps the memory of the rings, but not the queue: ring->q is
 * valid only while q->ring is still this ring.
 *
 * Return: the rings, or NULL.
 */
struct tun_ring *tun_ring_ref_get(struct tun_queue *q)
{
	struct tun_ring *ring;

	rcu_read_lock();
	ring = rcu_dereference(q->ring);
	if (ring && !kref_get_unless_zero(&ring->ref))
		ring = NULL;
	rcu_read_unlock();
	return ring;
}

/* Context: process, and not under mmap_lock or rtnl. */
void tun_ring_ref_put(struct tun_ring *ring)
{
	kref_put(&ring->ref, tun_ring_ref_free);
}

static void tun_ring_ref_park(struct kref *ref)
{
	struct tun_ring *ring = container_of(ref, struct tun_ring, ref);

	llist_add(&ring->parked, &ring->q->parked_rings);
}

/**
 * tun_ring_ref_put_mmap - tun_ring_ref_put() under mmap_lock
 * @ring: the rings; the caller has the file of their queue open
 *
 * The release of pinned memory takes mmap_lock. So this function does not
 * release the rings with the last reference. The next teardown of rings of the
 * queue, or the end of the file, releases them.
 */
void tun_ring_ref_put_mmap(struct tun_ring *ring)
{
	kref_put(&ring->ref, tun_ring_ref_park);
}

/* Release the rings whose last reference was put under mmap_lock. */
void tun_ring_ref_free_parked(struct tun_queue *q)
{
	struct tun_ring *ring, *next;

	llist_for_each_entry_safe(ring, next, llist_del_all(&q->parked_rings),
				  parked) tun_ring_ref_free(&ring->ref);
}
