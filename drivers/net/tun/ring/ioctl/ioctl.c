// SPDX-License-Identifier: GPL-2.0
/*
 * Entry points of the chardev: the ring ioctls and mmap.
 */
#include "ioctl.h"

#include <linux/jiffies.h>
#include <linux/sched.h>

#include "../../tun.h"
#include "../life/close.h"
#include "../life/ref.h"
#include "../mem/mapped.h"
#include "../state.h"
#include "../vhost/ioctl.h"
#include "abi.h"
#include "enter.h"
#include "regions.h"
#include "setup.h"
#include "stats.h"

/* close(2) waits for another thread's ring_mutex for so long. */
#define CLOSE_WAIT	(HZ / 10)

/**
 * tun_ring_ioctl - the ring ioctls
 * @q: the queue; no lock held
 * @cmd: any
 * @argp: the user's argument
 *
 * Return: see the UAPI header, or -ENOIOCTLCMD for another @cmd.
 */
long tun_ring_ioctl(struct tun_queue *q, unsigned int cmd, void __user *argp)
{
	switch (cmd) {
	case TUNRINGENTER:
		return tun_ring_ioctl_enter(q, argp);
	case TUNRINGQUERY:
		return tun_ring_ioctl_query(q, argp);
	case TUNRINGSETUP:
		return tun_ring_ioctl_setup(q, argp);
	case TUNRINGTEARDOWN:
		return tun_ring_ioctl_teardown(q);
	case TUNRINGREGIONS:
		return tun_ring_ioctl_regions(q, argp);
	case TUNRINGATTACH:
		return tun_ring_ioctl_attach(q, argp);
	case TUNRINGGUEST:
		return tun_vhost_set_guest(q, argp);
	case TUNRINGSTATS:
		return tun_ring_ioctl_stats(q, argp);
	}
	if (tun_vhost_is_cmd(cmd))
		return tun_vhost_ioctl(q, cmd, argp);
	return -ENOIOCTLCMD;
}

/* mmap(2) of the fd. Return: 0, -ENODEV without rings, or see mem/mapped.c. */
int tun_ring_mmap(struct tun_queue *q, struct vm_area_struct *vma)
{
	struct tun_ring *ring = tun_ring_ref_get(q);
	int err;

	if (!ring)
		return -ENODEV;
	err = tun_mem_mapped_mmap(&ring->mem, vma);
	tun_ring_ref_put_mmap(ring);
	return err;
}

/* Return: false if another thread does not release the mutex in time. */
static bool tun_ring_close_lock(struct tun_queue *q)
{
	unsigned long end = jiffies + CLOSE_WAIT;

	while (!mutex_trylock(&q->ring_mutex)) {
		if (time_after(jiffies, end))
			return false;
		schedule_timeout_uninterruptible(1);
	}
	return true;
}

/**
 * tun_ring_close - the file is released: no system call on the file uses the
 *	queue's rings or regions
 * @q: the queue
 *
 * Return: true if rings and regions have ended; false if a thread that serves
 * the queue from another file is in the way: see tun_ring_closed().
 */
bool tun_ring_close(struct tun_queue *q)
{
	tun_vhost_close(q);
	WRITE_ONCE(q->closed, true);
	if (!tun_ring_close_lock(q))
		return false;
	tun_ring_end(q);
	mutex_unlock(&q->ring_mutex);
	return true;
}
