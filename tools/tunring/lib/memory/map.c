// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "map.h"

#include <errno.h>
#include <sys/mman.h>

#include "../handle/slots.h"
#include "pool.h"

static int tr_map_area(struct tunring *h, struct tr_area *a, uint64_t offset,
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

static void *tr_map_area_at(const struct tr_area *a, uint32_t offset, size_t len)
{
	if (offset > a->len || len > a->len - offset)
		return NULL;
	return (char *)a->base + offset;
}

static int tr_map_locate_vq(struct tunring *h, struct tr_direction *s,
			    const struct tun_ring_vq *v, const struct tr_area *meta)
{
	size_t n = s->entries;
	struct tr_vq *vq = &s->vq;
	uint16_t *avail;
	const uint8_t *used;

	vq->mask = s->entries - 1;
	vq->desc = tr_map_area_at(&h->driver_area, v->desc, n * sizeof(*vq->desc));
	avail = tr_map_area_at(&h->driver_area, v->avail, (3 + n) * sizeof(*avail));
	used = tr_map_area_at(&h->device_area, v->used,
			      6 + n * sizeof(struct vring_used_elem));
	vq->meta = tr_map_area_at(meta, v->meta, n * sizeof(*vq->meta));
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
 * Map the areas that h->setup describes. Only the kernel writes to the device area;
 * in memory of the program it does so by this mapping, which then is writable.
 */
int tr_map(struct tunring *h)
{
	int write = h->mem_fd < 0 ? 0 : PROT_WRITE;
	const struct tun_ring_setup *s = &h->setup;
	int ret;

	ret = tr_map_area(h, &h->driver_area, s->driver_offset, s->driver_len,
			  PROT_READ | PROT_WRITE);
	if (!ret)
		ret = tr_map_area(h, &h->device_area, s->device_offset,
				  s->device_len, PROT_READ | write);
	if (!ret && !h->shared)
		ret = tr_map_area(h, &h->pool_area, s->pool_offset, s->pool_len,
				  PROT_READ | PROT_WRITE);
	if (!ret && !h->shared && h->pool_area.len < tr_slots_bytes(h))
		ret = -EPROTO;
	if (!ret)
		ret = tr_map_locate_vq(h, &h->rx, &s->rx, &h->device_area);
	if (!ret)
		ret = tr_map_locate_vq(h, &h->tx, &s->tx, &h->driver_area);
	if (ret)
		return ret;
	h->pool = h->shared ? tr_pool_base(h->shared) : h->pool_area.base;
	return 0;
}

void tr_map_free(struct tunring *h)
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
