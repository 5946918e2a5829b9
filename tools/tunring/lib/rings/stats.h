/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_RING_STATS_H
#define TR_RING_STATS_H

struct tunring;
struct tunring_stats;

int tr_ring_get_stats(struct tunring *h, struct tunring_stats *stats);
int tr_ring_check(struct tunring *h);

#endif /* TR_RING_STATS_H */
