// SPDX-License-Identifier: GPL-2.0
/* Reads the kernel's counters of system calls and task switches, and counts descriptors. */
#include <dirent.h>
#include <sys/syscall.h>
#include <linux/perf_event.h>

#include "cost.h"

/* Return: a file that counts the calling thread's system calls. */
int syscalls_open(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr),
	};
	char id[16];
	int fd;

	if (file_get("/sys/kernel/tracing/events/raw_syscalls/sys_enter/id", id,
		     sizeof(id)) <= 0)
		return -ENOENT;
	attr.config = atoi(id);
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	return fd < 0 ? -errno : fd;
}

unsigned long syscalls_count(int fd)
{
	uint64_t n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

/* Return: the sum of voluntary switches of all tasks whose name begins with @comm. */
unsigned long thread_switches(const char *comm)
{
	char path[300], buf[4096], *at;
	DIR *dir = opendir("/proc");
	struct dirent *d;
	unsigned long sum = 0;

	while (dir && (d = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", d->d_name);
		if (file_get(path, buf, sizeof(buf)) <= 0 ||
		    strncmp(buf, comm, strlen(comm)))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/status", d->d_name);
		if (file_get(path, buf, sizeof(buf)) <= 0)
			continue;
		at = strstr(buf, "\nvoluntary_ctxt_switches:");
		if (at)
			sum += strtoul(strchr(at, ':') + 1, NULL, 10);
	}
	if (dir)
		closedir(dir);
	return sum;
}

unsigned int fds_count(void)
{
	unsigned int fd, n = 0;

	for (fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}
