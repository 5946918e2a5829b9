// SPDX-License-Identifier: GPL-2.0
/* The floor, without a tun: the traffic source, and a copy of the packet. */
#include <string.h>

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

/* From one of 64 buffers to another: by the C library, in user space. */
static const char *memcpy_set_up(struct instance *in)
{
	in->priv = calloc(2 * MAX_BURST, in->size);
	if (!in->priv)
		die("no memory");
	memset(in->priv, 1, 2 * MAX_BURST * (size_t)in->size);
	return NULL;
}

static void memcpy_run(struct instance *in, unsigned int n)
{
	uint8_t *from = in->priv, *to = from + MAX_BURST * (size_t)in->size;
	size_t i;

	own_begin(in);
	while (n--) {
		i = n % MAX_BURST;
		memcpy(to + i * in->size, from + i * in->size, in->size);
		__asm__ volatile("" ::: "memory");
	}
	own_end(in);
}

static void memcpy_tear_down(struct instance *in)
{
	free(in->priv);
}

const struct contestant floor_contestants[] = {
	{ "dummy", RX, NAME, bursts_64,
	  dummy_set_up, dummy_run, dummy_tear_down },
	{ "dummy-csum", RX, NAME, bursts_64,
	  dummy_csum_set_up, dummy_run, dummy_tear_down },
	{ "dummy-gso", RX, NAME, bursts_64,
	  dummy_set_up, dummy_run, dummy_tear_down, sizes_gso },
	{ "dummy-uso", RX, NAME, bursts_64,
	  dummy_set_up, dummy_run, dummy_tear_down,
	  .segments = true, .whole = true },
	{ "memcpy", TX, NULL, bursts_64,
	  memcpy_set_up, memcpy_run, memcpy_tear_down },
	{ "memcpy-gso", TX, NULL, bursts_64,
	  memcpy_set_up, memcpy_run, memcpy_tear_down, sizes_gso },
	{ }
};
