/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The scheduler explores all interleavings of a driver and a device.
 *
 * Each side is a coroutine that yields before each marked access to an index, a flag or
 * an event word. Each side has a store buffer, as a real processor has. The scheduler may
 * flush the oldest store at any later step, so stores reach memory in order, as on x86.
 * (The thread sanitizer checks in stress.c that data precedes the index.) A full barrier
 * waits until the store buffer is empty, and so does a side that rings the other one. The
 * scheduler tries every choice of the next step, and explores each state once.
 */
#ifndef _HOST_SCHED_H
#define _HOST_SCHED_H

#include <stdbool.h>
#include <stdint.h>

enum sched_side { SCHED_DRIVER, SCHED_DEVICE };

typedef void sched_fn(void);

/**
 * struct sched_scene - the code to explore
 * @set_up: makes a new ring at the start of a run
 * @run: code of the two sides
 * @good: checks the result of a run, when no side can go on
 * @clean_up: frees the ring at the end of a run
 */
struct sched_scene {
	sched_fn *set_up;
	sched_fn *run[2];
	bool (*good)(void);
	sched_fn *clean_up;
};

/**
 * struct sched_result - result of the exploration
 * @states: number of different states
 * @ends: number of runs that ended because no side could go on
 * @bad: number of such ends for which @good failed
 * @trace: steps that lead to the first bad end
 */
struct sched_result {
	uint64_t states;
	uint64_t ends;
	uint64_t bad;
	char trace[512];
};

struct sched_result sched_explore(const struct sched_scene *scene);

/* A side calls these to wake the other side, and to sleep unless the other has woken it. */
void sched_ring(void);
void sched_sleep(void);

/* @set_up names each word by which the sides communicate; all other words are data. */
void sched_watch(const void *word);

/* A side reports a value that it has learned without a watched word. */
void sched_remember(uint64_t value);

#endif /* _HOST_SCHED_H */
