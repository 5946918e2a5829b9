// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "internal.h"

#include <errno.h>
#include <string.h>

/* A free slot. The caller has seen that there is one. */
unsigned int tr_tx_take(struct tunring *h)
{
	struct tr_side *s = &h->tx;
	unsigned int slot = s->free[--s->nfree];

	s->slots[slot].next = TR_NO_SLOT;
	s->slots[slot].nsegs = 1;
	s->slots[slot].off = h->headroom;
	s->slots[slot].len = 0;
	s->slots[slot].state = TR_HELD;
	s->held++;
	memset(&s->vq.meta[slot], 0, sizeof(s->vq.meta[slot]));
	return slot;
}

void tr_tx_queue(struct tunring *h, unsigned int head)
{
	struct tr_side *s = &h->tx;

	s->held -= s->slots[head].nsegs;
	s->slots[head].state = TR_FLIGHT;
	if (h->mode == TUNRING_MODE_RING)
		tr_ring_tx_queue(h, head);
	else
		tr_plain_tx_queue(h, head);
}

static bool have(struct tunring *h, unsigned int n)
{
	if (h->tx.nfree < n && h->mode == TUNRING_MODE_RING)
		tr_ring_tx_reclaim(h);
	return h->tx.nfree >= n;
}

unsigned int tunring_tx_space(struct tunring *h)
{
	have(h, h->tx.entries);
	return h->tx.nfree;
}

int tunring_tx_reserve(struct tunring *h, struct tunring_packet *pkts,
		       unsigned int n)
{
	unsigned int i;

	if (!have(h, n))
		n = h->tx.nfree;
	for (i = 0; i < n; i++)
		tr_packet_fill(h, &pkts[i], tr_tx_take(h), 1);
	return (int)n;
}

int tunring_tx_reserve_len(struct tunring *h, struct tunring_packet *pkt,
			   uint32_t len)
{
	struct tr_side *s = &h->tx;
	unsigned int n = len ? (len - 1) / h->room + 1 : 1;
	unsigned int head, slot, last, i;

	if (n > s->entries || n > TUN_RING_MAX_CHAIN)
		return -EMSGSIZE;
	if (!have(h, n))
		return 0;
	head = tr_tx_take(h);
	tr_packet_fill(h, pkt, head, 1);
	pkt->nsegs = (uint16_t)n;
	pkt->len = len;
	pkt->first_len = len < h->room ? len : h->room;
	s->slots[head].len = pkt->first_len;
	s->slots[head].nsegs = (uint16_t)n;
	len -= pkt->first_len;
	for (i = 1, last = head; i < n; i++, last = slot) {
		slot = tr_tx_take(h);
		s->slots[slot].state = TR_SEGMENT;
		s->slots[slot].len = len < h->room ? len : h->room;
		s->slots[last].next = (uint16_t)slot;
		len -= s->slots[slot].len;
	}
	pkt->tailroom = h->buf_size - h->headroom - s->slots[last].len;
	return 1;
}

int tunring_tx_cancel(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!tr_packet_held(h, &pkts[i], 1))
			return -EINVAL;
		h->tx.held -= h->tx.slots[pkts[i].slot].nsegs;
		tr_tx_free_chain(h, pkts[i].slot);
	}
	return 0;
}

int tunring_tx_submit(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!tr_packet_held(h, &pkts[i], 1) ||
		    tr_packet_check(h, &pkts[i]))
			break;
		tr_tx_queue(h, pkts[i].slot);
	}
	if (i && h->mode == TUNRING_MODE_RING)
		tr_ring_tx_publish(h);
	return i || !n ? (int)i : -EINVAL;
}

int tunring_tx_kick(struct tunring *h)
{
	int ret = 0;

	if (h->mode != TUNRING_MODE_RING)
		return tr_plain_tx_flush(h);
	if (tr_ring_kick_needed(h, &h->tx))
		ret = tr_ring_enter(h, &h->tx, TUN_RING_ENTER_TX, 0, NULL);
	tr_ring_tx_reclaim(h);
	return ret < 0 ? ret : 0;
}
