// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Start a program with a library in front of libc's calls. */
#include "cli.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PRELOAD	"LD_PRELOAD"
#define LIBRARY	"tunring-exec.so"

static bool verbose;

static const struct cli_option own[] = {
	{ 'v', "verbose", NULL, "say which devices have rings, or why not", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

static int set_own(int key, const char *arg)
{
	(void)arg;
	verbose |= key == 'v';
	return 0;
}

static const struct cli_syntax syntax = {
	.own	= own,
	.set_own = set_own,
	.args	= "[--] PROGRAM [ARGUMENT ...]",
	.help	= "Starts PROGRAM, which need not know of rings: a library reads "
		  "packets from rings\nin place of the program's read(2).",
	.program = true,
};

/*
 * Beside the command, where make puts it; where make was told to install it; where
 * it lies relative to the command.
 */
static bool find_library(char *path, size_t size)
{
	const char *const dirs[] = { "%s/" LIBRARY, EXEC_DIR "/" LIBRARY,
				     "%s/../lib/tunring/" LIBRARY };
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t i;

	if (n < 0)
		return false;
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (dirs[i][0] == '%')
			snprintf(path, size, "%s%s", self, dirs[i] + 2);
		else
			snprintf(path, size, "%s", dirs[i]);
		if (!access(path, R_OK))
			return true;
	}
	return false;
}

/* The dynamic linker takes a blank or a colon for the end of a name. */
static int preload(const char *library)
{
	const char *before = getenv(PRELOAD);
	char *list;
	int ret;

	if (library[strcspn(library, " :")]) {
		cli_error("exec: %s cannot be preloaded: its name has a blank or a colon",
			  library);
		return CLI_FAILED;
	}
	if (asprintf(&list, "%s%s%s", library, before ? ":" : "",
		     before ? before : "") < 0)
		return cli_fail(-ENOMEM, "exec");
	ret = setenv(PRELOAD, list, 1);
	free(list);
	if (!ret && verbose)
		ret = setenv("TUNRING_EXEC_VERBOSE", "1", 1);
	return ret ? cli_fail(-errno, "exec") : CLI_OK;
}

int cmd_exec(int argc, char **argv)
{
	char library[PATH_MAX + 64];
	int ret = cli_parse(argc, argv, NULL, &syntax);

	if (ret < 0)
		return -1 - ret;
	argv += ret;
	if (!argv[0]) {
		cli_error("exec: which program? Try: tunring exec --help");
		return CLI_USAGE;
	}
	if (!argv[0][0]) {
		cli_error("exec: the name of the program is empty");
		return CLI_USAGE;
	}
	if (!find_library(library, sizeof(library))) {
		cli_error("exec: %s is not installed", LIBRARY);
		return CLI_FAILED;
	}
	ret = preload(library);
	if (ret)
		return ret;
	execvp(argv[0], argv);
	ret = errno == ENOENT ? CLI_NO_PROGRAM : CLI_NO_EXEC;
	cli_error("exec: %s: %s", argv[0], strerror(errno));
	return ret;
}
