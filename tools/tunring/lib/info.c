// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Geometry, features and counters of a handle. */
#include "tunring/info.h"

#include <string.h>

#include "handle/backend.h"
#include "tunring.h"

#define STR_(x) #x
#define STR(x) STR_(x)

enum tunring_mode tunring_mode(const struct tunring *h)
{
	return h->backend->mode;
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
	info->mode = h->backend->mode;
	info->iff = h->iff;
	info->features = h->features;
	info->rx_entries = h->rx.entries;
	info->tx_entries = h->tx.entries;
	info->buf_size = h->rx.buf_size;
	info->headroom = h->headroom;
	info->tailroom = h->tailroom;
	info->room = h->rx.room;
	info->tx_buf_size = h->tx.buf_size;
	info->tx_room = h->tx.room;
	info->ring_errno = h->ring_errno;
	info->flags = h->opt_flags & h->backend->options;
	memcpy(info->name, h->name, sizeof(info->name));
}

int tunring_get_stats(struct tunring *h, struct tunring_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	stats->mode = h->backend->mode;
	stats->syscalls = h->rx.syscalls + h->tx.syscalls;
	return h->backend->get_stats(h, stats);
}
