// SPDX-License-Identifier: GPL-2.0
/* The scheduler tries all choices depth first, and starts each run from the beginning. */
#include "sched_side.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH	256
#define TABLE		(1U << 20)	/* entries of the hash table of states; a power of two */

static struct {
	const struct sched_scene *scene;
	uint8_t choice[MAX_DEPTH];
	uint8_t later[MAX_DEPTH];	/* choices not tried yet, as bits */
	unsigned int depth;
	uint64_t *met;
	struct sched_result result;
} s;

/* Return: no run has met the state before. */
static bool meet(uint64_t hash)
{
	uint64_t at = hash >> 8;

	if (s.result.states > TABLE / 2)
		sched_die("too many states");
	for (; s.met[at % TABLE]; at++)
		if (s.met[at % TABLE] == hash)
			return false;
	s.met[at % TABLE] = hash;
	s.result.states++;
	return true;
}

static void note_bad(void)
{
	unsigned int i;

	if (s.result.bad++)
		return;
	for (i = 0; i < s.depth && i < sizeof(s.result.trace) - 1; i++)
		s.result.trace[i] = "rdFD"[s.choice[i]];
}

/* Take one of the choices not tried yet at @depth. */
static void choose(unsigned int depth)
{
	s.choice[depth] = __builtin_ctz(s.later[depth]);
	s.later[depth] &= s.later[depth] - 1;
}

/* A run repeats the first @prefix choices, and then makes new ones until it ends. */
static void run(unsigned int prefix)
{
	sides_begin(s.scene);
	for (s.depth = 0; s.depth < prefix; s.depth++)
		sides_do(s.choice[s.depth]);
	while (meet(sides_state())) {
		if (s.depth == MAX_DEPTH)
			sched_die("too deep");
		s.later[s.depth] = sides_choices();
		if (!s.later[s.depth]) {
			s.result.ends++;
			if (!s.scene->good())
				note_bad();
			break;
		}
		choose(s.depth);
		sides_do(s.choice[s.depth++]);
	}
	s.scene->clean_up();
}

struct sched_result sched_explore(const struct sched_scene *scene)
{
	unsigned int depth = 0;

	memset(&s.result, 0, sizeof(s.result));
	s.scene = scene;
	s.met = calloc(TABLE, sizeof(*s.met));
	if (!s.met)
		sched_die("out of memory");
	do {
		run(depth);
		depth = s.depth;
		while (depth && !s.later[depth - 1])
			depth--;
		if (depth)
			choose(depth - 1);
	} while (depth);
	free(s.met);
	return s.result;
}
