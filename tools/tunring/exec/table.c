// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "table.h"

#include <pthread.h>
#include <stddef.h>

#include "ring/file.h"

uint64_t exec_table_bits[EXEC_MAX_FD / 64];
static struct exec_file *exec_table[EXEC_MAX_FD];
static int exec_table_used;

static int exec_table_count(const struct exec_file *f)
{
	int fd = -1, n = 0;

	while ((fd = exec_table_next(fd + 1)) >= 0)
		n += exec_table_find(fd) == f;
	return n;
}

static void exec_table_forked(void)
{
	exec_file_forked(exec_table_count);
}

void exec_table_begin(void)
{
	pthread_atfork(NULL, NULL, exec_table_forked);
}

/* Has the process no tun? Then the kernel alone looks at the arguments of a call. */
bool exec_table_empty(void)
{
	return !__atomic_load_n(&exec_table_used, __ATOMIC_RELAXED);
}

/* The file behind a descriptor, or NULL. The file may go at any time. */
struct exec_file *exec_table_find(int fd)
{
	if ((unsigned int)fd >= EXEC_MAX_FD)
		return NULL;
	return __atomic_load_n(&exec_table[fd], __ATOMIC_ACQUIRE);
}

/* The same, with a reference. */
struct exec_file *exec_table_get(int fd)
{
	struct exec_file *f;

	for (;;) {
		f = exec_table_find(fd);
		if (!f)
			return NULL;
		if (!exec_file_hold(f))
			continue;
		if (exec_table_find(fd) == f)
			return f;
		exec_file_put(f);
	}
}

/* The caller's reference becomes the table's. */
void exec_table_set(int fd, struct exec_file *f)
{
	struct exec_file *old = exec_table_take(fd);

	if (old)
		exec_file_put(old);
	if ((unsigned int)fd >= EXEC_MAX_FD) {
		exec_file_put(f);
		return;
	}
	__atomic_fetch_add(&exec_table_used, 1, __ATOMIC_RELAXED);
	/* a descriptor in the table always has its bit: a child of fork() counts by bits */
	__atomic_fetch_or(&exec_table_bits[fd / 64], 1ULL << fd % 64,
			  __ATOMIC_RELEASE);
	__atomic_store_n(&exec_table[fd], f, __ATOMIC_RELEASE);
	exec_file_holds(-1);
}

/* The table's reference becomes the caller's. */
struct exec_file *exec_table_take(int fd)
{
	struct exec_file *f = exec_table_find(fd);

	if (!f || exec_file_borrowed())
		return NULL;
	exec_file_holds(1);
	f = __atomic_exchange_n(&exec_table[fd], NULL, __ATOMIC_ACQ_REL);
	if (f) {
		__atomic_fetch_and(&exec_table_bits[fd / 64], ~(1ULL << fd % 64),
				   __ATOMIC_RELEASE);
		__atomic_fetch_sub(&exec_table_used, 1, __ATOMIC_RELAXED);
	} else {
		exec_file_holds(-1);
	}
	return f;
}

/* Descriptor to was made a duplicate of fd, which need not be a tun. */
void exec_table_copy(int fd, int to)
{
	struct exec_file *f = exec_table_get(fd);

	if (f && !exec_file_borrowed())
		exec_table_set(to, f);
	else if (f)
		exec_file_put(f);
}

/* The first descriptor of a tun from fd on, or -1. */
int exec_table_next(int fd)
{
	uint64_t bits;

	for (; fd < EXEC_MAX_FD; fd = (fd | 63) + 1) {
		bits = exec_table_bits[fd / 64] & ~0ULL << fd % 64;
		if (bits)
			return (fd & ~63) + __builtin_ctzll(bits);
	}
	return -1;
}
