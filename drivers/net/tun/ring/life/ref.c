// SPDX-License-Identifier: GPL-2.0
/*
 * References on rings, and what goes with the last one.
 */
#include "ref.h"

#include <linux/eventfd.h>
#include <linux/llist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "../../tun.h"
#include "../mem/mapped.h"
#include "../mem/pinned.h"
#include "../mem/regions.h"
#include "../state.h"
#include "kick.h"

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
 * tun_ring_ref_get - the rings of a queue, with a reference
 * @q: the queue
 *
 * The reference keeps the rings' memory; only while q->ring is still this ring
 * may the queue be reached through it.
 *
 * Return: the ring, or NULL.
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
 * @ring: the ring; the caller has the file of its queue
 *
 * To give pinned memory back takes that lock: if this was the last reference, the
 * ring stays until the next one of the queue goes, or the file.
 */
void tun_ring_ref_put_mmap(struct tun_ring *ring)
{
	kref_put(&ring->ref, tun_ring_ref_park);
}

/* Those of a queue that went under mmap_lock. */
void tun_ring_ref_free_parked(struct tun_queue *q)
{
	struct tun_ring *ring, *next;

	llist_for_each_entry_safe(ring, next, llist_del_all(&q->parked_rings),
				  parked) tun_ring_ref_free(&ring->ref);
}
