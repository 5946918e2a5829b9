/* SPDX-License-Identifier: GPL-2.0 */
/* Places that the fuzzer should reach, with counters. */
#ifndef _FUZZ_PLACES_H
#define _FUZZ_PLACES_H

enum place {
	POPPED_ONE,
	POPPED_CHAIN,
	POPPED_TABLE,
	POPPED_UNALIGNED,
	POPPED_LONGEST,
	POPPED_EMPTY,
	POPPED_END,
	POPPED_NONE,
	WRAPPED,
	REWOUND,
	NOTIFIED_INDEX,
	NOTIFIED_FLAGS,
	DECLINED_INDEX,
	DECLINED_FLAGS,
	LAST_LOOK,
	CHANGED_MEANWHILE,
	PLACE_COUNT,
};

void place(enum place p);

/* Count that the engine marked a ring broken for the reason @why. */
void place_broken(const char *why);

#endif /* _FUZZ_PLACES_H */
