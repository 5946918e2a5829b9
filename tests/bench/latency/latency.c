// SPDX-License-Identifier: GPL-2.0
/*
 * latency CLOCK TURNER LOAD MODULE FILE: one row. CLOCK is icount or wall, LOAD
 * is idle, bulk, or slow: bulk at twice the speed at which the turner takes packets.
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
	/* 1400 bytes take this time at 10 Mbit/s. */
	{ "icount", "slow", { .pings = 200, .gap = 50000000, .burst = 8,
			      .period = 4 * 1120000, .take = 1120000 } },
	{ "wall", "idle", { .pings = 1500, .gap = 1000000 } },
	{ "wall", "bulk", { .pings = 1500, .gap = 8000000,
			    .burst = 32, .period = 8000000 } },
};

static const struct turner *turner;
static bool stop;

static void *turn(void *arg)
{
	thread_place(1, 0);
	if (arg)
		turner->run_slow(&stop);
	else
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

static void measure(const struct plan *plan, const char *load, FILE *f)
{
	pthread_t thread;
	struct took took;
	struct bulk_count bulk;

	take_begin(plan->take);
	if (pthread_create(&thread, NULL, turn, plan->take ? (void *)plan : NULL))
		die("pthread_create failed");
	thread_place(0, 3);
	bulk_begin(plan);
	took = ping_all(plan);
	bulk = bulk_end();
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	fprintf(f, "\"pings\":%u,\"lost\":%u,\"bulk\":%llu,\"came\":%llu,\"burst\":%u,\"period\":%llu,\"take\":%llu,"
		"\"mean\":%llu,\"median\":%llu,\"p99\":%llu,\"p999\":%llu}\n",
		plan->pings, took.lost, (unsigned long long)bulk.sent,
		(unsigned long long)bulk.came, plan->burst,
		(unsigned long long)plan->period, (unsigned long long)plan->take,
		(unsigned long long)took.mean, (unsigned long long)took.median,
		(unsigned long long)took.p99, (unsigned long long)took.p999);
	printf("# %s, %s: mean %llu, median %llu, 99th %llu, 99.9th %llu; %u lost\n",
	       turner->name, load, (unsigned long long)took.mean,
	       (unsigned long long)took.median, (unsigned long long)took.p99,
	       (unsigned long long)took.p999, took.lost);
}

int main(int argc, char **argv)
{
	const struct plan *plan;
	const char *missing;
	FILE *f;

	if (argc != 6)
		die("usage: latency icount|wall TURNER idle|bulk|slow MODULE FILE");
	plan = find_plan(argv[1], argv[3]);
	for (turner = turners; turner->name; turner++)
		if (!strcmp(turner->name, argv[2]))
			break;
	f = fopen(argv[5], "a");
	if (turner->name && plan->take && !turner->run_slow)
		die("turner %s is never slow", turner->name);
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
		if (plan->take)
			net_fq_codel(NAME);
		measure(plan, argv[3], f);
	}
	if (fclose(f))
		die("%s: %s", argv[5], strerror(errno));
	return 0;
}
