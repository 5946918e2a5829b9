/* SPDX-License-Identifier: GPL-2.0 */
/* A thread that changes shared memory while the kernel reads this memory. */
#ifndef TUN_TESTS_SCRIBBLE_H
#define TUN_TESTS_SCRIBBLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scribble {
	pthread_t thread;
	uint32_t rounds;	/* atomic */
	int stop;		/* atomic */
};

int scribble_start(struct scribble *s, void *(*fn)(void *), void *arg);
int scribble_end(struct scribble *s);
bool scribble_lasts(const struct scribble *s, long start, long ms,
		    uint32_t enough);
bool scribble_next(struct scribble *s, uint32_t rounds);
void scribble_words(struct scribble *s, void *mem, size_t len);
void scribble_pattern(struct scribble *s, void *mem, size_t len);

#endif
