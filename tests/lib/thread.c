// SPDX-License-Identifier: GPL-2.0
/*
 * Waits until the kernel has finished the work of earlier calls. User space can
 * see a packet or a used entry before the ring's server has enabled kicks or
 * signalled the eventfd.
 */
#include "thread.h"

#include <ctype.h>
#include <dirent.h>
#include <semaphore.h>
#include <linux/membarrier.h>
#include <sys/mman.h>
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
 * Is the thread blocked, in one of these states of /proc/PID/stat? A thread that
 * set its state but has not called schedule() yet has wchan 0. True if there is
 * no such thread.
 */
static bool is_blocked(const char *pid, const char *states)
{
	char buf[512], *p;

	if (proc_text(pid, "wchan", buf, sizeof(buf)) < 0)
		return true;
	if (!strcmp(buf, "0"))
		return false;
	if (proc_text(pid, "stat", buf, sizeof(buf)) < 0)
		return true;
	p = strrchr(buf, ')');
	return p && strchr(states, p[2]);
}

static int wait_states(pid_t tid, const char *states)
{
	long end = now_ms() + WAIT_MS;
	char name[16];

	snprintf(name, sizeof(name), "%d", tid);
	while (!is_blocked(name, states)) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(100);
	}
	return kill(tid, 0) && errno == ESRCH ? -ESRCH : 0;
}

/*
 * Waits until a thread of any process is blocked and a signal can wake it.
 * Returns -ESRCH if there is no such thread.
 */
int thread_wait_blocked(pid_t tid)
{
	return wait_states(tid, "S");
}

/* Waits until a thread is blocked, even if only a fatal signal can wake it. */
int thread_wait_stuck(pid_t tid)
{
	return wait_states(tid, "SD");
}

struct starting {
	sem_t runs;
	pid_t tid;
	void *(*fn)(void *);
	void *arg;
};

static void *start(void *arg)
{
	struct starting *s = arg;
	void *(*fn)(void *) = s->fn;
	void *fn_arg = s->arg;

	s->tid = syscall(SYS_gettid);
	sem_post(&s->runs);
	return fn(fn_arg);
}

/* Runs fn in a thread and waits until the thread is blocked. Returns its tid. */
pid_t thread_start_blocked(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	struct starting s = { .fn = fn, .arg = arg };
	int ret;

	sem_init(&s.runs, 0, 0);
	ret = pthread_create(thread, NULL, start, &s);
	if (ret)
		return -ret;
	while (sem_wait(&s.runs))
		;
	sem_destroy(&s.runs);
	ret = thread_wait_blocked(s.tid);
	return ret ?: s.tid;
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
 * The processes that neither serve rings nor run softirqs, as far as one scan has
 * seen. All tests of a program share the table, because a scan of all names takes
 * longer than most tests.
 */
#define PIDS	65536

static bool *uninteresting;

static __attribute__((constructor)) void uninteresting_map(void)
{
	void *p = mmap(NULL, PIDS, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	uninteresting = p == MAP_FAILED ? NULL : p;
}

/* May the thread serve rings of the owner, or run softirqs? */
static bool may_serve(const char *pid, pid_t owner)
{
	int n = atoi(pid);
	char name[64], *end;

	if (n <= 0 || (uninteresting && n < PIDS && uninteresting[n]) ||
	    proc_text(pid, "comm", name, sizeof(name)) < 0)
		return false;
	if (!strncmp(name, "ksoftirqd/", 10) || !strncmp(name, "napi/", 5))
		return true;
	if (!strncmp(name, "tun-", 4))
		return strtol(name + 4, &end, 10) == owner && *end == '-';
	if (!strncmp(name, "vringfd-", 8))
		return strtol(name + 8, &end, 10) == owner;
	/* a thread of the kernel may not have its name yet */
	if (uninteresting && n < PIDS && strcmp(name, "kthreadd"))
		uninteresting[n] = true;
	return false;
}

/*
 * Are all threads blocked that serve rings in the owner's memory, or run
 * softirqs? Names of the first begin with the owner's pid. A softirq may serve a
 * ring, too.
 */
static bool servers_blocked(pid_t owner)
{
	struct dirent *d;
	DIR *dir = opendir("/proc");
	bool ret = dir;

	while (ret && (d = readdir(dir)))
		ret = !may_serve(d->d_name, owner) || is_blocked(d->d_name, "S");
	if (dir)
		closedir(dir);
	return ret;
}

/* Waits for a grace period, so for every softirq and NAPI poll that runs now. */
int thread_wait_softirqs(void)
{
	return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0) ? -errno : 0;
}

/*
 * Waits until the work of the caller's earlier calls is finished: all threads
 * that serve rings in the owner's memory or run softirqs are blocked, and no
 * softirq runs.
 */
int thread_wait_idle(pid_t owner)
{
	long end = now_ms() + WAIT_MS;

	while (!servers_blocked(owner)) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	return thread_wait_softirqs();
}
