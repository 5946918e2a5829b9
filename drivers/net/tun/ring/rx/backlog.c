// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that waited for read() when rings were set up: they go first.
 *
 * They are moved out of the queue's tx_ring once no transmitter can add to it any
 * more, because its locks are not to be taken in softirq context, where the
 * ring is filled.
 */
#include "backlog.h"

#include <linux/mm.h>
#include <linux/slab.h>

#include "../../ptr.h"
#include "../../tun.h"
#include "../state.h"
#include "deliver.h"
#include "packet.h"

/**
 * tun_ring_rx_backlog_get - move the queue's tx_ring aside
 * @ring: published, and synchronize_net() done: no transmitter adds to the tx_ring
 *
 * vhost_net may still give back what it took out, at any time and under no lock
 * of ours. What exceeds the tx_ring's size stays where it is, for read().
 *
 * Return: 0 or -ENOMEM, with the tx_ring as it was.
 */
int tun_ring_rx_backlog_get(struct tun_ring *ring)
{
	struct tun_ring_backlog *b = &ring->rx.backlog;
	struct ptr_ring *tx_ring = &ring->q->tx_ring;
	u32 size = tx_ring->size;
	void *ptr;

	ASSERT_RTNL();

	/* rtnl keeps txqueuelen, and so the size, as it is */
	if (ptr_ring_empty(tx_ring))
		return 0;
	b->ptrs = kvcalloc(size, sizeof(*b->ptrs), GFP_KERNEL_ACCOUNT);
	if (!b->ptrs)
		return -ENOMEM;
	while (b->end < size && (ptr = ptr_ring_consume(tx_ring)))
		b->ptrs[b->end++] = ptr;
	return 0;
}

/**
 * tun_ring_rx_backlog_drain - deliver packets of the backlog
 * @ring: rx.lock held
 * @tun: the device
 * @budget: how many, at most; lowered by each attempt
 *
 * Return: why there are no more.
 */
enum tun_ring_rx_drained tun_ring_rx_backlog_drain(struct tun_ring *ring,
						   struct tun_dev *tun,
						   int *budget)
{
	struct tun_ring_backlog *b = &ring->rx.backlog;
	int err;

	lockdep_assert_held(&ring->rx.lock);

	for (; b->next < b->end; b->next++) {
		void *ptr = b->ptrs[b->next];

		if (*budget <= 0)
			return TUN_RING_RX_DRAINED_BUDGET;
		--*budget;
		if (tun_is_xdp_frame(ptr)) {
			err = tun_ring_rx_packet_frame(ring, tun,
						       tun_ptr_to_xdp(ptr));
		} else {
			struct tun_ring_packet p;

			tun_ring_rx_packet_of_skb(&p, ptr);
			err = tun_ring_rx_packet(ring, tun, &p);
		}
		if (err == -ENOSPC)
			return TUN_RING_RX_DRAINED_FULL;
		if (err)
			tun_ring_rx_drop(ring, tun, err);
		tun_ptr_free(ptr);
	}
	return TUN_RING_RX_DRAINED_ALL;
}

/**
 * tun_ring_rx_backlog_put - what is left of the backlog is for read() again
 * @ring: closed; q->ring is still set, so nothing can get into the tx_ring first
 */
void tun_ring_rx_backlog_put(struct tun_ring *ring)
{
	struct tun_ring_backlog *b = &ring->rx.backlog;
	struct tun_dev *tun = tun_dev_rtnl(ring->q);

	ASSERT_RTNL();

	for (; b->next < b->end; b->next++) {
		void *ptr = b->ptrs[b->next];

		/* only after txqueuelen was made shorter */
		if (!tun || ptr_ring_produce_bh(&ring->q->tx_ring, ptr)) {
			ring->rx.count.dropped++;
			if (tun)
				dev_core_stats_tx_dropped_inc(tun->dev);
			tun_ptr_free(ptr);
		}
	}
	kvfree(b->ptrs);
	memset(b, 0, sizeof(*b));
}
