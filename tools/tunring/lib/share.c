// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * One queue, two processes. The second process needs the layout and the mapped
 * memory. A descriptor tells which buffer its slot has.
 */
#include "share.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "handle/backend.h"
#include "handle/link.h"
#include "handle/slots.h"
#include "kernel/barrier.h"
#include "memory/attach.h"
#include "memory/layout.h"
#include "memory/map.h"
#include "open.h"
#include "rings/rings.h"
#include "rings/setup.h"

static bool tr_share_busy(struct tunring *h)
{
	h->backend->tx_reclaim(h);
	return h->rx.held || h->tx.held || h->spill.pending || h->fifo.count;
}

/*
 * In the descriptors the importing process finds the slots that the kernel has: a free
 * one has no bytes. The kernel does not look at descriptors of free slots.
 */
static void tr_share_mark_free(struct tunring *h)
{
	uint32_t i;

	if (h->backend->mode != TUNRING_MODE_RING)
		return;
	for (i = 0; i < h->tx.nfree; i++)
		h->tx.vq.desc[h->tx.free[i]].len = 0;
}

/* Can a buffer of one side be one of the other side? See tunring_rx_forward(). */
static bool tr_share_exchange(const struct tunring *h)
{
	return h->rx.buf_size == h->tx.buf_size;
}

int tunring_export(struct tunring *h, struct tunring_layout *layout)
{
	struct tr_layout l;

	if (h->shared)
		return -EOPNOTSUPP;
	if (tr_share_busy(h))
		return -EBUSY;
	tr_share_mark_free(h);
	memset(&l, 0, sizeof(l));
	l.features = h->features;
	l.mode = h->backend->mode;
	l.opt_flags = h->opt_flags;
	l.buf_size = h->rx.buf_size;
	l.tx_buf_size = tr_share_exchange(h) ? 0 : h->tx.buf_size;
	l.headroom = h->headroom;
	l.tailroom = h->tailroom;
	l.rx_entries = h->rx.entries;
	l.tx_entries = h->tx.entries;
	l.rx_idx = h->rx.last_used;
	l.tx_idx = h->tx.last_used;
	l.rx_avail = h->rx.avail_idx;
	l.tx_avail = h->tx.avail_idx;
	l.setup = h->setup;
	tr_layout_seal(&l, layout);
	return 0;
}

/* Which buffer each slot has, from where its descriptor points. */
static int tr_share_read_slots(struct tunring *h, struct tr_side *s, uint8_t *seen)
{
	/* buffers that the side may have: how many, and where they begin */
	uint32_t total = h->rx.entries + h->tx.entries, i;
	uint64_t first = 0, buf;

	if (!tr_share_exchange(h)) {
		total = s->entries;
		first = s == &h->tx ? h->rx.slots[h->rx.entries - 1].at +
				      h->rx.buf_size : 0;
		memset(seen, 0, 2 * TUN_RING_MAX_ENTRIES / 8);
	}
	for (i = 0; i < s->entries; i++) {
		/* an address before the first leads to a huge number */
		buf = (le64toh(s->vq.desc[i].addr) - first) / s->buf_size;
		if (buf >= total || seen[buf / 8] & (1U << buf % 8))
			return -EINVAL;
		seen[buf / 8] |= (uint8_t)(1U << buf % 8);
		s->slots[i].at = first + buf * s->buf_size;
	}
	return 0;
}

/* The chain that begins at a slot is the kernel's. */
static int tr_share_adopt_chain(struct tr_side *s, unsigned int head)
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
static int tr_share_adopt_flight(struct tr_side *s)
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
			ret = tr_share_adopt_chain(s, i);
	return ret;
}

static void tr_share_adopt_side(struct tr_side *s, uint16_t used, uint16_t avail)
{
	s->last_used = used;
	s->avail_idx = avail;
	s->kick_idx = avail;
	/* NO_INTERRUPT may be set or not: take the state that makes arm write. */
	s->armed = false;
}

