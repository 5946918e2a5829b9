// SPDX-License-Identifier: GPL-2.0
/*
 * readv() and writev() of a packet of 64 KB that is to be segmented, behind a
 * struct virtio_net_hdr: the best that a call for each packet can do.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

#include "../bench.h"

#define NAME	"bench0"

struct gso {
	int fd;
	struct virtio_net_hdr hdr;
	struct iovec iov[2];
	uint8_t buf[65536];
};

static const char *set_up(struct instance *in)
{
	struct gso *g = calloc(1, sizeof(*g));

	if (!g)
		die("no memory");
	in->priv = g;
	g->iov[0] = (struct iovec) { &g->hdr, sizeof(g->hdr) };
	g->iov[1] = (struct iovec) { g->buf, in->size };
	g->fd = net_tun(NAME, IFF_TUN | IFF_NO_PI | IFF_VNET_HDR);
	if (ioctl(g->fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4))
		die("TUNSETOFFLOAD: %s", strerror(errno));
	net_up(NAME);
	if (in->c->direction == RX) {
		source_open(in);
	} else {
		net_drop_ingress(NAME);
		packet_fill(g->buf, in->size);
	}
	return NULL;
}

static void readv_run(struct instance *in, unsigned int n)
{
	struct gso *g = in->priv;
	unsigned int i;
	ssize_t len;

	for (; n; n -= in->burst) {
		source_send(in, in->burst);
		own_begin(in);
		for (i = 0; i < in->burst; i++) {
			len = readv(g->fd, g->iov, 2);
			if (len != (ssize_t)(sizeof(g->hdr) + in->size) ||
			    g->hdr.gso_type != VIRTIO_NET_HDR_GSO_TCPV4)
				die("readv: %zd (%s)", len, strerror(errno));
		}
		in->syscalls += in->burst;
		own_end(in);
	}
}

static void writev_run(struct instance *in, unsigned int n)
{
	struct gso *g = in->priv;
	ssize_t len;

	own_begin(in);
	in->syscalls += n;
	while (n--) {
		packet_header(&g->hdr, in->size);
		len = writev(g->fd, g->iov, 2);
		if (len != (ssize_t)(sizeof(g->hdr) + in->size))
			die("writev: %zd (%s)", len, strerror(errno));
	}
	own_end(in);
}

static void tear_down(struct instance *in)
{
	struct gso *g = in->priv;

	close(g->fd);
	free(g);
}

const struct contestant gso_contestants[] = {
	{ "readv-gso", RX, NAME, bursts_64,
	  set_up, readv_run, tear_down, sizes_gso },
	{ "writev-gso", TX, NAME, bursts_64,
	  set_up, writev_run, tear_down, sizes_gso },
	{ }
};
