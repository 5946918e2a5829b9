// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Receive side by readv(). A packet goes straight into a buffer, behind the
 * headroom. Bytes beyond one buffer go to the overflow area, and are copied from there
 * into further buffers. Without enough free buffers the packet waits in the overflow
 * area, and the library reads no other: a full "ring" loses nothing, as a real one.
 */
#include "rx.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "../handle/slots.h"
#include "prefix.h"

static uint64_t tr_plain_rx_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

static void tr_plain_rx_stamp(struct tunring *h, struct tun_ring_meta *m)
{
	if (!(h->features & TUNRING_F_RX_TSTAMP))
		return;
	m->tstamp = htole64(tr_plain_rx_now());
	m->flags |= htole16(TUN_RING_META_TSTAMP);
}

/*
 * Read one packet. Its head slot is taken off the free list and goes into
 * overflow.head; returns the packet's length, or a negative errno.
 */
static ssize_t tr_plain_rx_read(struct tunring *h)
{
	struct tr_direction *s = &h->rx;
	unsigned int slot = s->free[s->nfree - 1];
	struct tr_prefix prefix = { .len = tr_prefix_len(h) };
	uint8_t *data = tr_buf(h, &s->slots[slot]) + h->headroom;
	struct iovec iov[3] = {
		{ .iov_base = prefix.bytes, .iov_len = prefix.len },
		{ .iov_base = data, .iov_len = s->room },
		{ .iov_base = h->overflow.mem, .iov_len = TR_OVERFLOW },
	};
	unsigned int skip = prefix.len ? 0 : 1;
	uint32_t len;
	ssize_t ret;

	s->syscalls++;
	s->count.kicks++;
	ret = h->ops->readv(h->fd, iov + skip, (int)(3 - skip));
	if (ret < 0)
		return ret;
	if (ret <= (ssize_t)prefix.len)
		return -EPROTO;
	len = (uint32_t)ret - prefix.len;
	s->nfree--;
	s->slots[slot].off = h->headroom;
	s->slots[slot].len = len < s->room ? len : s->room;
	s->slots[slot].next = TR_NO_SLOT;
	tr_prefix_decode(h, &prefix, data, s->slots[slot].len,
			 &s->vq.meta[slot]);
	tr_plain_rx_stamp(h, &s->vq.meta[slot]);
	h->overflow.head = (uint16_t)slot;
	h->overflow.len = len - s->slots[slot].len;
	return (ssize_t)len;
}

static uint32_t tr_plain_rx_overflow_slots(const struct tunring *h)
{
	return h->overflow.len ? (h->overflow.len - 1) / h->rx.room + 1 : 0;
}

/* Copy the overflow area into further buffers. The caller checked that they suffice. */
static unsigned int tr_plain_rx_move_overflow(struct tunring *h)
{
	struct tr_direction *s = &h->rx;
	unsigned int last = h->overflow.head, slot, n = 1;
	uint32_t done = 0, part;

	while (done < h->overflow.len) {
		slot = s->free[--s->nfree];
		part = h->overflow.len - done;
		part = part < s->room ? part : s->room;
		memcpy(tr_buf(h, &s->slots[slot]) + h->headroom,
		       h->overflow.mem + done, part);
		s->slots[slot].off = h->headroom;
		s->slots[slot].len = part;
		s->slots[slot].next = TR_NO_SLOT;
		s->owner[slot] = TR_OWNER(TR_SEGMENT, 0);
		s->slots[last].next = (uint16_t)slot;
		done += part;
		last = slot;
		n++;
	}
	h->overflow.len = 0;
	h->overflow.pending = false;
	return n;
}

static void tr_plain_rx_deliver(struct tunring *h, struct tunring_packet *pkt)
{
	struct tr_direction *s = &h->rx;
	const struct tr_place place = tr_place(h, s);
	unsigned int head = h->overflow.head, last = head;
	uint32_t rest = h->overflow.len;
	unsigned int n = tr_plain_rx_move_overflow(h);

	while (s->slots[last].next != TR_NO_SLOT)
		last = s->slots[last].next;
	tr_packet_fill(&place, pkt, head, s->slots[head].len);
	s->owner[head] = TR_OWNER(TR_HELD, n);
	s->held += n;
	s->vq.meta[head].num_buffers = htole16((uint16_t)n);
	pkt->nsegs = (uint16_t)n;
	pkt->len = pkt->first_len + rest;
	pkt->tailroom = s->buf_size - h->headroom - s->slots[last].len;
	s->count.packets++;
	s->count.bytes += pkt->len;
}

/* True if a packet waits for buffers that are there now. */
bool tr_plain_rx_ready(const struct tunring *h)
{
	return h->overflow.pending && tr_plain_rx_overflow_slots(h) <= h->rx.nfree;
}

int tr_plain_rx_burst(struct tunring *h, struct tunring_packet *pkts,
		      unsigned int n)
{
	struct tr_direction *s = &h->rx;
	unsigned int got = 0;
	ssize_t ret = 0;

	while (got < n) {
		if (!h->overflow.pending) {
			if (!s->nfree)
				break;
			ret = tr_plain_rx_read(h);
			/* read() has answered, so prepare_wait() need not ask */
			s->slept = ret < 0 && ret != -EAGAIN;
			if (ret < 0)
				break;
			if (tr_plain_rx_overflow_slots(h) > s->entries - 1) {
				s->free[s->nfree++] = h->overflow.head;
				s->count.too_big++;
				continue;
			}
			h->overflow.pending = true;
		}
		if (!tr_plain_rx_ready(h))
			break;
		tr_plain_rx_deliver(h, &pkts[got++]);
	}
	if (got || ret >= 0 || ret == -EAGAIN)
		return (int)got;
	return (int)ret;
}
