// SPDX-License-Identifier: GPL-2.0
/* Rings in memory of the program's own, by TUNRINGATTACH. */
#include <errno.h>
#include <string.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "../virtio.h"

/* Returns false if this tun does not know the call. */
static bool set_regions(struct virtio *v, bool pin)
{
	struct tun_ring_region region = {
		.addr = (uintptr_t)v->mem, .user = (uintptr_t)v->mem,
		.len = v->len,
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

static const char *set_up(struct instance *in, bool pin)
{
	struct virtio *v = virtio_open(in, 0, 0);
	struct tun_ring_attach a = {
		.features = 1 << TUN_RING_F_META | 1 << TUN_RING_F_EVENT_IDX,
		.flags = pin ? TUN_RING_ATTACH_PIN : 0,
		.rx = vq_params(&v->rx),
		.tx = vq_params(&v->tx),
	};

	v->thread = !pin;
	if (in->size == SIZE_GSO &&
	    ioctl(v->fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4))
		die("TUNSETOFFLOAD: %s", strerror(errno));
	if (!set_regions(v, pin))
		return "this tun has no rings";
	if (ioctl(v->fd, TUNRINGATTACH, &a))
		die("TUNRINGATTACH: %s", strerror(errno));
	virtio_start(in);
	return NULL;
}

static const char *attached_set_up(struct instance *in)
{
	return set_up(in, false);
}

static const char *pinned_set_up(struct instance *in)
{
	return set_up(in, true);
}

const struct contestant attach_contestants[] = {
	{ "attached", RX, VIRTIO_NAME, bursts_all,
	  attached_set_up, virtio_rx_run, virtio_tear_down },
	{ "attached", TX, VIRTIO_NAME, bursts_all,
	  attached_set_up, virtio_tx_run, virtio_tear_down },
	{ "attached-pinned", RX, VIRTIO_NAME, bursts_all,
	  pinned_set_up, virtio_rx_run, virtio_tear_down },
	{ "attached-pinned", TX, VIRTIO_NAME, bursts_all,
	  pinned_set_up, virtio_tx_run, virtio_tear_down },
	{ "attached-gso", RX, VIRTIO_NAME, bursts_64,
	  attached_set_up, virtio_rx_run, virtio_tear_down, sizes_gso },
	{ "attached-gso", TX, VIRTIO_NAME, bursts_64,
	  attached_set_up, virtio_tx_run, virtio_tear_down, sizes_gso },
	{ "attached-pinned-gso", RX, VIRTIO_NAME, bursts_64,
	  pinned_set_up, virtio_rx_run, virtio_tear_down, sizes_gso },
	{ "attached-pinned-gso", TX, VIRTIO_NAME, bursts_64,
	  pinned_set_up, virtio_tx_run, virtio_tear_down, sizes_gso },
	{ }
};
