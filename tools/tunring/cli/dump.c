// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "cli.h"
#include "packet/describe.h"
#include "packet/pcapng.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define MAX_SEGS	1100	/* 64 KiB in the smallest buffers */
#define LEAD		2	/* MAC addresses and tag */

struct dump {
	FILE		*f;
	bool		tap;
	uint64_t	packets;
	struct iovec	iov[LEAD + MAX_SEGS];
};

static struct cli_opts opts;
static const char *file_name;

static const struct cli_option own[] = {
	{ 'w', "write", "FILE", "the file; - is standard output (the default)",
	  "a file" },
	{ 'o', "offload", NULL, "take GSO packets and open checksums as they are",
	  NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

static int set_own(int key, const char *arg)
{
	if (key == 'w')
		file_name = arg;
	else
		opts.offload = true;
	return key == 'w' && !arg[0] ? -1 : 0;
}

/* A tag that came beside the frame goes back into it, for readers of the file. */
static unsigned int put_tag(struct dump *d, const struct tunring_meta *m,
			    uint8_t *tag)
{
	struct iovec *first = &d->iov[LEAD];

	if (!(m->flags & TUNRING_META_VLAN) || first->iov_len < ETH_HLEN)
		return 0;
	tag[0] = (uint8_t)(m->vlan_proto >> 8);
	tag[1] = (uint8_t)m->vlan_proto;
	tag[2] = (uint8_t)(m->vlan_tci >> 8);
	tag[3] = (uint8_t)m->vlan_tci;
	d->iov[0].iov_base = first->iov_base;
	d->iov[0].iov_len = 2 * ETH_ALEN;
	d->iov[1].iov_base = tag;
	d->iov[1].iov_len = 4;
	first->iov_base = (uint8_t *)first->iov_base + 2 * ETH_ALEN;
	first->iov_len -= 2 * ETH_ALEN;
	return LEAD;
}

static uint64_t wall_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

static int dump_one(struct dump *d, const struct tunring *h,
		    const struct tunring_packet *pkt)
{
	struct tunring_meta m;
	unsigned int segs, lead;
	uint8_t tag[4];

	tunring_meta_get(pkt, &m);
	segs = tunring_packet_iov(h, pkt, d->iov + LEAD, MAX_SEGS);
	if (segs > MAX_SEGS)
		segs = MAX_SEGS;
	lead = put_tag(d, &m, tag);
	d->packets++;
	return pcapng_packet(d->f,
			     m.flags & TUNRING_META_TSTAMP ? m.tstamp : wall_ns(),
			     d->iov + LEAD - lead, lead + segs,
			     pkt->len + (lead ? 4 : 0), describe_meta(pkt, &m, d->tap));
}

static int dump_burst(struct dump *d, struct tunring *h,
		      const struct tunring_packet *pkts, int n)
{
	int i, ret = 0;

	for (i = 0; i < n && !ret; i++)
		if (!opts.count || d->packets < opts.count)
			ret = dump_one(d, h, &pkts[i]);
	if (ret)
		return -EPIPE;
	return tunring_rx_release(h, pkts, (unsigned int)n);
}

static int dump_loop(struct dump *d, struct tunring *h)
{
	struct tunring_packet pkts[CLI_BURST];
	int n, ret;

	while (!cli_run_over(d->packets)) {
		n = tunring_rx_burst(h, pkts, CLI_BURST);
		if (n < 0)
			return n;
		if (n) {
			ret = dump_burst(d, h, pkts, n);
			if (ret)
				return ret;
			continue;
		}
		/* A reader of the file sees all packets before the sleep. */
		if (fflush(d->f))
			return -EPIPE;
		ret = tunring_wait(h, cli_run_left(), cli_run_mask(), 0);
		if (ret < 0 && ret != -EINTR)
			return ret;
	}
	return 0;
}

static int begin(const struct dump *d, const struct tunring_info *info)
{
	char os[2 * sizeof(((struct utsname *)0)->sysname)], program[32];
	struct utsname name;

	uname(&name);
	snprintf(os, sizeof(os), "%s %s", name.sysname, name.release);
	snprintf(program, sizeof(program), "tunring %s", tunring_version());
	return pcapng_begin(d->f, &(struct pcapng_source) {
		.link = d->tap ? PCAPNG_ETHERNET : PCAPNG_RAW_IP,
		.name = info->name,
		.description = info->mode == TUNRING_MODE_RING ?
			       "tun queue, by rings" :
			       "tun queue, by read and write",
		.os = os, .program = program,
	}) ? -EPIPE : 0;
}

static int end(const struct dump *d, struct tunring *h, uint64_t start)
{
	struct tunring_stats s;

	if (tunring_get_stats(h, &s))
		return 0;
	return pcapng_end(d->f, &(struct pcapng_counts) {
		.start_ns = start, .end_ns = wall_ns(),
		.received = s.rx.packets + s.rx.dropped + s.rx.too_big,
		.dropped = s.rx.dropped + s.rx.too_big,
		.delivered = d->packets,
	}) ? -EPIPE : 0;
}

static int dump(struct tunring *h)
{
	static struct dump d;
	uint64_t start = wall_ns();
	struct tunring_info info;
	int ret;

	d.tap = cli_is_tap(h);
	d.f = !file_name || !strcmp(file_name, "-") ? stdout :
						       fopen(file_name, "we");
	if (!d.f) {
		cli_error("%s: %s", file_name, strerror(errno));
		return CLI_FAILED;
	}
	tunring_get_info(h, &info);
	cli_say_mode(&opts, h);
	ret = begin(&d, &info);
	if (!ret)
		ret = dump_loop(&d, h);
	/* also of a device that is gone */
	if (ret != -EPIPE && end(&d, h, start))
		ret = -EPIPE;
	if (fclose(d.f) && !ret)
		ret = -EPIPE;
	if (!opts.quiet) {
		cli_say_stats(h);
		fprintf(stderr, "%" PRIu64 " packets written\n", d.packets);
	}
	if (ret == -EPIPE) {
		cli_error("dump: writing failed");
		return CLI_FAILED;
	}
	return ret ? cli_fail(ret, "dump") : cli_run_end(d.packets);
}

static const struct cli_syntax syntax = {
	.own	= own,
	.set_own = set_own,
	.args	= "DEVICE",
	.help	= "Writes packets that the stack sends to a device, and "
		  "takes them away.\nMetadata that packets do not show goes into comments.",
};

int cmd_dump(int argc, char **argv)
{
	struct tunring *h;
	int first, ret;

	cli_opts_init(&opts);
	opts.ring.want = TUNRING_F_RX_TSTAMP;
	first = cli_parse(argc, argv, &opts, &syntax);
	if (first < 0)
		return -1 - first;
	if (argc - first != (opts.fd < 0)) {
		cli_error("dump: takes one device, or --fd, got %d names",
			  argc - first);
		return CLI_USAGE;
	}
	if (opts.fd < 0 && cli_name_check("dump", argv[first]))
		return CLI_USAGE;
	if ((!file_name || !strcmp(file_name, "-")) && isatty(STDOUT_FILENO)) {
		cli_error("dump: standard output is a terminal; name a file by --write");
		return CLI_USAGE;
	}
	cli_run_begin(&opts);
	ret = cli_open(&h, argv[first], &opts);
	if (ret)
		return ret;
	ret = dump(h);
	cli_close(h, &opts);
	return ret;
}
