// SPDX-License-Identifier: GPL-2.0
/* Packets go from the one ring to the other. */
#include <string.h>

#include "rings.h"

/*
 * A free transmit buffer. The kernel has to send packets first if all are in use.
 * The driver asks for no notification of used buffers.
 */
static uint16_t tx_head(struct rings *r)
{
	struct ring_vq *tx = r->tx;

	for (;;) {
		tx->taken = vq_used(tx);
		if ((uint16_t)(tx->avail_idx - tx->taken) <= tx->mask)
			return tx->avail_idx & tx->mask;
		r->tx_wait();
	}
}

/* Each packet gets its descriptor and header or record, as if it were new. */
static void put(struct rings *r, uint16_t from, unsigned int len)
{
	const uint8_t *packet = r->rx_buf + (size_t)from * BUF;
	uint16_t head = tx_head(r);
	uint8_t *to = r->tx_buf + (size_t)head * BUF;

	memcpy(to + r->hdr, packet + r->hdr, len - r->hdr);
	packet_turn(to + r->hdr + r->link);
	r->tx->desc[head] = (struct vring_desc) {
		.addr = (uintptr_t)to - r->base, .len = len,
	};
	if (r->hdr)
		memset(to, 0, r->hdr);
	else
		memset(&r->tx->meta[head], 0, sizeof(*r->tx->meta));
	vq_give(r->tx, head);
}

/*
 * Handles up to @most packets that are there. Returns the TUNRINGENTER flags for the
 * kick that the kernel asks for.
 */
unsigned int rings_turn(struct rings *r, unsigned int most)
{
	const struct vring_used_elem *used;
	unsigned int kick = 0;

	while (most-- && !rings_empty(r)) {
		used = vq_next(r->rx);
		put(r, used->id, used->len);
		vq_give(r->rx, used->id);
	}
	vq_taken(r->rx);
	if (vq_publish(r->rx))
		kick |= TUN_RING_ENTER_RX;
	if (vq_publish(r->tx))
		kick |= TUN_RING_ENTER_TX;
	return kick;
}

void rings_epoll_run(struct rings *r, const bool *stop)
{
	unsigned int kick;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		kick = rings_turn(r, BATCH);
		if (kick)
			r->kick(kick);
		if (rings_empty(r))
			epoll_sleep();
	}
}
