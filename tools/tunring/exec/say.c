// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "real.h"

static bool exec_say_on;
static struct stat exec_say_to;

void exec_say_begin(void)
{
	const char *on = getenv("TUNRING_EXEC_VERBOSE");

	exec_say_on = on && *on && !fstat(STDERR_FILENO, &exec_say_to);
}

/*
 * Descriptor 2 of a daemon may be anything: only the file that was standard error
 * at the start gets messages.
 */
void exec_say(const char *format, ...)
{
	int saved = errno, n, m;
	char line[512];
	struct stat now;
	va_list ap;

	if (!exec_say_on || fstat(STDERR_FILENO, &now) ||
	    now.st_dev != exec_say_to.st_dev || now.st_ino != exec_say_to.st_ino)
		goto out;
	n = snprintf(line, sizeof(line), "tunring exec: %.32s[%d]: ",
		     program_invocation_short_name, (int)getpid());
	va_start(ap, format);
	m = vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, ap);
	va_end(ap);
	if (m >= 0) {
		n = (int)strlen(line);
		line[n++] = '\n';
		/* unlike write(2), no cancellation point: the caller may have a lock */
		exec_real()->syscall(SYS_write, STDERR_FILENO, line, (size_t)n);
	}
out:
	errno = saved;
}
