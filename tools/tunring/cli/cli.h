/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Declarations that the subcommands share. */
#ifndef CLI_H
#define CLI_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../include/tunring.h"

#define CLI_BURST	64

/* Exit codes; man pages list them. */
enum {
	CLI_OK		= 0,
	CLI_FAILED	= 1,
	CLI_USAGE	= 2,	/* wrong options or arguments */
	CLI_NO_RINGS	= 3,	/* --need-ring, and there are none */
	CLI_TIME	= 4,	/* --time ran out before --count was reached */
	CLI_NO_EXEC	= 126,	/* exec: the program cannot be started */
	CLI_NO_PROGRAM	= 127,	/* exec: there is no such program */
};

int cmd_info(int argc, char **argv);
int cmd_echo(int argc, char **argv);
int cmd_pump(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_top(int argc, char **argv);
int cmd_exec(int argc, char **argv);

/* Options that echo, pump and dump have in common. */
struct cli_opts {
	struct tunring_options	ring;
	unsigned int		iff;		/* IFF_TUN, IFF_TAP, or 0: find out */
	int			fd;		/* --fd, or -1 */
	bool			no_fd;		/* there is no --fd */
	uint64_t		count;		/* 0: no limit */
	double			time;		/* seconds, 0: no limit */
	bool			quiet;
	bool			up;
	bool			offload;
	bool			pool;
	bool			huge;
	unsigned int		devices;	/* that the command will open */
	struct tunring_pool	*in;		/* their pool, once there is one */
};

struct cli_option {
	int		key;	/* short option, or 0 */
	const char	*name;
	const char	*arg;	/* name of its argument, or NULL */
	const char	*help;
	const char	*must;	/* its valid arguments, for an error message */
};

/* options.c */
void cli_opts_init(struct cli_opts *o);
bool cli_number(const char *arg, uint64_t max, uint64_t *value);

/* parse.c */
/* The command line of a subcommand. */
struct cli_syntax {
	const struct cli_option	*own;	/* its own options; the last is empty */
	/* takes an option of own, and returns 0, or -1 if the option is wrong */
	int			(*set_own)(int key, const char *arg);
	const char		*args;	/* names of its arguments */
	const char		*help;
	bool			program;	/* the first argument ends the options */
};

/*
 * Parse common options, unless o is NULL, and the subcommand's own. Returns the
 * index of the first argument, or -1 - exit code.
 */
int cli_parse(int argc, char **argv, struct cli_opts *o,
	      const struct cli_syntax *syntax);

/* device.c */
/* Return CLI_OK, or the exit code after an error message. */
int cli_name_check(const char *command, const char *name);
int cli_open(struct tunring **h, const char *name, struct cli_opts *o);
bool cli_is_tap(const struct tunring *h);
bool cli_is_up(const struct tunring *h);
void cli_say_mode(const struct cli_opts *o, const struct tunring *h);
void cli_say_stats(struct tunring *h);

/* explain.c */
bool cli_rings_refused(void);
int cli_explain_open(const struct cli_opts *o, const char *name, int err);

/* pool.c */
int cli_pool_new(struct cli_opts *o);
void cli_close(struct tunring *h, struct cli_opts *o);
void cli_say_pool(const struct cli_opts *o);

/* run.c: when to stop, and when to print counters */
void cli_run_begin(const struct cli_opts *o);
void cli_run_report(struct tunring *h);	/* its counters, on SIGUSR1 */
bool cli_run_over(uint64_t done);
int64_t cli_run_left(void);
const sigset_t *cli_run_mask(void);
int cli_run_end(uint64_t done);

/* main.c */
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
int cli_fail(int err, const char *name);

#endif /* CLI_H */
