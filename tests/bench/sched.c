// SPDX-License-Identifier: GPL-2.0
/* Priorities on the one processor, and the number of task switches. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/resource.h>

#include "bench.h"

/* For as long as it takes; see sched_in_front(). */
void sched_unthrottle(void)
{
	int fd = open("/proc/sys/kernel/sched_rt_runtime_us",
		      O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "-1", 2) != 2)
		die("sched_rt_runtime_us: %s", strerror(errno));
	close(fd);
}

/*
 * The driver goes before its server, which sees whole bursts then, as one on
 * another processor would. Only for a contestant that has such a server, and only
 * while it runs: softirqs may need a thread, too, and once they have it, a driver
 * that is woken before that thread sleeps would leave them with it.
 */
void sched_in_front(bool yes)
{
	struct sched_param param = { .sched_priority = yes };

	if (sched_setscheduler(0, yes ? SCHED_FIFO : SCHED_OTHER, &param))
		die("sched_setscheduler: %s", strerror(errno));
}

static bool named(const char *pid, const char *comm)
{
	char path[300], name[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, name, sizeof(name) - 1) < 0)
		name[0] = 0;
	if (fd >= 0)
		close(fd);
	return !strncmp(name, comm, strlen(comm));
}

/*
 * Kernel threads whose names begin with comm get the priority of sched_in_front().
 * Such a thread runs when the driver yields, and until the thread sleeps.
 */
void sched_beside(const char *comm)
{
	struct sched_param param = { .sched_priority = 1 };
	struct dirent *entry;
	unsigned int n = 0;
	DIR *proc;

	proc = opendir("/proc");
	if (!proc)
		die("/proc: %s", strerror(errno));
	while ((entry = readdir(proc)))
		if (atoi(entry->d_name) && named(entry->d_name, comm)) {
			if (sched_setscheduler(atoi(entry->d_name), SCHED_FIFO,
					       &param))
				die("sched_setscheduler: %s", strerror(errno));
			n++;
		}
	closedir(proc);
	if (!n)
		die("no thread %s", comm);
}

/* Sleeps until kernel threads have, too: one that polls, or ksoftirqd. */
void sched_settle(void)
{
	struct timespec ts = { .tv_nsec = 5000000 };

	nanosleep(&ts, NULL);
}

/* Times that this process slept and was woken. */
uint64_t sched_wakeups(void)
{
	struct rusage u;

	getrusage(RUSAGE_THREAD, &u);
	return u.ru_nvcsw;
}

/* Times that the processor went from one task to another. */
uint64_t sched_switches(void)
{
	static char buf[65536];
	unsigned long long n;
	ssize_t len;
	char *p;
	int fd;

	fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
	if (len < 0)
		die("/proc/stat: %s", strerror(errno));
	close(fd);
	buf[len] = 0;
	p = strstr(buf, "\nctxt ");
	if (!p || sscanf(p, "\nctxt %llu", &n) != 1)
		die("no ctxt in /proc/stat");
	return n;
}
