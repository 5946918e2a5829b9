// SPDX-License-Identifier: GPL-2.0
/*
 * Busy polling before the worker sleeps: the exit of a virtual machine for a
 * kick costs more than the poll.
 */
#include "busy_poll.h"

#include <linux/sched/clock.h>
#include <linux/sched/signal.h>

#include "../engine/vring.h"
#include "../mem/access_user.h"
#include "../state.h"

/* Longest busy poll under worker.lock. The user may ask for a longer one. */
#define SPIN_MAX_US	1000

/* Packets that wait for receive buffers or for read() are no new work. */
static bool tun_worker_has_packets(struct tun_ring *ring)
{
	struct ptr_ring *packets = &ring->q->tx_ring;
	bool has;

	if (tun_ring_is_closed(ring, TUN_RING_RX) ||
	    READ_ONCE(ring->worker.rx_starved))
		return false;
	/* after tun_worker_leave(), the queue may end */
	spin_lock(&packets->consumer_lock);
	has = !tun_worker_is_left(&ring->worker) && !__ptr_ring_empty(packets);
	spin_unlock(&packets->consumer_lock);
	return has;
}

/*
 * Check both directions for new work, and make new work pending. Available
 * transmit entries are new work, also if the user did not kick.
 * Return: true if work is pending.
 */
static bool tun_worker_work_available(struct tun_ring *ring)
{
	const struct tun_vring *vr = &ring->tx.vq.vr;
	u16 idx;

	if (READ_ONCE(ring->worker.work.bits))
		return true;
	if (tun_worker_has_packets(ring)) {
		set_bit(TUN_WORKER_RX, &ring->worker.work.bits);
		return true;
	}
	if (READ_ONCE(ring->tx.closed) ||
	    tun_umem_load16(vr, &vr->avail->idx, &idx) || idx == vr->avail_idx)
		return false;
	set_bit(TUN_WORKER_TX, &ring->worker.work.bits);
	return true;
}

/**
 * tun_worker_busy_poll - poll for work before the worker sleeps
 * @ring: worker.lock is held, the thread uses the owner's mm, and kicks are
 *	disabled
 * @i: the direction without work: TUN_WORKER_RX or TUN_WORKER_TX
 *
 * The user sets the time to poll, and 0 disables the poll.
 *
 * Return: true if work of this or the other direction is pending.
 */
bool tun_worker_busy_poll(struct tun_ring *ring, enum tun_worker_work i)
{
	u32 us = min_t(u32, READ_ONCE(ring->busyloop[i]), SPIN_MAX_US);
	u64 end;

	lockdep_assert_held(&ring->worker.lock);

	if (likely(!us))
		return false;
	end = local_clock() + us * NSEC_PER_USEC;
	while (!tun_worker_work_available(ring)) {
		if (need_resched() || signal_pending(current) ||
		    local_clock() > end)
			return false;
		cpu_relax();
	}
	return true;
}
