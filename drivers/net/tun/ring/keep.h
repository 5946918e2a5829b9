/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that may be unregistered while a thread uses the struct.
 */
#ifndef _TUN_RING_KEEP_H
#define _TUN_RING_KEEP_H

#include <linux/netdevice.h>

#include "../tun.h"

/**
 * tun_dev_keep - get the device of a queue, for a thread that may sleep for
 * ever
 * @q: the queue
 *
 * The caller keeps the struct, but not the registration: a thread that
 * unregisters the device does not wait for the caller. Before the caller uses
 * counters, addresses, the namespace or the state of the net_device, the caller
 * checks tun_dev_lives() in the same RCU section.
 *
 * Return: the device, or NULL. tun_dev_unkeep() gives the reference back.
 */
static inline struct tun_dev *tun_dev_keep(struct tun_queue *q)
{
	struct tun_dev *tun;

	rcu_read_lock();
	tun = rcu_dereference(q->tun);
	if (tun)
		get_device(&tun->dev->dev);
	rcu_read_unlock();

	return tun;
}

static inline void tun_dev_unkeep(struct tun_dev *tun)
{
	put_device(&tun->dev->dev);
}

/*
 * The caller is in an RCU section. After the result becomes false, a thread
 * that unregisters the device waits for the end of that section.
 */
static inline bool tun_dev_lives(const struct tun_dev *tun)
{
	return netdev_is_registered(tun->dev);
}

#endif /* _TUN_RING_KEEP_H */
