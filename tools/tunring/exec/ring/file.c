// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../say.h"

#define EXEC_FILES	1024

/*
 * Places are used again but never freed, so that a call may look at a place that
 * another thread is giving up.
 */
static struct exec_file exec_files[EXEC_FILES];

/* The process that owns this memory. The kernel clears the page in a child of fork(2). */
static pid_t *exec_pid;

__thread int exec_file_mine;

void exec_file_begin(void)
{
	const size_t len = (size_t)sysconf(_SC_PAGESIZE);
	void *page = mmap(NULL, len, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page != MAP_FAILED && !madvise(page, len, MADV_WIPEONFORK))
		exec_pid = page;
}

/* Without a system call, except in a child that clone(2) made by syscall(2). */
pid_t exec_file_pid(void)
{
	if (!exec_pid)
		return 0;
	if (!*exec_pid)
		*exec_pid = getpid();
	return *exec_pid;
}

/* In a child of vfork(2), which closes its own descriptors, but has our memory. */
bool exec_file_borrowed(void)
{
	return exec_file_pid() != getpid();
}

static bool exec_file_share(struct exec_file *f)
{
	pthread_mutexattr_t attr;
	struct exec_shared *s;

	s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s == MAP_FAILED)
		return false;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	/* for a signal handler that interrupts a read, and reads, too */
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&s->lock, &attr);
	pthread_mutexattr_destroy(&attr);
	f->shared = s;
	return true;
}

/* Returns a file with one reference, or NULL: without memory, or with very many. */
struct exec_file *exec_file_new(void)
{
	struct exec_file *f;
	int i, none;

	exec_file_holds(1);
	for (i = 0; i < EXEC_FILES; i++) {
		f = &exec_files[i];
		none = 0;
		if (!__atomic_compare_exchange_n(&f->refs, &none, 1, false,
						 __ATOMIC_ACQUIRE,
						 __ATOMIC_RELAXED))
			continue;
		if (exec_file_share(f))
			return f;
		__atomic_store_n(&f->refs, 0, __ATOMIC_RELEASE);
		break;
	}
	exec_file_holds(-1);
	return NULL;
}

/* Another thread may fork() at any time: its child must not unmap the area again. */
static void exec_file_unmap(uint8_t **area, uint64_t len)
{
	uint8_t *map = *area;

	*area = NULL;
	if (map)
		munmap(map, len);
}

static void exec_file_free(struct exec_file *f)
{
	struct exec_shared *s = f->shared;

	if (s) {
		exec_file_unmap(&f->driver, s->setup.driver_len);
		exec_file_unmap(&f->device, s->setup.device_len);
		exec_file_unmap(&f->pool, s->setup.pool_len);
		f->shared = NULL;
		munmap(s, sizeof(*s));
	}
	__atomic_store_n(&f->refs, 0, __ATOMIC_RELEASE);
}

/* The last reference was put: nobody else looks at the file. */
void exec_file_release(struct exec_file *f)
{
	int saved = errno;

	exec_file_report(f);
	exec_file_free(f);
	errno = saved;
}

/**
 * exec_file_forked - begin a child of fork(2)
 * @count: how many descriptors of the child have the file
 *
 * The child has none of the threads whose calls held references.
 */
void exec_file_forked(int (*count)(const struct exec_file *f))
{
	struct exec_file *f;

	/* now: the child's own child of vfork(2) must not be the first that asks */
	if (exec_pid)
		*exec_pid = getpid();
	/* fork() in a signal handler: the call below the handler goes on in the child */
	if (exec_file_mine)
		return;
	for (f = exec_files; f < exec_files + EXEC_FILES; f++) {
		if (!f->refs)
			continue;
		f->refs = count(f);
		if (!f->refs)
			exec_file_free(f);
	}
}

/* Returns false in a signal handler that interrupted a call with the lock. */
bool exec_file_lock(struct exec_file *f)
{
	int err = pthread_mutex_lock(&f->shared->lock);

	/* the other process was killed between two packets, or while it copied one */
	if (err == EOWNERDEAD)
		err = pthread_mutex_consistent(&f->shared->lock);
	return !err;
}

void exec_file_unlock(struct exec_file *f)
{
	pthread_mutex_unlock(&f->shared->lock);
}

/* One line of counters, by the process that read last. */
void exec_file_report(const struct exec_file *f)
{
	const struct exec_shared *s = f->shared;

	if (!s->packets || s->owner != getpid())
		return;
	exec_say("%.16s: read %" PRIu64 " packets from the ring with %" PRIu64
		 " system calls; %" PRIu64 " waits answered from the ring",
		 s->name, s->packets, s->calls, s->answers);
}
