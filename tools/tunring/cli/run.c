// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * When to stop: by count, by time, by SIGINT or SIGTERM. These are blocked except
 * while waiting, so none gets lost between a look and a sleep; a program that is
 * too busy to sleep looks for them ten times a second.
 */
#include "cli.h"

#include <time.h>

#define LOOK_NS 100000000LL

static volatile sig_atomic_t stopped;
static sigset_t while_waiting;
static int64_t deadline, next_look;
static uint64_t limit;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

void cli_run_begin(const struct cli_opts *o)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &while_waiting);
	sigdelset(&while_waiting, SIGINT);
	sigdelset(&while_waiting, SIGTERM);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* A reader of our output that goes away is an error to tell. */
	signal(SIGPIPE, SIG_IGN);
	limit = o->count;
	deadline = o->time > 0 ? now_ns() + (int64_t)(o->time * 1e9) : 0;
	next_look = now_ns() + LOOK_NS;
}

const sigset_t *cli_run_mask(void)
{
	return &while_waiting;
}

bool cli_run_over(uint64_t done)
{
	sigset_t pending;
	int64_t now;

	if (stopped || (limit && done >= limit))
		return true;
	now = now_ns();
	if (now >= next_look) {
		next_look = now + LOOK_NS;
		if (!sigpending(&pending) && (sigismember(&pending, SIGINT) ||
					      sigismember(&pending, SIGTERM)))
			stopped = 1;
	}
	return stopped || (deadline && now >= deadline);
}

/* Nanoseconds to sleep at most; -1: for ever. */
int64_t cli_run_left(void)
{
	int64_t left;

	if (!deadline)
		return -1;
	left = deadline - now_ns();
	return left > 0 ? left : 0;
}

int cli_run_end(uint64_t done)
{
	if (limit && done < limit && !stopped)
		return CLI_TIME;
	return CLI_OK;
}
