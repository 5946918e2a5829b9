// SPDX-License-Identifier: GPL-2.0
/* All instances in alternation, and the medians of their counts. */
#include <errno.h>
#include <string.h>

#include "bench.h"

struct sample {
	double total, own, syscalls, wakeups, switches;	/* per packet */
};

static struct sample *samples;	/* opt->rounds for each instance */

static uint64_t counted(struct instance *in)
{
	return in->c->device ? net_packets(in) : 0;
}

/* The device's counters say whether the packets really went that way. */
static void check(struct instance *in, uint64_t before, unsigned int n)
{
	uint64_t now = counted(in);

	if (in->c->device && now - before != n / in->per_packet)
		die("%s: %u packets, but the device counted %llu", in->c->name,
		    n / in->per_packet, (unsigned long long)(now - before));
	if (in->c->direction == TX)
		sink_check(in, n);
}

/*
 * While ksoftirqd is runnable, the kernel leaves all softirqs to this thread, also
 * those of the packets here. So the thread sleeps before a run begins.
 */
static struct sample run_once(struct instance *in, unsigned int n, bool mark)
{
	uint64_t before = counted(in), wakeups, switches, total;
	struct sample s;

	sched_settle();
	in->own = 0;
	in->syscalls = 0;
	in->total = 0;
	switches = sched_switches();
	wakeups = sched_wakeups();
	if (mark)
		mark_begin();
	total = clock_now();
	in->c->run(in, n);
	total = clock_now() - total;
	if (mark)
		mark_end();
	s.wakeups = (double)(sched_wakeups() - wakeups) / n;
	s.switches = (double)(sched_switches() - switches) / n;
	s.total = (double)(in->total ? in->total : total) / n;
	s.own = (double)in->own / n;
	s.syscalls = (double)in->syscalls / n;
	check(in, before, n);
	return s;
}

void rounds_run(struct instance *in, unsigned int n, const struct options *opt)
{
	unsigned int i, round;

	samples = calloc(n * opt->rounds, sizeof(*samples));
	if (!samples)
		die("no memory");
	clock_calibrate();
	printf("# warming up\n");
	for (i = 0; i < n; i++)
		if (!in[i].missing)
			run_once(&in[i], 4 * MAX_BURST, false);
	for (round = 0; round < opt->rounds; round++) {
		printf("# round %u of %u\n", round + 1, opt->rounds);
		for (i = 0; i < n; i++)
			if (!in[i].missing)
				samples[i * opt->rounds + round] =
					run_once(&in[i], opt->packets,
						 opt->mark);
	}
}

static int by_total(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->total > y->total) - (x->total < y->total);
}

static void report_one(FILE *f, const struct instance *in, struct sample *s,
		       const struct options *opt)
{
	const char *direction = in->c->direction == RX ? "rx" : "tx";
	const struct sample *m = &s[opt->rounds / 2];

	fprintf(f, "{\"module\":\"%s\",\"contestant\":\"%s\","
		"\"direction\":\"%s\",\"size\":%u,\"burst\":%u,",
		opt->module, in->c->name, direction, in->size, in->burst);
	if (in->missing) {
		fprintf(f, "\"missing\":\"%s\"}\n", in->missing);
		return;
	}
	qsort(s, opt->rounds, sizeof(*s), by_total);
	fprintf(f, "\"instructions\":%.1f,\"own\":%.1f,\"syscalls\":%.6f,"
		"\"wakeups\":%.4f,\"switches\":%.4f,\"spread\":%.4f}\n",
		m->total, m->own, m->syscalls, m->wakeups, m->switches,
		(s[opt->rounds - 1].total - s[0].total) / m->total);
	if (f != stdout)
		printf("%-6s %-15s %s %5u B  burst %2u  %8.0f instructions, %8.0f own, %6.3f system calls, %6.3f wake-ups\n",
		       opt->module, in->c->name, direction, in->size,
		       in->burst, m->total, m->own, m->syscalls, m->wakeups);
}

void rounds_report(struct instance *in, unsigned int n,
		   const struct options *opt)
{
	FILE *f = opt->out ? fopen(opt->out, "a") : stdout;
	unsigned int i;

	if (!f)
		die("%s: %s", opt->out, strerror(errno));
	for (i = 0; i < n; i++)
		report_one(f, &in[i], &samples[i * opt->rounds], opt);
	if (fflush(f) || ferror(f))
		die("%s: %s", opt->out, strerror(errno));
	if (f != stdout)
		fclose(f);
	free(samples);
}
