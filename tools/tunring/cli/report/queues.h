/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Live tun queues, as /proc shows them. */
#ifndef QUEUES_H
#define QUEUES_H

#include <stdbool.h>
#include <stdint.h>

#include "../../include/tunring.h"

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

/*
 * All queues, or the queues of a device, in *queues, which the caller frees. Returns
 * the number of queues, or a negative errno.
 */
int queues_all(const char *dev, struct queue **queues);

/* The queue has rings whose counters the kernel shows: a vringfd has none. */
static inline bool queue_counts(const struct queue *q)
{
	return q->rx.entries;
}

#endif /* QUEUES_H */
