// SPDX-License-Identifier: GPL-2.0
/*
 * TUNRINGREGIONS: the table of packet buffers that a queue's rings use.
 */
#include "regions.h"

#include <linux/file.h>
#include <linux/if_tun.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../../tun.h"
#include "../engine/regions_find.h"
#include "../life/ref.h"
#include "../life/ring.h"
#include "../mem/regions.h"
#include "../state.h"

#define FLAGS	(TUN_RING_REGIONS_PIN | TUN_RING_REGIONS_SHARE)

static int tun_ring_regions_check(const struct tun_ring_regions *r)
{
	bool share = r->flags & TUN_RING_REGIONS_SHARE;

	if (r->flags & ~FLAGS)
		return -EOPNOTSUPP;
	if (r->n > TUN_RING_MAX_REGIONS || r->reserved0 || r->reserved[0] ||
	    r->reserved[1])
		return -EINVAL;
	if (share && (r->n || r->regions ||
		      !(r->flags & TUN_RING_REGIONS_PIN)))
		return -EINVAL;
	if (!share && r->fd)
		return -EINVAL;
	return 0;
}

/*
 * Regions of whole pages limit the number of segments of a packet. The regions
 * of a guest may be smaller.
 */
static bool tun_ring_regions_of_pages(const struct tun_ring_region *array,
				      u32 n)
{
	u64 all = 0;
	u32 i;

	for (i = 0; i < n; i++)
		all |= array[i].addr | array[i].len;
	return PAGE_ALIGNED(all);
}

static struct tun_regions *
tun_ring_regions_from_array(const struct tun_ring_regions *r)
{
	struct tun_regions *regions = ERR_PTR(-EINVAL);
	struct tun_ring_region *array;

	array = memdup_user(u64_to_user_ptr(r->regions), r->n * sizeof(*array));
	if (IS_ERR(array))
		return ERR_CAST(array);
	if (tun_ring_regions_of_pages(array, r->n))
		regions = tun_regions_of_user(array, r->n,
					      r->flags & TUN_RING_REGIONS_PIN);
	kfree(array);
	return regions;
}

static struct tun_regions *tun_ring_regions_of_queue(struct tun_queue *q)
{
	struct tun_regions *regions;

	if (mutex_lock_interruptible(&q->ring_mutex))
		return ERR_PTR(-EINTR);
	regions = q->regions;
	if (!regions)
		regions = ERR_PTR(-ENXIO);
	else if (!regions->pins)
		regions = ERR_PTR(-EINVAL);
	else
		tun_regions_get(regions);
	mutex_unlock(&q->ring_mutex);
	return regions;
}

static struct tun_regions *tun_ring_regions_from_fd(int fd)
{
	struct fd f = fdget(fd);
	struct tun_regions *regions;
	struct socket *sock;

	if (!fd_file(f))
		return ERR_PTR(-EBADF);
	sock = tun_get_socket(fd_file(f));
	if (IS_ERR(sock))
		regions = ERR_PTR(-EBADF);
	else
		regions = tun_ring_regions_of_queue(container_of(sock,
								 struct tun_queue,
								 socket));
	fdput(f);
	return regions;
}

/* Can the queue's rings continue with @regions, which may be NULL? */
static int tun_ring_regions_fits(const struct tun_ring *ring,
				 const struct tun_regions *regions)
{
	if (!ring || !ring->user_buffers)
		return 0;
	if (!regions)
		return -EBUSY;
	if (ring->mm)
		return regions->pins || regions->mm != ring->mm ? -EINVAL : 0;
	return regions->pins ? 0 : -EINVAL;
}

/* On success the queue takes over the caller's reference to @regions. */
static int tun_ring_regions_replace(struct tun_queue *q,
				    struct tun_regions *regions)
{
	struct tun_ring *ring =
		rcu_dereference_protected(q->ring,
					  lockdep_is_held(&q->ring_mutex));
	struct tun_regions *old = q->regions;
	int err;

	lockdep_assert_held(&q->ring_mutex);

	err = tun_ring_regions_fits(ring, regions);
	if (!err && ring && ring->user_buffers)
		err = tun_ring_replace_regions(ring, regions);
	if (err)
		return err;
	q->regions = regions;
	tun_regions_put(old);
	return 0;
}

/**
 * tun_ring_regions_get - give new rings the queue's table of buffers
 * @ring: new rings
 * @pinned: true if the table must be pinned; false if the table must be
 *	unpinned and of the caller's memory
 *
 * Return: 0 or -ENXIO.
 */
int tun_ring_regions_get(struct tun_ring *ring, bool pinned)
{
	struct tun_regions *regions;
	int err = -ENXIO;

	lockdep_assert_held(&ring->q->ring_mutex);

	regions = ring->q->regions;
	if (regions && (pinned ? !!regions->pins :
				 !regions->pins && regions->mm == current->mm)) {
		tun_ring_use_regions(ring, tun_regions_get(regions));
		ring->user_buffers = true;
		err = 0;
	}
	return err;
}

/**
 * tun_ring_ioctl_regions - TUNRINGREGIONS
 * @q: the queue
 * @argp: struct tun_ring_regions of the user
 *
 * Return: 0 or a negative errno, see the UAPI header.
 */
long tun_ring_ioctl_regions(struct tun_queue *q, void __user *argp)
{
	struct tun_regions *regions = NULL;
	struct tun_ring_regions r;
	int err;

	if (copy_from_user(&r, argp, sizeof(r)))
		return -EFAULT;
	err = tun_ring_regions_check(&r);
	if (err)
		return err;
	if (r.flags & TUN_RING_REGIONS_SHARE)
		regions = tun_ring_regions_from_fd(r.fd);
	else if (r.n)
		regions = tun_ring_regions_from_array(&r);
	if (IS_ERR(regions))
		return PTR_ERR(regions);

	err = -EINTR;
	if (!mutex_lock_interruptible(&q->ring_mutex)) {
		err = tun_ring_regions_replace(q, regions);
		mutex_unlock(&q->ring_mutex);
	}
	if (err)
		tun_regions_put(regions);
	return err;
}
