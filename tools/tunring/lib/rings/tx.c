// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Transmit side on mapped rings. Each packet is a chain of direct descriptors. */
#include "tx.h"

#include <endian.h>

#include "../handle/slots.h"
#include "../kernel/barrier.h"
#include "enter.h"

void tr_ring_tx_queue(struct tunring *h, unsigned int head)
{
	struct tr_direction *s = &h->tx;
	unsigned int i;

	for (i = head; i != TR_NO_SLOT; i = s->slots[i].next) {
		const struct tr_slot *slot = &s->slots[i];
		struct vring_desc *d = &s->vq.desc[i];
		bool more = slot->next != TR_NO_SLOT;

		d->addr = htole64(slot->at + slot->off);
		d->len = htole32(slot->len);
		d->flags = htole16(more ? VRING_DESC_F_NEXT : 0);
		d->next = htole16(more ? slot->next : 0);
	}
	s->vq.avail->ring[s->avail_idx & s->vq.mask] = htole16((uint16_t)head);
	s->avail_idx++;
}

/*
 * Packets of one buffer each, until the first that is none or is not valid, or the
 * end of the ring.
 */
static unsigned int tr_ring_tx_submit_single(struct tunring *h,
					     const struct tunring_packet *pkts,
					     unsigned int n)
{
	struct tr_direction *s = &h->tx;
	const struct tunring_packet *pkt = pkts;
	const struct tunring_packet *end = pkts + tr_stretch(s, s->avail_idx, n);
	__virtio16 *avail = &s->vq.avail->ring[s->avail_idx & s->vq.mask];
	struct vring_desc *desc = s->vq.desc;
	uint32_t *owner = s->owner;
	size_t slot;	/* of 64 bits, as the addresses that it leads to */

	for (; pkt != end; pkt++, avail++) {
		slot = pkt->slot;
		if (pkt->nsegs != 1 || pkt->side != 1 || slot >= s->entries ||
		    owner[slot] != TR_OWNER(TR_HELD, 1) ||
		    !tr_packet_inside(h, s, pkt, pkt->len))
			break;
		desc[slot] = (struct vring_desc) {
			.addr = htole64((uint64_t)(pkt->data - h->pool)),
			.len = htole32(pkt->len),
		};
		owner[slot] = TR_OWNER(TR_FLIGHT, 1);
		*avail = htole16((uint16_t)slot);
	}
	n = (unsigned int)(pkt - pkts);
	s->avail_idx += (uint16_t)n;
	s->held -= n;
	return n;
}

unsigned int tr_ring_tx_submit(struct tunring *h,
			       const struct tunring_packet *pkts, unsigned int n)
{
	unsigned int i = 0, single;

	while (i < n) {
		single = tr_ring_tx_submit_single(h, pkts + i, n - i);
		i += single;
		if (single)
			continue;
		if (!tr_packet_held(h, &pkts[i], 1) ||
		    tr_packet_check(h, &pkts[i]))
			break;
		tr_tx_queue_chain(h, pkts[i++].slot, tr_ring_tx_queue);
	}
	return i;
}

void tr_ring_tx_publish(struct tunring *h)
{
	/* a */
	tr_store_release16(&h->tx.vq.avail->idx, h->tx.avail_idx);
}

void tr_ring_tx_reclaim(struct tunring *h)
{
	struct tr_direction *s = &h->tx;
	unsigned int last, head;
	uint16_t there;

	/* c */
	there = tr_load_acquire16(&s->vq.used->idx) - s->last_used;
	if (there && s->armed && !h->event_idx) {
		tr_store16(&s->vq.avail->flags, VRING_AVAIL_F_NO_INTERRUPT);
		s->armed = false;
	}
	for (last = s->last_used; there; there--) {
		head = le32toh(s->vq.used->ring[last++ & s->vq.mask].id) &
		       s->vq.mask;
		if (TR_LIKELY(s->owner[head] == TR_OWNER(TR_FLIGHT, 1))) {
			s->owner[head] = TR_OWNER(TR_FREE, 0);
			s->free[s->nfree++] = (uint16_t)head;
		} else if (TR_OWNER_STATE(s->owner[head]) == TR_FLIGHT) {
			tr_tx_free_chain(h, head);
		}
	}
	s->last_used = (uint16_t)last;
}

/* Have the kernel wake the program (EPOLLOUT) when it has used a buffer. */
void tr_ring_tx_arm(struct tunring *h)
{
	struct tr_direction *s = &h->tx;

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
