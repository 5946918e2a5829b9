// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Transmit side by writev(). Submitted packets wait in a queue until a kick
 * writes them. Packets that a ring would drop and count as an error are dropped
 * and counted here, too.
 */
#include "tx.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <string.h>

#include "../handle/slots.h"
#include "csum.h"
#include "prefix.h"

/* prefix, MAC addresses, tag, then the packet */
#define LEAD	3
#define MAX_IOV	(LEAD + TUN_RING_MAX_CHAIN)

struct tr_tx_frame {
	struct tun_ring_meta	meta;
	struct tr_prefix	prefix;
	uint8_t			tag[4];
	struct iovec		iov[MAX_IOV];
	unsigned int		first;	/* used entry of iov */
	unsigned int		n;	/* end of the used ones */
};

void tr_plain_tx_queue(struct tunring *h, unsigned int head)
{
	struct tr_fifo *f = &h->fifo;

	f->head[(f->first + f->count) & (h->tx.entries - 1)] = (uint16_t)head;
	f->count++;
}

unsigned int tr_plain_tx_submit(struct tunring *h,
				const struct tunring_packet *pkts,
				unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!tr_packet_held(h, &pkts[i], 1) ||
		    tr_packet_check(h, &pkts[i]))
			break;
		tr_tx_queue_chain(h, pkts[i].slot, tr_plain_tx_queue);
	}
	return i;
}

static bool tr_plain_tx_meta_valid(const struct tunring *h,
				   const struct tun_ring_meta *m)
{
	uint16_t flags = le16toh(m->flags);

	if (flags & ~(TUN_RING_META_VLAN | TUN_RING_META_HASH |
		      TUN_RING_META_HASH_L4 | TUN_RING_META_TSTAMP))
		return false;
	if (m->reserved[0] || m->reserved[1] || m->reserved[2])
		return false;
	if (h->tap)
		return !m->protocol;
	return !(flags & TUN_RING_META_VLAN);
}

static int tr_plain_tx_gather(const struct tunring *h, unsigned int head,
			      struct tr_tx_frame *f)
{
	const struct tr_direction *s = &h->tx;
	unsigned int i;

	f->first = LEAD;
	f->n = LEAD;
	for (i = head; i != TR_NO_SLOT; i = s->slots[i].next) {
		if (f->n == MAX_IOV)
			return -EMSGSIZE;
		f->iov[f->n].iov_base = tr_buf(h, &s->slots[i]) +
					s->slots[i].off;
		f->iov[f->n++].iov_len = s->slots[i].len;
	}
	return 0;
}

static void tr_plain_tx_add_le16(__le16 *p, uint16_t v)
{
	*p = htole16((uint16_t)(le16toh(*p) + v));
}

/* A plain fd takes a tag as part of the packet only. */
static int tr_plain_tx_insert_tag(struct tr_tx_frame *f)
{
	struct tun_ring_meta *m = &f->meta;
	struct iovec *data = &f->iov[LEAD];
	uint16_t tci = htons(le16toh(m->vlan_tci));

	if (!(le16toh(m->flags) & TUN_RING_META_VLAN))
		return 0;
	if (data->iov_len < ETH_HLEN)
		return -EINVAL;
	memcpy(f->tag, &m->vlan_proto, 2);
	memcpy(f->tag + 2, &tci, 2);
	f->iov[LEAD - 1].iov_base = f->tag;
	f->iov[LEAD - 1].iov_len = sizeof(f->tag);
	f->iov[LEAD - 2].iov_base = data->iov_base;
	f->iov[LEAD - 2].iov_len = 2 * ETH_ALEN;
	data->iov_base = (uint8_t *)data->iov_base + 2 * ETH_ALEN;
	data->iov_len -= 2 * ETH_ALEN;
	f->first = LEAD - 2;
	if (m->vnet_flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		tr_plain_tx_add_le16(&m->csum_start, 4);
	if (m->hdr_len)
		tr_plain_tx_add_le16(&m->hdr_len, 4);
	return 0;
}

static int tr_plain_tx_build(struct tunring *h, unsigned int head,
			     struct tr_tx_frame *f)
{
	const uint8_t *data;
	int ret;

	f->meta = h->tx.vq.meta[head];
	if (!tr_plain_tx_meta_valid(h, &f->meta))
		return -EINVAL;
	ret = tr_plain_tx_gather(h, head, f);
	if (ret)
		return ret;
	data = f->iov[LEAD].iov_base;
	if (!h->vnet_size) {
		if (f->meta.gso_type != VIRTIO_NET_HDR_GSO_NONE)
			return -EOPNOTSUPP;
		if (f->meta.vnet_flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
			ret = tr_csum_finish(&f->iov[LEAD], f->n - LEAD,
					     le16toh(f->meta.csum_start),
					     le16toh(f->meta.csum_offset));
		if (ret)
			return ret;
	}
	ret = tr_plain_tx_insert_tag(f);
	if (ret)
		return ret;
	tr_prefix_encode(h, &f->meta, data, h->tx.slots[head].len, &f->prefix);
	if (f->prefix.len) {
		f->first--;
		f->iov[f->first].iov_base = f->prefix.bytes;
		f->iov[f->first].iov_len = f->prefix.len;
	}
	return 0;
}

static bool tr_plain_tx_retry(ssize_t err)
{
	return err == -EAGAIN || err == -EBADFD || err == -EINTR ||
	       err == -ENOMEM || err == -ENOBUFS;
}

/* The kernel did not take the packet. Returns as tr_plain_tx_write(). */
static int tr_plain_tx_refused(struct tunring *h, unsigned int head, int err)
{
	if (tr_plain_tx_retry(err)) {
		/* A sum that was put in must not be put in again. */
		if (!h->vnet_size)
			h->tx.vq.meta[head].vnet_flags = 0;
		return err;
	}
	if (err != -EIO) {
		h->tx.count.errors++;
		return 0;
	}
	h->tx.count.dropped++;
	return err;
}

/*
 * 0: written or dropped; -EIO: dropped, because the device is down; else the packet
 * stays first in the queue.
 */
static int tr_plain_tx_write(struct tunring *h, unsigned int head)
{
	struct tr_direction *s = &h->tx;
	struct tr_tx_frame f;
	ssize_t ret = tr_plain_tx_build(h, head, &f);

	if (ret) {
		s->count.errors++;
		return 0;
	}
	s->syscalls++;
	s->count.kicks++;
	ret = h->ops->writev(h->fd, &f.iov[f.first], (int)(f.n - f.first));
	if (ret < 0)
		return tr_plain_tx_refused(h, head, (int)ret);
	s->count.packets++;
	s->count.bytes += (uint64_t)ret - f.prefix.len;
	return 0;
}

int tr_plain_tx_flush(struct tunring *h)
{
	struct tr_fifo *f = &h->fifo;
	int ret, down = 0;

	while (f->count) {
		unsigned int head = f->head[f->first & (h->tx.entries - 1)];

		ret = tr_plain_tx_write(h, head);
		if (ret == -EIO)
			down = ret;
		else if (ret)
			return ret;
		tr_tx_free_chain(h, head);
		f->first++;
		f->count--;
	}
	return down;
}
