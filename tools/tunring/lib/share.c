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
#include "memory/map.h"
#include "open.h"
#include "rings/rings.h"
#include "rings/setup.h"

#define LAYOUT_MAGIC 0x74756e72696e6731ULL	/* "tunring1" */

struct layout {
	uint64_t		magic;
	uint64_t		features;
	uint32_t		mode;
	uint32_t		opt_flags;
	uint32_t		buf_size;
	uint32_t		headroom;
	uint32_t		tailroom;
	uint32_t		rx_entries;
	uint32_t		tx_entries;
	uint16_t		rx_idx;		/* used entries taken */
	uint16_t		tx_idx;
	struct tun_ring_setup	setup;
	uint64_t		sum;
};

_Static_assert(sizeof(struct layout) <= sizeof(struct tunring_layout),
	       "the public structure has room");

/* FNV-1a over the fields before sum. Finds accidents, no attack. */
static uint64_t tr_layout_sum(const struct layout *l)
{
	const uint8_t *p = (const uint8_t *)l;
	uint64_t sum = 0xcbf29ce484222325ULL;
	size_t i;

	for (i = 0; i < offsetof(struct layout, sum); i++)
		sum = (sum ^ p[i]) * 0x100000001b3ULL;
	return sum;
}

static bool tr_share_busy(struct tunring *h)
{
	if (h->rx.held || h->tx.held || h->spill.pending || h->fifo.count)
		return true;
	h->backend->tx_reclaim(h);
	return h->tx.nfree != h->tx.entries;
}

int tunring_export(struct tunring *h, struct tunring_layout *layout)
{
	struct layout l;

	if (h->shared)
		return -EOPNOTSUPP;
	if (tr_share_busy(h))
		return -EBUSY;
	memset(&l, 0, sizeof(l));
	l.magic = LAYOUT_MAGIC;
	l.features = h->features;
	l.mode = h->backend->mode;
	l.opt_flags = h->opt_flags;
	l.buf_size = h->buf_size;
	l.headroom = h->headroom;
	l.tailroom = h->tailroom;
	l.rx_entries = h->rx.entries;
	l.tx_entries = h->tx.entries;
	l.rx_idx = h->rx.last_used;
	l.tx_idx = h->tx.last_used;
	l.setup = h->setup;
	l.sum = tr_layout_sum(&l);
	memset(layout, 0, sizeof(*layout));
	memcpy(layout, &l, sizeof(l));
	return 0;
}

/* Which buffer each slot has, from where its descriptor points. */
static int tr_share_read_slots(struct tunring *h, struct tr_side *s, uint8_t *seen)
{
	uint32_t total = h->rx.entries + h->tx.entries, i;
	uint64_t buf;

	for (i = 0; i < s->entries; i++) {
		buf = le64toh(s->vq.desc[i].addr) / h->buf_size;
		if (buf >= total || seen[buf / 8] & (1U << buf % 8))
			return -EINVAL;
		seen[buf / 8] |= (uint8_t)(1U << buf % 8);
		s->slots[i].buf = (uint32_t)buf;
	}
	return 0;
}

static int tr_share_adopt_state(struct tunring *h, const struct layout *l)
{
	uint8_t seen[2 * TUN_RING_MAX_ENTRIES / 8] = { 0 };
	int ret;

	ret = tr_share_read_slots(h, &h->rx, seen);
	if (!ret)
		ret = tr_share_read_slots(h, &h->tx, seen);
	if (ret)
		return ret;
	tr_slots_place(h);
	h->rx.nfree = 0;
	h->rx.last_used = l->rx_idx;
	h->rx.avail_idx = tr_load16(&h->rx.vq.avail->idx);
	h->rx.kick_idx = h->rx.avail_idx;
	h->tx.last_used = l->tx_idx;
	h->tx.avail_idx = tr_load16(&h->tx.vq.avail->idx);
	h->tx.kick_idx = h->tx.avail_idx;
	/* NO_INTERRUPT may be set or not: take the state that makes arm write. */
	h->rx.armed = false;
	h->tx.armed = false;
	/* All was given back at the export, and neither side has moved since. */
	if ((uint16_t)(h->rx.avail_idx - l->rx_idx) != (uint16_t)h->rx.entries ||
	    h->tx.avail_idx != l->tx_idx)
		return -EBUSY;
	return 0;
}

static uint64_t tr_share_memory_end(const struct layout *l)
{
	return l->setup.pool_offset + l->setup.pool_len;
}

static int tr_share_import(struct tunring **handle, int fd, int mem_fd,
			   unsigned int flags, const struct layout *l,
			   const struct tr_ops *ops)
{
	struct tunring *h;
	int ret;

	ret = tr_new(&h, fd, flags, ops);
	if (ret)
		return ret;
	/* the exporting process keeps its eventfds */
	h->opt_flags = l->opt_flags & ~TUNRING_O_EVENTFD;
	h->buf_size = l->buf_size;
	h->headroom = l->headroom;
	h->tailroom = l->tailroom;
	h->room = h->buf_size - h->headroom - h->tailroom;
	h->rx.entries = l->rx_entries;
	h->tx.entries = l->tx_entries;
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
static bool tr_share_memory_matches(const struct layout *l, int mem_fd)
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
	struct layout l;
	int ret;

	memcpy(&l, layout, sizeof(l));
	if (l.magic != LAYOUT_MAGIC || l.sum != tr_layout_sum(&l) ||
	    (flags & ~TUNRING_ADOPT_CLOSE) || !tr_share_memory_matches(&l, mem_fd))
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
