// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OPTIONS	32
#define LONG_ONLY	256	/* keys of options without a letter */
#define MIN_BUF		192	/* headroom, and the kernel's minimum of 64 */

static const struct cli_option common[] = {
	{ 't', "type", "tun|tap", "kind of device, if it has to be created" },
	{ 'e', "entries", "N", "buffers of each ring, a power of two (256)" },
	{ LONG_ONLY + 2, "buf-size", "BYTES", "bytes of a buffer (2048)" },
	{ LONG_ONLY + 3, "no-ring", NULL, "use read and write" },
	{ LONG_ONLY + 4, "need-ring", NULL, "fail if the kernel has no rings" },
	{ LONG_ONLY + 5, "attach", NULL, "rings in memory of the command" },
	{ LONG_ONLY + 6, "pin", NULL, "the same, pinned" },
	{ LONG_ONLY + 7, "pool", NULL, "packets in one pool of the command" },
	{ LONG_ONLY + 8, "huge", NULL, "the same, on huge pages, if there are" },
	{ 'u', "up", NULL, "set the device up" },
	{ 'c', "count", "N", "stop after so many packets" },
	{ 'T', "time", "SECONDS", "stop after so long" },
	{ 'q', "quiet", NULL, "say nothing but errors" },
	{ 0, NULL, NULL, NULL },
};

static const struct cli_option fd_option[] = {
	{ LONG_ONLY + 1, "fd", "N", "adopt this descriptor instead of a name" },
	{ 0, NULL, NULL, NULL },
};

static const struct cli_option help_option[] = {
	{ 'h', "help", NULL, "this text" },
	{ 0, NULL, NULL, NULL },
};

void cli_opts_init(struct cli_opts *o)
{
	memset(o, 0, sizeof(*o));
	tunring_options_init(&o->ring);
	o->fd = -1;
	o->devices = 1;
}

bool cli_number(const char *arg, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(arg, &end, 0);
	return !errno && end != arg && !*end && arg[0] != '-' && *value <= max;
}

static int set_type(struct cli_opts *o, const char *arg)
{
	if (!strcmp(arg, "tun"))
		o->iff = IFF_TUN;
	else if (!strcmp(arg, "tap"))
		o->iff = IFF_TAP;
	else
		return -1;
	return 0;
}

static int set_time(struct cli_opts *o, const char *arg)
{
	char *end;

	o->time = strtod(arg, &end);
	return end == arg || *end || !(o->time > 0 && o->time < 1e9) ? -1 : 0;
}

static int set_common(struct cli_opts *o, int key, const char *arg)
{
	uint64_t v = 0;
	bool good = true;

	switch (key) {
	case 't':
		return set_type(o, arg);
	case LONG_ONLY + 1:
		good = cli_number(arg, 1 << 20, &v);
		o->fd = (int)v;
		break;
	case 'e':
		good = cli_number(arg, 32768, &v) && v && !(v & (v - 1));
		o->ring.rx_entries = (uint32_t)v;
		o->ring.tx_entries = (uint32_t)v;
		break;
	case LONG_ONLY + 2:
		good = cli_number(arg, 128 << 10, &v) && v >= MIN_BUF;
		o->ring.buf_size = (uint32_t)v;
		break;
	case LONG_ONLY + 3:
		o->ring.flags |= TUNRING_O_NO_RING;
		break;
	case LONG_ONLY + 4:
		o->ring.flags |= TUNRING_O_NEED_RING;
		break;
	case LONG_ONLY + 5:
		o->ring.flags |= TUNRING_O_ATTACH;
		break;
	case LONG_ONLY + 6:
		o->ring.flags |= TUNRING_O_ATTACH | TUNRING_O_PIN;
		break;
	case LONG_ONLY + 7:
		o->pool = true;
		break;
	case LONG_ONLY + 8:
		o->pool = true;
		o->huge = true;
		break;
	case 'u':
		o->up = true;
		break;
	case 'c':
		good = cli_number(arg, UINT64_MAX, &v) && v;
		o->count = v;
		break;
	case 'T':
		return set_time(o, arg);
	case 'q':
		o->quiet = true;
		break;
	}
	return good ? 0 : -1;
}

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
		if (o->key < LONG_ONLY) {
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
		if (o->key < LONG_ONLY)
			printf("  -%c, %-22s %s\n", o->key, text, o->help);
		else
			printf("      %-22s %s\n", text, o->help);
	}
}

static bool has_key(const struct cli_option *o, int key)
{
	for (; o->name; o++)
		if (o->key == key)
			return true;
	return false;
}

int cli_parse(int argc, char **argv, struct cli_opts *o,
	      const struct cli_option *own,
	      int (*own_fn)(int key, const char *arg), const char *args,
	      const char *help)
{
	struct table t;
	int key, ret;

	memset(&t, 0, sizeof(t));
	table_add(&t, own);
	if (o) {
		table_add(&t, common);
		if (!o->no_fd)
			table_add(&t, fd_option);
	}
	table_add(&t, help_option);

	while ((key = getopt_long(argc, argv, t.sopt, t.lopt, NULL)) != -1) {
		if (key == 'h') {
			printf("usage: tunring %s [OPTION ...] %s\n%s\n\n",
			       argv[0], args, help);
			print_options(own);
			if (o) {
				print_options(common);
				if (!o->no_fd)
					print_options(fd_option);
			}
			print_options(help_option);
			return -1 - CLI_OK;
		}
		if (key == '?')
			return -1 - CLI_USAGE;
		ret = has_key(own, key) ? own_fn(key, optarg) :
		      set_common(o, key, optarg);
		if (ret) {
			cli_error("%s: bad value '%s'", argv[0], optarg);
			return -1 - CLI_USAGE;
		}
	}
	if (o && o->ring.flags & TUNRING_O_NO_RING &&
	    o->ring.flags & TUNRING_O_NEED_RING) {
		cli_error("%s: --no-ring or --need-ring, not both", argv[0]);
		return -1 - CLI_USAGE;
	}
	return optind;
}
