/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All interleavings of a driver and a device.
 *
 * Each side runs as a coroutine that gives up the processor before each marked
 * access to an index, a flag or an event word. Its stores wait in a buffer of
 * its own, as on real processors, until they are flushed at any later moment
 * (in order: that of x86; the order of data before index is the thread
 * sanitizer's, in stress.c). A full barrier, and ringing the other side, wait
 * for the buffer to be empty. Every choice of the next step is tried; a state
 * that was met before is not explored twice.
 */
#ifndef _HOST_SCHED_H
#define _HOST_SCHED_H

#include <stdbool.h>
#include <stdint.h>

enum sched_side { SCHED_DRIVER, SCHED_DEVICE };

typedef void sched_fn(void);

/**
 * struct sched_scene - what is to be explored
 * @set_up: make the ring anew
 * @run: the two sides
 * @good: nobody can go on: is all as it should be?
 * @clean_up: after @good, or when a known state was met
 */
struct sched_scene {
	sched_fn *set_up;
	sched_fn *run[2];
	bool (*good)(void);
	sched_fn *clean_up;
};

/**
 * struct sched_result - what was found
 * @states: different states
 * @ends: times that nobody could go on
 * @bad: of them, not good
 * @trace: steps to the first bad one
 */
struct sched_result {
	uint64_t states;
	uint64_t ends;
	uint64_t bad;
	char trace[512];
};

struct sched_result sched_explore(const struct sched_scene *scene);

/* For the sides: wake the other one; sleep until woken (at once if it was). */
void sched_ring(void);
void sched_sleep(void);

/* For @set_up: a word by which the sides talk; all others are data. */
void sched_watch(const void *word);

/* For the sides: something that they learned without a watched word. */
void sched_remember(uint64_t value);

#endif /* _HOST_SCHED_H */
