// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LONGEST 65600	/* GSO packet with its headers */

/* One direction; packets that found no room wait in pkts. */
struct lane {
	struct tunring		*from, *to;
	bool			tap;
	struct tunring_packet	pkts[CLI_BURST];
	unsigned int		first, n;
	uint64_t		moved, too_long;
};

static struct cli_opts opts;
static uint8_t bounce[LONGEST];

static const struct cli_option own[] = {
	{ 'o', "offload", NULL, "let GSO packets and open checksums through" },
	{ 0, NULL, NULL, NULL },
};

static int set_own(int key, const char *arg)
{
	(void)key;
	(void)arg;
	opts.offload = true;
	return 0;
}

/*
 * What both ends understand. Mark and priority belong to the stack that the
 * packet came from, and stay there.
 */
static void copy_meta(const struct lane *l, const struct tunring_packet *from,
		      struct tunring_packet *to)
{
	struct tunring_meta m;

	tunring_meta_get(from, &m);
	m.flags &= TUNRING_META_VLAN;
	m.vnet_flags &= TUNRING_VNET_NEEDS_CSUM | TUNRING_VNET_DATA_VALID;
	m.tstamp = 0;
	m.hash = 0;
	m.mark = 0;
	m.priority = 0;
	if (l->tap)
		m.protocol = 0;
	tunring_meta_set(to, &m);
}

/* Returns 1 if moved, 0 if there is no room now. */
static int move_one(struct lane *l, const struct tunring_packet *from)
{
	struct tunring_packet to;
	int ret = -EMSGSIZE;

	if (from->len <= LONGEST)
		ret = tunring_tx_reserve_len(l->to, &to, from->len);
	if (ret == -EMSGSIZE) {
		l->too_long++;
		return 1;
	}
	if (ret <= 0)
		return ret;
	if (from->nsegs == 1) {
		tunring_packet_write(l->to, &to, 0, from->data, from->len);
	} else {
		tunring_packet_read(l->from, from, 0, bounce, from->len);
		tunring_packet_write(l->to, &to, 0, bounce, from->len);
	}
	copy_meta(l, from, &to);
	ret = tunring_tx_submit(l->to, &to, 1);
	l->moved += ret == 1;
	return ret;
}

/* Returns the number of packets moved. */
static int move(struct lane *l)
{
	unsigned int start;
	int ret = 0, kick;

	if (!l->n) {
		ret = tunring_rx_burst(l->from, l->pkts, CLI_BURST);
		if (ret < 0)
			return ret;
		l->first = 0;
		l->n = (unsigned int)ret;
	}
	start = l->first;
	while (l->n) {
		ret = move_one(l, &l->pkts[l->first]);
		if (ret <= 0)
			break;
		l->first++;
		l->n--;
	}
	kick = tunring_tx_kick(l->to);
	if (kick && kick != -EIO && kick != -EAGAIN)
		return kick;
	if (ret < 0)
		return ret;
	ret = tunring_rx_release(l->from, &l->pkts[start], l->first - start);
	return ret ? ret : (int)(l->first - start);
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
 * A lane that is held back by a device that is down would find room by its own
 * buffers' measure: sleep a little instead of spinning.
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
		there = move(ab);
		if (there < 0)
			return there;
		back = move(ba);
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
		cli_error("pump: a tun and a tap do not go together");
		return CLI_FAILED;
	}
	ab.from = a;
	ab.to = b;
	ab.tap = cli_is_tap(a);
	ba.from = b;
	ba.to = a;
	ba.tap = ab.tap;
	cli_say_mode(&opts, a);
	cli_say_mode(&opts, b);
	ret = pump_loop(&ab, &ba);
	cli_say_stats(&opts, a);
	cli_say_stats(&opts, b);
	total = ab.moved + ba.moved;
	if (!opts.quiet)
		fprintf(stderr, "%" PRIu64 " packets there, %" PRIu64
			" back, %" PRIu64 " too long\n", ab.moved, ba.moved,
			ab.too_long + ba.too_long);
	return ret ? cli_fail(ret, "pump") : cli_run_end(total);
}

int cmd_pump(int argc, char **argv)
{
	struct tunring *a, *b;
	int first, ret;

	cli_opts_init(&opts);
	opts.no_fd = true;
	first = cli_parse(argc, argv, &opts, own, set_own, "DEVICE DEVICE",
			  "Moves packets between two tun, or two tap, devices.");
	if (first < 0)
		return -1 - first;
	if (argc - first != 2) {
		cli_error("pump: two devices, please");
		return CLI_USAGE;
	}
	cli_run_begin(&opts);
	ret = cli_open(&a, argv[first], &opts);
	if (ret)
		return cli_fail(ret, argv[first]);
	ret = cli_open(&b, argv[first + 1], &opts);
	if (ret) {
		tunring_close(a);
		return cli_fail(ret, argv[first + 1]);
	}
	ret = pump(a, b);
	tunring_close(a);
	tunring_close(b);
	return ret;
}
