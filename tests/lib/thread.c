// SPDX-License-Identifier: GPL-2.0
/*
 * Waits until the kernel has finished the work of earlier calls. User space can
 * see a packet or a used entry before the ring's server has enabled kicks or
 * signalled the eventfd.
 */
#include "thread.h"

#include <ctype.h>
#include <dirent.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>

#include "lib.h"

/* Reads a file of thread pid in /proc. */
static int proc_text(const char *pid, const char *name, char *buf, size_t size)
{
	char path[300];

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	return file_get(path, buf, size);
}

/*
 * Is the thread blocked? A thread that set its state but has not called
 * schedule() yet has wchan 0. True if there is no such thread.
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
 * Waits until a thread of any process is blocked. Returns -ESRCH if there is no
 * such thread.
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

/* Does the thread's name begin with prefix? */
static bool is_thread(const char *pid, const char *prefix)
{
	char name[64];

	return isdigit(pid[0]) &&
	       proc_text(pid, "comm", name, sizeof(name)) >= 0 &&
	       !strncmp(name, prefix, strlen(prefix));
}

/* Returns a thread whose name begins with prefix, or 0. */
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

/* Returns a thread that serves rings of the owner, or 0. */
pid_t thread_of_rings(pid_t owner)
{
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "tun-%d-", owner);
	return thread_named(prefix);
}

/*
 * Are all threads blocked that serve rings in the owner's memory, or run
 * softirqs? Names of the first begin with the owner's pid. A softirq may serve
 * a ring, too.
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
 * Waits until the work of the caller's earlier calls is finished: all threads
 * that serve rings in the owner's memory or run softirqs are blocked, and no
 * softirq runs.
 */
int thread_wait_idle(pid_t owner)
{
	long end = now_ms() + WAIT_MS;

	while (!threads_sleep(owner)) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	/* returns after a grace period, so after every softirq that was running */
	return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0) ? -errno : 0;
}
