// SPDX-License-Identifier: GPL-2.0
/*
 * Mapped rings on the tun fd, packets used where they lie. Buffers hold a whole
 * packet, also where that is one of 64 KB that is to be segmented.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

#include "../bench.h"
#include "../ring.h"

#define NAME	"bench0"
#define RECORDS	(1 << TUN_RING_F_META)

/* Are the packets longer than an interface's MTU? */
static bool is_long(const struct instance *in)
{
	return in->size == SIZE_GSO || in->c->whole;
}

static unsigned int entries(const struct instance *in)
{
	return is_long(in) ? 128 : 256;
}

static unsigned int buf_size(const struct instance *in)
{
	return is_long(in) ? 65536 : 2048;
}

static void enter(struct instance *in, struct ring *r, unsigned int flags)
{
	struct tun_ring_enter e = { .flags = flags };

	in->syscalls++;
	if (ioctl(r->fd, TUNRINGENTER, &e) < 0)
		die("TUNRINGENTER: %s", strerror(errno));
}

static const char *ring_set_up(struct instance *in, unsigned int offload,
			       unsigned int features)
{
	struct ring *r = calloc(1, sizeof(*r));
	const char *missing;
	int fd;

	if (!r)
		die("no memory");
	in->priv = r;
	r->s.features = features;
	fd = net_tun(NAME, IFF_TUN | IFF_NO_PI);
	missing = ring_open(r, fd, entries(in), buf_size(in));
	if (missing)
		return missing;
	if (offload && ioctl(fd, TUNSETOFFLOAD, offload))
		die("TUNSETOFFLOAD: %s", strerror(errno));
	net_up(NAME);
	return NULL;
}

static const char *rx_set_up_with(struct instance *in, unsigned int offload,
				  unsigned int features)
{
	const char *missing = ring_set_up(in, offload, features);
	const unsigned int buf = buf_size(in);
	struct ring *r = in->priv;
	unsigned int i;

	if (missing)
		return missing;
	for (i = 0; i < entries(in); i++) {
		r->rx.desc[i] = (struct vring_desc) {
			.addr = i * buf, .len = buf,
			.flags = VRING_DESC_F_WRITE,
		};
		vq_give(&r->rx, i);
	}
	if (vq_publish(&r->rx))
		enter(in, r, TUN_RING_ENTER_RX);
	source_open(in);
	return NULL;
}

static const char *rx_set_up(struct instance *in)
{
	return rx_set_up_with(in, 0, RECORDS);
}

static const char *rx_csum_set_up(struct instance *in)
{
	return rx_set_up_with(in, TUN_F_CSUM, RECORDS);
}

static const char *rx_gso_set_up(struct instance *in)
{
	return rx_set_up_with(in, TUN_F_CSUM | TUN_F_TSO4, RECORDS);
}

static const char *rx_uso_set_up(struct instance *in)
{
	return rx_set_up_with(in, OFFLOAD_USO, RECORDS);
}

/* Neither records nor headers: the packet alone, as read() and write() have it. */
static const char *rx_bare_set_up(struct instance *in)
{
	return rx_set_up_with(in, 0, 0);
}

/* There is no queue that a full ring could stop. */
static const char *rx_noqueue_set_up(struct instance *in)
{
	const char *missing = rx_set_up_with(in, 0, RECORDS |
					     1 << TUN_RING_F_RX_DROP);

	if (!missing)
		net_no_queue(NAME);
	return missing;
}

static const char *tx_set_up_with(struct instance *in, unsigned int features)
{
	const char *missing = ring_set_up(in, 0, features);
	struct ring *r = in->priv;
	unsigned int i;

	if (missing)
		return missing;
	sink_open(in);
	for (i = 0; i < entries(in); i++)
		packet_fill(ring_tx_buf(r, i), in->size);
	return NULL;
}

static const char *tx_set_up(struct instance *in)
{
	return tx_set_up_with(in, RECORDS);
}

