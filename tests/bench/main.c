// SPDX-License-Identifier: GPL-2.0
/* Runs contestants in alternation and writes the medians. */
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define MAX_INSTANCES	256
#define MAX_ROUNDS	31

const unsigned int bursts_64[] = { 64, 0 };
const unsigned int bursts_all[] = { 1, 8, 64, 0 };

static const struct contestant *const families[] = {
	floor_contestants, plain_contestants, ring_contestants,
	guest_contestants, attach_contestants,
};

static const unsigned int sizes[] = { 64, 1400 };

struct sample {
	double total, own, syscalls;	/* per packet */
};

static struct instance instances[MAX_INSTANCES];
static struct sample samples[MAX_INSTANCES][MAX_ROUNDS];
static unsigned int n_instances;

static struct options {
	const char *only, *direction, *module, *out;
	unsigned int size, burst, packets, rounds;
	bool mark;
} opt = {
	.only = "*", .module = "", .packets = 1024, .rounds = 3,
};

static bool wanted(const struct contestant *c, unsigned int size,
		   unsigned int burst)
{
	return !fnmatch(opt.only, c->name, 0) &&
	       (!opt.direction ||
		!strcmp(opt.direction, c->direction == RX ? "rx" : "tx")) &&
	       (!opt.size || opt.size == size) &&
	       (!opt.burst || opt.burst == burst);
}

static void instance_add(const struct contestant *c, unsigned int size,
			 unsigned int burst)
{
	struct instance *in = &instances[n_instances++];

	if (n_instances > MAX_INSTANCES)
		die("too many instances");
	in->c = c;
	in->size = size;
	in->burst = burst;
	net_fresh();
	in->missing = c->set_up(in);
	net_counters(in);
}

static void instances_add(const struct contestant *c)
{
	const unsigned int *burst;
	unsigned int i;

	for (; c->name; c++)
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			for (burst = c->bursts; *burst; burst++)
				if (wanted(c, sizes[i], *burst))
					instance_add(c, sizes[i], *burst);
}

/* The device's counters say whether the packets really went that way. */
static void run_once(struct instance *in, unsigned int n, struct sample *s,
		     bool counted)
{
	uint64_t before = net_packets(in), start, end;

	in->own = 0;
	in->syscalls = 0;
	if (opt.mark && counted)
		mark_begin();
	start = clock_now();
	in->c->run(in, n);
	end = clock_now();
	if (opt.mark && counted)
		mark_end();
	s->total = (double)(end - start) / n;
	s->own = (double)in->own / n;
	s->syscalls = (double)in->syscalls / n;
	if (net_packets(in) - before != n)
		die("%s: %u packets, but the device counted %llu", in->c->name,
		    n, (unsigned long long)(net_packets(in) - before));
	if (in->c->direction == TX && net_ip_received(in))
		die("%s: packets came past the drop", in->c->name);
}

static void rounds_run(void)
{
	struct sample warm;
	unsigned int i, round;

	clock_calibrate();
	for (i = 0; i < n_instances; i++)
		if (!instances[i].missing)
			run_once(&instances[i], 4 * MAX_BURST, &warm, false);
	for (round = 0; round < opt.rounds; round++)
		for (i = 0; i < n_instances; i++)
			if (!instances[i].missing)
				run_once(&instances[i], opt.packets,
					 &samples[i][round], true);
}

static int by_total(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->total > y->total) - (x->total < y->total);
}

static void report_one(FILE *f, const struct instance *in, struct sample *s)
{
	const struct sample *m = &s[opt.rounds / 2];

	fprintf(f, "{\"module\":\"%s\",\"contestant\":\"%s\","
		"\"direction\":\"%s\",\"size\":%u,\"burst\":%u,",
		opt.module, in->c->name, in->c->direction == RX ? "rx" : "tx",
		in->size, in->burst);
	if (in->missing) {
		fprintf(f, "\"missing\":\"%s\"}\n", in->missing);
		return;
	}
	qsort(s, opt.rounds, sizeof(*s), by_total);
	fprintf(f, "\"instructions\":%.1f,\"own\":%.1f,\"syscalls\":%.4f,"
		"\"spread\":%.4f}\n", m->total, m->own, m->syscalls,
		(s[opt.rounds - 1].total - s[0].total) / m->total);
	if (f != stdout)
		printf("%-6s %-15s %s %5u B  burst %2u  %8.0f instructions, %8.0f own, %6.3f system calls\n",
		       opt.module, in->c->name,
		       in->c->direction == RX ? "rx" : "tx", in->size,
		       in->burst, m->total, m->own, m->syscalls);
}

static void report(void)
{
	FILE *f = opt.out ? fopen(opt.out, "a") : stdout;
	unsigned int i;

	if (!f)
		die("%s: %s", opt.out, strerror(errno));
	for (i = 0; i < n_instances; i++)
		report_one(f, &instances[i], samples[i]);
	if (fflush(f) || ferror(f))
		die("%s: %s", opt.out, strerror(errno));
}

static const struct {
	char letter;
	const char **text;
	unsigned int *number;
} option_table[] = {
	{ 'c', &opt.only },
	{ 'd', &opt.direction },
	{ 'm', &opt.module },
	{ 'o', &opt.out },
	{ 's', NULL, &opt.size },
	{ 'b', NULL, &opt.burst },
	{ 'n', NULL, &opt.packets },
	{ 'r', NULL, &opt.rounds },
};

static void help(void)
{
	die("usage: [-c CONTESTANT] [-d rx|tx] [-s SIZE] [-b BURST] [-n PACKETS]\n"
	    "\t[-r ROUNDS] [-m MODULE] [-o FILE] [-p]\n"
	    "CONTESTANT is a pattern, PACKETS a multiple of %d;\n"
	    "-p marks the runs for the profiler", MAX_BURST);
}

static void options(int argc, char **argv)
{
	unsigned int i;
	int c;

	while ((c = getopt(argc, argv, "c:d:s:b:n:r:m:o:ph")) != -1) {
		if (c == 'p') {
			opt.mark = true;
			continue;
		}
		for (i = 0; i < ARRAY_SIZE(option_table); i++)
			if (option_table[i].letter == c)
				break;
		if (i == ARRAY_SIZE(option_table))
			help();
		if (option_table[i].text)
			*option_table[i].text = optarg;
		else
			*option_table[i].number = atoi(optarg);
	}
	if (optind != argc || !opt.packets || opt.packets % MAX_BURST ||
	    !opt.rounds || opt.rounds > MAX_ROUNDS)
		help();
}

int main(int argc, char **argv)
{
	unsigned int i;

	options(argc, argv);
	for (i = 0; i < ARRAY_SIZE(families); i++)
		instances_add(families[i]);
	if (!n_instances)
		die("no such contestant");
	rounds_run();
	report();
	for (i = 0; i < n_instances; i++)
		if (!instances[i].missing)
			instances[i].c->tear_down(&instances[i]);
	return 0;
}
