// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait for receive buffers, first in first out. The packets are in
 * the queue's tx_ring, as packets for read() are, so txqueuelen limits their
 * number.
 *
 * The tx_ring has other readers: read() beside a guest's rings, and vhost_net.
 * They take consumer_lock with bottom halves on, so softirq context must not
 * wait for that lock. trylock fails only while such a reader takes a packet.
 */
#include "fifo.h"

#include <linux/ptr_ring.h>

#include "../../ptr.h"
#include "../../tun.h"
#include "../../wake.h"
#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../state.h"
#include "packet.h"

static bool tun_ring_rx_fifo_add(struct tun_ring *ring, void *ptr)
{
	lockdep_assert_held(&ring->rx.lock);

	if (ptr_ring_produce(&ring->q->tx_ring, ptr))
		return false;
	/* read() competes with a guest's rings for packets */
	if (ring->mode == TUN_RING_MODE_GUEST)
		tun_queue_notify_readers(ring->q);
	return true;
}

/**
 * tun_ring_rx_fifo_add_skb - let a packet wait
 * @ring: the rings; rx.lock is held
 * @skb: the packet, after tun_ptr_prepare_skb()
 *
 * Return: true, or false if txqueuelen packets wait.
 */
bool tun_ring_rx_fifo_add_skb(struct tun_ring *ring, struct sk_buff *skb)
{
	lockdep_assert_held(&ring->rx.lock);

	return tun_ring_rx_fifo_add(ring, skb);
}

/* tun_ring_rx_fifo_add_skb() of an XDP frame. */
bool tun_ring_rx_fifo_add_frame(struct tun_ring *ring, struct xdp_frame *frame)
{
	lockdep_assert_held(&ring->rx.lock);

	return tun_ring_rx_fifo_add(ring, tun_xdp_to_ptr(frame));
}

static int tun_ring_rx_fifo_deliver(struct tun_ring *ring, struct tun_dev *tun,
				    void *ptr)
{
	if (tun_is_xdp_frame(ptr))
		return tun_ring_rx_packet_frame(ring, tun, tun_ptr_to_xdp(ptr));
	return tun_ring_rx_packet_skb(ring, tun, ptr);
}

/*
 * The buffers were too few for a packet of this length or less, and the user
 * has added none since. Another attempt would copy in vain, at the expense of a
 * sender. A packet that does not fit although the user has consumed all entries
 * is dropped, however: see tun_ring_rx_no_room().
 */
static bool tun_ring_rx_fifo_is_stuck(const struct tun_ring *ring, void *ptr)
{
	const struct tun_ring_rx *rx = &ring->rx;

	return rx->vq.vr.avail_idx == rx->asked &&
	       tun_ptr_len(ptr) >= rx->stuck_len &&
	       (ring->guest || tun_vring_unconsumed(&rx->vq.vr, &tun_kmem));
}

static int tun_ring_rx_fifo_try(struct tun_ring *ring, struct tun_dev *tun,
				void *ptr)
{
	int err;

	if (tun_ring_rx_fifo_is_stuck(ring, ptr))
		return -ENOSPC;
	err = tun_ring_rx_fifo_deliver(ring, tun, ptr);
	if (err == -ENOSPC)
		ring->rx.stuck_len = tun_ptr_len(ptr);
	return err;
}

/*
 * Deliver the oldest packet. Return: 1; 0 if no packet waits; -EBUSY; -ENOSPC
 * or -EPROTO, and the packet still waits.
 */
static int tun_ring_rx_fifo_deliver_next(struct tun_ring *ring,
					 struct tun_dev *tun)
{
	struct ptr_ring *fifo = &ring->q->tx_ring;
	int err = 0;
	void *ptr;

	if (unlikely(!spin_trylock(&fifo->consumer_lock)))
		return -EBUSY;
	ptr = __ptr_ring_peek(fifo);
	if (ptr) {
		err = tun_ring_rx_fifo_try(ring, tun, ptr);
		if (err != -ENOSPC && err != -EPROTO)
			__ptr_ring_discard_one(fifo);
	}
	spin_unlock(&fifo->consumer_lock);

	if (!ptr || err == -ENOSPC || err == -EPROTO)
		return err;
	if (likely(!err)) {
		tun_ptr_consume(ptr);
	} else {
		tun_ring_rx_drop(ring, tun, err);
		tun_ptr_free(ptr);
	}
	return 1;
}

/**
 * tun_ring_rx_fifo_drain - deliver packets that wait
 * @ring: the rings; rx.lock is held
 * @tun: the device
 * @budget: limit on packets; each packet lowers @budget by 1
 *
 * Return: the reason why the function stopped.
 */
enum tun_ring_rx_drained tun_ring_rx_fifo_drain(struct tun_ring *ring,
						struct tun_dev *tun,
						int *budget)
{
	int ret;

	lockdep_assert_held(&ring->rx.lock);

	do {
		if (*budget <= 0)
			return TUN_RING_RX_DRAINED_BUDGET;
		--*budget;
		ret = tun_ring_rx_fifo_deliver_next(ring, tun);
	} while (ret > 0);

	if (ret == -EPROTO)
		tun_ring_rx_break(ring);
	if (ret == -EBUSY)
		return TUN_RING_RX_DRAINED_BUSY;
	return ret ? TUN_RING_RX_DRAINED_FULL : TUN_RING_RX_DRAINED_ALL;
}
