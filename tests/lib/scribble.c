// SPDX-License-Identifier: GPL-2.0
/*
 * A thread that changes shared memory while the kernel reads this memory. The
 * test sends traffic meanwhile, until scribble_lasts() returns false.
 */
#include "scribble.h"

#include "lib.h"

/* Runs fn in a thread. fn repeats a change while scribble_next() is true. */
int scribble_start(struct scribble *s, void *(*fn)(void *), void *arg)
{
	s->stop = 0;
	s->rounds = 0;
	return -pthread_create(&s->thread, NULL, fn, arg);
}

int scribble_end(struct scribble *s)
{
	__atomic_store_n(&s->stop, 1, __ATOMIC_RELAXED);
	return -pthread_join(s->thread, NULL);
}

/* For ms milliseconds, and until the thread has made more than enough rounds. */
bool scribble_lasts(const struct scribble *s, long start, long ms,
		    uint32_t enough)
{
	long now = now_ms() - start;

	return now < ms || (now < WAIT_MS &&
	       __atomic_load_n(&s->rounds, __ATOMIC_RELAXED) <= enough);
}

/* Reports the rounds of the thread. Returns false if the thread must end. */
bool scribble_next(struct scribble *s, uint32_t rounds)
{
	__atomic_store_n(&s->rounds, rounds, __ATOMIC_RELAXED);
	return !__atomic_load_n(&s->stop, __ATOMIC_RELAXED);
}

/* Writes random words to random places. */
void scribble_words(struct scribble *s, void *mem, size_t len)
{
	uint64_t x = 88172645463325252ULL;
	volatile uint64_t *p = mem;
	uint32_t n;

	for (n = 0; scribble_next(s, n); n++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		p[x % (len / sizeof(*p))] = x >> 3;
	}
}

/* Writes a pattern to the whole memory, again and again. */
void scribble_pattern(struct scribble *s, void *mem, size_t len)
{
	volatile uint32_t *p = mem;
	uint32_t n;

	for (n = 0; scribble_next(s, n); n++)
		p[(size_t)n * 97 % (len / sizeof(*p))] = n * 2654435761u;
}
