/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_SLOTS_H
#define TR_SLOTS_H

#include <string.h>

#include "backend.h"
#include "handle.h"

static inline uint8_t *tr_buf(const struct tunring *h, const struct tr_slot *s)
{
	return h->pool + (size_t)s->buf * h->buf_size;
}

static inline struct tr_side *tr_side_of(const struct tunring *h,
					 const struct tunring_packet *pkt)
{
	return (struct tr_side *)(pkt->side ? &h->tx : &h->rx);
}

/* A packet of one buffer with nothing in it, at the configured headroom. */
static inline void tr_packet_fill(const struct tunring *h,
				  struct tunring_packet *pkt,
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

static inline bool tr_packet_held(const struct tunring *h,
				  const struct tunring_packet *pkt,
				  unsigned int side)
{
	const struct tr_side *s = side ? &h->tx : &h->rx;

	return pkt->side == side && pkt->slot < s->entries &&
	       s->slots[pkt->slot].state == TR_HELD &&
	       s->slots[pkt->slot].nsegs == pkt->nsegs;
}

/* Every slot of a received packet may receive again. */
static inline void tr_rx_give_chain(struct tunring *h, unsigned int head)
{
	struct tr_side *s = &h->rx;
	unsigned int next;

	for (; head != TR_NO_SLOT; head = next) {
		next = s->slots[head].next;
		s->slots[head].next = TR_NO_SLOT;
		s->slots[head].state = TR_FREE;
		s->held--;
		h->backend->rx_give(h, head);
	}
}

/* A free transmit slot. The caller has seen that there is one. */
static inline unsigned int tr_tx_take(struct tunring *h)
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

static inline void tr_tx_queue_chain(struct tunring *h, unsigned int head)
{
	struct tr_side *s = &h->tx;

	s->held -= s->slots[head].nsegs;
	s->slots[head].state = TR_FLIGHT;
	h->backend->tx_queue(h, head);
}

/* The slots of a packet to be sent are free again. */
static inline void tr_tx_free_chain(struct tunring *h, unsigned int head)
{
	struct tr_side *s = &h->tx;
	unsigned int next;

	for (; head != TR_NO_SLOT; head = next) {
		next = s->slots[head].next;
		s->slots[head].state = TR_FREE;
		s->free[s->nfree++] = (uint16_t)head;
	}
}

int tr_slots_init(struct tunring *h);
void tr_slots_free(struct tunring *h);
int tr_packet_check(const struct tunring *h, const struct tunring_packet *pkt);

#endif /* TR_SLOTS_H */
