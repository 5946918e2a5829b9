// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * When to stop: by count, by time, by SIGINT or SIGTERM; and SIGUSR1, which asks for
 * counters. These are blocked except while waiting, so none gets lost between a look
 * and a sleep; a program that is too busy to sleep looks for them ten times a second.
 */
#include "cli.h"

#include <time.h>

#define LOOK_NS 100000000LL

#define MAX_DEVICES 2

static const int signals[] = { SIGINT, SIGTERM, SIGUSR1 };
#define N_SIGNALS (sizeof(signals) / sizeof(signals[0]))

static volatile sig_atomic_t stopped, asked;
static struct tunring *devices[MAX_DEVICES];
static unsigned int n_devices;
static sigset_t while_waiting;
static int64_t deadline, next_look;
static uint64_t limit;

static void on_signal(int sig)
{
	if (sig == SIGUSR1)
		asked = 1;
	else
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
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < N_SIGNALS; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, &while_waiting);
	for (i = 0; i < N_SIGNALS; i++) {
		sigdelset(&while_waiting, signals[i]);
		sigaction(signals[i], &sa, NULL);
	}
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

void cli_run_report(struct tunring *h)
{
	if (n_devices < MAX_DEVICES)
		devices[n_devices++] = h;
}

static void report(void)
{
	unsigned int i;

	asked = 0;
	for (i = 0; i < n_devices; i++)
		cli_say_stats(devices[i]);
}

/* Handlers of the signals that are pending run. */
static void look(void)
{
	sigset_t blocked;

	sigprocmask(SIG_SETMASK, &while_waiting, &blocked);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

bool cli_run_over(uint64_t done)
{
	int64_t now;

	if (asked)
		report();
	if (stopped || (limit && done >= limit))
		return true;
	now = now_ns();
	if (now >= next_look) {
		next_look = now + LOOK_NS;
		look();
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
