// SPDX-License-Identifier: GPL-2.0
/* Random numbers. Each thread has its own sequence. */
#include "hammer.h"

static __thread uint64_t state;

void h_seed(uint64_t seed)
{
	state = seed * 0x9e3779b97f4a7c15ULL + 1;
	h_random();
}

/* splitmix64 */
uint32_t h_random(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z >> 32;
}

uint32_t h_below(uint32_t n)
{
	return h_random() % n;
}

bool h_one_in(uint32_t n)
{
	return !h_below(n);
}

/* A value that programs seldom pass. */
uint64_t h_odd(void)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x100, 0xfff, 0x1000, 0x1001,
		0x7fff, 0x8000, 0x8001, 0xffff, 0x10000, 0x7fffffff,
		0x80000000, 0xffffffff, 0x100000000, 1ULL << 47,
		0x7ffffffff000, 1ULL << 63, 0x7fffffffffffffff,
		0xffffffffffff0000, 0xffffffffffffffff,
	};

	if (h_one_in(4))
		return h_random();
	return odd[h_below(ARRAY_LEN(odd))] + (h_one_in(4) ? h_below(64) : 0);
}

/* Puts odd values into one to three aligned places of an argument. */
void h_spoil(void *p, size_t len)
{
	unsigned int n = 1 + h_below(3);

	while (n--) {
		size_t size = 1u << h_below(4);
		uint64_t v = h_odd();

		if (len >= size)
			memcpy((char *)p + h_below(len / size) * size, &v, size);
	}
}
