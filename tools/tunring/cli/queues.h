/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Live tun queues, as /proc shows them. */
#ifndef QUEUES_H
#define QUEUES_H

#include <stdint.h>

#include "../include/tunring.h"

struct queue_ring {
	uint32_t		entries;
	struct tunring_counters	count;
};

struct queue {
	int			pid;
	int			fd;
	char			comm[32];
	char			iff[32];	/* name; empty: not attached */
	char			mode[16];	/* of its rings; empty: none */
	uint64_t		features;
	uint32_t		broken;
	struct queue_ring	rx, tx;
};

/*
 * Call fn for each descriptor of /dev/net/tun of each process that may be looked
 * at. Returns how many there were, or a negative errno.
 */
int queues_each(void (*fn)(const struct queue *q, void *arg), void *arg);

#endif /* QUEUES_H */
