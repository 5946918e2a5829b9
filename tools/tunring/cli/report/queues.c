// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "queues.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define TUN_MAJOR	10
#define TUN_MINOR	200

/* "name number" pairs, in any order, unknown names skipped. */
static void parse_ring(char *text, struct queue_ring *r)
{
	const struct {
		const char *name;
		uint64_t *value;
	} fields[] = {
		{ "packets", &r->count.packets }, { "bytes", &r->count.bytes },
		{ "kicks", &r->count.kicks }, { "wakeups", &r->count.wakeups },
		{ "full", &r->count.full }, { "dropped", &r->count.dropped },
		{ "too_big", &r->count.too_big }, { "errors", &r->count.errors },
	};
	char *save, *name, *value;
	size_t i;

	for (name = strtok_r(text, " \t\n", &save); name;
	     name = strtok_r(NULL, " \t\n", &save)) {
		value = strtok_r(NULL, " \t\n", &save);
		if (!value)
			return;
		if (!strcmp(name, "entries"))
			r->entries = (uint32_t)strtoul(value, NULL, 10);
		for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
			if (!strcmp(name, fields[i].name))
				*fields[i].value = strtoull(value, NULL, 10);
	}
}

static void parse_line(char *line, struct queue *q)
{
	char *value = strchr(line, '\t');

	if (!value)
		return;
	*value++ = '\0';
	value[strcspn(value, "\n")] = '\0';
	if (!strcmp(line, "iff:"))
		snprintf(q->iff, sizeof(q->iff), "%.31s", value);
	else if (!strcmp(line, "ring-mode:"))
		snprintf(q->mode, sizeof(q->mode), "%.15s", value);
	else if (!strcmp(line, "ring-features:"))
		q->features = strtoull(value, NULL, 0);
	else if (!strcmp(line, "ring-rx:"))
		parse_ring(value, &q->rx);
	else if (!strcmp(line, "ring-tx:"))
		parse_ring(value, &q->tx);
	else if (!strcmp(line, "ring-broken:"))
		q->broken = (uint32_t)strtoul(value, NULL, 10);
}

static bool read_queue(struct queue *q)
{
	char path[64], line[512];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", q->pid, q->fd);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (fgets(line, sizeof(line), f))
		parse_line(line, q);
	fclose(f);
	/* a queue without a device prints a placeholder */
	if (q->iff[0] == '<')
		q->iff[0] = '\0';

	snprintf(path, sizeof(path), "/proc/%d/comm", q->pid);
	f = fopen(path, "re");
	if (f) {
		if (fgets(q->comm, sizeof(q->comm), f))
			q->comm[strcspn(q->comm, "\n")] = '\0';
		fclose(f);
	}
	return true;
}

static bool is_tun(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISCHR(st.st_mode) &&
	       major(st.st_rdev) == TUN_MAJOR && minor(st.st_rdev) == TUN_MINOR;
}

static int each_fd(int pid, void (*fn)(const struct queue *q, void *arg),
		   void *arg)
{
	struct dirent *e;
	char path[64];
	int n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((e = readdir(dir))) {
		struct queue q = { .pid = pid, .fd = atoi(e->d_name) };

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, q.fd);
		if (!isdigit((unsigned char)e->d_name[0]) || !is_tun(path) ||
		    !read_queue(&q))
			continue;
		fn(&q, arg);
		n++;
	}
	closedir(dir);
	return n;
}

int queues_each(void (*fn)(const struct queue *q, void *arg), void *arg)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	int n = 0;

	if (!dir)
		return -errno;
	while ((e = readdir(dir)))
		if (isdigit((unsigned char)e->d_name[0]))
			n += each_fd(atoi(e->d_name), fn, arg);
	closedir(dir);
	return n;
}

struct list {
	const char	*dev;
	struct queue	*queues;
	unsigned int	n;
	bool		failed;
};

static void list_add(const struct queue *q, void *arg)
{
	struct list *l = arg;
	struct queue *more;

	if (l->dev && strcmp(l->dev, q->iff))
		return;
	more = realloc(l->queues, (l->n + 1) * sizeof(*more));
	if (!more) {
		l->failed = true;
		return;
	}
	l->queues = more;
	more[l->n++] = *q;
}

int queues_all(const char *dev, struct queue **queues)
{
	struct list l = { .dev = dev };
	int ret = queues_each(list_add, &l);

	if (ret < 0 || l.failed) {
		free(l.queues);
		return ret < 0 ? ret : -ENOMEM;
	}
	*queues = l.queues;
	return (int)l.n;
}
