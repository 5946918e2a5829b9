// SPDX-License-Identifier: GPL-2.0
/*
 * TUNRINGSETUP: rings that the kernel allocates and the user maps.
 * TUNRINGATTACH: rings in the caller's memory.
 */
#include "setup.h"

#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#include "../../tun.h"
#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../life/kick.h"
#include "../life/ref.h"
#include "../life/ring.h"
#include "../life/server_worker.h"
#include "../limit/limit.h"
#include "../mem/access_user.h"
#include "../mem/pinned.h"
#include "../state.h"
#include "layout.h"
#include "regions.h"

static long tun_ring_make_locked(struct tun_queue *q, u64 features, u32 mode,
				 int (*fill)(struct tun_ring *ring, void *arg),
				 void *arg)
{
	struct tun_ring *ring;
	long err;

	lockdep_assert_held(&q->ring_mutex);

	if (!rcu_access_pointer(q->tun))
		return -EBADFD;
	if (rcu_access_pointer(q->ring) || tun_queue_has_vrings(q))
		return -EBUSY;

	ring = tun_ring_new(q, features, mode);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	err = fill(ring, arg);
	if (!err)
		err = tun_ring_install(q, ring);
	if (err)
		tun_ring_ref_put(ring);
	return err;
}

/**
 * tun_ring_make - give a queue rings
 * @q: the queue, which must have no rings
 * @features: bit mask of TUN_RING_F_*, checked
 * @mode: TUN_RING_MODE_*
 * @fill: sets the memory of the rings, before the queue has changed
 * @arg: argument of @fill
 *
 * After an error the queue is as before.
 *
 * Return: 0; an error of @fill; -EBADFD if the queue has no device; -EBUSY if
 * the queue has rings; -EPERM if the administrator refuses rings to the caller;
 * -ENOMEM; -EINTR.
 */
static long tun_ring_make(struct tun_queue *q, u64 features, u32 mode,
			  int (*fill)(struct tun_ring *ring, void *arg),
			  void *arg)
{
	long err;

	if (mutex_lock_interruptible(&q->ring_mutex))
		return -EINTR;
	err = tun_ring_make_locked(q, features, mode, fill, arg);
	mutex_unlock(&q->ring_mutex);
	return err;
}

struct tun_ring_setup_request {
	struct tun_ring_setup s;
	void __user *argp;
};

static int tun_ring_setup_fill(struct tun_ring *ring, void *arg)
{
	struct tun_ring_setup_request *r = arg;
	int err;

	r->s.tx_poll_us = tun_ring_limit_poll_us(r->s.tx_poll_us);
	ring->tx.poll_us = r->s.tx_poll_us;
	err = tun_ring_layout_alloc(ring, &r->s);
	if (!err && copy_to_user(r->argp, &r->s, sizeof(r->s)))
		err = -EFAULT;
	return err;
}

/**
 * tun_ring_ioctl_setup - TUNRINGSETUP
 * @q: the queue
 * @argp: struct tun_ring_setup of the user
 *
 * The caller gets the result before the rings are in service, so that no error
 * leaves rings in service.
 *
 * Return: 0 or a negative errno, see the UAPI header.
 */
long tun_ring_ioctl_setup(struct tun_queue *q, void __user *argp)
{
	struct tun_ring_setup_request r = { .argp = argp };
	long err;

	if (copy_from_user(&r.s, argp, sizeof(r.s)))
		return -EFAULT;
	err = tun_ring_layout_check(&r.s);
	if (err)
		return err;
	return tun_ring_make(q, r.s.features, TUN_RING_MODE_MAPPED,
			     tun_ring_setup_fill, &r);
}

enum tun_ring_attach_part { PART_DESC, PART_AVAIL, PART_USED, PART_META };

/* Bytes of a part of a ring. */
static u64 tun_ring_attach_part_len(enum tun_ring_attach_part part, u32 entries)
{
	switch (part) {
	case PART_DESC:
		return tun_vring_desc_size(entries);
	case PART_AVAIL:
		return tun_vring_avail_size(entries);
	case PART_USED:
		return tun_vring_used_size(entries);
	case PART_META:
		return (u64)entries * sizeof(struct tun_ring_meta);
	}
	return 0;
}

static int tun_ring_attach_part_pin(struct tun_pin *pins,
				    enum tun_ring_attach_part part, u64 addr,
				    u32 entries, void **base)
{
	return tun_pin_user(&pins[part], addr,
			    tun_ring_attach_part_len(part, entries), base);
}

/* Both sides start at index 0: the memory may have had another use before. */
static __always_inline int
tun_ring_attach_used_init(struct tun_vring *vr, const struct tun_vring_mem *mem)
{
	return mem->store16(vr, &vr->used->flags, 0) ?:
	       mem->store16(vr, tun_vring_avail_event(vr), 0) ?:
	       mem->store16(vr, &vr->used->idx, 0);
}

