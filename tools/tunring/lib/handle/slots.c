// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "slots.h"

#include <errno.h>
#include <stdlib.h>

static int tr_slots_init_side(struct tr_side *s, uint32_t first_buf)
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
	int ret = tr_slots_init_side(&h->rx, 0);

	if (!ret)
		ret = tr_slots_init_side(&h->tx, h->rx.entries);
	return ret;
}

void tr_slots_free(struct tunring *h)
{
	free(h->rx.slots);
	free(h->rx.free);
	free(h->tx.slots);
	free(h->tx.free);
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
