// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "tunring/rx.h"

#include <errno.h>

#include "handle/slots.h"

int tunring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n)
{
	return h->backend->rx_burst(h, pkts, n);
}

int tunring_rx_release(struct tunring *h, const struct tunring_packet *pkts,
		       unsigned int n)
{
	unsigned int done = h->backend->rx_release(h, pkts, n);
	int ret = h->backend->rx_kick(h);

	return done < n ? -EINVAL : ret;
}
