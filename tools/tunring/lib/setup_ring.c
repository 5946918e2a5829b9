// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "internal.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "barrier.h"

_Static_assert(sizeof(struct tun_ring_meta) == 64, "a record is 64 bytes");
_Static_assert(offsetof(struct tun_ring_meta, tstamp) == 32, "no holes");

/* -ENOTTY where there are no rings, whatever words the kernel has for it. */
int tr_ring_query(const struct tr_ops *ops, int fd, struct tun_ring_query *q)
{
	int ret;

	memset(q, 0, sizeof(*q));
	ret = ops->ioctl(fd, TUNRINGQUERY, q);
	if (ret == -EINVAL || ret == -EBADFD)
		ret = -ENOTTY;
	if (ret < 0)
		return ret;
	/* Without records, or with others, this library has no use for it. */
	if (!(q->features & TUNRING_F_META) ||
	    q->meta_size != sizeof(struct tun_ring_meta))
		return -ENOTTY;
	return 0;
}

int tunring_query(int fd, struct tunring_caps *caps)
{
	struct tun_ring_query q;
	int ret = tr_ring_query(&tr_ops_linux, fd, &q);

	if (ret)
		return ret;
	memset(caps, 0, sizeof(*caps));
	caps->features = q.features;
	caps->max_entries = q.max_entries;
	caps->max_chain = q.max_chain;
	caps->max_pool = q.max_pool;
	caps->mode = q.mode;
	return 0;
}

static int area_map(struct tunring *h, struct tr_area *a, uint64_t offset,
		    uint64_t len, int prot)
{
	int ret;

	if (!len || len > SIZE_MAX)
		return -EPROTO;
	ret = h->ops->mmap(&a->base, (size_t)len, prot, MAP_SHARED,
			   h->mem_fd < 0 ? h->fd : h->mem_fd, (off_t)offset);
	if (!ret)
		a->len = (size_t)len;
	return ret;
}

static void *area_at(const struct tr_area *a, uint32_t offset, size_t len)
{
	if (offset > a->len || len > a->len - offset)
		return NULL;
	return (char *)a->base + offset;
}

static int vq_locate(struct tunring *h, struct tr_side *s,
		     const struct tun_ring_vq *v, const struct tr_area *meta)
{
	size_t n = s->entries;
	struct tr_vq *vq = &s->vq;
	uint16_t *avail;
	const uint8_t *used;

	vq->mask = s->entries - 1;
	vq->desc = area_at(&h->driver_area, v->desc, n * sizeof(*vq->desc));
	avail = area_at(&h->driver_area, v->avail, (3 + n) * sizeof(*avail));
	used = area_at(&h->device_area, v->used,
		       6 + n * sizeof(struct vring_used_elem));
	vq->meta = area_at(meta, v->meta, n * sizeof(*vq->meta));
	if (!vq->desc || !avail || !used || !vq->meta)
		return -EPROTO;
	vq->avail = (struct vring_avail *)avail;
	vq->used_event = avail + 2 + n;
	vq->used = (const struct vring_used *)used;
	vq->avail_event = (const uint16_t *)
		(used + 4 + n * sizeof(struct vring_used_elem));
	return 0;
}

/*
 * Map what h->setup describes. The device area is the kernel's to write, but by
 * our mapping of it, if it is our memory.
 */
int tr_ring_map(struct tunring *h)
{
	int write = h->mem_fd < 0 ? 0 : PROT_WRITE;
	const struct tun_ring_setup *s = &h->setup;
	int ret;

	ret = area_map(h, &h->driver_area, s->driver_offset, s->driver_len,
		       PROT_READ | PROT_WRITE);
	if (!ret)
		ret = area_map(h, &h->device_area, s->device_offset,
			       s->device_len, PROT_READ | write);
	if (!ret && !h->shared)
		ret = area_map(h, &h->pool_area, s->pool_offset, s->pool_len,
			       PROT_READ | PROT_WRITE);
	if (!ret && !h->shared && h->pool_area.len / h->buf_size <
	    (size_t)h->rx.entries + h->tx.entries)
		ret = -EPROTO;
	if (!ret)
		ret = vq_locate(h, &h->rx, &s->rx, &h->device_area);
	if (!ret)
		ret = vq_locate(h, &h->tx, &s->tx, &h->driver_area);
	if (ret)
		return ret;
	h->pool = h->shared ? tr_pool_base(h->shared) : h->pool_area.base;
	return 0;
}

