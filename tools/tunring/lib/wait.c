// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "tunring/wait.h"

#include <errno.h>

#include "handle/backend.h"
#include "handle/sleep.h"

int tunring_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		 unsigned int flags)
{
	if (flags & ~TUNRING_WAIT_TX || timeout_ns < -1)
		return -EINVAL;
	return h->backend->wait(h, timeout_ns, mask, flags);
}

int tunring_prepare_wait(struct tunring *h)
{
	struct tr_side *s = &h->rx;
	int ret = h->backend->rx_arm(h);

	if (ret)
		return 1;
	if (tr_sleep_in_vain(s))
		ret = tr_sleep_ask(h, s);
	tr_sleep_begin(s);
	return ret;
}

int tunring_tx_prepare_wait(struct tunring *h)
{
	struct tr_side *s = &h->tx;
	int ret = 0;

	h->backend->tx_reclaim(h);
	if (!s->nfree) {
		h->backend->tx_arm(h);
		h->backend->tx_reclaim(h);
	}
	/* A write that was refused has to be repeated. */
	if (s->nfree && !h->fifo.count)
		return 1;
	if (tr_sleep_in_vain(s))
		ret = tr_sleep_ask(h, s);
	tr_sleep_begin(s);
	return ret;
}

int tunring_check(struct tunring *h)
{
	return h->backend->check(h);
}
