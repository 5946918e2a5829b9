// SPDX-License-Identifier: GPL-2.0
/* Packets of one direction, by a virtio driver with any server. */
#include <string.h>
#include <linux/if_ether.h>

#include "virtio.h"

static void tx_fill(struct instance *in, struct virtio *v, const uint8_t *mac)
{
	struct ethhdr *eth;
	unsigned int i;

	for (i = 0; i < v->tx.shape.bufs; i++) {
		eth = (void *)(virtio_buf(&v->tx, i) + v->hdr);
		memcpy(eth->h_dest, mac, ETH_ALEN);
		eth->h_proto = __builtin_bswap16(ETH_P_IP);
		packet_fill(eth + 1, in->size);
	}
}

static void start(struct instance *in, struct virtio *v)
{
	uint8_t mac[ETH_ALEN];

	net_no_arp(VIRTIO_NAME, mac);
	net_up(VIRTIO_NAME);
	if (in->c->direction == RX) {
		virtio_rx_fill(v);
		source_open(in);
		return;
	}
	sink_open(in);
	tx_fill(in, v, mac);
}

const char *virtio_set_up(struct instance *in, const struct virtio_server *s)
{
	struct virtio *v = calloc(1, sizeof(*v));
	const char *missing;

	if (!v)
		die("no memory");
	in->priv = v;
	sched_unthrottle();
	missing = virtio_open(v, s, in->size == SIZE_GSO ? &virtio_gso :
							   &virtio_small);
	if (!missing)
		start(in, v);
	return missing;
}

static void run_begin(struct virtio *v)
{
	v->syscalls = 0;
	sched_in_front(v->thread);
}

static void run_end(struct instance *in, struct virtio *v)
{
	sched_in_front(false);
	in->syscalls = v->syscalls;
}

/* The descriptors stay as they are: a buffer is given back by its number. */
static void rx_take(struct instance *in, struct virtio *v)
{
	const unsigned int len = v->hdr + ETH_HLEN + in->size;
	const struct vring_used_elem *used;
	struct ring_vq *vq = &v->rx.vq;
	unsigned int i;

	virtio_wait_used(v, &v->rx, in->burst);
	for (i = 0; i < in->burst; i++) {
		used = vq_next(vq);
		if (used->len != len)
			die("%s: a packet of %u bytes instead of %u",
			    in->c->name, used->len, len);
		vq_give(vq, used->id);
	}
	virtio_publish(v, &v->rx);
}

void virtio_rx_run(struct instance *in, unsigned int n)
{
	struct virtio *v = in->priv;

	run_begin(v);
	for (; n; n -= in->burst) {
		source_send(in, in->burst);
		own_begin(in);
		if (in->size == SIZE_GSO)
			virtio_gso_take(in, v);
		else
			rx_take(in, v);
		own_end(in);
	}
	run_end(in, v);
}

/* Each packet gets its descriptor and header or record, as if it were new. */
static void tx_put(struct virtio *v, uint16_t head, unsigned int size)
{
	uint8_t *buf = virtio_buf(&v->tx, head);
	struct ring_vq *vq = &v->tx.vq;

	vq->desc[head] = (struct vring_desc) {
		.addr = (uintptr_t)buf, .len = v->hdr + ETH_HLEN + size,
	};
	if (v->hdr)
		memset(buf, 0, v->hdr);
	else
		memset(&vq->meta[head], 0, sizeof(*vq->meta));
	vq_give(vq, head);
}

static void tx_put_burst(struct instance *in, struct virtio *v)
{
	unsigned int i;

	for (i = 0; i < in->burst; i++)
		tx_put(v, v->tx.vq.avail_idx & v->tx.vq.mask, in->size);
}

static void tx_reap(struct virtio *v, unsigned int n)
{
	while (n--)
		if (vq_next(&v->tx.vq)->id > v->tx.vq.mask)
			die("a used entry that is none");
}

void virtio_tx_run(struct instance *in, unsigned int n)
{
	struct virtio *v = in->priv;

	run_begin(v);
	own_begin(in);
	for (; n; n -= in->burst) {
		if (in->size == SIZE_GSO)
			virtio_gso_put(in, v);
		else
			tx_put_burst(in, v);
		virtio_publish(v, &v->tx);
		virtio_wait_used(v, &v->tx, in->burst);
		tx_reap(v, in->burst);
	}
	own_end(in);
	run_end(in, v);
}

void virtio_tear_down(struct instance *in)
{
	virtio_close(in->priv);
	free(in->priv);
}
