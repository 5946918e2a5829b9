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

int tunring_tx_reserve(struct tunring *h, struct tunring_packet *pkts,
		       unsigned int n)
{
	unsigned int i;

	if (!tr_tx_have(h, n)) {
		n = h->tx.nfree;
		if (!n)
			return tr_sleep_nothing(h, &h->tx);
	}
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
	if (!tr_tx_have(h, n))
		return tr_sleep_nothing(h, s);
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
		tr_tx_queue_chain(h, pkts[i].slot);
	}
	if (i)
		h->backend->tx_publish(h);
	return i || !n ? (int)i : -EINVAL;
}

int tunring_tx_kick(struct tunring *h)
{
	return h->backend->tx_kick(h);
}
