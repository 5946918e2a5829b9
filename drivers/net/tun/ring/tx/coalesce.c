// SPDX-License-Identifier: GPL-2.0
/*
 * Kicks of a guest in pinned memory are coalesced, as a network card's interrupts
 * are.
 *
 * A kick costs an exit of the virtual processor, and what it sends at once an
 * interrupt of its own. So the NAPI that has sent what a kick was for does not ask
 * for the next, and leaves it to a thread to look once more: all that comes before
 * that runs goes without a kick, and is told of together. The first packet waits
 * for nobody.
 *
 * Who sends a packet and waits for the answer gains nothing. A thread that finds
 * nothing is not woken after the next kick, and after twice as many each time that
 * it is so again.
 */
#include "coalesce.h"

#include <linux/kthread.h>
#include <linux/netdevice.h>

#include "../engine/vring.h"
#include "../state.h"
#include "../thread.h"

/* The first kicks of a flow have an exit each, and then one wakes the thread. */
#define BACKOFF_MAX	63

static int tun_ring_tx_coalesce_run(void *data)
{
	struct tun_ring *ring = data;
	struct tun_ring_coalesce *co = &ring->coalesce;

	while (!kthread_should_stop()) {
		if (!tun_pending_wait(&co->work))
			continue;
		tun_pending_get(&co->work);
		/*
		 * G: @ran before @state, and before the state of the NAPI, either
		 * of which says that it does not run; matches the atomic of
		 * napi_schedule() in tun_ring_switch_up(), behind a new state
		 */
		smp_store_mb(co->ran, true);
		if (READ_ONCE(ring->state) != TUN_RING_RUNNING)
			continue;
		local_bh_disable();
		napi_schedule(&ring->tx.napi);
		local_bh_enable();
	}
	return 0;
}

/**
 * tun_ring_tx_coalesce_start - coalesce the kicks of rings that a NAPI serves
 * @ring: new; its queue's ring_mutex is held
 *
 * Return: 0 or a negative errno.
 */
int tun_ring_tx_coalesce_start(struct tun_ring *ring)
{
	struct task_struct *task =
		tun_thread_create(ring, tun_ring_tx_coalesce_run);

	lockdep_assert_held(&ring->q->ring_mutex);

	if (IS_ERR(task))
		return PTR_ERR(task);
	ring->coalesce.task = task;
	wake_up_process(task);
	return 0;
}

/* Nobody has the rings any more, so that nothing wakes the thread. */
void tun_ring_tx_coalesce_stop(struct tun_ring *ring)
{
	if (!ring->coalesce.task)
		return;
	kthread_stop(ring->coalesce.task);
	put_task_struct(ring->coalesce.task);
	memset(&ring->coalesce, 0, sizeof(ring->coalesce));
}

/**
 * tun_ring_tx_coalesce - is the ring to be looked at again without a kick?
 * @ring: empty, with kicks declined; the caller owns its NAPI
 * @done: chains that were taken just now
 *
 * Return: the thread looks, and will run the NAPI for it; or kicks are to be asked
 * for.
 */
bool tun_ring_tx_coalesce(struct tun_ring *ring, int done)
{
	struct tun_ring_coalesce *co = &ring->coalesce;
	const struct tun_vring *vr = &ring->tx.vq.vr;
	u16 at = vr->last_avail;

	if (likely(!co->task))
		return false;
	if (READ_ONCE(co->ran)) {
		WRITE_ONCE(co->ran, false);
		co->pending = false;
		co->backoff = at == co->tail
				      ? min(2 * co->backoff + 1, BACKOFF_MAX)
				      : 0;
		co->budget = co->backoff;
		return false;
	}
	/* the index of what was told last is a good one for so long */
	if ((u16)(vr->used_idx - vr->signalled) >= vr->num)
		return false;
	if (co->pending)
		return true;
	if (!done)
		return false;
	if (co->budget) {
		co->budget--;
		return false;
	}
	co->tail = at;
	co->pending = true;
	if (tun_pending_set(&co->work, 0))
		wake_up_process(co->task);
	return true;
}
