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

void tr_ring_rx_give(struct tunring *h, unsigned int slot)
{
	struct tr_side *s = &h->rx;
	struct vring_desc *d = &s->vq.desc[slot];

	d->addr = htole64((uint64_t)s->slots[slot].buf * h->buf_size +
			  h->headroom);
	s->vq.avail->ring[s->avail_idx & s->vq.mask] = htole16((uint16_t)slot);
	s->avail_idx++;
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
	struct tr_side *s = &h->rx;
	uint32_t i;

	for (i = 0; i < s->entries; i++) {
		s->vq.desc[i].len = htole32(h->room);
		s->vq.desc[i].flags = htole16(VRING_DESC_F_WRITE);
		s->vq.desc[i].next = 0;
		tr_ring_rx_give(h, i);
	}
	s->nfree = 0;
}

/* One used entry: its slot, with the number of bytes stored there. */
static unsigned int tr_ring_rx_take_used(struct tr_side *s, const struct tunring *h)
{
	const struct vring_used_elem *e =
		&s->vq.used->ring[s->last_used++ & s->vq.mask];
	unsigned int slot = le32toh(e->id) & s->vq.mask;
	uint32_t len = le32toh(e->len);

	s->slots[slot].off = h->headroom;
	s->slots[slot].len = len < h->room ? len : h->room;
	s->slots[slot].next = TR_NO_SLOT;
	s->held++;
	return slot;
}

static void tr_ring_rx_take(struct tunring *h, struct tunring_packet *pkt,
			    unsigned int nbufs)
{
	struct tr_side *s = &h->rx;
	unsigned int head = tr_ring_rx_take_used(s, h), last = head, slot, i;

	tr_packet_fill(h, pkt, head, 0);
	s->slots[head].state = TR_HELD;
	s->slots[head].nsegs = (uint16_t)nbufs;
	pkt->nsegs = (uint16_t)nbufs;
	pkt->first_len = s->slots[head].len;
	pkt->len = pkt->first_len;
	for (i = 1; i < nbufs; i++) {
		slot = tr_ring_rx_take_used(s, h);
		s->slots[slot].state = TR_SEGMENT;
		s->slots[last].next = (uint16_t)slot;
		pkt->len += s->slots[slot].len;
		last = slot;
	}
	pkt->tailroom = h->buf_size - h->headroom - s->slots[last].len;
}

int tr_ring_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		     unsigned int n)
{
	struct tr_side *s = &h->rx;
	uint16_t there;
	unsigned int got = 0, slot, nbufs;

	/* c */
	there = tr_load_acquire16(&s->vq.used->idx) - s->last_used;
	if (!there)
		return tr_sleep_nothing(h, s);
	if (s->armed && !h->event_idx) {
		tr_store16(&s->vq.avail->flags, VRING_AVAIL_F_NO_INTERRUPT);
		s->armed = false;
	}
	while (got < n && there) {
		slot = le32toh(s->vq.used->ring[s->last_used & s->vq.mask].id) &
		       s->vq.mask;
		nbufs = le16toh(s->vq.meta[slot].num_buffers);
		if (!nbufs)
			nbufs = 1;
		if (nbufs > there)
			break;
		tr_ring_rx_take(h, &pkts[got++], nbufs);
		there -= (uint16_t)nbufs;
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
	struct tr_side *s = &h->rx;

	tr_store16(s->vq.used_event, s->last_used);
	if (!h->event_idx && !s->armed)
		tr_store16(&s->vq.avail->flags, 0);
	s->armed = true;
	tr_fence();	/* d */
	return (uint16_t)(tr_load16(&s->vq.used->idx) - s->last_used);
}
