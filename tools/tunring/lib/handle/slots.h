/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Slots and the packets in them. Functions here are inline, and take what differs
 * between the backends as an inline parameter, so that the calls for each packet
 * of a burst cost no call. A slot whose packet has one buffer only changes its
 * owner; other fields of the slot are right for the next packet already.
 */
#ifndef TR_SLOTS_H
#define TR_SLOTS_H

#include <string.h>

#include "backend.h"
#include "handle.h"

#define TR_LIKELY(x)	__builtin_expect(!!(x), 1)
#define TR_INLINE	static inline __attribute__((always_inline))

static inline uint8_t *tr_buf(const struct tunring *h, const struct tr_slot *s)
{
	return h->pool + s->at;
}

/* The slot has another buffer now. */
static inline void tr_slot_place(const struct tunring *h, struct tr_direction *s,
				 unsigned int slot)
{
	s->data[slot] = tr_buf(h, &s->slots[slot]) + h->headroom;
}

static inline struct tr_direction *tr_direction_of(const struct tunring *h,
						   const struct tunring_packet *pkt)
{
	return (struct tr_direction *)(pkt->side ? &h->tx : &h->rx);
}

/* Bytes from the start of the packet's buffer to its data; huge if it lies before. */
TR_INLINE uint64_t tr_packet_offset(const struct tunring *h,
				    const struct tr_direction *s,
				    const struct tunring_packet *pkt)
{
	return (uint64_t)(uintptr_t)pkt->data -
	       (uint64_t)(uintptr_t)s->data[pkt->slot] + h->headroom;
}

/* len bytes at data lie in the packet's own buffer, and are not none. */
TR_INLINE bool tr_packet_inside(const struct tunring *h, const struct tr_direction *s,
				const struct tunring_packet *pkt, uint32_t len)
{
	uint64_t off = tr_packet_offset(h, s, pkt);

	/* without a byte, len - 1 is more than any buffer has */
	return off <= s->buf_size && len - 1 < s->buf_size - (uint32_t)off;
}

/* Values that all packets of one side share, in registers during a burst. */
struct tr_place {
	uint8_t			**data;
	struct tun_ring_meta	*meta;
	uint32_t		headroom;
	uint32_t		rest;		/* of the buffer, after the headroom */
	uint16_t		kind[2];	/* nsegs, which is 1, and side */
};

_Static_assert(offsetof(struct tunring_packet, side) ==
	       offsetof(struct tunring_packet, nsegs) + 2, "kind is both");

TR_INLINE struct tr_place tr_place(const struct tunring *h,
				   const struct tr_direction *s)
{
	return (struct tr_place) {
		.data = s->data,
		.meta = s->vq.meta,
		.headroom = h->headroom,
		.rest = s->buf_size - h->headroom,
		.kind = { 1, s == &h->tx },
	};
}

/* Is it a received packet of one buffer? One comparison for both words of kind. */
TR_INLINE bool tr_packet_is_rx_single(const struct tunring_packet *pkt)
{
	const uint16_t kind[2] = { 1, 0 };
	uint32_t is, want;

	memcpy(&is, (const uint8_t *)pkt + offsetof(struct tunring_packet, nsegs),
	       sizeof(is));
	memcpy(&want, kind, sizeof(want));
	return is == want;
}

/* The entries from idx on that lie in one piece in the ring, n at most. */
TR_INLINE unsigned int tr_stretch(const struct tr_direction *s, uint16_t idx,
				  unsigned int n)
{
	unsigned int left = s->entries - (idx & s->vq.mask);

	return n < left ? n : left;
}

/* A packet of one buffer of len bytes, at the configured headroom. */
TR_INLINE void tr_packet_fill(const struct tr_place *p,
			      struct tunring_packet *pkt, size_t slot,
			      uint32_t len)
{
	pkt->data = p->data[slot];
	pkt->meta = &p->meta[slot];
	pkt->len = len;
	pkt->first_len = len;
	pkt->headroom = p->headroom;
	pkt->tailroom = p->rest - len;
	memcpy((uint8_t *)pkt + offsetof(struct tunring_packet, nsegs), p->kind,
	       sizeof(p->kind));
	pkt->slot = (uint32_t)slot;
}

static inline bool tr_packet_held(const struct tunring *h,
				  const struct tunring_packet *pkt,
				  unsigned int side)
{
	const struct tr_direction *s = side ? &h->tx : &h->rx;

	return pkt->side == side && pkt->slot < s->entries &&
	       s->owner[pkt->slot] == TR_OWNER(TR_HELD, pkt->nsegs);
}

/* Every slot of a received packet may receive again. */
TR_INLINE void tr_rx_put_chain(struct tunring *h, unsigned int head,
			       void (*put)(struct tunring *h, unsigned int slot))
{
	struct tr_direction *s = &h->rx;
	unsigned int next;

	for (; head != TR_NO_SLOT; head = next) {
		next = s->slots[head].next;
		s->slots[head].next = TR_NO_SLOT;
		s->owner[head] = TR_OWNER(TR_FREE, 0);
		s->held--;
		put(h, head);
	}
}

/* tunring_rx_release() before the kick. Returns how many of them were held. */
TR_INLINE unsigned int tr_rx_release(struct tunring *h,
				     const struct tunring_packet *pkts,
				     unsigned int n,
				     void (*put)(struct tunring *h,
						 unsigned int slot))
{
	unsigned int i;

	for (i = 0; i < n && tr_packet_held(h, &pkts[i], 0); i++)
		tr_rx_put_chain(h, pkts[i].slot, put);
	return i;
}

/* A free transmit slot. The caller has seen that there is one. */
static inline unsigned int tr_tx_get(struct tunring *h)
{
	struct tr_direction *s = &h->tx;
	unsigned int slot = s->free[--s->nfree];

	s->owner[slot] = TR_OWNER(TR_HELD, 1);
	s->held++;
	memset(&s->vq.meta[slot], 0, sizeof(s->vq.meta[slot]));
	return slot;
}

TR_INLINE void tr_tx_queue_chain(struct tunring *h, unsigned int head,
				 void (*queue)(struct tunring *h,
					       unsigned int head))
{
	struct tr_direction *s = &h->tx;
	uint32_t nsegs = TR_OWNER_NSEGS(s->owner[head]);

	s->held -= nsegs;
	s->owner[head] = TR_OWNER(TR_FLIGHT, nsegs);
	queue(h, head);
}

/* The slots of a packet to be sent are free again. */
static inline void tr_tx_free_chain(struct tunring *h, unsigned int head)
{
	struct tr_direction *s = &h->tx;
	unsigned int next;

	for (; head != TR_NO_SLOT; head = next) {
		next = s->slots[head].next;
		s->slots[head].next = TR_NO_SLOT;
		s->owner[head] = TR_OWNER(TR_FREE, 0);
		s->free[s->nfree++] = (uint16_t)head;
	}
}

void tr_slots_size(const struct tunring *h, struct tr_direction *s, uint32_t entries,
		   uint32_t buf_size);
int tr_slots_init(struct tunring *h);
uint64_t tr_slots_bytes(const struct tunring *h);
void tr_slots_place(struct tunring *h);
void tr_slots_free(struct tunring *h);
int tr_packet_check(const struct tunring *h, const struct tunring_packet *pkt);

#endif /* TR_SLOTS_H */
