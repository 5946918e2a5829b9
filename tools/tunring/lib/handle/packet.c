// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* The bytes of a packet, wherever they lie. */
#include "tunring/packet.h"

#include <errno.h>
#include <string.h>

#include "slots.h"

unsigned int tunring_packet_iov(const struct tunring *h,
				const struct tunring_packet *pkt,
				struct iovec *iov, unsigned int n)
{
	const struct tr_direction *s = tr_direction_of(h, pkt);
	unsigned int slot, i = 0;

	if (n) {
		iov[0].iov_base = pkt->data;
		iov[0].iov_len = pkt->nsegs == 1 ? pkt->len : pkt->first_len;
	}
	for (slot = s->slots[pkt->slot].next, i = 1;
	     i < pkt->nsegs && slot != TR_NO_SLOT;
	     slot = s->slots[slot].next, i++) {
		if (i >= n)
			continue;
		iov[i].iov_base = tr_buf(h, &s->slots[slot]) + h->headroom;
		iov[i].iov_len = s->slots[slot].len;
	}
	return i;
}

typedef void (*copy_fn)(uint8_t *seg, uint8_t *user, size_t len);

static void tr_packet_copy_out(uint8_t *seg, uint8_t *user, size_t len)
{
	memcpy(user, seg, len);
}

static void tr_packet_copy_in(uint8_t *seg, uint8_t *user, size_t len)
{
	memcpy(seg, user, len);
}

static size_t tr_packet_copy(const struct tunring *h,
			     const struct tunring_packet *pkt, size_t offset,
			     uint8_t *user, size_t len, copy_fn fn)
{
	const struct tr_direction *s = tr_direction_of(h, pkt);
	uint8_t *seg = pkt->data;
	size_t seg_len = pkt->nsegs == 1 ? pkt->len : pkt->first_len;
	unsigned int slot = s->slots[pkt->slot].next;
	size_t done = 0, part;

	for (;;) {
		if (offset < seg_len) {
			part = seg_len - offset;
			part = part < len - done ? part : len - done;
			fn(seg + offset, user + done, part);
			done += part;
			offset = 0;
		} else {
			offset -= seg_len;
		}
		if (done == len || pkt->nsegs == 1 || slot == TR_NO_SLOT)
			return done;
		seg = tr_buf(h, &s->slots[slot]) + h->headroom;
		seg_len = s->slots[slot].len;
		slot = s->slots[slot].next;
	}
}

size_t tunring_packet_read(const struct tunring *h,
			   const struct tunring_packet *pkt, size_t offset,
			   void *dst, size_t len)
{
	return tr_packet_copy(h, pkt, offset, dst, len, tr_packet_copy_out);
}

size_t tunring_packet_write(const struct tunring *h,
			    const struct tunring_packet *pkt, size_t offset,
			    const void *src, size_t len)
{
	/* copy_in only reads it */
	return tr_packet_copy(h, pkt, offset, (uint8_t *)(uintptr_t)src, len,
			      tr_packet_copy_in);
}

/* The slots from one on are no part of the packet any more. */
static void tr_packet_put_rest(struct tunring *h, struct tr_direction *s, unsigned int slot,
			       unsigned int n)
{
	if (s == &h->rx) {
		tr_rx_put_chain(h, slot, h->backend->rx_put);
		return;
	}
	tr_tx_free_chain(h, slot);
	s->held -= n;
}

/*
 * The slot with the packet's byte len - 1, if it is not in the first buffer, and the
 * buffers up to there in *n. The bytes beyond are cut off. TR_NO_SLOT: the
 * program made len longer than the packet.
 */
static unsigned int tr_packet_find_end(struct tr_direction *s,
				       const struct tunring_packet *pkt, uint32_t len,
				 unsigned int *n)
{
	uint32_t rest = len - pkt->first_len;
	unsigned int slot = s->slots[pkt->slot].next;

	for (*n = 2; slot != TR_NO_SLOT && rest > s->slots[slot].len; (*n)++) {
		rest -= s->slots[slot].len;
		slot = s->slots[slot].next;
	}
	if (slot != TR_NO_SLOT)
		s->slots[slot].len = rest;
	return slot;
}

int tunring_packet_trim(struct tunring *h, struct tunring_packet *pkt,
			uint32_t len)
{
	struct tr_direction *s = tr_direction_of(h, pkt);
	unsigned int last = pkt->slot, next, n = 1;

	if (pkt->side > 1 || !tr_packet_held(h, pkt, pkt->side) || !len ||
	    len > pkt->len)
		return -EINVAL;
	if (pkt->nsegs > 1 && len > pkt->first_len) {
		last = tr_packet_find_end(s, pkt, len, &n);
		if (last == TR_NO_SLOT)
			return -EINVAL;
		pkt->tailroom = s->buf_size - h->headroom - s->slots[last].len;
	} else {
		pkt->first_len = len;
		pkt->tailroom = s->buf_size - len -
				(uint32_t)tr_packet_offset(h, s, pkt);
	}
	next = s->slots[last].next;
	s->slots[last].next = TR_NO_SLOT;
	if (next != TR_NO_SLOT)
		tr_packet_put_rest(h, s, next, pkt->nsegs - n);
	s->owner[pkt->slot] = TR_OWNER(TR_HELD, n);
	pkt->nsegs = (uint16_t)n;
	pkt->len = len;
	return 0;
}
