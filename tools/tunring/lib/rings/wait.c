// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "wait.h"

#include <errno.h>

#include "../handle/sleep.h"
#include "enter.h"
#include "rx.h"
#include "tx.h"

int tr_ring_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		 unsigned int flags)
{
	unsigned int enter = 0;
	int there, ret = 0;

	if ((flags & TUNRING_WAIT_TX) && tr_ring_kick_needed(h, &h->tx))
		enter |= TUN_RING_ENTER_TX;
	if (tr_ring_kick_needed(h, &h->rx))
		enter |= TUN_RING_ENTER_RX;
	there = tr_ring_rx_arm(h);
	if (!there && timeout_ns)
		enter |= TUN_RING_ENTER_WAIT;
	if (!enter && !there)
		ret = tr_sleep_nothing(h, &h->rx);
	if (enter)
		ret = tr_ring_enter(h, &h->rx, enter, timeout_ns, mask);
	/*
	 * TUNRINGENTER does not sleep after a kick that failed. The packets are
	 * lost, because the device is down. Sleep by another call.
	 */
	if (ret == -EIO && (enter & TUN_RING_ENTER_WAIT))
		ret = tr_ring_enter(h, &h->rx, TUN_RING_ENTER_WAIT, timeout_ns,
				    mask);
	if (ret == -EIO)
		ret = 0;
	if (flags & TUNRING_WAIT_TX)
		tr_ring_tx_reclaim(h);
	if (ret < 0 && !there)
		return ret;
	return there > ret ? there : ret;
}
