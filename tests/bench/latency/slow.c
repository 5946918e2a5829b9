// SPDX-License-Identifier: GPL-2.0
/*
 * The pace of a slow user of the tun, as one in front of a slow link. A packet takes
 * the same time, long or short.
 */
#include <time.h>

#include "latency.h"

static uint64_t period, next;

void take_begin(uint64_t take)
{
	period = take;
	next = clock_now();
}

/* Returns when the link has sent the last packet. */
void take_next(void)
{
	uint64_t now = clock_now();
	struct timespec ts = { };

	if (next < now)
		next = now;
	next += period;
	ts.tv_nsec = next - now;
	nanosleep(&ts, NULL);
}
