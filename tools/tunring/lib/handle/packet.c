// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* The bytes of a packet, wherever they lie. */
#include "tunring/packet.h"

#include <string.h>

#include "slots.h"

unsigned int tunring_packet_iov(const struct tunring *h,
				const struct tunring_packet *pkt,
				struct iovec *iov, unsigned int n)
{
	const struct tr_side *s = tr_side_of(h, pkt);
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
	const struct tr_side *s = tr_side_of(h, pkt);
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
