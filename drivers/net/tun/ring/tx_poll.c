// SPDX-License-Identifier: GPL-2.0
/*
 * The NAPI instance of a queue with rings: when does it look at the transmit ring?
 *
 * While it is scheduled, kicks are declined; a poller, in a thread, stays so for
 * a while when there is nothing more. Before it goes to sleep it asks for one and
 * looks once more (barrier B in vring.h), or leaves that to NAPI's timer or to the
 * thread of coalesce.c, which run it again.
 */
#include "state.h"

#include <linux/netdevice.h>
#include <linux/sched/clock.h>

#include "../tun.h"
#include "tx_account.h"

/*
 * The ring is empty. Is it looked at again without a kick, because a packet came
 * not long ago? Only by a thread: a softirq would keep everybody off the CPU.
 */
static bool tx_looks_on(struct tun_ring_tx *tx, int done)
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
 * The ring is empty. Does NAPI's timer poll it again, as it would a device with its
 * interrupts off (napi_defer_hard_irqs, gro_flush_timeout)? Ours are the kicks.
 */
static bool tx_defers(const struct napi_struct *napi, int done)
{
	return unlikely(napi_timeout_of(napi)) &&
	       (done ? napi_defer_of(napi) : napi->defer_hard_irqs_count) > 0;
}

/**
 * enum tx_next - who looks at a ring that is empty
 * @TX_AT_ONCE: we do
 * @TX_ON_KICK: we do, when the user asks for it
 * @TX_BY_TIMER: NAPI's timer, with kicks declined
 * @TX_BY_THREAD: the thread of coalesce.c, with kicks declined and no call before
 */
enum tx_next {
	TX_AT_ONCE,
	TX_ON_KICK,
	TX_BY_TIMER,
	TX_BY_THREAD,
};

static enum tx_next tx_rests(struct tun_ring *ring, int done)
{
	enum tx_next next = TX_ON_KICK;

	if (tx_looks_on(&ring->tx, done))
		next = TX_AT_ONCE;
	else if (tx_defers(&ring->tx.napi, done))
		next = TX_BY_TIMER;
	else if (tun_ring_coalesces(ring, done))
		next = TX_BY_THREAD;
	ring->tx.looks_on = next != TX_ON_KICK;
	if (next == TX_ON_KICK &&
	    tun_vring_enable_kick(&ring->tx.m.vr, &tun_kmem) > 0)
		next = TX_AT_ONCE;
	return next;
}

/*
 * One turn at a ring that is open. Return: chains, or @budget to have another turn;
 * @next: if that is less.
 */
static int tx_turn(struct tun_ring *ring, struct tun_dev *tun, int budget,
		   enum tx_next *next)
{
	struct tun_vring *vr = &ring->tx.m.vr;
	int done = 0;

	if (tun_tx_ready(ring, tun)) {
		/* the user reads that cache line: not at each look */
		if (!ring->tx.looks_on)
			tun_vring_disable_kick(vr, &tun_kmem);
		done = tun_ring_tx_run(ring, tun, budget, true);
		if (done)
			tun_vring_publish(vr, &tun_kmem);
		/* while the ring is ours: a kick from now on reschedules us */
		if (done < budget)
			*next = tx_rests(ring, done);
	}
	if (*next != TX_BY_THREAD)
		tun_ring_tx_tell(ring);
	return *next == TX_AT_ONCE ? budget : done;
}

/* Work on the receive ring, cleared first: a kick from now on runs NAPI again. */
static void poll_rx(struct tun_ring *ring)
{
	unsigned long due = xchg(&ring->rx_due, 0);

	if (due)
		tun_ring_rx_resume(ring, due & BIT(TUN_RX_KICKED));
}

/* NAPI poll: at most @budget packets, then others have their turn. */
int tun_ring_tx_poll(struct napi_struct *napi, int budget)
{
	struct tun_ring *ring = container_of(napi, struct tun_ring, tx.napi);
	enum tx_next next = TX_ON_KICK;
	struct tun_dev *tun;
	int done = 0;

	/* netpoll looks for transmit completions only, and we have none */
	if (unlikely(!budget))
		return 0;

	rcu_read_lock();
	if (unlikely(READ_ONCE(ring->rx_due)))
		poll_rx(ring);
	tun = rcu_dereference(ring->q->tun);
	/* the flag before the ring: it may just have been put there */
	if (likely(!smp_load_acquire(&ring->tx.closed)))
		done = tx_turn(ring, tun, budget, &next);
	rcu_read_unlock();

	/* the timer was set to nothing meanwhile: nobody else would look */
	if (done < budget && napi_complete_done(napi, done) &&
	    unlikely(next == TX_BY_TIMER))
		napi_schedule(napi);
	return done;
}
