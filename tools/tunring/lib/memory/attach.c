// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Rings in memory of the program. They lie in a file that other processes can map,
 * in the same three areas as the kernel's rings. h->setup has their offsets, so that
 * tr_map() maps both alike.
 */
#include "attach.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../handle/options.h"
#include "../handle/slots.h"
#include "event.h"
#include "map.h"
#include "member.h"

static uint64_t tr_layout_page_up(uint64_t len)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (len + page - 1) & ~(page - 1);
}

/* Parts that different threads write share no cache line. */
static uint32_t tr_layout_place(__u64 *end, size_t len)
{
	uint64_t at = (*end + TR_CACHELINE - 1) & ~(TR_CACHELINE - 1ULL);

	*end = at + len;
	return (uint32_t)at;
}

static void tr_layout_vq(struct tun_ring_vq *v, uint32_t entries,
			 __u64 *driver, __u64 *device, __u64 *meta)
{
	size_t n = entries;

	v->entries = entries;
	v->desc = tr_layout_place(driver, n * sizeof(struct vring_desc));
	v->avail = tr_layout_place(driver, (3 + n) * sizeof(uint16_t));
	v->used = tr_layout_place(device, 6 + n * sizeof(struct vring_used_elem));
	v->meta = tr_layout_place(meta, n * sizeof(struct tun_ring_meta));
}

/* Returns where the memory ends that begins at offset of its file. */
static uint64_t tr_layout_all(struct tun_ring_setup *s, uint32_t rx, uint32_t tx,
			      uint64_t pool, uint64_t offset)
{
	memset(s, 0, sizeof(*s));
	tr_layout_vq(&s->rx, rx, &s->driver_len, &s->device_len, &s->device_len);
	tr_layout_vq(&s->tx, tx, &s->driver_len, &s->device_len, &s->driver_len);
	s->driver_len = tr_layout_page_up(s->driver_len);
	s->device_len = tr_layout_page_up(s->device_len);
	/* 0 if packets lie in a pool of several handles */
	s->pool_len = tr_layout_page_up(pool);
	s->driver_offset = offset;
	s->device_offset = s->driver_offset + s->driver_len;
	s->pool_offset = s->device_offset + s->device_len;
	return s->pool_offset + s->pool_len;
}

size_t tunring_memory_size(const struct tunring_options *opt)
{
	struct tun_ring_setup s;

	if (tr_options_check(opt))
		return 0;
	return (size_t)tr_layout_all(&s, opt->rx_entries, opt->tx_entries,
				     tr_options_pool(opt), 0);
}

int tunring_memory_fd(const struct tunring *h)
{
	return h->mem_fd < 0 ? -ENXIO : h->mem_fd;
}

/* A descriptor of our own for memory that reaches to end, at least. */
int tr_attach_use_memory(struct tunring *h, int fd, uint64_t end)
{
	int64_t size = h->ops->size(fd);

	if (size < 0)
		return (int)size;
	if ((uint64_t)size < end)
		return -EINVAL;
	fd = h->ops->fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	h->mem_fd = fd;
	return 0;
}

static int tr_attach_init_memory(struct tunring *h,
				 const struct tunring_options *opt)
{
	bool given = opt->flags & TUNRING_O_MEMORY;
	struct tun_ring_setup *s = &h->setup;
	uint64_t end;
	int ret;

	end = tr_layout_all(s, h->rx.entries, h->tx.entries,
			    h->shared ? 0 : tr_slots_bytes(h),
			    given ? opt->memory_offset : 0);
	if (given) {
		ret = tr_attach_use_memory(h, opt->memory_fd, end);
	} else {
		h->mem_fd = h->ops->memfd((size_t)end);
		ret = h->mem_fd < 0 ? h->mem_fd : 0;
	}
	if (!ret)
		ret = tr_map(h);
	if (ret)
		return ret;
	/* An earlier user may have left descriptors available. */
	memset(h->driver_area.base, 0, h->driver_area.len);
	memset(h->device_area.base, 0, h->device_area.len);
	return 0;
}

static int tr_attach_set_regions(struct tunring *h)
{
	struct tun_ring_region region = {
		.len = h->pool_area.len,
		.user = (uintptr_t)h->pool_area.base,
	};
	struct tun_ring_regions r = {
		.n = 1,
		.flags = h->opt_flags & TUNRING_O_PIN ?
			 TUN_RING_REGIONS_PIN : 0,
		.regions = (uintptr_t)&region,
	};

	return h->ops->ioctl(h->fd, TUNRINGREGIONS, &r);
}

/* The kernel unpins the pool and drops its table of regions. */
void tr_attach_forget_regions(struct tunring *h)
{
	struct tun_ring_regions r = { 0 };

	h->ops->ioctl(h->fd, TUNRINGREGIONS, &r);
}

static struct tun_ring_attach_vq tr_attach_vq_params(const struct tr_direction *s,
						     int kick, int call)
{
	const struct tr_vq *vq = &s->vq;

	return (struct tun_ring_attach_vq) {
		.entries = s->entries,
		.kick = kick,
		.call = call,
		.desc = (uintptr_t)vq->desc,
		.avail = (uintptr_t)vq->avail,
		.used = (uintptr_t)vq->used,
		.meta = (uintptr_t)vq->meta,
	};
}

static int tr_attach_call(struct tunring *h)
{
	const int *event = h->event_fd;
	bool pin = h->opt_flags & TUNRING_O_PIN;
	struct tun_ring_attach a = {
		.features = h->setup.features,
		.flags = pin ? TUN_RING_ATTACH_PIN : 0,
		.tx_poll_us = pin ? h->setup.tx_poll_us : 0,
		.rx = tr_attach_vq_params(&h->rx, event[TUNRING_EVENT_RX_KICK],
				event[TUNRING_EVENT_RX_CALL]),
		.tx = tr_attach_vq_params(&h->tx, event[TUNRING_EVENT_TX_KICK],
				event[TUNRING_EVENT_TX_CALL]),
	};

	return h->ops->ioctl(h->fd, TUNRINGATTACH, &a);
}

/* May be called again with other features. */
int tr_attach(struct tunring *h, const struct tunring_options *opt,
	      uint64_t features)
{
	int ret = 0;

	if (!h->driver_area.base) {
		ret = tr_attach_init_memory(h, opt);
		if (!ret)
			ret = tr_events_init(h, opt);
	}
	if (ret)
		return ret;
	h->setup.features = features;
	h->setup.tx_poll_us = opt->tx_poll_us;
	ret = h->shared ? tr_pool_regions(h) : tr_attach_set_regions(h);
	if (ret < 0)
		return ret;
	ret = tr_attach_call(h);
	if (ret < 0)
		tr_attach_forget_regions(h);
	return ret;
}