static int tr_share_adopt_state(struct tunring *h, const struct tr_layout *l)
{
	uint8_t seen[2 * TUN_RING_MAX_ENTRIES / 8] = { 0 };
	int ret;

	ret = tr_share_read_slots(h, &h->rx, seen);
	if (!ret)
		ret = tr_share_read_slots(h, &h->tx, seen);
	if (!ret)
		ret = tr_share_adopt_flight(&h->tx);
	if (ret)
		return ret;
	tr_slots_place(h);
	h->rx.nfree = 0;
	tr_share_adopt_side(&h->rx, l->rx_idx, l->rx_avail);
	tr_share_adopt_side(&h->tx, l->tx_idx, l->tx_avail);
	/* The exporting process may have queued packets without a kick. */
	h->tx.kick_due = h->tx.nfree != h->tx.entries;
	/* It held nothing at the export, and neither side has moved since. */
	if ((uint16_t)(l->rx_avail - l->rx_idx) != (uint16_t)h->rx.entries ||
	    tr_load16(&h->rx.vq.avail->idx) != l->rx_avail ||
	    tr_load16(&h->tx.vq.avail->idx) != l->tx_avail)
		return -EBUSY;
	return 0;
}

static uint64_t tr_share_memory_end(const struct tr_layout *l)
{
	return l->setup.pool_offset + l->setup.pool_len;
}

static int tr_share_import(struct tunring **handle, int fd, int mem_fd,
			   unsigned int flags, const struct tr_layout *l,
			   const struct tr_ops *ops)
{
	struct tunring *h;
	int ret;

	ret = tr_new(&h, fd, flags, ops);
	if (ret)
		return ret;
	/* the exporting process keeps its eventfds */
	h->opt_flags = l->opt_flags & ~TUNRING_O_EVENTFD;
	h->headroom = l->headroom;
	h->tailroom = l->tailroom;
	tr_slots_size(h, &h->rx, l->rx_entries, l->buf_size);
	tr_slots_size(h, &h->tx, l->tx_entries,
		      l->tx_buf_size ? l->tx_buf_size : l->buf_size);
	h->setup = l->setup;
	ret = tr_link_read(h);
	if (!ret)
		ret = tr_slots_init(h);
	if (!ret && mem_fd >= 0)
		ret = tr_attach_use_memory(h, mem_fd, tr_share_memory_end(l));
	if (!ret)
		ret = tr_map(h);
	if (!ret)
		ret = tr_share_adopt_state(h, l);
	if (ret) {
		tr_free(h);
		return ret;
	}
	tr_ring_start(h);
	h->backend = &tr_ring_backend;
	*handle = h;
	return 0;
}

/* Attached rings are found in a file of memory, others by the tun's fd. */
static bool tr_share_memory_matches(const struct tr_layout *l, int mem_fd)
{
	bool attached = l->mode == TUNRING_MODE_RING &&
			l->opt_flags & TUNRING_O_ATTACH;

	return attached == (mem_fd >= 0);
}

int tr_import(struct tunring **handle, int fd, int mem_fd, unsigned int flags,
	      const struct tunring_layout *layout, const struct tr_ops *ops)
{
	struct tunring_options opt;
	struct tun_ring_stats s;
	struct tr_layout l;
	int ret;

	ret = tr_layout_open(layout, &l);
	if (ret)
		return ret;
	if ((flags & ~TUNRING_ADOPT_CLOSE) || !tr_share_memory_matches(&l, mem_fd))
		return -EINVAL;
	if (l.mode == TUNRING_MODE_RING) {
		ret = ops->ioctl(fd, TUNRINGSTATS, &s);
		return ret < 0 ? ret : tr_share_import(handle, fd, mem_fd,
						       flags, &l, ops);
	}
	tunring_options_init(&opt);
	opt.flags = TUNRING_O_NO_RING |
		    (l.opt_flags & (TUNRING_O_NO_EVENT_IDX | TUNRING_O_PI));
	opt.rx_entries = l.rx_entries;
	opt.tx_entries = l.tx_entries;
	opt.buf_size = l.buf_size;
	opt.tx_buf_size = l.tx_buf_size;
	opt.headroom = l.headroom;
	opt.tailroom = l.tailroom;
	opt.features = l.features;
	return tr_adopt(handle, fd, flags, &opt, ops);
}

int tunring_import(struct tunring **handle, int fd, unsigned int flags,
		   const struct tunring_layout *layout)
{
	return tr_import(handle, fd, -1, flags, layout, &tr_ops_linux);
}

int tunring_import_memory(struct tunring **handle, int fd, int memory_fd,
			  unsigned int flags,
			  const struct tunring_layout *layout)
{
	if (memory_fd < 0)
		return -EBADF;
	return tr_import(handle, fd, memory_fd, flags, layout, &tr_ops_linux);
}