static const char *tx_bare_set_up(struct instance *in)
{
	return tx_set_up_with(in, 0);
}

/* The descriptors stay as they are: a buffer is given back by its number. */
static void rx_take(struct instance *in, struct ring *r)
{
	const uint8_t gso = in->c->whole ? GSO_UDP_L4 :
			    in->size == SIZE_GSO ? VIRTIO_NET_HDR_GSO_TCPV4 :
						   VIRTIO_NET_HDR_GSO_NONE;
	const unsigned int size = packet_size(in);
	uint16_t n = vq_used(&r->rx) - r->rx.taken;
	const struct vring_used_elem *used;

	if (n != in->burst / in->per_packet)
		die("%u packets in the ring instead of %u", n,
		    in->burst / in->per_packet);
	while (n--) {
		used = vq_next(&r->rx);
		if (used->len != size ||
		    (ring_has_records(r) &&
		     (r->rx.meta[used->id].num_buffers != 1 ||
		      r->rx.meta[used->id].gso_type != gso)))
			die("ring: a packet of %u bytes", used->len);
		vq_give(&r->rx, used->id);
	}
	vq_taken(&r->rx);
	if (vq_publish(&r->rx))
		enter(in, r, TUN_RING_ENTER_RX);
}

static void rx_run(struct instance *in, unsigned int n)
{
	struct ring *r = in->priv;

	for (; n; n -= in->burst) {
		source_send(in, in->burst);
		own_begin(in);
		rx_take(in, r);
		own_end(in);
	}
}

static void tx_run(struct instance *in, unsigned int n)
{
	struct ring *r = in->priv;
	unsigned int i;

	own_begin(in);
	for (; n; n -= in->burst) {
		for (i = 0; i < in->burst; i++)
			ring_tx_put(r, in->size);
		if (vq_publish(&r->tx))
			enter(in, r, TUN_RING_ENTER_TX);
		ring_tx_reap(r);
		if ((uint16_t)(r->tx.avail_idx - r->tx.taken) >
		    entries(in) - MAX_BURST)
			enter(in, r, TUN_RING_ENTER_TX);
	}
	while (r->tx.taken != r->tx.avail_idx) {
		enter(in, r, TUN_RING_ENTER_TX);
		ring_tx_reap(r);
	}
	own_end(in);
}

static void ring_tear_down(struct instance *in)
{
	struct ring *r = in->priv;

	ring_close(r);
	close(r->fd);
	free(r);
}

const struct contestant ring_contestants[] = {
	{ "ring", RX, NAME, bursts_all, rx_set_up, rx_run, ring_tear_down },
	{ "ring-bare", RX, NAME, bursts_64,
	  rx_bare_set_up, rx_run, ring_tear_down },
	{ "ring-csum", RX, NAME, bursts_64,
	  rx_csum_set_up, rx_run, ring_tear_down },
	{ "ring-noqueue", RX, NAME, bursts_all,
	  rx_noqueue_set_up, rx_run, ring_tear_down },
	{ "ring-segments", RX, NAME, bursts_64,
	  rx_csum_set_up, rx_run, ring_tear_down, .segments = true },
	{ "ring-uso", RX, NAME, bursts_64,
	  rx_uso_set_up, rx_run, ring_tear_down,
	  .segments = true, .whole = true },
	{ "ring-gso", RX, NAME, bursts_64,
	  rx_gso_set_up, rx_run, ring_tear_down, sizes_gso },
	{ "ring-gso", TX, NAME, bursts_64,
	  tx_set_up, tx_run, ring_tear_down, sizes_gso },
	{ "ring", TX, NAME, bursts_all, tx_set_up, tx_run, ring_tear_down },
	{ "ring-bare", TX, NAME, bursts_64,
	  tx_bare_set_up, tx_run, ring_tear_down },
	{ "ring-socket", TX, NAME, bursts_64,
	  tx_set_up, tx_run, ring_tear_down, .to_socket = true },
	{ }
};
