/* SPDX-License-Identifier: GPL-2.0 */
/* The bytes of the fuzzer's input, taken from the front. Zeroes follow the last byte. */
#ifndef _FUZZ_INPUT_H
#define _FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
	const uint8_t *at;
	const uint8_t *end;
};

static inline bool input_left(const struct input *in)
{
	return in->at < in->end;
}

static inline uint8_t input_8(struct input *in)
{
	return input_left(in) ? *in->at++ : 0;
}

static inline uint16_t input_16(struct input *in)
{
	uint16_t lo = input_8(in);

	return lo | input_8(in) << 8;
}

/* Return: mostly a small number, else a number just below a power of two or below zero. */
static inline uint64_t input_number(struct input *in)
{
	uint16_t v = input_16(in);

	if (v < 0xf000)
		return v;
	return (1ULL << (v >> 6 & 63)) - (v & 63);
}

#endif /* _FUZZ_INPUT_H */
