// SPDX-License-Identifier: GPL-2.0
/*
 * A thread coalesces the kicks of a guest in pinned memory, as a network card
 * coalesces its interrupts.
 *
 * A kick costs an exit of the virtual processor. An immediate notification
 * costs an interrupt of the guest. After NAPI has sent the packets of a kick,
 * NAPI therefore leaves kicks disabled, and wakes the thread. The thread runs
 * NAPI once more. Until then the guest adds packets without a kick, and NAPI
 * notifies the guest of all these packets together. The first packet does not
 * wait for the thread.
 *
 * A guest that sends a packet and waits for the answer gains nothing by this.
 * If the thread finds no packet, NAPI does not wake the thread after the next
 * kick. NAPI doubles the number of such kicks each time that the thread again
 * finds no packet.
 */
#include "coalesce.h"

#include <linux/kthread.h>
#include <linux/netdevice.h>

#include "../engine/vring.h"
#include "../state.h"
#include "../thread.h"
#include "../wake.h"

/*
 * The largest number of kicks in a row that do not wake the thread. Each kick
 * costs an exit, also the first kicks of a new flow.
 */
#define BACKOFF_MAX	63

static int tun_ring_tx_coalesce_run(void *data)
{
	struct tun_ring *ring = data;
	struct tun_ring_coalesce *co = &ring->coalesce;

	while (!kthread_should_stop()) {
		if (!tun_pending_wait(&co->work))
			continue;
		tun_pending_get(&co->work);
		WRITE_ONCE(co->ran, true);
		/*
		 * NAPI sees @ran: napi_schedule() is an atomic operation. A
		 * NAPI instance that is disabled does not run again.
		 */
		smp_mb__before_atomic();
		local_bh_disable();
		napi_schedule(&ring->tx.napi);
		local_bh_enable();
	}
	return 0;
}

/**
 * tun_ring_tx_coalesce_start - start to coalesce the kicks of rings
 * @ring: new rings, served by NAPI; the ring_mutex of their queue is held
 *
 * Return: 0 or a negative errno.
 */
int tun_ring_tx_coalesce_start(struct tun_ring *ring)
{
	struct tun_thread *thread = &ring->coalesce.thread;
	int err;

	lockdep_assert_held(&ring->q->ring_mutex);

	err = tun_ring_thread_create(thread, ring, tun_ring_tx_coalesce_run);
	if (!err)
		wake_up_process(thread->task);
	return err;
}

/* NAPI does not serve the rings any more, so nothing wakes the thread. */
void tun_ring_tx_coalesce_stop(struct tun_ring *ring)
{
	struct tun_thread *thread = &ring->coalesce.thread;

	if (!thread->task)
		return;
	kthread_stop(thread->task);
	tun_thread_release(thread);
	memset(&ring->coalesce, 0, sizeof(ring->coalesce));
}

/**
 * tun_ring_tx_coalesce - leave the next poll of an empty ring to the thread
 * @ring: the rings; the transmit ring is empty, kicks are disabled, and the
 *	caller owns their NAPI
 * @done: chains that this poll has popped
 *
 * Return: true if the thread will run NAPI, false if the caller enables kicks.
 */
bool tun_ring_tx_coalesce(struct tun_ring *ring, int done)
{
	struct tun_ring_coalesce *co = &ring->coalesce;
	const struct tun_vring *vr = &ring->tx.vq.vr;
	u16 at = vr->last_avail;

	if (likely(!co->thread.task))
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
	/*
	 * vr->signalled can be compared with used_idx only while fewer than num
	 * entries were used since. Do not defer a notification longer.
	 */
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
		wake_up_process(co->thread.task);
	return true;
}
