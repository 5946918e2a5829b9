// SPDX-License-Identifier: GPL-2.0
/*
 * The NAPI instance of a queue with rings.
 *
 * While NAPI is scheduled, kicks are disabled. Threaded NAPI may poll an empty
 * ring for a while. Before NAPI completes, NAPI enables kicks and loads the
 * available index once more (barrier B in vring.h). NAPI may instead leave
 * kicks disabled, if NAPI's timer, the thread of coalesce.c or the destructor of
 * a packet will run NAPI again.
 */
#include "poll.h"

#include <linux/netdevice.h>
#include <linux/sched/clock.h>

#include "../../napi.h"
#include "../../tun.h"
#include "../engine/access_kernel.h"
#include "../engine/vring.h"
#include "../rx/wait.h"
#include "../state.h"
#include "../trace.h"
#include "account.h"
#include "coalesce.h"
#include "sndbuf.h"
#include "tx.h"

/*
 * Must NAPI poll an empty ring again at once, because it found a packet less
 * than poll_us ago? Only threaded NAPI does so: a softirq would keep all tasks
 * off the CPU.
 */
static bool tun_ring_tx_poll_busy(struct tun_ring_tx *tx, int done)
{
	u64 now;

	if (likely(!tx->poll_us) ||
	    !test_bit(NAPI_STATE_THREADED, &tx->napi.state))
		return false;
	now = local_clock();
	if (done)
		tx->busy_at = now;
	return now - tx->busy_at < (u64)tx->poll_us * NSEC_PER_USEC;
}

/*
 * Will NAPI's timer poll an empty ring again (napi_defer_hard_irqs,
 * gro_flush_timeout)? Kicks stay disabled until then, as the interrupts of a
 * network card do.
 */
static bool tun_ring_tx_poll_deferred(const struct napi_struct *napi, int done)
{
	return unlikely(napi_timeout_of(napi)) &&
	       (done ? napi_defer_of(napi) : napi->defer_hard_irqs_count) > 0;
}

/**
 * enum tun_ring_tx_next - the next poll of an empty ring
 * @TX_POLL_AGAIN: NAPI polls at once
 * @TX_ON_KICK: NAPI polls after a kick; kicks are enabled
 * @TX_BY_TIMER: NAPI's timer runs NAPI; kicks stay disabled
 * @TX_BY_THREAD: the thread of coalesce.c runs NAPI; kicks stay disabled, and
 *	NAPI does not notify the user before
 * @TX_ON_SPACE: NAPI polls after the stack has freed packets; kicks stay
 *	disabled
 */
enum tun_ring_tx_next {
	TX_POLL_AGAIN,
	TX_ON_KICK,
	TX_BY_TIMER,
	TX_BY_THREAD,
	TX_ON_SPACE,
};

static enum tun_ring_tx_next
tun_ring_tx_rearm(struct tun_ring *ring, const struct tun_dev *tun, int done)
{
	enum tun_ring_tx_next next = TX_ON_KICK;

	if (tun_ring_tx_limited(ring) && tun_ring_tx_may_send(ring, tun) &&
	    tun_ring_tx_limit_reached(ring))
		next = tun_ring_tx_wait_space(ring) ? TX_ON_SPACE :
						      TX_POLL_AGAIN;
	else if (tun_ring_tx_poll_busy(&ring->tx, done))
		next = TX_POLL_AGAIN;
	else if (tun_ring_tx_poll_deferred(&ring->tx.napi, done))
		next = TX_BY_TIMER;
	else if (tun_ring_tx_coalesce(ring, done))
		next = TX_BY_THREAD;
	ring->tx.kick_disabled = next != TX_ON_KICK;
	if (next == TX_ON_KICK &&
	    tun_vring_enable_kick(&ring->tx.vq.vr, &tun_kmem) > 0)
		next = TX_POLL_AGAIN;
	return next;
}

/*
 * Poll an open ring once. Return: the number of popped chains, or @budget if
 * NAPI polls again at once. @next is set if the number is less than @budget.
 */
static int tun_ring_tx_poll_open(struct tun_ring *ring, struct tun_dev *tun,
				 int budget, enum tun_ring_tx_next *next)
{
	struct tun_vring *vr = &ring->tx.vq.vr;
	int done = 0;

	if (tun_ring_tx_ready(ring, tun)) {
		/* the user reads this cache line: write only a changed value */
		if (!ring->tx.kick_disabled)
			tun_vring_disable_kick(vr, &tun_kmem);
		done = tun_ring_tx_run(ring, tun, budget, true);
		if (done) {
			tun_ring_trace_consumed(ring);
			tun_vring_publish(vr, &tun_kmem);
		}
		/* before NAPI completes: a kick from now on schedules NAPI */
		if (done < budget)
			*next = tun_ring_tx_rearm(ring, tun, done);
	}
	if (*next != TX_BY_THREAD)
		tun_ring_tx_notify(ring);
	return *next == TX_POLL_AGAIN ? budget : done;
}

/* The function clears the bits first: a later kick runs NAPI again. */
static void tun_ring_tx_poll_rx(struct tun_ring *ring)
{
	unsigned long work = xchg(&ring->rx_work, 0);

	if (work)
		tun_ring_rx_resume(ring, work & BIT(TUN_RING_RX_KICKED));
}

/* Process at most @budget packets. Then other NAPI instances have a turn. */
int tun_ring_tx_poll(struct napi_struct *napi, int budget)
{
	struct tun_ring *ring = container_of(napi, struct tun_ring, tx.napi);
	enum tun_ring_tx_next next = TX_ON_KICK;
	struct tun_dev *tun;
	int done = 0;

	/* netpoll polls for transmit completions; this NAPI has none */
	if (unlikely(!budget))
		return 0;

	rcu_read_lock();
	tun_napi_follow(ring->q, napi, &ring->tx.held.queue);
	if (unlikely(READ_ONCE(ring->rx_work)))
		tun_ring_tx_poll_rx(ring);
	tun = rcu_dereference(ring->q->tun);
	/* load the flag before the ring; matches tun_server_napi_publish() */
	if (likely(!smp_load_acquire(&ring->tx.closed)))
		done = tun_ring_tx_poll_open(ring, tun, budget, &next);
	rcu_read_unlock();

	/* the timer was disabled meanwhile, so nothing else would run NAPI */
	if (done < budget && napi_complete_done(napi, done) &&
	    unlikely(next == TX_BY_TIMER))
		napi_schedule(napi);
	return done;
}
