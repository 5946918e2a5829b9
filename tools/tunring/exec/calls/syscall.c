// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "syscall.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../real.h"
#include "epoll.h"
#include "message.h"
#include "poll.h"
#include "program.h"
#include "select.h"

#define EXEC_ARGS	6

/* Calls that our own functions make in the same way. */
static bool exec_syscall_ours(long nr, const long *a, long *ret)
{
	switch (nr) {
	case SYS_read:
		*ret = read((int)a[0], (void *)a[1], (size_t)a[2]);
		return true;
	case SYS_readv:
		*ret = readv((int)a[0], (void *)a[1], (int)a[2]);
		return true;
	case SYS_close:
		*ret = close((int)a[0]);
		return true;
	case SYS_close_range:
		*ret = close_range((unsigned int)a[0], (unsigned int)a[1], (int)a[2]);
		return true;
	case SYS_dup:
		*ret = dup((int)a[0]);
		return true;
#ifdef SYS_dup2
	case SYS_dup2:
		*ret = dup2((int)a[0], (int)a[1]);
		return true;
#endif
	case SYS_dup3:
		*ret = dup3((int)a[0], (int)a[1], (int)a[2]);
		return true;
	case SYS_fcntl:
		*ret = fcntl((int)a[0], (int)a[1], a[2]);
		return true;
	case SYS_ioctl:
		*ret = ioctl((int)a[0], (unsigned long)a[1], a[2]);
		return true;
	case SYS_epoll_ctl:
		*ret = epoll_ctl((int)a[0], (int)a[1], (int)a[2], (void *)a[3]);
		return true;
	case SYS_prctl:
		*ret = prctl((int)a[0], a[1], a[2], a[3], a[4]);
		return true;
	case SYS_sendmmsg:
		*ret = sendmmsg((int)a[0], (void *)a[1], (unsigned int)a[2],
				(int)a[3]);
		return true;
	case SYS_sendmsg:
		*ret = sendmsg((int)a[0], (void *)a[1], (int)a[2]);
		return true;
	}
	return false;
}

/* Calls whose arguments differ from those of libc's functions. */
static int exec_syscall_answer(long nr, const long *a)
{
	switch (nr) {
#ifdef SYS_poll
	case SYS_poll:
#endif
	case SYS_ppoll:
		return exec_poll_answer((void *)a[0], (nfds_t)a[1]);
#ifdef SYS_select
	case SYS_select:
#endif
	case SYS_pselect6:
		return exec_select_answer((int)a[0], (void *)a[1], (void *)a[2],
					  (void *)a[3]);
#ifdef SYS_epoll_wait
	case SYS_epoll_wait:
#endif
	case SYS_epoll_pwait:
	case SYS_epoll_pwait2:
		return exec_epoll_answer((int)a[0], (void *)a[1], (int)a[2]);
	case SYS_seccomp:
		exec_program_filters();
		return 0;
	case SYS_execve:
	case SYS_execveat:
		exec_program_ends();
		return 0;
	}
	return 0;
}

EXEC_CALL long syscall(long nr, ...)
{
	long a[EXEC_ARGS], ret;
	va_list ap;
	int i;

	va_start(ap, nr);
	for (i = 0; i < EXEC_ARGS; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (exec_syscall_ours(nr, a, &ret))
		return ret;
	ret = exec_syscall_answer(nr, a);
	return ret ?: exec_real()->syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}
