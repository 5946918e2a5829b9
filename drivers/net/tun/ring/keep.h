/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that may end while a thread uses it.
 */
#ifndef _TUN_RING_KEEP_H
#define _TUN_RING_KEEP_H

#include <linux/netdevice.h>

#include "../tun.h"

/**
 * tun_dev_keep - the device of a queue, for a thread that may sleep for ever
 * @q: the queue
 *
 * Keeps the struct, and lets the device end: nobody waits for the caller. Before
 * the caller uses counters, addresses, the namespace or the state of the
 * net_device, the caller checks tun_dev_lives() in the same RCU section.
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

/* The caller is in an RCU section: unregistering waits for its end after this
 * turns false.
 */
static inline bool tun_dev_lives(const struct tun_dev *tun)
{
	return READ_ONCE(tun->dev->reg_state) == NETREG_REGISTERED;
}

#endif /* _TUN_RING_KEEP_H */
