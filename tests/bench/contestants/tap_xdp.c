// SPDX-License-Identifier: GPL-2.0
/*
 * A tap with a native XDP program on it, which drops or passes all packets that the
 * user sends, by write() or by a ring. Stock tun runs the program before there is an
 * skb if the file does not block.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>

#include "../bpf.h"
#include "../ring.h"

#define NAME	"bench0"
#define ENTRIES	256
#define BUF	2048

struct tap {
	int fd, link;
	struct ring r;
	uint8_t buf[BUF];
};

static int attach(int action)
{
	const struct bpf_insn program[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, action },
		{ BPF_JMP | BPF_EXIT },
	};

	return bpf_link_xdp(NAME, bpf_load_xdp(program, ARRAY_SIZE(program)),
			    XDP_FLAGS_DRV_MODE);
}

static void fill(uint8_t *buf, unsigned int size)
{
	struct ethhdr *eth = (void *)buf;

	memset(eth, 0, sizeof(*eth));
	eth->h_proto = __builtin_bswap16(ETH_P_IP);
	packet_fill(eth + 1, size);
}

static struct tap *tap_new(struct instance *in)
{
	struct tap *t = calloc(1, sizeof(*t));

	if (!t)
		die("no memory");
	in->priv = t;
	t->fd = net_tun(NAME, IFF_TAP | IFF_NO_PI);
	return t;
}

static void tap_ready(struct instance *in, struct tap *t)
{
	net_up(NAME);
	sink_open(in);
	t->link = attach(in->c->dropped ? XDP_DROP : XDP_PASS);
}

static const char *write_set_up(struct instance *in)
{
	struct tap *t = tap_new(in);

	if (fcntl(t->fd, F_SETFL, O_NONBLOCK))
		die("O_NONBLOCK: %s", strerror(errno));
	fill(t->buf, in->size);
	tap_ready(in, t);
	return NULL;
}

static void write_run(struct instance *in, unsigned int n)
{
	const size_t size = ETH_HLEN + in->size;
	struct tap *t = in->priv;
	ssize_t len;

	own_begin(in);
	in->syscalls += n;
	while (n--) {
		len = write(t->fd, t->buf, size);
		if (len != (ssize_t)size)
			die("write: %zd (%s)", len, strerror(errno));
	}
	own_end(in);
}

static void enter(struct instance *in, struct tap *t)
{
	struct tun_ring_enter e = { .flags = TUN_RING_ENTER_TX };

	in->syscalls++;
	if (ioctl(t->fd, TUNRINGENTER, &e) < 0)
		die("TUNRINGENTER: %s", strerror(errno));
}

static const char *ring_set_up(struct instance *in)
{
	struct tap *t = tap_new(in);
	const char *missing;
	unsigned int i;

	t->r.s.features = 1 << TUN_RING_F_META;
	missing = ring_open(&t->r, t->fd, ENTRIES, BUF);
	if (missing)
		return missing;
	for (i = 0; i < ENTRIES; i++)
		fill(ring_tx_buf(&t->r, i), in->size);
	tap_ready(in, t);
	return NULL;
}

static void ring_run(struct instance *in, unsigned int n)
{
	struct tap *t = in->priv;
	struct ring *r = &t->r;
	unsigned int i;

	own_begin(in);
	for (; n; n -= in->burst) {
		for (i = 0; i < in->burst; i++)
			ring_tx_put(r, ETH_HLEN + in->size);
		if (vq_publish(&r->tx))
			enter(in, t);
		ring_tx_reap(r);
		if ((uint16_t)(r->tx.avail_idx - r->tx.taken) >
		    ENTRIES - MAX_BURST)
			enter(in, t);
	}
	while (r->tx.taken != r->tx.avail_idx) {
		enter(in, t);
		ring_tx_reap(r);
	}
	own_end(in);
}

static void tear_down(struct instance *in)
{
	struct tap *t = in->priv;

	if (t->link)
		close(t->link);
	ring_close(&t->r);
	close(t->fd);
	free(t);
}

const struct contestant tap_xdp_contestants[] = {
	{ "write-xdp-drop", TX, NAME, bursts_64,
	  write_set_up, write_run, tear_down, .dropped = true },
	{ "write-xdp-pass", TX, NAME, bursts_64,
	  write_set_up, write_run, tear_down },
	{ "ring-xdp-drop", TX, NAME, bursts_64,
	  ring_set_up, ring_run, tear_down, .dropped = true },
	{ "ring-xdp-pass", TX, NAME, bursts_64,
	  ring_set_up, ring_run, tear_down },
	{ }
};
