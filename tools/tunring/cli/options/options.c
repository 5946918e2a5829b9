// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "options.h"

#include <errno.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>

#define MIN_BUF		192	/* headroom, and the kernel's minimum of 64 */

enum {
	KEY_FD = CLI_LONG_ONLY,
	KEY_PI,
	KEY_BUF_SIZE,
	KEY_NO_RING,
	KEY_NEED_RING,
	KEY_ATTACH,
	KEY_PIN,
	KEY_POOL,
	KEY_HUGE,
	KEY_DROP,
	KEY_FLOW,
	KEY_TX_POLL,
	KEY_NO_EVENT_IDX,
};

const struct cli_option cli_common[] = {
	{ 't', "type", "tun|tap", "kind of device, if it has to be created",
	  "tun or tap" },
	{ 'e', "entries", "N", "buffers of each ring, a power of two (256)",
	  "a power of two, 1..32768" },
	{ KEY_BUF_SIZE, "buf-size", "BYTES", "bytes of a buffer (2048)",
	  "a number, 192..131072" },
	{ KEY_NO_RING, "no-ring", NULL, "use read and write", NULL },
	{ KEY_NEED_RING, "need-ring", NULL, "fail if the kernel has no rings",
	  NULL },
	{ KEY_ATTACH, "attach", NULL, "rings in memory of the command", NULL },
	{ KEY_PIN, "pin", NULL, "the same, pinned", NULL },
	{ KEY_POOL, "pool", NULL, "packets in one pool of the command", NULL },
	{ KEY_HUGE, "huge", NULL, "the same, on huge pages, if there are", NULL },
	{ KEY_DROP, "drop", NULL, "drop packets that find the ring full", NULL },
	{ KEY_FLOW, "flow", NULL, "stop the queue while the ring is full", NULL },
	{ KEY_TX_POLL, "tx-poll", "USEC", "kernel polls for packets to send",
	  "a number, 0..1000000" },
	{ KEY_NO_EVENT_IDX, "no-event-idx", NULL, "notify by flags, not by index",
	  NULL },
	{ 'u', "up", NULL, "set the device up", NULL },
	{ 'c', "count", "N", "stop after N packets", "a number, 1 or more" },
	{ 'T', "time", "SECONDS", "stop after this time",
	  "a number greater than 0" },
	{ 'q', "quiet", NULL, "print errors only", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

const struct cli_option cli_fd_option[] = {
	{ KEY_FD, "fd", "N", "adopt this descriptor instead of a name",
	  "a descriptor" },
	{ KEY_PI, "pi", NULL, "its packets have a struct tun_pi", NULL },
	{ 0, NULL, NULL, NULL, NULL },
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

/* Options that only set a flag of struct tunring_options. */
static uint32_t ring_flag(int key)
{
	switch (key) {
	case KEY_PI:
		return TUNRING_O_PI;
	case KEY_NO_RING:
		return TUNRING_O_NO_RING;
	case KEY_NEED_RING:
		return TUNRING_O_NEED_RING;
	case KEY_ATTACH:
		return TUNRING_O_ATTACH;
	case KEY_PIN:
		return TUNRING_O_ATTACH | TUNRING_O_PIN;
	case KEY_NO_EVENT_IDX:
		return TUNRING_O_NO_EVENT_IDX;
	}
	return 0;
}

static void set_switch(struct cli_opts *o, int key)
{
	o->ring.flags |= ring_flag(key);
	o->pool |= key == KEY_POOL || key == KEY_HUGE;
	o->huge |= key == KEY_HUGE;
	o->up |= key == 'u';
	o->quiet |= key == 'q';
	/* wanted, not needed: by read and write there is none to be had */
	if (key == KEY_DROP)
		o->ring.want |= TUNRING_F_RX_DROP;
	if (key == KEY_FLOW)
		o->ring.want |= TUNRING_F_RX_FLOW;
}

int cli_set_common(struct cli_opts *o, int key, const char *arg)
{
	uint64_t v = 0;
	bool good = true;

	switch (key) {
	case 't':
		return set_type(o, arg);
	case KEY_FD:
		good = cli_number(arg, 1 << 20, &v);
		o->fd = (int)v;
		break;
	case 'e':
		good = cli_number(arg, 32768, &v) && v && !(v & (v - 1));
		o->ring.rx_entries = (uint32_t)v;
		o->ring.tx_entries = (uint32_t)v;
		break;
	case KEY_BUF_SIZE:
		good = cli_number(arg, 128 << 10, &v) && v >= MIN_BUF;
		o->ring.buf_size = (uint32_t)v;
		break;
	case KEY_TX_POLL:
		good = cli_number(arg, 1000000, &v);
		o->ring.tx_poll_us = (uint32_t)v;
		break;
	case 'c':
		good = cli_number(arg, UINT64_MAX, &v) && v;
		o->count = v;
		break;
	case 'T':
		return set_time(o, arg);
	default:
		set_switch(o, key);
	}
	return good ? 0 : -1;
}

/* Two options that exclude each other. */
int cli_conflict(const char *command, const struct cli_opts *o)
{
	const char *why = NULL;

	if (o->ring.flags & TUNRING_O_NO_RING &&
	    o->ring.flags & TUNRING_O_NEED_RING)
		why = "--no-ring and --need-ring exclude each other";
	else if (!(~o->ring.want & (TUNRING_F_RX_DROP | TUNRING_F_RX_FLOW)))
		why = "--drop and --flow exclude each other";
	else if (o->ring.flags & TUNRING_O_PI && o->fd < 0)
		why = "--pi is for --fd";
	if (!why)
		return CLI_OK;
	cli_error("%s: %s", command, why);
	return CLI_USAGE;
}
