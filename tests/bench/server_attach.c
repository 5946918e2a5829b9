// SPDX-License-Identifier: GPL-2.0
/* Rings in memory of the program's own, by TUNRINGATTACH. */
#include <errno.h>
#include <string.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "virtio.h"

/* Returns false if this tun does not know the call. */
static bool set_regions(struct virtio *v, bool pin)
{
	struct tun_ring_region region = {
		.addr = (uintptr_t)v->mem, .user = (uintptr_t)v->mem,
		.len = (v->len + 4095) & ~4095UL,
	};
	struct tun_ring_regions t = {
		.n = 1, .flags = pin ? TUN_RING_REGIONS_PIN : 0,
		.regions = (uintptr_t)&region,
	};

	if (!ioctl(v->fd, TUNRINGREGIONS, &t))
		return true;
	if (errno != EINVAL && errno != ENOTTY)
		die("TUNRINGREGIONS: %s", strerror(errno));
	return false;
}

static struct tun_ring_attach_vq vq_params(const struct virtio_vq *q)
{
	return (struct tun_ring_attach_vq) {
		.entries = q->shape.entries,
		.kick = q->kick,
		.call = q->call,
		.desc = (uintptr_t)q->vq.desc,
		.avail = (uintptr_t)q->vq.avail,
		.used = (uintptr_t)q->vq.used,
		.meta = (uintptr_t)q->vq.meta,
	};
}

static const char *serve(struct virtio *v, bool pin)
{
	struct tun_ring_attach a = {
		.features = 1 << TUN_RING_F_META | 1 << TUN_RING_F_EVENT_IDX,
		.flags = pin ? TUN_RING_ATTACH_PIN : 0,
		.rx = vq_params(&v->rx),
		.tx = vq_params(&v->tx),
	};

	v->thread = !pin;
	if (!set_regions(v, pin))
		return "this tun has no rings";
	if (ioctl(v->fd, TUNRINGATTACH, &a))
		die("TUNRINGATTACH: %s", strerror(errno));
	return NULL;
}

static const char *attached_serve(struct virtio *v)
{
	return serve(v, false);
}

static const char *pinned_serve(struct virtio *v)
{
	return serve(v, true);
}

/* A record for each packet instead of a header in front of it. */
const struct virtio_server virtio_attached = { 0, 0, attached_serve };
const struct virtio_server virtio_attached_pinned = { 0, 0, pinned_serve };
