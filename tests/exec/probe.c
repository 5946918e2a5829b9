// SPDX-License-Identifier: GPL-2.0
/*
 *   probe list			the names of the cases
 *   probe CASE			one case, in a network namespace of its own
 *   probe reader FD		reads until there is nothing, or an error
 */
#include "probe.h"

static const struct probe_case *const tables[] = {
	probe_waits, probe_reads, probe_forks, probe_shares, probe_states, probe_asides,
};

static int list(void)
{
	const struct probe_case *c;
	size_t i;

	for (i = 0; i < ARRAY_LEN(tables); i++)
		for (c = tables[i]; c->name; c++)
			puts(c->name);
	return 0;
}

static int reader(int fd)
{
	struct probe p = { .fd = fd };

	fd_nonblock(fd);
	probe_read(&p, 2000);
	probe_read(&p, 2000);
	return 0;
}

static int run(const struct probe_case *c)
{
	struct probe p = { .tap = c->flags & IFF_TAP };

	if (ns_fresh())
		probe_die("namespace");
	p.fd = tunfd_create_up(NAME, c->flags);
	if (p.fd < 0)
		probe_die("device");
	p.sk = psock_open(NAME, false);
	c->run(&p);
	return 0;
}

int main(int argc, char **argv)
{
	const struct probe_case *c;
	size_t i;

	if (argc == 2 && !strcmp(argv[1], "list"))
		return list();
	if (argc == 3 && !strcmp(argv[1], "reader"))
		return reader(atoi(argv[2]));
	for (i = 0; argc == 2 && i < ARRAY_LEN(tables); i++)
		for (c = tables[i]; c->name; c++)
			if (!strcmp(c->name, argv[1]))
				return run(c);
	return 2;
}
