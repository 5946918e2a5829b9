// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* What a handle is and what it has done. */
#include "internal.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>

#define STR_(x) #x
#define STR(x) STR_(x)

enum tunring_mode tunring_mode(const struct tunring *h)
{
	return h->mode;
}

int tunring_fd(const struct tunring *h)
{
	return h->fd;
}

uint64_t tunring_features(const struct tunring *h)
{
	return h->features;
}

const char *tunring_version(void)
{
	return STR(TUNRING_VERSION_MAJOR) "." STR(TUNRING_VERSION_MINOR);
}

void tunring_get_info(const struct tunring *h, struct tunring_info *info)
{
	memset(info, 0, sizeof(*info));
	info->mode = h->mode;
	info->iff = h->iff;
	info->features = h->features;
	info->rx_entries = h->rx.entries;
	info->tx_entries = h->tx.entries;
	info->buf_size = h->buf_size;
	info->headroom = h->headroom;
	info->tailroom = h->tailroom;
	info->room = h->room;
	info->ring_errno = h->ring_errno;
	if (h->mode == TUNRING_MODE_RING)
		info->flags = h->opt_flags & (TUNRING_O_ATTACH | TUNRING_O_PIN |
					      TUNRING_O_EVENTFD);
	memcpy(info->name, h->name, sizeof(info->name));
}

static int ring_stats(struct tunring *h, struct tun_ring_stats *s)
{
	int ret;

	memset(s, 0, sizeof(*s));
	ret = h->ops->ioctl(h->fd, TUNRINGSTATS, s);
	return ret < 0 ? ret : 0;
}

static void counters_copy(struct tunring_counters *to,
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

int tunring_get_stats(struct tunring *h, struct tunring_stats *stats)
{
	struct tun_ring_stats s;
	int ret;

	memset(stats, 0, sizeof(*stats));
	stats->mode = h->mode;
	stats->syscalls = h->rx.syscalls + h->tx.syscalls;
	if (h->mode != TUNRING_MODE_RING) {
		stats->rx = h->rx.count;
		stats->tx = h->tx.count;
		return 0;
	}
	ret = ring_stats(h, &s);
	if (ret)
		return ret;
	counters_copy(&stats->rx, &s.rx);
	counters_copy(&stats->tx, &s.tx);
	stats->broken = s.broken;
	return 0;
}

int tunring_check(struct tunring *h)
{
	struct tun_ring_stats s;
	struct ifreq ifr;
	int ret;

	memset(&ifr, 0, sizeof(ifr));
	ret = h->ops->ioctl(h->fd, TUNGETIFF, &ifr);
	if (ret < 0)
		return ret;
	if (h->mode != TUNRING_MODE_RING)
		return 0;
	ret = ring_stats(h, &s);
	if (ret)
		return ret;
	return s.broken ? -(int)s.broken : 0;
}
