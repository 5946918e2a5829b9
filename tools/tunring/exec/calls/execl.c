// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "execl.h"

#include <stdarg.h>

#include "../real.h"

/* How many arguments follow the first one; the list ends with a NULL. */
static int exec_list_length(va_list ap)
{
	int n = 0;

	while (va_arg(ap, char *))
		n++;
	return n;
}

/* Like libc's, without malloc(3): a signal handler may call these functions. */
#define EXEC_LIST(argv, first)					\
	do {							\
		int i_;						\
								\
		(argv)[0] = (char *)(first);			\
		for (i_ = 1; i_ <= n + 1; i_++)			\
			(argv)[i_] = va_arg(ap, char *);	\
	} while (0)

EXEC_CALL int execl(const char *path, const char *arg, ...)
{
	va_list ap;
	int n;

	va_start(ap, arg);
	n = exec_list_length(ap);
	va_end(ap);

	char *argv[n + 2];

	va_start(ap, arg);
	EXEC_LIST(argv, arg);
	va_end(ap);
	return execv(path, argv);
}

EXEC_CALL int execlp(const char *file, const char *arg, ...)
{
	va_list ap;
	int n;

	va_start(ap, arg);
	n = exec_list_length(ap);
	va_end(ap);

	char *argv[n + 2];

	va_start(ap, arg);
	EXEC_LIST(argv, arg);
	va_end(ap);
	return execvp(file, argv);
}

EXEC_CALL int execle(const char *path, const char *arg, ...)
{
	va_list ap;
	int n;

	va_start(ap, arg);
	n = exec_list_length(ap);
	va_end(ap);

	char *argv[n + 2], **envp;

	va_start(ap, arg);
	EXEC_LIST(argv, arg);
	envp = va_arg(ap, char **);
	va_end(ap);
	return execve(path, argv, envp);
}
