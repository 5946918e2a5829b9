// SPDX-License-Identifier: GPL-2.0
/* Each side is a coroutine. */
#include "sched_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define STACK	(64 * 1024)
struct sides sides = { .now = -1 };

void sched_die(const char *why)
{
	fprintf(stderr, "sched: %s\n", why);
	abort();
}

void side_pause(void)
{
	struct side *me = &sides.side[sides.now];

	me->history = side_mix(me->history, 3);
	if (!_setjmp(me->where))
		_longjmp(sides.home, 1);
}

static void flush_one(struct side *side)
{
	struct store *first = &side->buffer[0];

	memcpy((void *)first->to, &first->value, sizeof(first->value));
	side->stores--;
	memmove(first, first + 1, side->stores * sizeof(*first));
}

static bool may(unsigned int choice)
{
	const struct side *side = &sides.side[choice & 1];

	if (choice >= FLUSH_DRIVER)
		return side->stores;
	return !side->ended && side->stores < MAX_STORES &&
	       !(side->drain && side->stores) &&
	       (!side->sleeping || side->rung);
}

static void side_main(void)
{
	sides.side[sides.now].run();
	sides.side[sides.now].ended = true;
	side_pause();
}

/* makecontext() sets the stack up once. All later switches use longjmp(), which is cheaper. */
static void start_side(struct side *side)
{
	ucontext_t context;

	side->started = true;
	getcontext(&context);
	context.uc_stack.ss_sp = side->stack;
	context.uc_stack.ss_size = STACK;
	makecontext(&context, side_main, 0);
	setcontext(&context);
	sched_die("setcontext");
}

void sides_do(unsigned int choice)
{
	struct side *side = &sides.side[choice & 1];

	if (choice >= FLUSH_DRIVER) {
		flush_one(side);
		return;
	}
	sides.now = choice & 1;
	if (!_setjmp(sides.home)) {
		if (!side->started)
			start_side(side);
		_longjmp(side->where, 1);
	}
	sides.now = -1;
}

void sides_begin(const struct sched_scene *scene)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct side *side = &sides.side[i];
		char *stack = side->stack ? side->stack : malloc(STACK);

		memset(side, 0, sizeof(*side));
		side->stack = stack;
		side->run = scene->run[i];
	}
	sides.words = 0;
	scene->set_up();
}

unsigned int sides_choices(void)
{
	unsigned int choice, set = 0;

	for (choice = RUN_DRIVER; choice <= FLUSH_DEVICE; choice++)
		set |= may(choice) << choice;
	return set;
}

static uint64_t side_state(const struct side *side, uint64_t hash)
{
	unsigned int i;

	hash = side_mix(hash, side->history);
	hash = side_mix(hash, side->drain | side->sleeping << 1 | side->rung << 2 |
		   side->ended << 3);
	for (i = 0; i < side->stores; i++)
		hash = side_mix(hash, side_word(side->buffer[i].to) << 16 |
			   side->buffer[i].value);
	return hash;
}

uint64_t sides_state(void)
{
	uint64_t hash = 1;
	uint16_t value;
	unsigned int i;

	for (i = 0; i < sides.words; i++) {
		memcpy(&value, (const void *)sides.word[i], sizeof(value));
		hash = side_mix(hash, value);
	}
	return side_state(&sides.side[1], side_state(&sides.side[0], hash)) | 1;
}
