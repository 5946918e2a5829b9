// SPDX-License-Identifier: GPL-2.0
/*
 * libtunring, shared as distributions install it, beside the contestant "ring",
 * which is written against the ABI alone.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/if_tun.h>
#include <tunring.h>

#include "../bench.h"

#define NAME	"bench0"
#define ENTRIES	256

static struct tunring *open_library(struct instance *in, const char **missing)
{
	struct tunring_options opt;
	struct tunring *h;
	int ret;

	tunring_options_init(&opt);
	opt.flags = TUNRING_O_NEED_RING;
	opt.rx_entries = ENTRIES;
	opt.tx_entries = ENTRIES;
	/* the buffers of "ring" have 2048 bytes for the packet */
	opt.buf_size = 2048 + opt.headroom + opt.tailroom;
	ret = tunring_open(&h, NAME, IFF_TUN, &opt);
	*missing = ret ? tunring_strerror(ret) : NULL;
	in->priv = ret ? NULL : h;
	return in->priv;
}

static uint64_t calls(struct tunring *h)
{
	struct tunring_stats s;

	if (tunring_get_stats(h, &s))
		die("tunring_get_stats");
	return s.syscalls;
}

static const char *rx_set_up(struct instance *in)
{
	const char *missing;

	if (!open_library(in, &missing))
		return missing;
	net_up(NAME);
	source_open(in);
	return NULL;
}

/* The record has what the stack would put into a header: the checksum is not made. */
static const char *rx_csum_set_up(struct instance *in)
{
	const char *missing = rx_set_up(in);

	if (!missing && ioctl(tunring_fd(in->priv), TUNSETOFFLOAD, TUN_F_CSUM))
		die("TUNSETOFFLOAD: %s", strerror(errno));
	return missing;
}

/* All buffers are filled here: which of them tunring_tx_reserve() gives is open. */
static const char *tx_set_up(struct instance *in)
{
	struct tunring_packet pkts[ENTRIES];
	const char *missing;
	struct tunring *h;
	unsigned int i;

	h = open_library(in, &missing);
	if (!h)
		return missing;
	net_up(NAME);
	sink_open(in);
	if (tunring_tx_reserve(h, pkts, ENTRIES) != ENTRIES)
		die("tunring_tx_reserve");
	for (i = 0; i < ENTRIES; i++)
		packet_fill(pkts[i].data, in->size);
	if (tunring_tx_cancel(h, pkts, ENTRIES))
		die("tunring_tx_cancel");
	return NULL;
}

static void rx_take(struct instance *in, struct tunring *h)
{
	struct tunring_packet pkts[MAX_BURST];
	int i, n = tunring_rx_burst(h, pkts, in->burst);

	if (n != (int)in->burst)
		die("%d packets instead of %u", n, in->burst);
	for (i = 0; i < n; i++)
		if (pkts[i].len != in->size || pkts[i].nsegs != 1)
			die("library: a packet of %u bytes", pkts[i].len);
	if (tunring_rx_release(h, pkts, n))
		die("tunring_rx_release");
}

static void rx_run(struct instance *in, unsigned int n)
{
	struct tunring *h = in->priv;
	uint64_t before = calls(h);

	for (; n; n -= in->burst) {
		source_send(in, in->burst);
		own_begin(in);
		rx_take(in, h);
		own_end(in);
	}
	in->syscalls += calls(h) - before;
}

static void tx_put(struct instance *in, struct tunring *h)
{
	struct tunring_packet pkts[MAX_BURST];
	int i, n = tunring_tx_reserve(h, pkts, in->burst);

	if (n != (int)in->burst)
		die("%d buffers instead of %u", n, in->burst);
	for (i = 0; i < n; i++)
		tunring_packet_put(&pkts[i], in->size);
	if (tunring_tx_submit(h, pkts, n) != n)
		die("tunring_tx_submit");
	if (tunring_tx_kick(h))
		die("tunring_tx_kick");
}

static void tx_run(struct instance *in, unsigned int n)
{
	struct tunring *h = in->priv;
	uint64_t before = calls(h);

	own_begin(in);
	for (; n; n -= in->burst)
		tx_put(in, h);
	while (tunring_tx_space(h) < ENTRIES)
		if (tunring_tx_kick(h))
			die("tunring_tx_kick");
	own_end(in);
	in->syscalls += calls(h) - before;
}

static void library_tear_down(struct instance *in)
{
	tunring_close(in->priv);
}

const struct contestant library_contestants[] = {
	{ "library", RX, NAME, bursts_all, rx_set_up, rx_run,
	  library_tear_down },
	{ "library-csum", RX, NAME, bursts_64, rx_csum_set_up, rx_run,
	  library_tear_down },
	{ "library", TX, NAME, bursts_all, tx_set_up, tx_run,
	  library_tear_down },
	{ }
};
