// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that waited for read() when rings were set up are delivered first.
 *
 * The set-up moves the packets out of the queue's tx_ring, after no transmitter
 * can add to the tx_ring any more. Delivery runs in softirq context, where the
 * locks of the tx_ring must not be taken.
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
 * tun_ring_rx_backlog_get - move packets from the tx_ring to the backlog
 * @ring: the rings, published before a synchronize_net(): no transmitter adds
 *	to the tx_ring
 *
 * vhost_net may return packets to the tx_ring at any time, and takes none of
 * the driver's locks. Packets beyond the size of the tx_ring stay there, for
 * read().
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

	/* rtnl protects txqueuelen, which sets the size */
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
 * @ring: the rings; rx.lock is held
 * @tun: the device
 * @budget: limit on delivery attempts; each attempt lowers @budget by 1
 *
 * Return: the reason why the function stopped.
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
 * tun_ring_rx_backlog_put - return the rest of the backlog to the tx_ring
 * @ring: the rings, closed. q->ring is still set, so no transmitter adds to the
 *	tx_ring before the backlog
 */
void tun_ring_rx_backlog_put(struct tun_ring *ring)
{
	struct tun_ring_backlog *b = &ring->rx.backlog;
	struct tun_dev *tun = tun_dev_rtnl(ring->q);

	ASSERT_RTNL();

	for (; b->next < b->end; b->next++) {
		void *ptr = b->ptrs[b->next];

		/* the tx_ring is full only if txqueuelen became smaller */
		if (!tun || ptr_ring_produce_bh(&ring->q->tx_ring, ptr)) {
			tun_ring_count_inc(&ring->rx.count, dropped);
			if (tun)
				dev_core_stats_tx_dropped_inc(tun->dev);
			tun_ptr_free(ptr);
		}
	}
	kvfree(b->ptrs);
	memset(b, 0, sizeof(*b));
}
