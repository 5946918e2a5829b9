// SPDX-License-Identifier: GPL-2.0
/*
 * read() and write(), a call for each packet. read-csum leaves the checksum to
 * the user, by a struct virtio_net_hdr. read-uso leaves it to the user to segment
 * the datagrams of one call.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

#include "../bench.h"

#define NAME	"bench0"

struct plain {
	int fd;
	unsigned int hdr;	/* bytes in front of the packet */
	uint8_t buf[65536];
};

static const char *set_up(struct instance *in, unsigned int offload)
{
	struct plain *p = calloc(1, sizeof(*p));
	int flags = IFF_TUN | IFF_NO_PI;

	if (!p)
		die("no memory");
	in->priv = p;
	if (offload) {
		flags |= IFF_VNET_HDR;
		p->hdr = sizeof(struct virtio_net_hdr);
	}
	p->fd = net_tun(NAME, flags);
	if (offload && ioctl(p->fd, TUNSETOFFLOAD, offload)) {
		if (errno == EINVAL && offload != TUN_F_CSUM)
			return "read() of this tun has no such offload";
		die("TUNSETOFFLOAD: %s", strerror(errno));
	}
	net_up(NAME);
	if (in->c->direction == RX) {
		source_open(in);
	} else {
		sink_open(in);
		packet_fill(p->buf, in->size);
	}
	return NULL;
}

static const char *plain_set_up(struct instance *in)
{
	return set_up(in, 0);
}

static const char *noqueue_set_up(struct instance *in)
{
	const char *missing = set_up(in, 0);

	net_no_queue(NAME);
	return missing;
}

static const char *csum_set_up(struct instance *in)
{
	return set_up(in, TUN_F_CSUM);
}

static const char *uso_set_up(struct instance *in)
{
	return set_up(in, OFFLOAD_USO);
}

static void read_run(struct instance *in, unsigned int n)
{
	unsigned int packets = in->burst / in->per_packet, i;
	struct plain *p = in->priv;
	const ssize_t size = p->hdr + packet_size(in);
	ssize_t len;

	for (; n; n -= in->burst) {
		source_send(in, in->burst);
		own_begin(in);
		for (i = 0; i < packets; i++) {
			len = read(p->fd, p->buf, sizeof(p->buf));
			if (len != size)
				die("read: %zd (%s)", len, strerror(errno));
		}
		in->syscalls += packets;
		own_end(in);
	}
}

static void write_run(struct instance *in, unsigned int n)
{
	struct plain *p = in->priv;
	ssize_t len;

	own_begin(in);
	in->syscalls += n;
	while (n--) {
		len = write(p->fd, p->buf, in->size);
		if (len != (ssize_t)in->size)
			die("write: %zd (%s)", len, strerror(errno));
	}
	own_end(in);
}

static void plain_tear_down(struct instance *in)
{
	struct plain *p = in->priv;

	close(p->fd);
	free(p);
}

const struct contestant plain_contestants[] = {
	{ "read", RX, NAME, bursts_64,
	  plain_set_up, read_run, plain_tear_down },
	{ "read-csum", RX, NAME, bursts_64,
	  csum_set_up, read_run, plain_tear_down },
	{ "read-noqueue", RX, NAME, bursts_64,
	  noqueue_set_up, read_run, plain_tear_down },
	{ "read-segments", RX, NAME, bursts_64,
	  csum_set_up, read_run, plain_tear_down, .segments = true },
	{ "read-uso", RX, NAME, bursts_64,
	  uso_set_up, read_run, plain_tear_down,
	  .segments = true, .whole = true },
	{ "write", TX, NAME, bursts_64,
	  plain_set_up, write_run, plain_tear_down },
	{ "write-socket", TX, NAME, bursts_64,
	  plain_set_up, write_run, plain_tear_down, .to_socket = true },
	{ }
};
