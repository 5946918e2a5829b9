// SPDX-License-Identifier: GPL-2.0
/*
 * Packets of 64 KB that are to be segmented, as Linux's virtio-net has them:
 * received into mergeable buffers of a page, sent as a chain of headers and
 * fragments of 32 KB.
 */
#include <string.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

#include "virtio.h"

#define PAGE		4096u
#define FRAGMENT	32768u
#define LINKS		4	/* descriptors that a chain may have */
#define TX_ENTRIES	(MAX_BURST * LINKS)
/* Ethernet's, IP's and TCP's */
#define HEADERS		(ETH_HLEN + 20u + 20u)

/* A burst of 64 fits: 16 pages for each packet, or a chain. */
const struct virtio_shapes virtio_gso = {
	.rx = { 1024, 1024, PAGE },
	.tx = { TX_ENTRIES, MAX_BURST, 65536 + PAGE },
	.offload = TUN_F_CSUM | TUN_F_TSO4,
};

static unsigned int length(const struct instance *in, const struct virtio *v)
{
	return v->hdr + ETH_HLEN + in->size;
}

/*
 * The struct virtio_net_hdr that says how to segment a packet: in front of the packet,
 * or at the beginning of the packet's record.
 */
static void *header(struct virtio *v, struct virtio_vq *q, uint16_t head,
		    uint8_t *buf)
{
	return v->hdr ? (void *)buf : (void *)&q->vq.meta[head];
}

static void take_one(struct instance *in, struct virtio *v)
{
	const struct virtio_net_hdr_mrg_rxbuf *hdr;
	const struct vring_used_elem *used;
	struct ring_vq *vq = &v->rx.vq;
	unsigned int n, len = 0;

	used = &vq->used->ring[vq->taken & vq->mask];
	hdr = header(v, &v->rx, used->id, virtio_buf(&v->rx, used->id));
	for (n = hdr->num_buffers; n; n--) {
		used = vq_next(vq);
		len += used->len;
		vq_give(vq, used->id);
	}
	if (len != length(in, v) ||
	    hdr->hdr.gso_type != VIRTIO_NET_HDR_GSO_TCPV4)
		die("%s: a packet of %u bytes instead of %u", in->c->name, len,
		    length(in, v));
}

void virtio_gso_take(struct instance *in, struct virtio *v)
{
	const unsigned int pages = (length(in, v) + PAGE - 1) / PAGE;
	unsigned int i;

	virtio_wait_used(v, &v->rx, in->burst * pages);
	for (i = 0; i < in->burst; i++)
		take_one(in, v);
	virtio_publish(v, &v->rx);
}

static void put_one(struct instance *in, struct virtio *v)
{
	struct ring_vq *vq = &v->tx.vq;
	const unsigned int i = vq->avail_idx % MAX_BURST, head = i * LINKS;
	unsigned int len = v->hdr + HEADERS, left = length(in, v), n = head;
	uint8_t *p = virtio_buf(&v->tx, i);
	struct virtio_net_hdr *hdr = header(v, &v->tx, head, p);

	memset(hdr, 0, v->hdr ?: sizeof(*vq->meta));
	packet_header(hdr, in->size);
	hdr->hdr_len += ETH_HLEN;
	hdr->csum_start += ETH_HLEN;
	for (; left; n++) {
		vq->desc[n] = (struct vring_desc) {
			.addr = (uintptr_t)p, .len = len,
			.flags = left > len ? VRING_DESC_F_NEXT : 0,
			.next = n + 1,
		};
		p += len;
		left -= len;
		len = left < FRAGMENT ? left : FRAGMENT;
	}
	vq_give(vq, head);
}

void virtio_gso_put(struct instance *in, struct virtio *v)
{
	unsigned int i;

	for (i = 0; i < in->burst; i++)
		put_one(in, v);
}
