// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* JSON, and the text format of Prometheus. */
#include "machine.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "names.h"

static const struct {
	size_t		at;
	const char	*name;
	const char	*help;
} counters[] = {
#define COUNTER(field, help) \
	{ offsetof(struct tunring_counters, field), #field, help }
	COUNTER(packets, "Packets of a ring"),
	COUNTER(bytes, "Bytes of these packets"),
	COUNTER(kicks, "Times that the program kicked the kernel"),
	COUNTER(wakeups, "Times that the kernel woke the program"),
	COUNTER(full, "Times that the ring became full"),
	COUNTER(dropped, "Packets dropped for want of room or memory"),
	COUNTER(too_big, "Packets dropped because buffers could not hold them"),
	COUNTER(errors, "Packets dropped because they were not valid"),
};

#define N_COUNTERS (sizeof(counters) / sizeof(counters[0]))

static uint64_t value(const struct queue_ring *r, size_t i)
{
	return *(const uint64_t *)((const char *)&r->count + counters[i].at);
}

/* Both formats have quotes and backslashes behind a backslash. */
static void text(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		putchar((unsigned char)*s < ' ' ? '?' : *s);
	}
	putchar('"');
}

static void json_names(const char *key, const struct name *names, uint64_t bits)
{
	printf("\"%s\": [", key);
	name_print(names, bits, "\"", ", ");
	putchar(']');
}

static void json_ring(const char *key, const struct queue_ring *r)
{
	size_t i;

	printf(", \"%s\": {\"entries\": %u", key, r->entries);
	for (i = 0; i < N_COUNTERS; i++)
		printf(", \"%s\": %" PRIu64, counters[i].name, value(r, i));
	putchar('}');
}

static void json_queue(const struct queue *q)
{
	fputs("{\"device\": ", stdout);
	text(q->iff);
	printf(", \"pid\": %d, \"program\": ", q->pid);
	text(q->comm);
	printf(", \"fd\": %d, \"mode\": ", q->fd);
	text(q->mode[0] ? q->mode : "plain");
	if (queue_counts(q)) {
		fputs(", ", stdout);
		json_names("features", name_features, q->features);
		printf(", \"broken\": %u", q->broken);
		json_ring("rx", &q->rx);
		json_ring("tx", &q->tx);
	}
	putchar('}');
}

void machine_json(const struct facts *f)
{
	unsigned int i;

	printf("{\"kernel\": {\"rings\": %s", f->rings ? "true, " : "false");
	if (f->rings) {
		json_names("features", name_features, f->caps.features);
		printf(", \"max_entries\": %u, \"max_chain\": %u, \"max_pool\": %"
		       PRIu64, f->caps.max_entries, f->caps.max_chain,
		       f->caps.max_pool);
	}
	fputs("},\n", stdout);
	if (f->dev) {
		fputs(" \"device\": {\"name\": ", stdout);
		text(f->dev);
		fputs(", ", stdout);
		json_names("flags", name_flags, f->flags);
		fputs("},\n", stdout);
	}
	fputs(" \"queues\": [", stdout);
	for (i = 0; i < f->n; i++) {
		fputs(i ? ",\n  " : "\n  ", stdout);
		json_queue(&f->queues[i]);
	}
	puts("]}");
}

static void sample(const char *name, const struct queue *q, const char *direction,
		   uint64_t v)
{
	printf("%s{device=", name);
	text(q->iff);
	fputs(",program=", stdout);
	text(q->comm);
	printf(",pid=\"%d\",fd=\"%d\",mode=", q->pid, q->fd);
	text(q->mode[0] ? q->mode : "plain");
	if (direction)
		printf(",direction=\"%s\"", direction);
	printf("} %" PRIu64 "\n", v);
}

static void head(const char *name, const char *help, const char *type)
{
	printf("# HELP %s %s.\n# TYPE %s %s\n", name, help, name, type);
}

/* The samples of one metric have to follow each other. */
void machine_prometheus(const struct facts *f)
{
	char name[64];
	unsigned int i;
	size_t c;

	head("tunring_kernel_rings", "Whether the kernel's tun has rings", "gauge");
	printf("tunring_kernel_rings %d\n", f->rings);
	head("tunring_queue_broken", "errno with which the kernel stopped a ring, or 0",
	     "gauge");
	for (i = 0; i < f->n; i++)
		sample("tunring_queue_broken", &f->queues[i], NULL,
		       f->queues[i].broken);
	for (c = 0; c < N_COUNTERS; c++) {
		snprintf(name, sizeof(name), "tunring_%s_total", counters[c].name);
		head(name, counters[c].help, "counter");
		for (i = 0; i < f->n; i++) {
			if (!queue_counts(&f->queues[i]))
				continue;
			sample(name, &f->queues[i], "rx",
			       value(&f->queues[i].rx, c));
			sample(name, &f->queues[i], "tx",
			       value(&f->queues[i].tx, c));
		}
	}
}
