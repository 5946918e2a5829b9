// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "tunring/wait.h"

#include <errno.h>

#include "handle/backend.h"

int tunring_wait(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		 unsigned int flags)
{
	if (flags & ~TUNRING_WAIT_TX || timeout_ns < -1)
		return -EINVAL;
	return h->backend->wait(h, timeout_ns, mask, flags);
}

int tunring_prepare_wait(struct tunring *h)
{
	return h->backend->rx_arm(h) != 0;
}

int tunring_tx_prepare_wait(struct tunring *h)
{
	h->backend->tx_reclaim(h);
	if (!h->tx.nfree) {
		h->backend->tx_arm(h);
		h->backend->tx_reclaim(h);
	}
	return h->tx.nfree != 0;
}

int tunring_check(struct tunring *h)
{
	return h->backend->check(h);
}
