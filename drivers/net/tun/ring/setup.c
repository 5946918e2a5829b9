// SPDX-License-Identifier: GPL-2.0
/*
 * TUNRINGSETUP: rings that the kernel allocates and the user maps.
 */
#include "state.h"

#include <linux/uaccess.h>

#include "../tun.h"

static long setup(struct tun_queue *q, struct tun_ring_setup *s,
		  void __user *argp)
{
	struct tun_ring *ring;
	long err;

	if (!rcu_access_pointer(q->tun))
		return -EBADFD;
	if (rcu_access_pointer(q->ring) || tun_queue_has_vrings(q))
		return -EBUSY;

	ring = tun_ring_new(q, s->features, TUN_RING_MODE_MAPPED);
	if (!ring)
		return -ENOMEM;
	ring->tx.poll_us = s->tx_poll_us;
	err = tun_ring_layout_alloc(ring, s);
	if (!err && copy_to_user(argp, s, sizeof(*s)))
		err = -EFAULT;
	if (!err)
		err = tun_ring_install(q, ring);
	if (err)
		tun_ring_put(ring);
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
	long err;

	if (copy_from_user(&s, argp, sizeof(s)))
		return -EFAULT;
	err = tun_ring_layout_check(&s);
	if (err)
		return err;

	err = mutex_lock_interruptible(&q->ring_mutex);
	if (err)
		return -EINTR;
	err = setup(q, &s, argp);
	mutex_unlock(&q->ring_mutex);
	return err;
}
