// SPDX-License-Identifier: GPL-2.0
/* Rings as a guest has them, described to their server by the vhost ioctls. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <linux/if_tun_ring.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <sys/ioctl.h>

#include "virtio.h"

#define HDR	sizeof(struct virtio_net_hdr_mrg_rxbuf)

static void vhost_ioctl(struct virtio *v, unsigned long cmd, void *arg)
{
	if (ioctl(v->ctl, cmd, arg))
		die("vhost ioctl %#lx: %s", cmd, strerror(errno));
}

/* The features that a Linux guest accepts, as far as they matter here. */
static void set_features(struct virtio *v)
{
	uint64_t features = 1ull << VIRTIO_F_VERSION_1 |
			    1ull << VIRTIO_RING_F_EVENT_IDX |
			    1ull << VIRTIO_NET_F_MRG_RXBUF;

	vhost_ioctl(v, VHOST_SET_FEATURES, &features);
}

static void set_memory(struct virtio *v)
{
	struct {
		struct vhost_memory m;
		struct vhost_memory_region r;
	} t = { .m = { .nregions = 1 } };

	t.r.guest_phys_addr = t.r.userspace_addr = (uintptr_t)v->mem;
	t.r.memory_size = v->len;
	vhost_ioctl(v, VHOST_SET_MEM_TABLE, &t);
}

static void set_queue(struct virtio *v, unsigned int i, struct virtio_vq *q)
{
	struct vhost_vring_state num = { i, q->shape.entries }, base = { i, 0 };
	struct vhost_vring_file kick = { i, q->kick }, call = { i, q->call };
	struct vhost_vring_file backend = { i, v->fd };
	struct vhost_vring_addr addr = {
		.index = i,
		.desc_user_addr = (uintptr_t)q->vq.desc,
		.avail_user_addr = (uintptr_t)q->vq.avail,
		.used_user_addr = (uintptr_t)q->vq.used,
	};

	vhost_ioctl(v, VHOST_SET_VRING_NUM, &num);
	vhost_ioctl(v, VHOST_SET_VRING_BASE, &base);
	vhost_ioctl(v, VHOST_SET_VRING_ADDR, &addr);
	vhost_ioctl(v, VHOST_SET_VRING_KICK, &kick);
	vhost_ioctl(v, VHOST_SET_VRING_CALL, &call);
	vhost_ioctl(v, VHOST_NET_SET_BACKEND, &backend);
}

static void start(struct virtio *v)
{
	set_features(v);
	set_memory(v);
	set_queue(v, 0, &v->rx);
	set_queue(v, 1, &v->tx);
}

static const char *vhost_serve(struct virtio *v)
{
	v->thread = true;
	v->ctl = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);
	if (v->ctl < 0)
		return "there is no vhost-net";
	vhost_ioctl(v, VHOST_SET_OWNER, NULL);
	start(v);
	return NULL;
}

static const char *guest_serve_with(struct virtio *v, uint32_t flags)
{
	struct tun_ring_guest how = { .flags = flags };

	v->thread = !flags;
	v->ctl = dup(v->fd);
	if (flags && ioctl(v->ctl, TUNRINGGUEST, &how))
		return "this tun does not know TUNRINGGUEST";
	if (ioctl(v->ctl, VHOST_SET_OWNER, NULL)) {
		if (errno == EINVAL || errno == ENOTTY)
			return "this tun does not know the vhost ioctls";
		die("VHOST_SET_OWNER: %s", strerror(errno));
	}
	start(v);
	return NULL;
}

static const char *guest_serve(struct virtio *v)
{
	return guest_serve_with(v, 0);
}

static const char *pinned_serve(struct virtio *v)
{
	return guest_serve_with(v, TUN_RING_GUEST_PIN);
}

const struct virtio_server virtio_vhost = { IFF_VNET_HDR, HDR, vhost_serve };
const struct virtio_server virtio_guest = { IFF_VNET_HDR, HDR, guest_serve };
const struct virtio_server virtio_guest_pinned = {
	IFF_VNET_HDR, HDR, pinned_serve,
};
