/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef LANE_H
#define LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../include/tunring.h"

#define LANE_BURST	64

/* One direction; packets that found no room wait in pkts. */
struct lane {
	struct tunring		*from, *to;
	bool			tap;
	bool			shared;	/* packets lie in a pool of both ends */
	unsigned int		most;	/* buffers of a packet that can be sent */
	struct tunring_packet	pkts[LANE_BURST];
	unsigned int		first, n;
	uint64_t		moved, too_long;
};

void lane_init(struct lane *l, struct tunring *from, struct tunring *to,
	       bool shared);
/* Returns the number of packets moved, or a negative errno. */
int lane_move(struct lane *l);

#endif /* LANE_H */
