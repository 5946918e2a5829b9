// SPDX-License-Identifier: GPL-2.0
/* The counter. */
#include <time.h>

#include "bench.h"

static uint64_t pair;	/* difference of two readings in a row */
static uint64_t begun;

uint64_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* The clock's source may tick more coarsely than single instructions. */
void clock_calibrate(void)
{
	const unsigned int n = 2000;
	uint64_t start = clock_now();
	unsigned int i;

	for (i = 0; i < n; i++)
		clock_now();
	pair = (clock_now() - start) / (n + 1);
}

void own_begin(struct instance *in)
{
	begun = clock_now();
}

void own_end(struct instance *in)
{
	in->own += clock_now() - begun - pair;
}
