// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Rates of all queues, from two looks at /proc. */
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "report/queues.h"

static double delay = 1;
static uint64_t screens;

static const struct cli_option own[] = {
	{ 'd', "delay", "SECONDS", "time between two looks (1)",
	  "a number of seconds, 0.01 or more" },
	{ 'c', "count", "N", "stop after N tables", "a number, 1 or more" },
	{ 0, NULL, NULL, NULL, NULL },
};

static int set_own(int key, const char *arg)
{
	char *end;

	if (key == 'c')
		return cli_number(arg, UINT64_MAX, &screens) && screens ? 0 : -1;
	delay = strtod(arg, &end);
	return end == arg || *end || !(delay >= 0.01 && delay < 1e6) ? -1 : 0;
}

struct look {
	struct queue	*queues;
	int		n;
	double		at;	/* seconds */
};

static int look_now(struct look *l, const char *dev)
{
	struct timespec ts;

	l->queues = NULL;
	l->n = queues_all(dev, &l->queues);
	clock_gettime(CLOCK_MONOTONIC, &ts);
	l->at = (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
	return l->n < 0 ? l->n : 0;
}

/* The same queue at the look before; all zero if it is new. */
static struct queue before(const struct look *l, const struct queue *q)
{
	static const struct queue none;
	int i;

	for (i = 0; i < l->n; i++)
		if (l->queues[i].pid == q->pid && l->queues[i].fd == q->fd &&
		    !strcmp(l->queues[i].iff, q->iff))
			return l->queues[i];
	return none;
}

/* Per second. A counter that is smaller than before belongs to new rings. */
static double rate(uint64_t old, uint64_t new, double seconds)
{
	return (double)(new < old ? new : new - old) / seconds;
}

static void print_queue(const struct queue *q, const struct look *old,
			double seconds)
{
	const struct queue was = before(old, q);
	const struct tunring_counters *r = &q->rx.count, *t = &q->tx.count;
	const struct tunring_counters *or = &was.rx.count, *ot = &was.tx.count;
	char program[48];

	snprintf(program, sizeof(program), "%s[%d]:%d", q->comm, q->pid, q->fd);
	printf("%-15s %-24s %-8s", q->iff[0] ? q->iff : "-", program,
	       q->mode[0] ? q->mode : "plain");
	if (!queue_counts(q)) {
		putchar('\n');
		return;
	}
#define RATE(field) \
	rate(or->field + ot->field, r->field + t->field, seconds)
	printf(" %9.0f %9.0f %9.2f %9.2f %7.0f %7.0f %7.0f %7.0f%s\n",
	       rate(or->packets, r->packets, seconds),
	       rate(ot->packets, t->packets, seconds),
	       rate(or->bytes, r->bytes, seconds) * 8e-6,
	       rate(ot->bytes, t->bytes, seconds) * 8e-6,
	       RATE(kicks), RATE(wakeups), RATE(full),
	       rate(or->dropped + or->too_big + ot->dropped + ot->errors,
		    r->dropped + r->too_big + t->dropped + t->errors, seconds),
	       q->broken ? " STOPPED" : "");
}

static void print_table(const struct look *old, const struct look *new)
{
	int i;

	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[J", stdout);
	printf("%-15s %-24s %-8s %9s %9s %9s %9s %7s %7s %7s %7s\n", "DEVICE",
	       "PROGRAM[PID]:FD", "RINGS", "RX/s", "TX/s", "RX Mb/s",
	       "TX Mb/s", "KICK/s", "WAKE/s", "FULL/s", "DROP/s");
	for (i = 0; i < new->n; i++)
		print_queue(&new->queues[i], old, new->at - old->at);
}

static int top(const char *dev)
{
	struct timespec ts = {
		.tv_sec = (time_t)delay,
		.tv_nsec = (long)((delay - (double)(time_t)delay) * 1e9),
	};
	struct look old, new;
	uint64_t done = 0;
	int ret = look_now(&old, dev);

	while (!ret && !cli_run_over(0)) {
		/* a signal that ends the command ends the sleep */
		if (ppoll(NULL, 0, &ts, cli_run_mask()) < 0 && errno == EINTR)
			continue;
		ret = look_now(&new, dev);
		if (ret)
			break;
		print_table(&old, &new);
		if (fflush(stdout)) {
			cli_error("top: writing failed");
			return CLI_FAILED;
		}
		free(old.queues);
		old = new;
		if (++done == screens)
			break;
	}
	if (ret)
		return cli_fail(ret, "/proc");
	free(old.queues);
	return CLI_OK;
}

static const struct cli_syntax syntax = {
	.own	= own,
	.set_own = set_own,
	.args	= "[DEVICE]",
	.help	= "Prints packets, bits, kicks, wake-ups, full rings and drops "
		  "per second for each\nqueue (of DEVICE, or all). Queues of "
		  "other users' processes are shown to root only.",
};

int cmd_top(int argc, char **argv)
{
	struct cli_opts none;
	int first = cli_parse(argc, argv, NULL, &syntax);

	if (first < 0)
		return -1 - first;
	if (argc - first > 1) {
		cli_error("top: takes one device at most, got %d", argc - first);
		return CLI_USAGE;
	}
	if (argv[first] && cli_name_check("top", argv[first]))
		return CLI_USAGE;
	cli_opts_init(&none);
	cli_run_begin(&none);
	return top(argv[first]);
}
