// SPDX-License-Identifier: GPL-2.0
/* What the traffic source itself costs: no tun at all. */
#include "../bench.h"

#define NAME	"bench0"

static const char *dummy_set_up(struct instance *in)
{
	net_dummy(NAME, true);
	net_up(NAME);
	source_open(in);
	return NULL;
}

/* A device like a tun without TUN_F_CSUM: the stack makes the checksum. */
static const char *dummy_csum_set_up(struct instance *in)
{
	net_dummy(NAME, false);
	net_up(NAME);
	source_open(in);
	return NULL;
}

static void dummy_run(struct instance *in, unsigned int n)
{
	for (; n; n -= in->burst)
		source_send(in, in->burst);
}

static void dummy_tear_down(struct instance *in)
{
}

const struct contestant floor_contestants[] = {
	{ "dummy", RX, NAME, bursts_64,
	  dummy_set_up, dummy_run, dummy_tear_down },
	{ "dummy-csum", RX, NAME, bursts_64,
	  dummy_csum_set_up, dummy_run, dummy_tear_down },
	{ }
};
