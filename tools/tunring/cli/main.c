// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*help;
} commands[] = {
	{ "info", cmd_info, "rings of the kernel, of a device and of live queues" },
	{ "top", cmd_top, "rates of all queues, again and again" },
	{ "echo", cmd_echo, "answer pings that arrive at a tun or tap device" },
	{ "pump", cmd_pump, "move packets between two devices" },
	{ "dump", cmd_dump, "write received packets to a file (pcapng)" },
	{ "exec", cmd_exec, "start a program that reads its tun devices by rings" },
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

void cli_error(const char *format, ...)
{
	va_list ap;

	fputs("tunring: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

int cli_fail(int err, const char *name)
{
	cli_error("%s: %s", name, tunring_strerror(err));
	return err == -ENOTTY ? CLI_NO_RINGS : CLI_FAILED;
}

static void usage(FILE *to)
{
	size_t i;

	fputs("usage: tunring COMMAND [OPTION ...] [ARGUMENT ...]\n"
	      "       tunring COMMAND --help\n"
	      "       tunring --version\n\n", to);
	for (i = 0; i < N_COMMANDS; i++)
		fprintf(to, "  %-6s %s\n", commands[i].name, commands[i].help);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		usage(stderr);
		return CLI_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		usage(stdout);
		return CLI_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("tunring %s\n", tunring_version());
		return CLI_OK;
	}
	for (i = 0; i < N_COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	cli_error("no command '%s'; try: tunring --help", argv[1]);
	return CLI_USAGE;
}
