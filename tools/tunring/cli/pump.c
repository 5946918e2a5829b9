// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "cli.h"
#include "packet/lane.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct cli_opts opts;

static const struct cli_option own[] = {
	{ 'o', "offload", NULL, "let GSO packets and open checksums through",
	  NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

static int set_own(int key, const char *arg)
{
	(void)key;
	(void)arg;
	opts.offload = true;
	return 0;
}

static bool ready(struct lane *l, struct pollfd *from, struct pollfd *to)
{
	if (l->n) {
		/* held back: wait for room */
		to->events |= POLLOUT;
		return tunring_tx_prepare_wait(l->to);
	}
	from->events |= POLLIN;
	return tunring_prepare_wait(l->from);
}

/*
 * A lane that is held back by a device that takes no packets would find room by
 * its own buffers' measure: sleep a little instead of spinning.
 */
static int sleep_until_ready(struct lane *ab, struct lane *ba)
{
	struct pollfd p[2] = {
		{ .fd = tunring_fd(ab->from) }, { .fd = tunring_fd(ab->to) },
	};
	int64_t left = cli_run_left();
	struct timespec ts = { 0, 0 };
	bool now;
	int ret;

	now = ready(ab, &p[0], &p[1]);
	now |= ready(ba, &p[1], &p[0]);
	if (now)
		return 0;
	if ((ab->n || ba->n) && (left < 0 || left > 10000000))
		left = 10000000;
	ts.tv_sec = left / 1000000000;
	ts.tv_nsec = left % 1000000000;
	ret = ppoll(p, 2, left < 0 ? NULL : &ts, cli_run_mask());
	if (ret < 0)
		return errno == EINTR ? 0 : -errno;
	if (p[0].revents & POLLERR && !(p[0].revents & POLLIN))
		return tunring_check(ab->from);
	if (p[1].revents & POLLERR && !(p[1].revents & POLLIN))
		return tunring_check(ab->to);
	return 0;
}

static int pump_loop(struct lane *ab, struct lane *ba)
{
	int there, back, ret;

	while (!cli_run_over(ab->moved + ba->moved)) {
		there = lane_move(ab);
		if (there < 0)
			return there;
		back = lane_move(ba);
		if (back < 0)
			return back;
		if (there || back)
			continue;
		ret = sleep_until_ready(ab, ba);
		if (ret)
			return ret;
	}
	return 0;
}

static int pump(struct tunring *a, struct tunring *b)
{
	static struct lane ab, ba;
	uint64_t total;
	int ret;

	if (cli_is_tap(a) != cli_is_tap(b)) {
		cli_error("pump: one device is a tun, the other a tap");
		return CLI_FAILED;
	}
	lane_init(&ab, a, b, opts.pool);
	lane_init(&ba, b, a, opts.pool);
	cli_say_mode(&opts, a);
	cli_say_mode(&opts, b);
	ret = pump_loop(&ab, &ba);
	total = ab.moved + ba.moved;
	if (!opts.quiet) {
		cli_say_stats(a);
		cli_say_stats(b);
		fprintf(stderr, "%" PRIu64 " packets there, %" PRIu64
			" back, %" PRIu64 " too long\n", ab.moved, ba.moved,
			ab.too_long + ba.too_long);
	}
	return ret ? cli_fail(ret, "pump") : cli_run_end(total);
}

static const struct cli_syntax syntax = {
	.own	= own,
	.set_own = set_own,
	.args	= "DEVICE DEVICE",
	.help	= "Moves packets between two tun, or two tap, devices.",
};

int cmd_pump(int argc, char **argv)
{
	struct tunring *a, *b;
	int first, ret;

	cli_opts_init(&opts);
	opts.no_fd = true;
	opts.devices = 2;
	first = cli_parse(argc, argv, &opts, &syntax);
	if (first < 0)
		return -1 - first;
	if (argc - first != 2) {
		cli_error("pump: takes two devices, got %d", argc - first);
		return CLI_USAGE;
	}
	if (cli_name_check("pump", argv[first]) ||
	    cli_name_check("pump", argv[first + 1]))
		return CLI_USAGE;
	if (!strcmp(argv[first], argv[first + 1])) {
		cli_error("pump: both devices are %s", argv[first]);
		return CLI_USAGE;
	}
	cli_run_begin(&opts);
	ret = cli_open(&a, argv[first], &opts);
	if (ret)
		return ret;
	ret = cli_open(&b, argv[first + 1], &opts);
	if (ret) {
		cli_close(a, &opts);
		return ret;
	}
	ret = pump(a, b);
	cli_close(a, &opts);
	cli_close(b, &opts);
	return ret;
}
