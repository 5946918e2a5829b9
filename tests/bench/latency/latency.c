// SPDX-License-Identifier: GPL-2.0
/*
 * latency CLOCK TURNER LOAD MODULE FILE: one row. CLOCK is icount or wall, LOAD
 * is idle or bulk.
 *
 * With one processor the sender goes first, then the bulk, and the turner has what
 * they leave: so it is woken when they sleep, as on a processor of its own. A thread
 * of the kernel that serves the turner's rings comes last.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "latency.h"

/* Emulated processors are some fifty times slower by the wall's clock. */
static const struct {
	const char *clock, *load;
	struct plan plan;
} plans[] = {
	{ "icount", "idle", { .pings = 4000, .gap = 100000 } },
	{ "icount", "bulk", { .pings = 4000, .gap = 1000000,
			      .burst = 32, .period = 1000000 } },
	{ "wall", "idle", { .pings = 1500, .gap = 1000000 } },
	{ "wall", "bulk", { .pings = 1500, .gap = 8000000,
			    .burst = 32, .period = 8000000 } },
};

static const struct turner *turner;
static bool stop;

static void *turn(void *arg)
{
	thread_place(1, 0);
	turner->run(&stop);
	return NULL;
}

static const struct plan *find_plan(const char *clock, const char *load)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(plans); i++)
		if (!strcmp(plans[i].clock, clock) &&
		    !strcmp(plans[i].load, load))
			return &plans[i].plan;
	die("no clock %s, or no load %s", clock, load);
}

static void measure(const struct plan *plan, FILE *f)
{
	pthread_t thread;
	struct took took;
	uint64_t bulk;

	if (pthread_create(&thread, NULL, turn, NULL))
		die("pthread_create failed");
	thread_place(0, 3);
	bulk_begin(plan);
	took = ping_all(plan);
	bulk = bulk_end();
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	fprintf(f, "\"pings\":%u,\"bulk\":%llu,\"burst\":%u,\"period\":%llu,"
		"\"mean\":%llu,\"median\":%llu,\"p99\":%llu,\"p999\":%llu}\n",
		plan->pings, (unsigned long long)bulk, plan->burst,
		(unsigned long long)plan->period,
		(unsigned long long)took.mean, (unsigned long long)took.median,
		(unsigned long long)took.p99, (unsigned long long)took.p999);
	printf("# %s: mean %llu, median %llu, 99th %llu, 99.9th %llu\n",
	       turner->name, (unsigned long long)took.mean,
	       (unsigned long long)took.median, (unsigned long long)took.p99,
	       (unsigned long long)took.p999);
}

int main(int argc, char **argv)
{
	const struct plan *plan;
	const char *missing;
	FILE *f;

	if (argc != 6)
		die("usage: latency icount|wall TURNER idle|bulk MODULE FILE");
	plan = find_plan(argv[1], argv[3]);
	for (turner = turners; turner->name; turner++)
		if (!strcmp(turner->name, argv[2]))
			break;
	f = fopen(argv[5], "a");
	if (!turner->name || !f)
		die("no turner %s, or no file %s", argv[2], argv[5]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	sched_unthrottle();
	net_fresh();
	fprintf(f, "{\"part\":\"latency\",\"clock\":\"%s\",\"module\":\"%s\",\"kind\":\"%s\",\"load\":\"%s\",",
		argv[1], argv[4], turner->name, argv[3]);
	missing = turner->set_up();
	if (missing) {
		fprintf(f, "\"missing\":\"%s\"}\n", missing);
	} else {
		net_up(NAME);
		measure(plan, f);
	}
	if (fclose(f))
		die("%s: %s", argv[5], strerror(errno));
	return 0;
}
