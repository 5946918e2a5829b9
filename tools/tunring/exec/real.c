// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "real.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static struct exec_real exec_real_calls;
static bool exec_real_known;

#define CALL(member, name)	{ offsetof(struct exec_real, member), name }

static const struct {
	size_t		offset;
	const char	*name;
} exec_real_names[] = {
	CALL(read, "read"),
	CALL(readv, "readv"),
	CALL(read_chk, "__read_chk"),
	CALL(poll, "poll"),
	CALL(poll_chk, "__poll_chk"),
	CALL(ppoll, "ppoll"),
	CALL(ppoll_chk, "__ppoll_chk"),
	CALL(select, "select"),
	CALL(pselect, "pselect"),
	CALL(epoll_ctl, "epoll_ctl"),
	CALL(epoll_wait, "epoll_wait"),
	CALL(epoll_pwait, "epoll_pwait"),
	CALL(epoll_pwait2, "epoll_pwait2"),
	CALL(close, "close"),
	CALL(close_range, "close_range"),
	CALL(closefrom, "closefrom"),
	CALL(fclose, "fclose"),
	CALL(dup, "dup"),
	CALL(dup2, "dup2"),
	CALL(dup3, "dup3"),
	CALL(fcntl, "fcntl"),
	CALL(fcntl64, "fcntl64"),
	CALL(ioctl, "ioctl"),
	CALL(sendmsg, "sendmsg"),
	CALL(sendmmsg, "sendmmsg"),
	CALL(prctl, "prctl"),
	CALL(syscall, "syscall"),
	CALL(execve, "execve"),
	CALL(execvpe, "execvpe"),
	CALL(fexecve, "fexecve"),
};

/* Constructors of other libraries may call before ours ran. */
static void exec_real_find(void)
{
	size_t i;
	void *call;

	for (i = 0; i < sizeof(exec_real_names) / sizeof(exec_real_names[0]); i++) {
		call = dlsym(RTLD_NEXT, exec_real_names[i].name);
		memcpy((char *)&exec_real_calls + exec_real_names[i].offset,
		       &call, sizeof(call));
	}
	__atomic_store_n(&exec_real_known, true, __ATOMIC_RELEASE);
}

const struct exec_real *exec_real(void)
{
	if (!__atomic_load_n(&exec_real_known, __ATOMIC_ACQUIRE))
		exec_real_find();
	return &exec_real_calls;
}
