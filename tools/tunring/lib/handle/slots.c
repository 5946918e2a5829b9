// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "slots.h"

#include <errno.h>
#include <stdlib.h>

/* The headroom and the tailroom are set. */
void tr_slots_size(const struct tunring *h, struct tr_direction *s, uint32_t entries,
		   uint32_t buf_size)
{
	s->entries = entries;
	s->buf_size = buf_size;
	s->room = buf_size - h->headroom - h->tailroom;
}

static int tr_slots_init_side(struct tr_direction *s, uint64_t first)
{
	uint32_t i;

	s->slots = calloc(s->entries, sizeof(*s->slots));
	s->data = calloc(s->entries, sizeof(*s->data));
	s->owner = calloc(s->entries, sizeof(*s->owner));
	s->free = calloc(s->entries, sizeof(*s->free));
	if (!s->slots || !s->data || !s->owner || !s->free)
		return -ENOMEM;
	for (i = 0; i < s->entries; i++) {
		s->slots[i].at = first + (uint64_t)i * s->buf_size;
		s->slots[i].next = TR_NO_SLOT;
		/* the lowest on top */
		s->free[i] = (uint16_t)(s->entries - 1 - i);
	}
	s->nfree = s->entries;
	return 0;
}

/* Receive buffers are first in the pool, transmit buffers behind them. */
static uint64_t tr_slots_side_bytes(const struct tr_direction *s)
{
	return (uint64_t)s->entries * s->buf_size;
}

/* Bytes of the buffers of both sides. */
uint64_t tr_slots_bytes(const struct tunring *h)
{
	return tr_slots_side_bytes(&h->rx) + tr_slots_side_bytes(&h->tx);
}

int tr_slots_init(struct tunring *h)
{
	int ret = tr_slots_init_side(&h->rx, 0);

	if (!ret)
		ret = tr_slots_init_side(&h->tx, tr_slots_side_bytes(&h->rx));
	return ret;
}

/* The pool is mapped, and each slot has its buffer. */
void tr_slots_place(struct tunring *h)
{
	uint32_t i;

	for (i = 0; i < h->rx.entries; i++)
		tr_slot_place(h, &h->rx, i);
	for (i = 0; i < h->tx.entries; i++)
		tr_slot_place(h, &h->tx, i);
}

static void tr_slots_free_side(struct tr_direction *s)
{
	free(s->slots);
	free(s->data);
	free(s->owner);
	free(s->free);
}

void tr_slots_free(struct tunring *h)
{
	tr_slots_free_side(&h->rx);
	tr_slots_free_side(&h->tx);
}

/*
 * The program may have moved data and len: they must lie in the packet's own
 * buffer. Stores the lengths into the slots.
 */
int tr_packet_check(const struct tunring *h, const struct tunring_packet *pkt)
{
	struct tr_direction *s = tr_direction_of(h, pkt);
	struct tr_slot *slot = &s->slots[pkt->slot];
	uint32_t first = pkt->nsegs == 1 ? pkt->len : pkt->first_len;
	uint64_t total = first;
	unsigned int i;

	if (!tr_packet_inside(h, s, pkt, first))
		return -EINVAL;
	slot->off = (uint32_t)tr_packet_offset(h, s, pkt);
	slot->len = first;
	for (i = slot->next; i != TR_NO_SLOT; i = s->slots[i].next)
		total += s->slots[i].len;
	return total == pkt->len ? 0 : -EINVAL;
}
