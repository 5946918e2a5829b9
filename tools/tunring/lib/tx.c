// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "tunring/tx.h"

#include <errno.h>

#include "handle/sleep.h"
#include "handle/slots.h"

static bool tr_tx_have(struct tunring *h, unsigned int n)
{
	if (h->tx.nfree < n)
		h->backend->tx_reclaim(h);
	return h->tx.nfree >= n;
}

unsigned int tunring_tx_space(struct tunring *h)
{
	tr_tx_have(h, h->tx.entries);
	return h->tx.nfree;
}

static void tr_tx_take_burst(struct tunring *h, struct tunring_packet *pkts,
			     unsigned int n)
{
	struct tr_direction *s = &h->tx;
	const struct tr_place place = tr_place(h, s);
	const uint16_t *top = s->free + s->nfree;
	struct tunring_packet *end = pkts + n;
	uint32_t *owner = s->owner;

	s->nfree -= n;
	s->held += n;
	for (; pkts != end; pkts++) {
		unsigned int slot = *--top;

		owner[slot] = TR_OWNER(TR_HELD, 1);
		memset(&place.meta[slot], 0, sizeof(place.meta[slot]));
		tr_packet_fill(&place, pkts, slot, 0);
	}
}

int tunring_tx_reserve(struct tunring *h, struct tunring_packet *pkts,
		       unsigned int n)
{
	if (!tr_tx_have(h, n)) {
		n = h->tx.nfree;
		if (!n)
			return tr_sleep_nothing(h, &h->tx);
	}
	tr_tx_take_burst(h, pkts, n);
	return (int)n;
}

int tunring_tx_reserve_len(struct tunring *h, struct tunring_packet *pkt,
			   uint32_t len)
{
	struct tr_direction *s = &h->tx;
	const struct tr_place place = tr_place(h, s);
	unsigned int n = len ? (len - 1) / s->room + 1 : 1;
	unsigned int head, slot, last, i;

	if (n > s->entries || n > TUN_RING_MAX_CHAIN)
		return -EMSGSIZE;
	if (!tr_tx_have(h, n))
		return tr_sleep_nothing(h, s);
	head = tr_tx_get(h);
	tr_packet_fill(&place, pkt, head, len < s->room ? len : s->room);
	pkt->nsegs = (uint16_t)n;
	pkt->len = len;
	s->owner[head] = TR_OWNER(TR_HELD, n);
	len -= pkt->first_len;
	for (i = 1, last = head; i < n; i++, last = slot) {
		slot = tr_tx_get(h);
		s->owner[slot] = TR_OWNER(TR_SEGMENT, 0);
		s->slots[slot].off = h->headroom;
		s->slots[slot].len = len < s->room ? len : s->room;
		s->slots[last].next = (uint16_t)slot;
		len -= s->slots[slot].len;
	}
	if (n > 1)
		pkt->tailroom = s->buf_size - h->headroom - s->slots[last].len;
	return 1;
}

int tunring_tx_cancel(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!tr_packet_held(h, &pkts[i], 1))
			return -EINVAL;
		h->tx.held -= pkts[i].nsegs;
		tr_tx_free_chain(h, pkts[i].slot);
	}
	return 0;
}

int tunring_tx_submit(struct tunring *h, const struct tunring_packet *pkts,
		      unsigned int n)
{
	unsigned int done = h->backend->tx_submit(h, pkts, n);

	if (done)
		h->backend->tx_publish(h);
	return done || !n ? (int)done : -EINVAL;
}

int tunring_tx_kick(struct tunring *h)
{
	return h->backend->tx_kick(h);
}
