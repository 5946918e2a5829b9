// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "fd.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "../real.h"
#include "../ring/file.h"
#include "../ring/setup.h"
#include "../table.h"
#include "epoll.h"

/*
 * The table forgets a descriptor before the kernel does. The number may be another
 * file's right after the kernel's close.
 */
static struct exec_file *exec_fd_forget(int fd)
{
	exec_epoll_closed(fd);
	return exec_table_take(fd);
}

/* The areas of the rings are unmapped behind the kernel's close. */
static void exec_fd_done(struct exec_file *f)
{
	if (f)
		exec_file_put(f);
}

EXEC_CALL int close(int fd)
{
	struct exec_file *f = exec_fd_forget(fd);
	int ret = exec_real()->close(fd);

	exec_fd_done(f);
	return ret;
}

EXEC_CALL int fclose(FILE *file)
{
	struct exec_file *f = exec_fd_forget(fileno(file));
	int ret = exec_real()->fclose(file);

	exec_fd_done(f);
	return ret;
}

static void exec_fd_forget_range(unsigned int first, unsigned int last)
{
	int fd = first < EXEC_MAX_FD ? (int)first : EXEC_MAX_FD;

	while ((fd = exec_table_next(fd)) >= 0 && (unsigned int)fd <= last) {
		exec_fd_done(exec_fd_forget(fd));
		fd++;
	}
}

EXEC_CALL int close_range(unsigned int first, unsigned int last, int flags)
{
	/* the kernel refuses other flags, and closes nothing with CLOSE_RANGE_CLOEXEC */
	if (first <= last && !(flags & ~CLOSE_RANGE_UNSHARE))
		exec_fd_forget_range(first, last);
	return exec_real()->close_range(first, last, flags);
}

EXEC_CALL void closefrom(int first)
{
	exec_fd_forget_range(first < 0 ? 0 : (unsigned int)first, ~0U);
	exec_real()->closefrom(first);
}

EXEC_CALL int dup(int fd)
{
	int to = exec_real()->dup(fd);

	if (to >= 0)
		exec_table_copy(fd, to);
	return to;
}

/* The old file of the descriptor is closed, unless the call fails. */
static int exec_fd_replace(int fd, int to, int flags, bool dup3_called)
{
	struct exec_file *old = NULL;
	int ret;

	if (fd != to)
		old = exec_fd_forget(to);
	ret = dup3_called ? exec_real()->dup3(fd, to, flags) :
			    exec_real()->dup2(fd, to);
	if (ret < 0 && old) {
		exec_table_set(to, old);
		return ret;
	}
	exec_fd_done(old);
	if (ret >= 0 && fd != to)
		exec_table_copy(fd, to);
	return ret;
}

EXEC_CALL int dup2(int fd, int to)
{
	return exec_fd_replace(fd, to, 0, false);
}

EXEC_CALL int dup3(int fd, int to, int flags)
{
	return exec_fd_replace(fd, to, flags, true);
}

static void exec_fd_flags(int fd, long flags)
{
	struct exec_file *f = exec_table_get(fd);

	if (!f)
		return;
	if (exec_file_lock(f)) {
		f->shared->nonblock = !!(flags & O_NONBLOCK);
		if (flags & O_ASYNC)
			exec_setup_aside(f, fd, "O_ASYNC");
		exec_file_unlock(f);
	}
	exec_file_put(f);
}

static int exec_fd_control(int (*real)(int fd, int cmd, ...), int fd, int cmd,
			   long arg)
{
	int ret = real(fd, cmd, arg);

	if (ret < 0)
		return ret;
	if (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC)
		exec_table_copy(fd, ret);
	else if (cmd == F_SETFL)
		exec_fd_flags(fd, arg);
	return ret;
}

EXEC_CALL int fcntl(int fd, int cmd, ...)
{
	va_list ap;
	long arg;

	va_start(ap, cmd);
	arg = va_arg(ap, long);
	va_end(ap);
	return exec_fd_control(exec_real()->fcntl, fd, cmd, arg);
}

EXEC_CALL int fcntl64(int fd, int cmd, ...)
{
	va_list ap;
	long arg;

	va_start(ap, cmd);
	arg = va_arg(ap, long);
	va_end(ap);
	return exec_fd_control(exec_real()->fcntl64, fd, cmd, arg);
}