/* The rings are in service. */
void tr_ring_start(struct tunring *h)
{
	h->event_idx = h->setup.features & TUNRING_F_EVENT_IDX;
	h->features = h->setup.features;
	h->mode = TUNRING_MODE_RING;
}

void tr_ring_unmap(struct tunring *h)
{
	struct tr_area *areas[] = {
		&h->driver_area, &h->device_area, &h->pool_area,
	};
	size_t i;

	for (i = 0; i < 3; i++)
		if (areas[i]->base)
			h->ops->munmap(areas[i]->base, areas[i]->len);
	if (h->mem_fd >= 0)
		h->ops->close(h->mem_fd);
}

static void rings_init(struct tunring *h)
{
	uint32_t i;

	/* tr_import() finds out from the descriptor which buffer a slot has. */
	for (i = 0; i < h->tx.entries; i++)
		h->tx.vq.desc[i].addr =
			htole64((uint64_t)h->tx.slots[i].buf * h->buf_size);
	if (!h->event_idx) {
		tr_store16(&h->rx.vq.avail->flags, VRING_AVAIL_F_NO_INTERRUPT);
		tr_store16(&h->tx.vq.avail->flags, VRING_AVAIL_F_NO_INTERRUPT);
	}
	tr_ring_rx_fill(h);
}

/* Rings of the kernel; packets lie in its memory, too, or in a pool of ours. */
static int setup_call(struct tunring *h, const struct tunring_options *opt,
		      uint64_t features)
{
	struct tun_ring_setup *s = &h->setup;
	int ret = 0;

	if (h->opt_flags & TUNRING_O_ATTACH)
		return tr_attach(h, opt, features);
	memset(s, 0, sizeof(*s));
	s->features = features;
	s->rx.entries = h->rx.entries;
	s->tx.entries = h->tx.entries;
	s->tx_poll_us = opt->tx_poll_us;
	if (h->shared) {
		s->flags = TUN_RING_SETUP_REGIONS;
		ret = tr_pool_regions(h);
	} else {
		s->buf_size = h->buf_size;
		s->buf_count = h->rx.entries + h->tx.entries;
	}
	if (ret < 0)
		return ret;
	ret = h->ops->ioctl(h->fd, TUNRINGSETUP, s);
	if (ret < 0 && h->shared)
		tr_regions_forget(h);
	return ret;
}

/* Looks at what was made available, then stops. */
void tr_ring_end(struct tunring *h)
{
	h->ops->ioctl(h->fd, TUNRINGTEARDOWN, NULL);
	if (h->opt_flags & TUNRING_O_ATTACH || h->shared)
		tr_regions_forget(h);
}

int tr_ring_setup(struct tunring *h, const struct tunring_options *opt)
{
	uint64_t must = opt->features | TUNRING_F_META;
	uint64_t want = opt->want | TUNRING_F_EVENT_IDX;
	struct tun_ring_query q;
	int ret;

	ret = tr_ring_query(h->ops, h->fd, &q);
	if (ret)
		return ret;
	must |= q.features & TUNRING_F_VERSION_1;
	if (must & ~q.features)
		return -EOPNOTSUPP;
	want &= q.features;
	if (opt->flags & TUNRING_O_NO_EVENT_IDX)
		want &= ~TUNRING_F_EVENT_IDX;

	ret = setup_call(h, opt, must | want);
	if (ret == -EPERM && (want & ~must & TUNRING_F_TX_MARK)) {
		want &= ~TUNRING_F_TX_MARK;
		ret = setup_call(h, opt, must | want);
	}
	if (ret < 0)
		return ret;
	ret = h->mem_fd < 0 ? tr_ring_map(h) : 0;
	if (!ret) {
		tr_ring_start(h);
		rings_init(h);
		ret = tr_rx_kick(h);
	}
	if (ret)
		tr_ring_end(h);
	return ret;
}
