// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "stats.h"

#include <string.h>

#include "../handle/handle.h"
#include "../handle/link.h"

static int tr_ring_stats_call(struct tunring *h, struct tun_ring_stats *s)
{
	int ret;

	memset(s, 0, sizeof(*s));
	ret = h->ops->ioctl(h->fd, TUNRINGSTATS, s);
	return ret < 0 ? ret : 0;
}

static void tr_ring_stats_copy(struct tunring_counters *to,
			       const struct tun_ring_counters *from)
{
	to->packets = from->packets;
	to->bytes = from->bytes;
	to->kicks = from->kicks;
	to->wakeups = from->wakeups;
	to->full = from->full;
	to->dropped = from->dropped;
	to->too_big = from->too_big;
	to->errors = from->errors;
}

int tr_ring_get_stats(struct tunring *h, struct tunring_stats *stats)
{
	struct tun_ring_stats s;
	int ret = tr_ring_stats_call(h, &s);

	if (ret)
		return ret;
	tr_ring_stats_copy(&stats->rx, &s.rx);
	tr_ring_stats_copy(&stats->tx, &s.tx);
	stats->broken = s.broken;
	return 0;
}

int tr_ring_check(struct tunring *h)
{
	struct tun_ring_stats s;
	int ret = tr_link_check(h);

	if (!ret)
		ret = tr_ring_stats_call(h, &s);
	if (ret)
		return ret;
	return s.broken ? -(int)s.broken : 0;
}
