// SPDX-License-Identifier: GPL-2.0
/* A thread that runs a function once its creator is blocked in a system call. */
#include <sys/syscall.h>

#include "env.h"

static void *after_run(void *arg)
{
	struct after *a = arg;

	a->ret = thread_wait_blocked(a->tid);
	a->fn(a->arg);
	return NULL;
}

int after_start(struct after *a, void (*fn)(void *), void *arg)
{
	*a = (struct after) {
		.tid = syscall(SYS_gettid), .fn = fn, .arg = arg,
	};
	return -pthread_create(&a->thread, NULL, after_run, a);
}

/* Returns 0 if the creator was blocked when fn ran. */
int after_join(struct after *a)
{
	pthread_join(a->thread, NULL);
	return a->ret;
}
