/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver that writes to its memory while the engine reads it: the engine's
 * marked accesses come here (tests/host/shim/shim.h).
 */
#ifndef _FUZZ_HOSTILE_H
#define _FUZZ_HOSTILE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct hostile - what the driver will do
 * @after: accesses of the engine to wait for; 0: nothing to do
 * @to: where to write then
 * @value: what
 */
struct hostile {
	unsigned int after;
	uint8_t *to;
	uint16_t value;
};

#define HOSTILE_MAX	8

void hostile_reset(const void *used, size_t used_len, const void *own,
		   size_t own_len);

/* Write @value to @to after the engine's @after next accesses. */
void hostile_plan(unsigned int after, uint8_t *to, uint16_t value);

#endif /* _FUZZ_HOSTILE_H */
