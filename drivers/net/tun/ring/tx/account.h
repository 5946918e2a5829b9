/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions that both servers of transmit rings share, NAPI and the worker.
 */
#ifndef _TUN_RING_TX_ACCOUNT_H
#define _TUN_RING_TX_ACCOUNT_H

#include "../../stats.h"
#include "../../tun.h"
#include "../../xdp_generic.h"
#include "../keep.h"
#include "../state.h"

/*
 * Count a packet that cannot be sent. @err is -ENOMEM; -ENODEV if the device is
 * gone; or another errno if the packet is not valid.
 */
static inline void tun_ring_tx_error(struct tun_ring *ring, struct tun_dev *tun,
				     int err)
{
	if (err == -ENOMEM || err == -ENODEV)
		tun_ring_count_inc(&ring->tx.count, dropped);
	else
		tun_ring_count_inc(&ring->tx.count, errors);
	rcu_read_lock();
	if (tun_dev_lives(tun))
		tun_stats_rx_dropped(tun);
	rcu_read_unlock();
}

/* Return: false if the device's XDP program has consumed the packet. */
static inline bool tun_ring_tx_xdp(struct tun_ring *ring, struct tun_dev *tun,
				   struct sk_buff **skb)
{
	if (likely(!rcu_access_pointer(tun->xdp_prog)))
		return true;
	if (tun_xdp_generic(tun, skb))
		return true;
	tun_ring_count_inc(&ring->tx.count, dropped);
	return false;
}

/* The caller counts once for a batch, with bottom halves off. */
static inline void tun_ring_tx_device_stats(struct net_device *dev, u64 packets,
					    u64 bytes)
{
	struct pcpu_sw_netstats *stats = this_cpu_ptr(dev->tstats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->rx_packets, packets);
	u64_stats_add(&stats->rx_bytes, bytes);
	u64_stats_update_end(&stats->syncp);
}

/*
 * Cookie of the namespace of the device, which may move at any time; 0 if the
 * device is gone.
 */
static inline u64 tun_ring_tx_net_cookie(const struct tun_dev *tun)
{
	u64 cookie = 0;

	/* a namespace that the device has left may be freed */
	rcu_read_lock();
	if (tun_dev_lives(tun))
		cookie = dev_net(tun->dev)->net_cookie;
	rcu_read_unlock();
	return cookie;
}

/* Count a packet whose device is down or whose queue is detached. */
static inline void tun_ring_tx_discarded(struct tun_ring *ring,
					 struct tun_dev *tun)
{
	tun_ring_count_inc(&ring->tx.count, dropped);
	tun_stats_rx_dropped(tun);
}

/* May the server use entries of the transmit ring? */
static inline bool tun_ring_tx_ready(const struct tun_ring *ring,
				     const struct tun_dev *tun)
{
	return tun && READ_ONCE(ring->state) != TUN_RING_DEAD &&
	       !READ_ONCE(ring->broken);
}

/* Does the device take packets of this queue? If not, the server drops them. */
static inline bool tun_ring_tx_may_send(const struct tun_ring *ring,
					const struct tun_dev *tun)
{
	return tun_dev_is_up(tun) &&
	       READ_ONCE(ring->state) == TUN_RING_RUNNING;
}

#endif /* _TUN_RING_TX_ACCOUNT_H */
