// SPDX-License-Identifier: GPL-2.0
/*
 * time plain|rings|flow QUEUES FLOWS SECONDS MODULE FILE: one run, one row.
 *
 * The first part of a run, in which TCP finds its pace, does not count.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "time.h"

#define WARM_UP		1000000		/* microseconds */

struct result {
	double mbit;		/* a second, all flows */
	double slowest;		/* flow, as a part of the fair share */
	double retransmitted;	/* segments, of 1000 that were sent */
};

static struct result measure(const int *spaces, unsigned int n, unsigned int s)
{
	uint64_t from[MAX_FLOWS], to[MAX_FLOWS], all = 0, least = -1, again;
	uint64_t start, segments;
	struct result r;
	unsigned int i;

	flow_begin(spaces, n);
	usleep(WARM_UP);
	segments = space_counter("Tcp:", "OutSegs");
	again = space_counter("Tcp:", "RetransSegs");
	flow_bytes(from);
	start = clock_now();
	sleep(s);
	flow_bytes(to);
	start = clock_now() - start;
	segments = space_counter("Tcp:", "OutSegs") - segments;
	again = space_counter("Tcp:", "RetransSegs") - again;
	for (i = 0; i < n; i++) {
		all += to[i] - from[i];
		if (to[i] - from[i] < least)
			least = to[i] - from[i];
	}
	if (!all)
		die("nothing came through");
	flow_end();
	r.mbit = all * 8000.0 / start;
	r.slowest = (double)least * n / all;
	r.retransmitted = 1000.0 * again / (segments ?: 1);
	return r;
}

static enum pump_kind kind_of(const char *name)
{
	static const char *const names[] = { "plain", "rings", "flow" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return i;
	die("no kind %s", name);
}

static void row(FILE *f, const int *spaces, char **argv)
{
	unsigned int queues = atoi(argv[2]), flows = atoi(argv[3]);
	enum pump_kind kind = kind_of(argv[1]);
	const char *missing = pump_open(kind, queues, spaces);
	struct pump_counts c;
	struct result r;

	fprintf(f, "{\"part\":\"time\",\"module\":\"%s\",\"kind\":\"%s\",\"queues\":%u,\"flows\":%u,",
		argv[5], argv[1], queues, flows);
	if (missing) {
		fprintf(f, "\"missing\":\"%s\"}\n", missing);
		return;
	}
	pump_begin();
	r = measure(spaces, flows, atoi(argv[4]));
	c = pump_end(spaces);
	if (c.too_long)
		die("%llu packets were too long", (unsigned long long)c.too_long);
	/* beyond the fifo a full ring drops; with flow control packets wait in the qdisc */
	if (kind == PUMP_FLOW && c.dropped)
		die("rings dropped %llu packets", (unsigned long long)c.dropped);
	fprintf(f, "\"mbit\":%.2f,\"slowest\":%.3f,\"retransmitted\":%.2f,\"moved\":%llu,\"dropped\":%llu,\"qdisc_dropped\":%llu,"
		"\"late\":%llu}\n",
		r.mbit, r.slowest, r.retransmitted,
		(unsigned long long)c.moved, (unsigned long long)c.dropped,
		(unsigned long long)c.qdisc_dropped,
		(unsigned long long)c.late);
	printf("# %s %s, %u queues, %u flows: %.1f Mbit/s, %.2f of 1000 segments again, %llu and %llu dropped, %llu late\n",
	       argv[5], argv[1], queues, flows, r.mbit, r.retransmitted,
	       (unsigned long long)c.dropped,
	       (unsigned long long)c.qdisc_dropped, (unsigned long long)c.late);
}

int main(int argc, char **argv)
{
	int spaces[2];
	FILE *f;

	if (argc != 7 || atoi(argv[2]) < 1 || atoi(argv[2]) > MAX_QUEUES ||
	    atoi(argv[3]) < 1 || atoi(argv[3]) > MAX_FLOWS || atoi(argv[4]) < 1)
		die("usage: time plain|rings|flow QUEUES FLOWS SECONDS MODULE FILE");
	f = fopen(argv[6], "a");
	if (!f)
		die("%s: %s", argv[6], strerror(errno));
	setvbuf(stdout, NULL, _IOLBF, 0);
	space_create(spaces);
	row(f, spaces, argv);
	if (fclose(f))
		die("%s: %s", argv[6], strerror(errno));
	return 0;
}
