// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../real.h"
#include "../ring/file.h"
#include "../ring/setup.h"
#include "../say.h"
#include "../table.h"
#include "epoll.h"

/* A process that nobody has waited for yet has ended, too. */
static bool exec_program_ended(pid_t pid)
{
	const struct exec_real *real = exec_real();
	struct pollfd pfd = { .events = POLLIN };
	int saved = errno;
	bool ended;

	pfd.fd = (int)real->syscall(SYS_pidfd_open, pid, 0);
	if (pfd.fd >= 0) {
		ended = real->poll(&pfd, 1, 0) > 0;
		real->close(pfd.fd);
	} else {
		ended = errno == ESRCH;
	}
	errno = saved;
	return ended;
}

/* Does another process read the file? The parent of a daemon has ended. */
static bool exec_program_lends(const struct exec_file *f)
{
	const pid_t owner = f->shared->owner;

	return owner && owner != getpid() && !exec_program_ended(owner);
}

/* The files that this process reads. Others' rings go on. */
static void exec_program_aside(const char *why, bool inherited)
{
	struct exec_file *f;
	int fd = -1;

	while ((fd = exec_table_next(fd + 1)) >= 0) {
		f = exec_table_get(fd);
		if (!f)
			continue;
		if (exec_file_state(f) == EXEC_RINGS &&
		    !exec_program_lends(f) &&
		    !(inherited && exec_real()->fcntl(fd, F_GETFD) & FD_CLOEXEC) &&
		    exec_file_lock(f)) {
			exec_setup_aside(f, fd, why);
			exec_file_unlock(f);
		}
		exec_file_put(f);
	}
}

/* A filter may kill the program for a call that it does not make itself. */
void exec_program_filters(void)
{
	exec_setup_deny();
	exec_program_aside("the program sets a seccomp filter", false);
}

/* The next program would find rings on its descriptor, and know nothing of them. */
void exec_program_ends(void)
{
	exec_program_aside("execve", true);
}

EXEC_CALL int prctl(int option, ...)
{
	unsigned long arg[4];
	va_list ap;
	int i;

	va_start(ap, option);
	for (i = 0; i < 4; i++)
		arg[i] = va_arg(ap, unsigned long);
	va_end(ap);
	if (option == PR_SET_SECCOMP)
		exec_program_filters();
	return exec_real()->prctl(option, arg[0], arg[1], arg[2], arg[3]);
}

EXEC_CALL int execve(const char *path, char *const argv[], char *const envp[])
{
	exec_program_ends();
	return exec_real()->execve(path, argv, envp);
}

EXEC_CALL int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

EXEC_CALL int execvpe(const char *file, char *const argv[], char *const envp[])
{
	exec_program_ends();
	return exec_real()->execvpe(file, argv, envp);
}

EXEC_CALL int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

EXEC_CALL int fexecve(int fd, char *const argv[], char *const envp[])
{
	exec_program_ends();
	return exec_real()->fexecve(fd, argv, envp);
}

__attribute__((constructor)) static void exec_program_begin(void)
{
	/* dlsym(3) must not run in a signal handler or in a child of vfork(2) */
	exec_real();
	exec_say_begin();
	exec_file_begin();
	exec_table_begin();
	exec_epoll_begin();
}

__attribute__((destructor)) static void exec_program_end(void)
{
	struct exec_file *f;
	int fd = -1;

	while ((fd = exec_table_next(fd + 1)) >= 0) {
		f = exec_table_get(fd);
		if (!f)
			continue;
		exec_file_report(f);
		exec_file_put(f);
	}
}
