/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two coroutines, their shared memory and their store buffers. This file knows the
 * possible next steps and does them; sched.c chooses.
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
 * @run: code of the coroutine
 * @where: context of its last yield
 * @stack: stack, which all runs use
 * @buffer: stores that have not reached memory
 * @stores: number of elements of @buffer
 * @history: hash of all values it has read, which determine its next step
 * @started: the coroutine has reached its first access
 * @drain: the coroutine waits until its store buffer is empty
 * @sleeping: the coroutine sleeps until it is rung
 * @rung: the other side has rung
 * @ended: the coroutine has returned
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
	int now;		/* the running side, or -1 */
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

/* The running side yields. */
void side_pause(void);

/* Return: the number of a watched word, or -1 for data. */
int side_word(const volatile void *p);

/* A step: a side runs to its next access, or its oldest store reaches memory. */
enum { RUN_DRIVER, RUN_DEVICE, FLUSH_DRIVER, FLUSH_DEVICE };

/* Restart both sides. */
void sides_begin(const struct sched_scene *scene);

/* Return: the possible next steps, as bits. */
unsigned int sides_choices(void);
void sides_do(unsigned int choice);

/* Return: a hash of all state that determines the rest of a run; never 0. */
uint64_t sides_state(void);

void sched_die(const char *why);

#endif /* _HOST_SCHED_SIDE_H */
