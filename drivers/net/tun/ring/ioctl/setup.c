// SPDX-License-Identifier: GPL-2.0
/*
 * TUNRINGSETUP: rings that the kernel allocates and the user maps.
 */
#include "setup.h"

#include <linux/uaccess.h>

#include "../../tun.h"
#include "../state.h"
#include "layout.h"
#include "make.h"

struct request {
	struct tun_ring_setup s;
	void __user *argp;
};

static int tun_ring_setup_fill(struct tun_ring *ring, void *arg)
{
	struct request *r = arg;
	int err;

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
 * The memory is allocated before anything is locked or changed; the result is
 * copied out before the ring starts, so that no error leaves half a ring.
 *
 * Return: 0 or a negative errno, see the UAPI header.
 */
long tun_ring_ioctl_setup(struct tun_queue *q, void __user *argp)
{
	struct request r = { .argp = argp };
	long err;

	if (copy_from_user(&r.s, argp, sizeof(r.s)))
		return -EFAULT;
	err = tun_ring_layout_check(&r.s);
	if (err)
		return err;
	return tun_ring_make(q, r.s.features, TUN_RING_MODE_MAPPED,
			     tun_ring_setup_fill, &r);
}
