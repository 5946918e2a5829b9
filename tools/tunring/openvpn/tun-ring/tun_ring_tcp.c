// SPDX-License-Identifier: GPL-2.0
/* --tun-ring: the event loop of the TCP server. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "event.h"
#include "tun.h"

#include "tun_ring_state.h"
#include "udp_batch_state.h"

#include "memdbg.h"

int tun_ring_merge(const struct context *c, struct event_set_return *esr,
		   int n, int max, void *tun_arg)
{
	const struct tuntap *tt = c->c1.tuntap;
	int i;

	if (!tun_ring_used(tt))
		return n;
	tt->batch->tun_left = UDP_BATCH_MAX;
	for (i = 0; i < n; i++)
		if (esr[i].arg == tun_arg)
			return n;
	if (!tt->batch->tun_pending || n < 0 || n >= max)
		return n;
	esr[n].arg = tun_arg;
	esr[n].rwflags = EVENT_READ;
	return n + 1;
}

bool tun_ring_more(const struct tuntap *tt)
{
	return tun_ring_used(tt) && tt->batch->tun_left &&
	       tun_ring_refill(tt->rings);
}
