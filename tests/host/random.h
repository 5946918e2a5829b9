/* SPDX-License-Identifier: GPL-2.0 */
/* Pseudo-random numbers by xorshift64*: equal seeds give equal numbers. */
#ifndef _HOST_RANDOM_H
#define _HOST_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct prng {
	uint64_t state;
};

static inline uint32_t prng_next(struct prng *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (r->state * 0x2545f4914f6cdd1dULL) >> 32;
}

/* Return: a number from 0 to @below - 1. */
static inline uint32_t prng_below(struct prng *r, uint32_t below)
{
	return (uint64_t)prng_next(r) * below >> 32;
}

static inline bool prng_one_in(struct prng *r, uint32_t n)
{
	return !prng_below(r, n);
}

/* Small seeds, 0 included, also lead to a state with many bits set. */
static inline void prng_seed(struct prng *r, uint64_t seed)
{
	int i;

	r->state = seed * 0x9e3779b97f4a7c15ULL + 1;
	for (i = 0; i < 8; i++)
		prng_next(r);
}

#endif /* _HOST_RANDOM_H */
