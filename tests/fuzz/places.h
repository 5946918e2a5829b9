/* SPDX-License-Identifier: GPL-2.0 */
/* Where a fuzzer should have been, and how often it was. */
#ifndef _FUZZ_PLACES_H
#define _FUZZ_PLACES_H

#define PLACES(X)							\
	X(POPPED_ONE, "popped a single descriptor")			\
	X(POPPED_CHAIN, "popped a chain")				\
	X(POPPED_TABLE, "popped an indirect table")			\
	X(POPPED_UNALIGNED, "popped an unaligned indirect table")	\
	X(POPPED_LONGEST, "popped a chain of the most descriptors")	\
	X(POPPED_EMPTY, "popped a chain of no bytes")			\
	X(POPPED_END, "popped a buffer at the end of the pool")		\
	X(POPPED_NONE, "found nothing available")			\
	X(WRAPPED, "wrapped an index")					\
	X(REWOUND, "took chains back")					\
	X(NOTIFIED_INDEX, "notified by event index")			\
	X(NOTIFIED_FLAGS, "notified by flags")				\
	X(DECLINED_INDEX, "declined by event index")			\
	X(DECLINED_FLAGS, "declined by flags")				\
	X(LAST_LOOK, "found entries when it asked for a kick")		\
	X(CHANGED_MEANWHILE, "memory changed during a call")

enum place {
#define PLACE_ENUM(name, text) name,
	PLACES(PLACE_ENUM)
#undef PLACE_ENUM
	PLACE_COUNT,
};

void place(enum place p);

/* The reason for which a ring was broken. */
void place_broken(const char *why);

#endif /* _FUZZ_PLACES_H */
