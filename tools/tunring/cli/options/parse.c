// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* The options of a subcommand, by getopt_long(), and errors in them. */
#include "../cli.h"

#include <getopt.h>
#include <string.h>

#include "options.h"

#define MAX_OPTIONS	32

static const struct cli_option help_option[] = {
	{ 'h', "help", NULL, "this text", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

struct table {
	struct option	lopt[MAX_OPTIONS];
	char		sopt[2 * MAX_OPTIONS + 2];
	unsigned int	n;
};

static void table_add(struct table *t, const struct cli_option *o)
{
	size_t s = strlen(t->sopt);

	for (; o->name; o++, t->n++) {
		t->lopt[t->n].name = o->name;
		t->lopt[t->n].has_arg = o->arg ? required_argument : no_argument;
		t->lopt[t->n].val = o->key;
		if (o->key < CLI_LONG_ONLY) {
			t->sopt[s++] = (char)o->key;
			if (o->arg)
				t->sopt[s++] = ':';
		}
	}
}

static void print_options(const struct cli_option *o)
{
	char text[64];

	for (; o->name; o++) {
		snprintf(text, sizeof(text), "--%s%s%s", o->name,
			 o->arg ? " " : "", o->arg ? o->arg : "");
		if (o->key < CLI_LONG_ONLY)
			printf("  -%c, %-22s %s\n", o->key, text, o->help);
		else
			printf("      %-22s %s\n", text, o->help);
	}
}

static const struct cli_option *find_key(const struct cli_option *o, int key)
{
	for (; o->name; o++)
		if (o->key == key)
			return o;
	return NULL;
}

static int print_help(const char *command, const struct cli_opts *o,
		      const struct cli_syntax *syntax)
{
	printf("usage: tunring %s [OPTION ...] %s\n%s\n\n", command,
	       syntax->args, syntax->help);
	print_options(syntax->own);
	if (o) {
		print_options(cli_common);
		if (!o->no_fd)
			print_options(cli_fd_option);
	}
	print_options(help_option);
	return CLI_OK;
}

/* Options that begin with a word, "--no-ring or --no-event-idx", or nothing. */
static void list_matches(const struct table *t, const char *word, char *text,
			 size_t size)
{
	const size_t len = strcspn(word, "=");
	unsigned int i;
	size_t at = 0;

	text[0] = 0;
	for (i = 0; i < t->n && at < size; i++)
		if (!strncmp(t->lopt[i].name, word, len))
			at += (size_t)snprintf(text + at, size - at, "%s--%s",
					       at ? " or " : "",
					       t->lopt[i].name);
}

/* An option that getopt_long() refused; arg is the word at which it stopped. */
static int refuse(const char *command, const struct table *t,
		  const struct cli_option *known, int key, const char *arg)
{
	char matches[256];

	if (key == ':') {
		cli_error("%s: %s needs a value", command, arg);
	} else if (known) {
		cli_error("%s: --%s takes no value", command, known->name);
	} else if (optopt) {
		cli_error("%s: no option -%c; try: tunring %s --help", command,
			  optopt, command);
	} else {
		list_matches(t, arg + 2, matches, sizeof(matches));
		if (matches[0])
			cli_error("%s: %s may be %s", command, arg, matches);
		else
			cli_error("%s: no option %s; try: tunring %s --help",
				  command, arg, command);
	}
	return CLI_USAGE;
}

int cli_parse(int argc, char **argv, struct cli_opts *o,
	      const struct cli_syntax *syntax)
{
	const struct cli_option *mine, *opt;
	struct table t;
	int key, ret;

	memset(&t, 0, sizeof(t));
	if (syntax->program)
		strcat(t.sopt, "+");
	strcat(t.sopt, ":");	/* messages are ours */
	table_add(&t, syntax->own);
	if (o) {
		table_add(&t, cli_common);
		if (!o->no_fd)
			table_add(&t, cli_fd_option);
	}
	table_add(&t, help_option);

	while ((key = getopt_long(argc, argv, t.sopt, t.lopt, NULL)) != -1) {
		if (key == 'h')
			return -1 - print_help(argv[0], o, syntax);
		mine = find_key(syntax->own, key == '?' ? optopt : key);
		opt = mine;
		if (!opt && o)
			opt = find_key(cli_common, key == '?' ? optopt : key);
		if (!opt && o && !o->no_fd)
			opt = find_key(cli_fd_option, key == '?' ? optopt : key);
		if (key == '?' || key == ':')
			return -1 - refuse(argv[0], &t, opt, key,
					   argv[optind - 1]);
		ret = mine ? syntax->set_own(key, optarg) :
			     cli_set_common(o, key, optarg);
		if (ret) {
			cli_error("%s: --%s must be %s, got '%s'", argv[0],
				  opt->name, opt->must, optarg);
			return -1 - CLI_USAGE;
		}
	}
	ret = o ? cli_conflict(argv[0], o) : CLI_OK;
	return ret ? -1 - ret : optind;
}
