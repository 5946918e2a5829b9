// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the kernel has done with what it was given. A packet, or a used entry,
 * is seen before the server of its ring has asked for the next kick, or called.
 */
#include "thread.h"

#include <ctype.h>
#include <dirent.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>

#include "lib.h"

/* Thread pid's file of that name. */
static int proc_text(const char *pid, const char *name, char *buf, size_t size)
{
	char path[300];

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	return file_get(path, buf, size);
}

/*
 * Does it sleep? Who only says so, being about to look once more, has no place
 * to sleep in, as it is still to run.
 */
static bool is_asleep(const char *pid)
{
	char buf[512], *p;

	if (proc_text(pid, "wchan", buf, sizeof(buf)) < 0)
		return true;
	if (!strcmp(buf, "0"))
		return false;
	if (proc_text(pid, "stat", buf, sizeof(buf)) < 0)
		return true;
	p = strrchr(buf, ')');
	return p && p[2] == 'S';
}

/*
 * Waits until a thread is blocked in a system call. Works for any thread of any
 * process; -ESRCH if there is no such thread.
 */
int thread_wait_blocked(pid_t tid)
{
	long end = now_ms() + WAIT_MS;
	char name[16];

	snprintf(name, sizeof(name), "%d", tid);
	while (!is_asleep(name)) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(100);
	}
	return kill(tid, 0) && errno == ESRCH ? -ESRCH : 0;
}

/* By how its name begins. */
static bool is_thread(const char *pid, const char *prefix)
{
	char name[64];

	return isdigit(pid[0]) &&
	       proc_text(pid, "comm", name, sizeof(name)) >= 0 &&
	       !strncmp(name, prefix, strlen(prefix));
}

/* A thread whose name begins like that, or 0. */
pid_t thread_named(const char *prefix)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;
	pid_t pid = 0;

	while (dir && !pid && (d = readdir(dir)))
		if (is_thread(d->d_name, prefix))
			pid = atoi(d->d_name);
	if (dir)
		closedir(dir);
	return pid;
}

/* One for rings of that process's. */
pid_t thread_of_rings(pid_t owner)
{
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "tun-%d-", owner);
	return thread_named(prefix);
}

/*
 * All threads that serve rings in the memory of a process: their names begin with
 * it. And those that have softirqs to do, of which rings may be some.
 */
static bool threads_sleep(pid_t owner)
{
	char prefix[32], vringfd[32];
	struct dirent *d;
	DIR *dir = opendir("/proc");
	bool ret = dir;

	snprintf(prefix, sizeof(prefix), "tun-%d-", owner);
	snprintf(vringfd, sizeof(vringfd), "vringfd-%d", owner);
	while (ret && (d = readdir(dir)))
		ret = (!is_thread(d->d_name, prefix) &&
		       !is_thread(d->d_name, vringfd) &&
		       !is_thread(d->d_name, "ksoftirqd/") &&
		       !is_thread(d->d_name, "napi/")) || is_asleep(d->d_name);
	if (dir)
		closedir(dir);
	return ret;
}

/*
 * What the caller did before, and what that woke, is over: the threads sleep that
 * serve rings in memory of the owner, those for softirqs do, too, and no softirq is
 * in the middle of a turn.
 */
int thread_wait_idle(pid_t owner)
{
	long end = now_ms() + WAIT_MS;

	while (!threads_sleep(owner)) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	/* waits for a grace period */
	return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0) ? -errno : 0;
}
