// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* One queue, two processes. The second one needs the layout and the mapped memory. */
#include "share.h"

#include <errno.h>
#include <string.h>

#include "handle/adopt.h"
#include "handle/backend.h"
#include "handle/link.h"
#include "handle/slots.h"
#include "memory/attach.h"
#include "memory/layout.h"
#include "memory/map.h"
#include "memory/member.h"
#include "open.h"
#include "rings/rings.h"
#include "rings/setup.h"

static bool tr_share_busy(struct tunring *h)
{
	h->backend->tx_reclaim(h);
	return h->rx.held || h->tx.held || h->overflow.pending || h->fifo.count;
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

int tunring_export(struct tunring *h, struct tunring_layout *layout)
{
	struct tr_layout l;

	/* memory that is not pinned ends with the process */
	if (h->shared && h->backend->mode == TUNRING_MODE_RING &&
	    !(h->opt_flags & TUNRING_O_PIN))
		return -EOPNOTSUPP;
	if (tr_share_busy(h))
		return -EBUSY;
	tr_share_mark_free(h);
	memset(&l, 0, sizeof(l));
	l.features = h->features;
	l.mode = h->backend->mode;
	l.opt_flags = h->opt_flags;
	l.buf_size = h->rx.buf_size;
	l.tx_buf_size = tr_adopt_exchange(h) ? 0 : h->tx.buf_size;
	l.pooled = !!h->shared;
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

static uint64_t tr_share_memory_end(const struct tr_layout *l)
{
	return l->setup.pool_offset + l->setup.pool_len;
}

static int tr_share_import(struct tunring **handle, const struct tr_source *from,
			   const struct tr_layout *l, const struct tr_ops *ops)
{
	struct tunring *h;
	int ret;

	ret = tr_new(&h, from->fd, from->flags, ops);
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
	ret = from->pool ? tr_pool_join(h, from->pool) : 0;
	if (!ret)
		ret = tr_link_read(h);
	if (!ret)
		ret = tr_slots_init(h);
	if (!ret && from->mem_fd >= 0)
		ret = tr_attach_use_memory(h, from->mem_fd, tr_share_memory_end(l));
	if (!ret)
		ret = tr_map(h);
	if (!ret)
		ret = tr_adopt_state(h, l);
	if (ret) {
		tr_pool_put_buffers(h);
		tr_free(h);
		return ret;
	}
	tr_ring_start(h);
	h->backend = &tr_ring_backend;
	*handle = h;
	return 0;
}

/*
 * Attached rings are found in a file of memory, others by the tun's fd; packets in the
 * pool of the importing process, if they were in a pool before.
 */
static bool tr_share_matches(const struct tr_layout *l, const struct tr_source *from)
{
	bool attached = l->mode == TUNRING_MODE_RING &&
			l->opt_flags & TUNRING_O_ATTACH;

	return attached == (from->mem_fd >= 0) && l->pooled == !!from->pool;
}

/* Without rings, there is nothing that the processes could share. */
static int tr_share_import_plain(struct tunring **handle, const struct tr_source *from,
				 const struct tr_layout *l, const struct tr_ops *ops)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.flags = TUNRING_O_NO_RING |
		    (l->opt_flags & (TUNRING_O_NO_EVENT_IDX | TUNRING_O_PI));
	opt.rx_entries = l->rx_entries;
	opt.tx_entries = l->tx_entries;
	opt.buf_size = l->buf_size;
	opt.tx_buf_size = l->tx_buf_size;
	opt.headroom = l->headroom;
	opt.tailroom = l->tailroom;
	opt.features = l->features;
	return tr_adopt_pool(handle, from->fd, from->flags, &opt, from->pool, ops);
}

int tr_import(struct tunring **handle, const struct tr_source *from,
	      const struct tunring_layout *layout, const struct tr_ops *ops)
{
	struct tun_ring_stats s;
	struct tr_layout l;
	int ret;

	ret = tr_layout_open(layout, &l);
	if (ret)
		return ret;
	if ((from->flags & ~TUNRING_ADOPT_CLOSE) || !tr_share_matches(&l, from))
		return -EINVAL;
	if (l.mode != TUNRING_MODE_RING)
		return tr_share_import_plain(handle, from, &l, ops);
	ret = ops->ioctl(from->fd, TUNRINGSTATS, &s);
	return ret < 0 ? ret : tr_share_import(handle, from, &l, ops);
}

int tunring_import(struct tunring **handle, int fd, unsigned int flags,
		   const struct tunring_layout *layout)
{
	const struct tr_source from = { .fd = fd, .mem_fd = -1, .flags = flags };

	return tr_import(handle, &from, layout, &tr_ops_linux);
}

int tunring_import_memory(struct tunring **handle, int fd, int memory_fd,
			  unsigned int flags,
			  const struct tunring_layout *layout)
{
	const struct tr_source from = {
		.fd = fd, .mem_fd = memory_fd, .flags = flags,
	};

	if (memory_fd < 0)
		return -EBADF;
	return tr_import(handle, &from, layout, &tr_ops_linux);
}

int tunring_import_pool(struct tunring **handle, int fd, int memory_fd,
			unsigned int flags, const struct tunring_layout *layout,
			struct tunring_pool *pool)
{
	const struct tr_source from = {
		.fd = fd, .mem_fd = memory_fd < 0 ? -1 : memory_fd, .flags = flags,
		.pool = pool,
	};

	return tr_import(handle, &from, layout, &tr_ops_linux);
}
