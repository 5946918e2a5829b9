// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "cli.h"
#include "packet/reply.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_tun.h>
#include <string.h>

static struct reply_conf conf = {
	.mac = { 0x02, 0x74, 0x75, 0x6e, 0x00, 0x01 },	/* locally administered */
};

static const struct cli_option own[] = {
	{ 'm', "mac", "MAC", "our address on a tap (02:74:75:6e:00:01)",
	  "six bytes as 02:74:75:6e:00:01, no multicast" },
	{ 0, NULL, NULL, NULL, NULL },
};

static int set_own(int key, const char *arg)
{
	unsigned int b[6], i;
	char end;

	(void)key;
	if (sscanf(arg, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3],
		   &b[4], &b[5], &end) != 6 || b[0] & 1)
		return -1;
	for (i = 0; i < 6; i++)
		conf.mac[i] = (uint8_t)b[i];
	return 0;
}

static int add_addresses(char **args)
{
	for (; *args; args++) {
		struct reply_addr *a = &conf.addrs[conf.n];

		if (conf.n == sizeof(conf.addrs) / sizeof(conf.addrs[0])) {
			cli_error("echo: more than 16 addresses");
			return -1;
		}
		a->v6 = strchr(*args, ':');
		if (inet_pton(a->v6 ? AF_INET6 : AF_INET, *args, a->addr) != 1) {
			cli_error("echo: '%s' is no IPv4 or IPv6 address", *args);
			return -1;
		}
		conf.n++;
	}
	return 0;
}

/* Packets that became replies go to the front; returns how many. */
static unsigned int answer(struct tunring_packet *pkts, unsigned int n, bool tap)
{
	struct tunring_packet t;
	unsigned int i, yes = 0;

	for (i = 0; i < n; i++) {
		bool is = tap ? reply_ether(&pkts[i], &conf) :
			  reply_ip(pkts[i].data, pkts[i].first_len,
				   pkts[i].len);

		if (!is)
			continue;
		t = pkts[yes];
		pkts[yes++] = pkts[i];
		pkts[i] = t;
	}
	return yes;
}

/* Without transmit buffers, kick the kernel, and try again. */
static int send_all(struct tunring *h, const struct tunring_packet *pkts,
		    unsigned int n)
{
	int done, ret;

	while (n) {
		done = tunring_rx_forward(h, pkts, n);
		if (done < 0)
			return done;
		pkts += done;
		n -= (unsigned int)done;
		ret = tunring_tx_kick(h);
		if (ret == -EIO || ret == -EAGAIN || (!done && n && !ret)) {
			/* down or full: as a network would, drop the rest */
			ret = tunring_rx_release(h, pkts, n);
			return ret;
		}
		if (ret)
			return ret;
	}
	return 0;
}

static int echo_loop(struct tunring *h, uint64_t *done)
{
	struct tunring_packet pkts[CLI_BURST];
	bool tap = cli_is_tap(h);
	unsigned int yes;
	int n, ret;

	while (!cli_run_over(*done)) {
		n = tunring_rx_burst(h, pkts, CLI_BURST);
		if (n < 0)
			return n;
		if (!n) {
			ret = tunring_wait(h, cli_run_left(), cli_run_mask(),
					   TUNRING_WAIT_TX);
			if (ret < 0 && ret != -EINTR)
				return ret;
			continue;
		}
		yes = answer(pkts, (unsigned int)n, tap);
		*done += yes;
		ret = tunring_rx_release(h, pkts + yes, (unsigned int)n - yes);
		if (!ret)
			ret = send_all(h, pkts, yes);
		if (ret && ret != -EIO)
			return ret;
	}
	return 0;
}

static const struct cli_syntax syntax = {
	.own	= own,
	.set_own = set_own,
	.args	= "DEVICE [ADDRESS ...]",
	.help	= "Answers ICMP and ICMPv6 echo requests. On a tap, ARP and "
		  "neighbour\nsolicitations for the addresses are answered, "
		  "too.",
};

int cmd_echo(int argc, char **argv)
{
	struct cli_opts o;
	struct tunring *h;
	uint64_t done = 0;
	int first, ret;

	cli_opts_init(&o);
	first = cli_parse(argc, argv, &o, &syntax);
	if (first < 0)
		return -1 - first;
	if (o.fd < 0 && first == argc) {
		cli_error("echo: the device is missing; try: tunring echo --help");
		return CLI_USAGE;
	}
	if (o.fd < 0 && cli_name_check("echo", argv[first]))
		return CLI_USAGE;
	if (add_addresses(argv + first + (o.fd < 0)))
		return CLI_USAGE;

	cli_run_begin(&o);
	ret = cli_open(&h, argv[first], &o);
	if (ret)
		return ret;
	cli_say_mode(&o, h);
	ret = echo_loop(h, &done);
	if (!o.quiet)
		cli_say_stats(h);
	cli_close(h, &o);
	if (!o.quiet)
		fprintf(stderr, "%" PRIu64 " packets answered\n", done);
	return ret ? cli_fail(ret, "echo") : cli_run_end(done);
}
