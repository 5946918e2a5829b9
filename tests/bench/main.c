// SPDX-License-Identifier: GPL-2.0
/* Options, and which contestants take part. */
#include <fnmatch.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>

#include "bench.h"

#define MAX_INSTANCES	512
#define MAX_ROUNDS	31

const unsigned int bursts_64[] = { 64, 0 };
const unsigned int bursts_all[] = { 1, 8, 64, 0 };
const unsigned int sizes_small[] = { 64, 256, 1400, 0 };
const unsigned int sizes_gso[] = { SIZE_GSO, 0 };

static const struct contestant *const families[] = {
	floor_contestants, pktgen_contestants, plain_contestants,
	gso_contestants, uring_contestants, tpacket_contestants,
	xsk_contestants, ring_contestants, tap_xdp_contestants,
	redirect_contestants, library_contestants,
	guest_contestants, attach_contestants, poller_contestants,
	vringfd_contestants,
};

/*
 * These need packet sockets or generic XDP, which make each packet of the others
 * cost a little more while they exist. So these run later, one by one.
 */
static const char *const apart[] = { "*-gso", "tpacket", "xdp" };

static struct instance instances[MAX_INSTANCES];
static unsigned int n_instances;

static struct options opt = {
	.only = "*", .direction = "*", .size = "*", .burst = "*",
	.module = "", .packets = 1024, .rounds = 3,
};

/* Whether one of the list's patterns, with commas between them, fits. */
static bool listed(const char *list, const char *name)
{
	char pattern[64];
	size_t len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		snprintf(pattern, sizeof(pattern), "%.*s", (int)len, list);
		if (!fnmatch(pattern, name, 0))
			return true;
		if (!list[len])
			return false;
	}
}

static bool listed_number(const char *list, unsigned int n)
{
	char name[16];

	snprintf(name, sizeof(name), "%u", n);
	return listed(list, name);
}

/* 0: contestants that run side by side, first of all. */
static unsigned int group_of(const struct contestant *c)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(apart); i++)
		if (!fnmatch(apart[i], c->name, 0))
			return i + 1;
	return 0;
}

static bool wanted(const struct contestant *c, unsigned int size,
		   unsigned int burst)
{
	return listed(opt.only, c->name) &&
	       listed(opt.direction, c->direction == RX ? "rx" : "tx") &&
	       listed_number(opt.size, size) &&
	       listed_number(opt.burst, burst);
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
	in->per_send = 1;
	in->per_packet = 1;
	net_fresh();
	in->missing = c->set_up(in);
	net_counters(in);
}

static void instances_add(const struct contestant *c, unsigned int group)
{
	const unsigned int *size, *burst;
	unsigned int before;

	for (; c->name; c++) {
		if (group_of(c) != group)
			continue;
		before = n_instances;
		for (size = c->sizes ?: sizes_small; *size; size++)
			for (burst = c->bursts; *burst; burst++)
				if (wanted(c, *size, *burst))
					instance_add(c, *size, *burst);
		if (n_instances > before)
			printf("# set up: %s %s\n", c->name,
			       c->direction == RX ? "rx" : "tx");
	}
}

static const struct {
	char letter;
	const char **text;
	unsigned int *number;
} option_table[] = {
	{ 'c', &opt.only },
	{ 'd', &opt.direction },
	{ 's', &opt.size },
	{ 'b', &opt.burst },
	{ 'm', &opt.module },
	{ 'o', &opt.out },
	{ 'n', NULL, &opt.packets },
	{ 'r', NULL, &opt.rounds },
};

static void help(void)
{
	die("usage: [-c CONTESTANT] [-d rx|tx] [-s SIZE] [-b BURST] [-n PACKETS]\n"
	    "\t[-r ROUNDS] [-m MODULE] [-o FILE] [-p]\n"
	    "CONTESTANT, SIZE and BURST are patterns or lists of such, with commas;\n"
	    "PACKETS is a multiple of %d; -p marks the runs for the profiler",
	    MAX_BURST);
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

static void run_group(unsigned int group)
{
	unsigned int first = n_instances, i;

	for (i = 0; i < ARRAY_SIZE(families); i++)
		instances_add(families[i], group);
	if (n_instances == first)
		return;
	rounds_run(&instances[first], n_instances - first, &opt);
	rounds_report(&instances[first], n_instances - first, &opt);
}

int main(int argc, char **argv)
{
	struct rlimit files = { 65536, 65536 };	/* some of each instance */
	unsigned int i;

	options(argc, argv);
	if (setrlimit(RLIMIT_NOFILE, &files))
		die("too few files may be open");
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i <= ARRAY_SIZE(apart); i++)
		run_group(i);
	if (!n_instances)
		die("no such contestant");
	for (i = 0; i < n_instances; i++)
		if (!instances[i].missing)
			instances[i].c->tear_down(&instances[i]);
	return 0;
}
