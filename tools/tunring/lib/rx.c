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
	unsigned int i;
	int ret;

	for (i = 0; i < n; i++) {
		if (!tr_packet_held(h, &pkts[i], 0))
			break;
		tr_rx_give_chain(h, pkts[i].slot);
	}
	ret = h->backend->rx_kick(h);
	return i < n ? -EINVAL : ret;
}
