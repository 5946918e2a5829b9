// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "select.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../real.h"
#include "../table.h"
#include "turn.h"

_Static_assert(sizeof(long) == 8, "words of an fd_set are as those of the table");

/* Clears the bits, of 64 descriptors from base on, whose rings have no packets. */
static uint64_t exec_select_has(uint64_t bits, int base)
{
	uint64_t has = 0, left = bits;

	for (; left; left &= left - 1)
		if (exec_turn_has(base + __builtin_ctzll(left)))
			has |= left & -left;
	return has;
}

/* Nearly always one. The processors that Debian builds for need not have POPCNT. */
static int exec_select_count(uint64_t bits)
{
	int n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/*
 * A program may pass sets of more than FD_SETSIZE descriptors. The first word with a
 * ring that has packets is the answer, the other words become empty.
 */
int exec_select_answer(int n, void *r, void *w, void *e)
{
	uint64_t *in = r, *out = w, has = 0, room = 0;
	int words = (n + 63) / 64, i;
	size_t bytes;

	if (exec_table_empty() || !in || n <= 0 || n > EXEC_MAX_FD)
		return 0;
	for (i = 0; i < words && !has; i++) {
		has = in[i] & exec_table_bits[i];
		if (i == n / 64)
			has &= (1ULL << n % 64) - 1;
		has = exec_select_has(has, i * 64);
	}
	if (!has || !exec_turn_take(--i * 64 + __builtin_ctzll(has)))
		return 0;
	bytes = (size_t)words * sizeof(*in);
	if (out) {
		room = out[i] & has;
		memset(out, 0, bytes);
		out[i] = room;
	}
	memset(in, 0, bytes);
	in[i] = has;
	if (e)
		memset(e, 0, bytes);
	return exec_select_count(has) + exec_select_count(room);
}

EXEC_CALL int select(int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *tv)
{
	return exec_select_answer(n, r, w, e) ?: exec_real()->select(n, r, w, e, tv);
}

EXEC_CALL int pselect(int n, fd_set *r, fd_set *w, fd_set *e,
		      const struct timespec *ts, const sigset_t *mask)
{
	return exec_select_answer(n, r, w, e) ?:
	       exec_real()->pselect(n, r, w, e, ts, mask);
}
