// SPDX-License-Identifier: GPL-2.0
/* The headers that a queue's flags add to a packet: tun_pi and virtio_net_hdr. */
#include <endian.h>

#include "lib.h"

int mode_create(const struct mode *m, const char *name)
{
	int fd = tunfd_create(name, m->flags | (m->hdr ? IFF_VNET_HDR : 0));
	int ret = 0;

	if (fd < 0)
		return fd;
	if (m->hdr)
		ret = tunfd_int(fd, TUNSETVNETHDRSZ, m->hdr);
	if (!ret && m->le)
		ret = tunfd_int(fd, TUNSETVNETLE, 1);
	if (!ret)
		ret = if_up(name);
	if (!ret)
		ret = fd_nonblock(fd);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

size_t mode_prefix(const struct mode *m)
{
	return (m->flags & IFF_NO_PI ? 0 : sizeof(struct tun_pi)) + m->hdr;
}

/* TUNSETVNETLE makes the fields little-endian; this turns them to that order or back. */
static struct virtio_net_hdr in_order(const struct mode *m,
				      struct virtio_net_hdr vh)
{
	if (m->le) {
		vh.hdr_len = htole16(vh.hdr_len);
		vh.gso_size = htole16(vh.gso_size);
		vh.csum_start = htole16(vh.csum_start);
		vh.csum_offset = htole16(vh.csum_offset);
	}
	return vh;
}

size_t mode_put(const struct mode *m, void *buf, int proto,
		const struct virtio_net_hdr *vh)
{
	struct virtio_net_hdr hdr = { };
	char *p = buf;

	memset(p, 0, mode_prefix(m));
	if (!(m->flags & IFF_NO_PI)) {
		struct tun_pi pi = { .proto = htons(proto) };

		memcpy(p, &pi, sizeof(pi));
		p += sizeof(pi);
	}
	if (vh)
		hdr = in_order(m, *vh);
	if (m->hdr)
		memcpy(p, &hdr, sizeof(hdr));
	return mode_prefix(m);
}

size_t mode_get(const struct mode *m, const void *buf, struct tun_pi *pi,
		struct virtio_net_hdr *vh)
{
	const char *p = buf;

	if (!(m->flags & IFF_NO_PI)) {
		memcpy(pi, p, sizeof(*pi));
		p += sizeof(*pi);
	}
	if (m->hdr) {
		memcpy(vh, p, sizeof(*vh));
		*vh = in_order(m, *vh);
	}
	return mode_prefix(m);
}

ssize_t mode_write(const struct mode *m, int fd, int proto,
		   const struct virtio_net_hdr *vh, const void *p, size_t len)
{
	static char buf[BIG + 300];
	size_t n = mode_put(m, buf, proto, vh);

	memcpy(buf + n, p, len);
	return fd_write(fd, buf, n + len);
}

/* vnet: the packet socket has PACKET_VNET_HDR. */
int mode_dev_open(struct mode_dev *d, const struct mode *m, bool vnet)
{
	int ret;

	*d = (struct mode_dev) { .m = *m, .f = { .sport = 1, .dport = 2 },
				 .fd = -1, .sk = -1 };
	d->tap = m->flags & IFF_TAP;
	d->l2 = d->tap ? 14 : 0;
	d->pkt = malloc(BIG);
	d->buf = malloc(BIG);
	if (!d->pkt || !d->buf)
		return -ENOMEM;
	ret = ns_enter();
	if (ret)
		return ret;
	d->fd = mode_create(m, "t0");
	if (d->fd < 0)
		return d->fd;
	d->sk = psock_open("t0", vnet);
	return d->sk < 0 ? d->sk : 0;
}

void mode_dev_close(struct mode_dev *d)
{
	close(d->sk);
	close(d->fd);
	free(d->pkt);
	free(d->buf);
}
