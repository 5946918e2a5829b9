// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int side_init(struct tr_side *s, uint32_t first_buf)
{
	uint32_t i;

	s->slots = calloc(s->entries, sizeof(*s->slots));
	s->free = calloc(s->entries, sizeof(*s->free));
	if (!s->slots || !s->free)
		return -ENOMEM;
	for (i = 0; i < s->entries; i++) {
		s->slots[i].buf = first_buf + i;
		s->slots[i].next = TR_NO_SLOT;
		/* the lowest on top */
		s->free[i] = (uint16_t)(s->entries - 1 - i);
	}
	s->nfree = s->entries;
	return 0;
}

int tr_slots_init(struct tunring *h)
{
	int ret = side_init(&h->rx, 0);

	if (!ret)
		ret = side_init(&h->tx, h->rx.entries);
	return ret || !h->shared ? ret : tr_pool_take(h);
}

void tr_slots_free(struct tunring *h)
{
	free(h->rx.slots);
	free(h->rx.free);
	free(h->tx.slots);
	free(h->tx.free);
}

/* A packet of one buffer with nothing in it, at the configured headroom. */
void tr_packet_fill(const struct tunring *h, struct tunring_packet *pkt,
		    unsigned int slot, unsigned int side)
{
	const struct tr_side *s = side ? &h->tx : &h->rx;

	pkt->data = tr_buf(h, &s->slots[slot]) + h->headroom;
	pkt->meta = &s->vq.meta[slot];
	pkt->len = 0;
	pkt->first_len = 0;
	pkt->headroom = h->headroom;
	pkt->tailroom = h->buf_size - h->headroom;
	pkt->nsegs = 1;
	pkt->side = (uint16_t)side;
	pkt->slot = slot;
	pkt->reserved[0] = 0;
	pkt->reserved[1] = 0;
}

bool tr_packet_held(const struct tunring *h, const struct tunring_packet *pkt,
		    unsigned int side)
{
	const struct tr_side *s = side ? &h->tx : &h->rx;

	return pkt->side == side && pkt->slot < s->entries &&
	       s->slots[pkt->slot].state == TR_HELD &&
	       s->slots[pkt->slot].nsegs == pkt->nsegs;
}

/*
 * The program may have moved data and len: they must lie in the packet's own
 * buffer. Stores the lengths into the slots.
 */
int tr_packet_check(const struct tunring *h, const struct tunring_packet *pkt)
{
	struct tr_side *s = tr_side_of(h, pkt);
	struct tr_slot *slot = &s->slots[pkt->slot];
	uint32_t first = pkt->nsegs == 1 ? pkt->len : pkt->first_len;
	uintptr_t start = (uintptr_t)tr_buf(h, slot);
	uintptr_t data = (uintptr_t)pkt->data;
	uint64_t total = first;
	unsigned int i;

	if (!first || data < start || data - start > h->buf_size ||
	    first > h->buf_size - (data - start))
		return -EINVAL;
	slot->off = (uint32_t)(data - start);
	slot->len = first;
	for (i = slot->next; i != TR_NO_SLOT; i = s->slots[i].next)
		total += s->slots[i].len;
	return total == pkt->len ? 0 : -EINVAL;
}

/* The slots of a packet are free again. */
void tr_tx_free_chain(struct tunring *h, unsigned int head)
{
	struct tr_side *s = &h->tx;
	unsigned int next;

	for (; head != TR_NO_SLOT; head = next) {
		next = s->slots[head].next;
		s->slots[head].state = TR_FREE;
		s->free[s->nfree++] = (uint16_t)head;
	}
}
