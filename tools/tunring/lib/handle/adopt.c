// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * The state of rings that another process has set up. A descriptor tells which buffer
 * its slot has, and whether the kernel has the slot.
 */
#include "adopt.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "../kernel/barrier.h"
#include "../memory/layout.h"
#include "../memory/member.h"
#include "slots.h"

/* Can a buffer of one side be one of the other side? See tunring_rx_forward(). */
bool tr_adopt_exchange(const struct tunring *h)
{
	return h->rx.buf_size == h->tx.buf_size;
}

/*
 * Which buffer each slot has, from where its descriptor points. The buffers of a side
 * begin at first; an address before that leads to a huge number.
 */
static void tr_adopt_buffers(struct tr_direction *s, uint64_t first)
{
	uint64_t buf;
	uint32_t i;

	for (i = 0; i < s->entries; i++) {
		buf = (le64toh(s->vq.desc[i].addr) - first) / s->buf_size;
		s->slots[i].at = first + buf * s->buf_size;
	}
}

/* Is each buffer one of total ones that begin at first, and no other slot's? */
static int tr_adopt_check(const struct tr_direction *s, uint64_t first, uint32_t total,
			  uint8_t *seen)
{
	uint64_t buf;
	uint32_t i;

	for (i = 0; i < s->entries; i++) {
		buf = (s->slots[i].at - first) / s->buf_size;
		if (buf >= total || seen[buf / 8] & (1U << buf % 8))
			return -EINVAL;
		seen[buf / 8] |= (uint8_t)(1U << buf % 8);
	}
	return 0;
}

static int tr_adopt_slots(struct tunring *h)
{
	uint8_t seen[2 * TUN_RING_MAX_ENTRIES / 8] = { 0 };
	uint32_t total = h->rx.entries + h->tx.entries;
	uint64_t first = 0;
	int ret;

	if (!tr_adopt_exchange(h))
		first = (uint64_t)h->rx.entries * h->rx.buf_size;
	tr_adopt_buffers(&h->rx, 0);
	tr_adopt_buffers(&h->tx, first);
	if (h->shared)
		return tr_pool_claim(h);
	ret = tr_adopt_check(&h->rx, 0, first ? h->rx.entries : total, seen);
	if (first)
		memset(seen, 0, sizeof(seen));
	if (!ret)
		ret = tr_adopt_check(&h->tx, first, first ? h->tx.entries : total,
				     seen);
	return ret;
}

/* The chain that begins at a slot is the kernel's. */
static int tr_adopt_chain(struct tr_direction *s, unsigned int head)
{
	unsigned int i = head, n = 1;

	while (le16toh(s->vq.desc[i].flags) & VRING_DESC_F_NEXT) {
		s->slots[i].next = le16toh(s->vq.desc[i].next);
		i = s->slots[i].next;
		if (i >= s->entries || ++n > s->entries)
			return -EINVAL;
		s->owner[i] = TR_OWNER(TR_SEGMENT, 0);
	}
	s->owner[head] = TR_OWNER(TR_FLIGHT, n);
	return 0;
}

/* Slots in flight have descriptors with bytes. A slot that no other one leads to is a head. */
static int tr_adopt_flight(struct tr_direction *s)
{
	uint8_t inner[TUN_RING_MAX_ENTRIES / 8] = { 0 };
	unsigned int i, next;
	int ret = 0;

	s->nfree = 0;
	for (i = 0; i < s->entries; i++) {
		next = le16toh(s->vq.desc[i].next);
		if (!s->vq.desc[i].len)
			s->free[s->nfree++] = (uint16_t)i;
		else if (le16toh(s->vq.desc[i].flags) & VRING_DESC_F_NEXT &&
			 next < s->entries)
			inner[next / 8] |= (uint8_t)(1U << next % 8);
	}
	for (i = 0; i < s->entries && !ret; i++)
		if (s->vq.desc[i].len && !(inner[i / 8] & 1U << i % 8))
			ret = tr_adopt_chain(s, i);
	return ret;
}

static void tr_adopt_side(struct tr_direction *s, uint16_t used, uint16_t avail)
{
	s->last_used = used;
	s->avail_idx = avail;
	s->kick_idx = avail;
	/* NO_INTERRUPT may be set or not: take the state that makes arm write. */
	s->armed = false;
}

int tr_adopt_state(struct tunring *h, const struct tr_layout *l)
{
	int ret;

	ret = tr_adopt_slots(h);
	if (!ret)
		ret = tr_adopt_flight(&h->tx);
	if (ret)
		return ret;
	tr_slots_place(h);
	h->rx.nfree = 0;
	tr_adopt_side(&h->rx, l->rx_idx, l->rx_avail);
	tr_adopt_side(&h->tx, l->tx_idx, l->tx_avail);
	/* The exporting process may have queued packets without a kick. */
	h->tx.kick_pending = h->tx.nfree != h->tx.entries;
	/* It held nothing at the export, and neither side has moved since. */
	if ((uint16_t)(l->rx_avail - l->rx_idx) != (uint16_t)h->rx.entries ||
	    tr_load16(&h->rx.vq.avail->idx) != l->rx_avail ||
	    tr_load16(&h->tx.vq.avail->idx) != l->tx_avail)
		return -EBUSY;
	return 0;
}
