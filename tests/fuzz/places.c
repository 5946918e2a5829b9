// SPDX-License-Identifier: GPL-2.0
/* When the fuzzer ends, it writes the counters of places to the file $FUZZ_PLACES, if set. */
#include "places.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REASONS	32

static unsigned long been[PLACE_COUNT];

static struct {
	const char *why;
	unsigned long times;
} broken[MAX_REASONS];

static const char *const text[] = {
	[POPPED_ONE] = "popped a single descriptor",
	[POPPED_CHAIN] = "popped a chain",
	[POPPED_TABLE] = "popped an indirect table",
	[POPPED_UNALIGNED] = "popped an unaligned indirect table",
	[POPPED_LONGEST] = "popped a chain of the most descriptors",
	[POPPED_EMPTY] = "popped a chain of no bytes",
	[POPPED_END] = "popped a buffer at the end of the pool",
	[POPPED_NONE] = "found nothing available",
	[WRAPPED] = "wrapped an index",
	[REWOUND] = "took chains back",
	[NOTIFIED_INDEX] = "notified by event index",
	[NOTIFIED_FLAGS] = "notified by flags",
	[DECLINED_INDEX] = "declined by event index",
	[DECLINED_FLAGS] = "declined by flags",
	[LAST_LOOK] = "found entries when it asked for a kick",
	[CHANGED_MEANWHILE] = "memory changed during a call",
};

static void write_down(void)
{
	FILE *f = fopen(getenv("FUZZ_PLACES"), "w");
	int i;

	if (!f)
		return;
	for (i = 0; i < PLACE_COUNT; i++)
		fprintf(f, "%lu place %s\n", been[i], text[i]);
	for (i = 0; i < MAX_REASONS && broken[i].why; i++)
		fprintf(f, "%lu broken %s\n", broken[i].times, broken[i].why);
	fclose(f);
}

static void start(void)
{
	static bool started;

	if (started)
		return;
	started = true;
	if (getenv("FUZZ_PLACES"))
		atexit(write_down);
}

void place(enum place p)
{
	start();
	been[p]++;
}

void place_broken(const char *why)
{
	int i;

	start();
	for (i = 0; i < MAX_REASONS - 1 && broken[i].why; i++)
		if (!strcmp(broken[i].why, why))
			break;
	broken[i].why = why;
	broken[i].times++;
}