static int tun_ring_attach_vring_pin(struct tun_ring *ring,
				     struct tun_vring *vr, struct tun_pin *pins,
				     const struct tun_ring_attach_vq *vq,
				     void **meta)
{
	void *desc, *avail, *used;
	int err;

	tun_vring_init(vr, vq->entries,
		       tun_ring_has(ring, TUN_RING_F_INDIRECT_DESC),
		       tun_ring_has(ring, TUN_RING_F_EVENT_IDX));
	err = tun_ring_attach_part_pin(pins, PART_DESC, vq->desc, vq->entries,
				       &desc);
	if (!err)
		err = tun_ring_attach_part_pin(pins, PART_AVAIL, vq->avail,
					       vq->entries, &avail);
	if (!err)
		err = tun_ring_attach_part_pin(pins, PART_USED, vq->used,
					       vq->entries, &used);
	if (!err && vq->meta)
		err = tun_ring_attach_part_pin(pins, PART_META, vq->meta,
					       vq->entries, meta);
	if (err)
		return err;
	vr->desc = desc;
	vr->avail = avail;
	vr->used = used;
	return tun_ring_attach_used_init(vr, &tun_kmem);
}

static int tun_ring_attach_rings_pin(struct tun_ring *ring,
				     const struct tun_ring_attach *a)
{
	void *rx_meta = NULL, *tx_meta = NULL;
	int err;

	err = tun_ring_attach_vring_pin(ring, &ring->rx.vq.vr, ring->pins[0],
					&a->rx, &rx_meta);
	if (!err)
		err = tun_ring_attach_vring_pin(ring, &ring->tx.vq.vr,
						ring->pins[1], &a->tx,
						&tx_meta);
	ring->rx.meta = rx_meta;
	ring->tx.meta = tx_meta;
	return err;
}

/* A check at set-up spares the worker a check at each access. */
static int tun_ring_attach_part_check(enum tun_ring_attach_part part, u64 addr,
				      u32 entries)
{
	u64 len = tun_ring_attach_part_len(part, entries);

	if (addr > ULONG_MAX || !access_ok(u64_to_user_ptr(addr), len))
		return -EFAULT;
	return 0;
}

static int tun_ring_attach_vring_user(struct tun_ring *ring,
				      struct tun_vring *vr,
				      const struct tun_ring_attach_vq *vq)
{
	int err;

	tun_vring_init(vr, vq->entries,
		       tun_ring_has(ring, TUN_RING_F_INDIRECT_DESC),
		       tun_ring_has(ring, TUN_RING_F_EVENT_IDX));
	err = tun_ring_attach_part_check(PART_DESC, vq->desc, vq->entries);
	if (!err)
		err = tun_ring_attach_part_check(PART_AVAIL, vq->avail,
						 vq->entries);
	if (!err)
		err = tun_ring_attach_part_check(PART_USED, vq->used,
						 vq->entries);
	if (!err && vq->meta)
		err = tun_ring_attach_part_check(PART_META, vq->meta,
						 vq->entries);
	if (err)
		return err;
	vr->desc = (void *)(unsigned long)vq->desc;
	vr->avail = (void *)(unsigned long)vq->avail;
	vr->used = (void *)(unsigned long)vq->used;
	return tun_ring_attach_used_init(vr, &tun_umem);
}

/* The rings stay in the owner's memory, and a worker serves them. */
static int tun_ring_attach_rings_user(struct tun_ring *ring,
				      const struct tun_ring_attach *a)
{
	int err;

	tun_ring_set_owner(ring, current->mm);
	tun_ring_set_server(ring, &tun_server_worker);
	err = tun_ring_attach_vring_user(ring, &ring->rx.vq.vr, &a->rx);
	if (!err)
		err = tun_ring_attach_vring_user(ring, &ring->tx.vq.vr, &a->tx);
	ring->rx.meta = (void *)(unsigned long)a->rx.meta;
	ring->tx.meta = (void *)(unsigned long)a->tx.meta;
	return err;
}

static int tun_ring_attach_fill(struct tun_ring *ring, void *arg)
{
	const struct tun_ring_attach *a = arg;
	bool pin = a->flags & TUN_RING_ATTACH_PIN;
	int err;

	ring->tx.poll_us = tun_ring_limit_poll_us(a->tx_poll_us);
	err = tun_ring_regions_get(ring, pin);
	if (!err)
		err = tun_ring_kick_attach(ring, a);
	if (!err)
		err = pin ? tun_ring_attach_rings_pin(ring, a)
			  : tun_ring_attach_rings_user(ring, a);
	return err;
}

/**
 * tun_ring_ioctl_attach - TUNRINGATTACH
 * @q: the queue
 * @argp: struct tun_ring_attach of the user
 *
 * Return: 0 or a negative errno, see the UAPI header.
 */
long tun_ring_ioctl_attach(struct tun_queue *q, void __user *argp)
{
	struct tun_ring_attach a;
	long err;

	if (copy_from_user(&a, argp, sizeof(a)))
		return -EFAULT;
	err = tun_ring_layout_check_attach(&a);
	if (err)
		return err;
	return tun_ring_make(q, a.features, TUN_RING_MODE_ATTACHED,
			     tun_ring_attach_fill, &a);
}
