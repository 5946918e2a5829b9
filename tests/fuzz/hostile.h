/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver that writes to its memory while the engine reads the memory. The engine's
 * marked accesses call the hooks of hostile.c (tests/host/shim/shim.h).
 */
#ifndef _FUZZ_HOSTILE_H
#define _FUZZ_HOSTILE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct hostile - a planned write of the driver
 * @after: number of the engine's accesses before the write; 0 for no write
 * @to: address of the write
 * @value: value to write
 */
struct hostile {
	unsigned int after;
	uint8_t *to;
	uint16_t value;
};

#define HOSTILE_MAX	8

void hostile_reset(const void *used, size_t used_len, const void *own,
		   size_t own_len);

/* Plan a write of @value to @to after the engine's @after next accesses. */
void hostile_plan(unsigned int after, uint8_t *to, uint16_t value);

#endif /* _FUZZ_HOSTILE_H */
