/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two coroutines and the memory between them: what can happen next, and what
 * has happened. Choosing is sched.c's.
 */
#ifndef _HOST_SCHED_SIDE_H
#define _HOST_SCHED_SIDE_H

#include <setjmp.h>

#include "sched.h"

#define MAX_STORES	8
#define MAX_WORDS	16

struct store {
	volatile void *to;
	uint16_t value;
};

/**
 * struct side - a coroutine
 * @run: what it does
 * @where: it was when it last gave up the processor
 * @stack: survives a new start
 * @buffer: stores that the memory has not seen
 * @stores: elements of it
 * @history: hash of all that it has learned, which decides what it does next
 * @started: it has reached its first access
 * @drain: it waits for its buffer to be empty
 * @sleeping: it waits to be rung
 * @rung: it was
 * @ended: it has nothing more to do
 */
struct side {
	sched_fn *run;
	jmp_buf where;
	char *stack;
	struct store buffer[MAX_STORES];
	unsigned int stores;
	uint64_t history;
	bool started, drain, sleeping, rung, ended;
};

struct sides {
	struct side side[2];
	int now;		/* the side that runs, or -1 */
	jmp_buf home;
	const volatile void *word[MAX_WORDS];
	unsigned int words;
};

extern struct sides sides;

static inline uint64_t side_mix(uint64_t hash, uint64_t value)
{
	hash ^= value + 0x9e3779b97f4a7c15ULL;
	hash *= 0xbf58476d1ce4e5b9ULL;
	return hash ^ hash >> 29;
}

/* The side that runs gives up the processor. */
void side_pause(void);

/* Return: the number of a watched word, or -1 if it is data. */
int side_word(const volatile void *p);

/* A side runs to its next access, or its oldest store reaches the memory. */
enum { RUN_DRIVER, RUN_DEVICE, FLUSH_DRIVER, FLUSH_DEVICE };

/* Start both sides anew. */
void sides_begin(const struct sched_scene *scene);

/* What may happen now: a set of bits. */
unsigned int sides_choices(void);
void sides_do(unsigned int choice);

/* A hash of all on which the future depends; never 0. */
uint64_t sides_state(void);

void sched_die(const char *why);

#endif /* _HOST_SCHED_SIDE_H */
