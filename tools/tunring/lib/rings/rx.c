// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Receive side on mapped rings. Each available entry is one descriptor; a packet
 * that is too long for one takes several used entries (num_buffers of the
 * first's record), which the kernel publishes together.
 */
#include "rx.h"

#include <endian.h>

#include "../handle/sleep.h"
#include "../handle/slots.h"
#include "../kernel/barrier.h"
#include "enter.h"

static void tr_ring_rx_available(struct tunring *h, unsigned int slot)
{
	struct tr_direction *s = &h->rx;

	s->vq.avail->ring[s->avail_idx & s->vq.mask] = htole16((uint16_t)slot);
	s->avail_idx++;
}

void tr_ring_rx_put(struct tunring *h, unsigned int slot)
{
	struct tr_direction *s = &h->rx;
	struct vring_desc *d = &s->vq.desc[slot];

	d->addr = htole64(s->slots[slot].at + h->headroom);
	tr_ring_rx_available(h, slot);
}

/*
 * Packets of one buffer each, until the first that is none or is not held, or the
 * end of the ring.
 */
static unsigned int tr_ring_rx_release_single(struct tunring *h,
					      const struct tunring_packet *pkts,
					      unsigned int n)
{
	struct tr_direction *s = &h->rx;
	const struct tunring_packet *pkt = pkts;
	const struct tunring_packet *end = pkts + tr_stretch(s, s->avail_idx, n);
	__virtio16 *avail = &s->vq.avail->ring[s->avail_idx & s->vq.mask];
	const uint32_t entries = s->entries;
	uint32_t *owner = s->owner;
	size_t slot;	/* of 64 bits, as the addresses that it leads to */

	for (; pkt != end; pkt++, avail++) {
		slot = pkt->slot;
		if (!tr_packet_is_rx_single(pkt) || slot >= entries ||
		    owner[slot] != TR_OWNER(TR_HELD, 1))
			break;
		owner[slot] = TR_OWNER(TR_FREE, 0);
		*avail = htole16((uint16_t)slot);
	}
	n = (unsigned int)(pkt - pkts);
	s->avail_idx += (uint16_t)n;
	s->held -= n;
	return n;
}

/* The descriptors of released packets are as they were. */
unsigned int tr_ring_rx_release(struct tunring *h,
				const struct tunring_packet *pkts,
				unsigned int n)
{
	unsigned int i = 0, single;

	while (i < n) {
		single = tr_ring_rx_release_single(h, pkts + i, n - i);
		i += single;
		if (single)
			continue;
		if (!tr_packet_held(h, &pkts[i], 0))
			break;
		tr_rx_put_chain(h, pkts[i++].slot, tr_ring_rx_available);
	}
	return i;
}

int tr_ring_rx_kick(struct tunring *h)
{
	int ret;

	/* a */
	tr_store_release16(&h->rx.vq.avail->idx, h->rx.avail_idx);
	if (!tr_ring_kick_needed(h, &h->rx))
		return 0;
	ret = tr_ring_enter(h, &h->rx, TUN_RING_ENTER_RX, 0, NULL);
	return ret < 0 ? ret : 0;
}

/*
 * Put all buffers into the ring, for the first time. Packets that came before may
 * wait in the queue: the caller has to kick, if the kernel asks for it.
 */
void tr_ring_rx_fill(struct tunring *h)
{
	struct tr_direction *s = &h->rx;
	uint32_t i;

	for (i = 0; i < s->entries; i++) {
		s->vq.desc[i].len = htole32(s->room);
		s->vq.desc[i].flags = htole16(VRING_DESC_F_WRITE);
		s->vq.desc[i].next = 0;
		tr_ring_rx_put(h, i);
	}
	s->nfree = 0;
}

/* One used entry: its slot, with the number of bytes stored there. */
static unsigned int tr_ring_rx_take_used(struct tr_direction *s, const struct tunring *h)
{
	const struct vring_used_elem *e =
		&s->vq.used->ring[s->last_used++ & s->vq.mask];
	unsigned int slot = le32toh(e->id) & s->vq.mask;
	uint32_t len = le32toh(e->len);

	s->slots[slot].off = h->headroom;
	s->slots[slot].len = len < s->room ? len : s->room;
	s->held++;
	return slot;
}

/* A packet in several buffers. Of the last one, next is TR_NO_SLOT already. */
static void tr_ring_rx_take_chain(struct tunring *h, struct tunring_packet *pkt,
				  unsigned int nbufs)
{
	struct tr_direction *s = &h->rx;
	const struct tr_place place = tr_place(h, s);
	unsigned int head = tr_ring_rx_take_used(s, h), last = head, slot, i;

	tr_packet_fill(&place, pkt, head, s->slots[head].len);
	s->owner[head] = TR_OWNER(TR_HELD, nbufs);
	pkt->nsegs = (uint16_t)nbufs;
	for (i = 1; i < nbufs; i++) {
		slot = tr_ring_rx_take_used(s, h);
		s->owner[slot] = TR_OWNER(TR_SEGMENT, 0);
		s->slots[last].next = (uint16_t)slot;
		pkt->len += s->slots[slot].len;
		last = slot;
	}
	pkt->tailroom = s->buf_size - h->headroom - s->slots[last].len;
}

/*
 * Up to n packets of one buffer each, until the first one that has more, or the
 * end of the ring.
 */
static unsigned int tr_ring_rx_get(struct tunring *h,
				   struct tunring_packet *pkts, unsigned int n)
{
	struct tr_direction *s = &h->rx;
	const struct tr_place place = tr_place(h, s);
	const uint32_t mask = s->vq.mask;
	const struct vring_used_elem *e = &s->vq.used->ring[s->last_used & mask];
	const struct tunring_packet *end = pkts + tr_stretch(s, s->last_used, n);
	struct tunring_packet *pkt = pkts;
	uint32_t *owner = s->owner;
	size_t slot;	/* of 64 bits, as the addresses that it leads to */

	for (; pkt != end; pkt++, e++) {
		slot = le32toh(e->id) & mask;
		if (le16toh(place.meta[slot].num_buffers) > 1)
			break;
		owner[slot] = TR_OWNER(TR_HELD, 1);
		tr_packet_fill(&place, pkt, slot, le32toh(e->len));
	}
	n = (unsigned int)(pkt - pkts);
	s->last_used += (uint16_t)n;
	s->held += n;
	return n;
}

int tr_ring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n)
{
	struct tr_direction *s = &h->rx;
	const struct vring_used_elem *e;
	unsigned int got = 0, there, nbufs;
	uint16_t idx;

	idx = tr_load_acquire16(&s->vq.used->idx);	/* c */
	there = (uint16_t)(idx - s->last_used);
	if (!there)
		return tr_sleep_nothing(h, s);
	if (s->armed && !h->event_idx) {
		tr_store16(&s->vq.avail->flags, VRING_AVAIL_F_NO_INTERRUPT);
		s->armed = false;
	}
	for (;;) {
		nbufs = n - got < there ? n - got : there;
		got += tr_ring_rx_get(h, pkts + got, nbufs);
		there = (uint16_t)(idx - s->last_used);
		if (got == n || !there)
			break;
		e = &s->vq.used->ring[s->last_used & s->vq.mask];
		nbufs = le16toh(s->vq.meta[le32toh(e->id) & s->vq.mask].num_buffers);
		if (nbufs <= 1)
			continue;
		if (nbufs > there)
			break;
		tr_ring_rx_take_chain(h, &pkts[got++], nbufs);
		there -= nbufs;
	}
	return (int)got;
}

/*
 * Have the kernel wake the program for the next packet. Returns the number of used
 * entries that are there already. A busy program does not call this: used_event
 * stays behind the used index, and the kernel does not wake the program.
 */
int tr_ring_rx_arm(struct tunring *h)
{
	struct tr_direction *s = &h->rx;

	tr_store16(s->vq.used_event, s->last_used);
	if (!h->event_idx && !s->armed)
		tr_store16(&s->vq.avail->flags, 0);
	s->armed = true;
	tr_fence();	/* d */
	return (uint16_t)(tr_load16(&s->vq.used->idx) - s->last_used);
}
