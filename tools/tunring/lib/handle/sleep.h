/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * An error of the queue wakes a program that sleeps in poll(2), but shows nowhere
 * in memory. So a call that finds nothing asks the kernel, by a poll(2) of its own:
 *
 *  - the first such call after each sleep, and
 *  - one in TR_ASK_EVERY such calls of a program that never sleeps.
 *
 * A call that finds something costs nothing more.
 */
#ifndef TR_SLEEP_H
#define TR_SLEEP_H

#include "handle.h"

#define TR_ASK_EVERY	1024

/* The program has slept since tr_sleep_begin(), and nothing has come since. */
static inline bool tr_sleep_in_vain(const struct tr_direction *s)
{
	return s->slept && s->slept_at == s->last_used;
}

/* The program is about to sleep. */
static inline void tr_sleep_begin(struct tr_direction *s)
{
	s->slept = true;
	s->slept_at = s->last_used;
}

int tr_sleep_ask(struct tunring *h, struct tr_direction *s);
int tr_sleep_nothing(struct tunring *h, struct tr_direction *s);

#endif /* TR_SLEEP_H */
