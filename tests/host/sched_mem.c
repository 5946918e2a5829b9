// SPDX-License-Identifier: GPL-2.0
/* The scheduler's version of marked accesses, of waking and of sleeping. */
#include "sched_side.h"

#include <string.h>

#include "shim/shim.h"

void sched_watch(const void *word)
{
	if (sides.words == MAX_WORDS)
		sched_die("too many words");
	sides.word[sides.words++] = word;
}

int side_word(const volatile void *p)
{
	unsigned int i;

	for (i = 0; i < sides.words; i++)
		if (sides.word[i] == p)
			return i;
	return -1;
}

void sched_remember(uint64_t value)
{
	if (sides.now >= 0)
		sides.side[sides.now].history = side_mix(sides.side[sides.now].history, value);
}

void sched_ring(void)
{
	shim_mb();
	sides.side[!sides.now].rung = true;
	sched_remember(1);
}

void sched_sleep(void)
{
	struct side *me = &sides.side[sides.now];

	me->sleeping = true;
	side_pause();
	me->sleeping = false;
	me->rung = false;
	sched_remember(2);
}

void shim_load(const volatile void *from, void *to, size_t n)
{
	struct side *me;
	uint16_t value;
	unsigned int i;

	if (sides.now < 0 || side_word(from) < 0) {
		memcpy(to, (const void *)from, n);
		return;
	}
	side_pause();
	me = &sides.side[sides.now];
	memcpy(&value, (const void *)from, n);
	for (i = 0; i < me->stores; i++)
		if (me->buffer[i].to == from)
			value = me->buffer[i].value;
	sched_remember(side_mix(side_word(from), value));
	memcpy(to, &value, n);
}

void shim_store(volatile void *to, const void *from, size_t n, bool release)
{
	struct side *me;
	uint16_t value;

	(void)release;
	if (sides.now < 0 || side_word(to) < 0) {
		memcpy((void *)to, from, n);
		return;
	}
	side_pause();
	me = &sides.side[sides.now];
	memcpy(&value, from, n);
	me->buffer[me->stores++] = (struct store) { to, value };
	sched_remember(value);
}

void shim_copy(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
}

void shim_barrier(void)
{
}

void shim_rmb(void)
{
}

void shim_mb(void)
{
	struct side *me;

	if (sides.now < 0)
		return;
	me = &sides.side[sides.now];
	me->drain = true;
	side_pause();
	me->drain = false;
}
