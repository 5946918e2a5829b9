// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Transmit side on mapped rings. Each packet is a chain of direct descriptors. */
#include "tx.h"

#include <endian.h>

#include "../handle/slots.h"
#include "../kernel/barrier.h"
#include "enter.h"

void tr_ring_tx_queue(struct tunring *h, unsigned int head)
{
	struct tr_side *s = &h->tx;
	unsigned int i;

	for (i = head; i != TR_NO_SLOT; i = s->slots[i].next) {
		const struct tr_slot *slot = &s->slots[i];
		struct vring_desc *d = &s->vq.desc[i];
		bool more = slot->next != TR_NO_SLOT;

		d->addr = htole64((uint64_t)slot->buf * h->buf_size +
				  slot->off);
		d->len = htole32(slot->len);
		d->flags = htole16(more ? VRING_DESC_F_NEXT : 0);
		d->next = htole16(more ? slot->next : 0);
	}
	s->vq.avail->ring[s->avail_idx & s->vq.mask] = htole16((uint16_t)head);
	s->avail_idx++;
}

void tr_ring_tx_publish(struct tunring *h)
{
	/* a */
	tr_store_release16(&h->tx.vq.avail->idx, h->tx.avail_idx);
}

void tr_ring_tx_reclaim(struct tunring *h)
{
	struct tr_side *s = &h->tx;
	uint16_t there;

	/* c */
	there = tr_load_acquire16(&s->vq.used->idx) - s->last_used;
	if (there && s->armed && !h->event_idx) {
		tr_store16(&s->vq.avail->flags, VRING_AVAIL_F_NO_INTERRUPT);
		s->armed = false;
	}
	for (; there; there--) {
		unsigned int head = le32toh(s->vq.used->ring[s->last_used &
							     s->vq.mask].id) &
				    s->vq.mask;

		s->last_used++;
		if (s->slots[head].state == TR_FLIGHT)
			tr_tx_free_chain(h, head);
	}
}

/* Have the kernel wake the program (EPOLLOUT) when it has used a buffer. */
void tr_ring_tx_arm(struct tunring *h)
{
	struct tr_side *s = &h->tx;

	tr_store16(s->vq.used_event, s->last_used);
	if (!h->event_idx && !s->armed)
		tr_store16(&s->vq.avail->flags, 0);
	s->armed = true;
	tr_fence();	/* d */
}

int tr_ring_tx_kick(struct tunring *h)
{
	int ret = 0;

	if (tr_ring_kick_needed(h, &h->tx))
		ret = tr_ring_enter(h, &h->tx, TUN_RING_ENTER_TX, 0, NULL);
	tr_ring_tx_reclaim(h);
	return ret < 0 ? ret : 0;
}
