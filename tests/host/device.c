// SPDX-License-Identifier: GPL-2.0
#include "device.h"

static int walk_readable(struct tun_vring *vr,
			 const struct tun_vring_desc *first,
			 struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &tun_kmem, TUN_VRING_READ, first, c);
}

static int walk_writable(struct tun_vring *vr,
			 const struct tun_vring_desc *first,
			 struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &tun_kmem, TUN_VRING_WRITE, first, c);
}

static int walk_both(struct tun_vring *vr, const struct tun_vring_desc *first,
		     struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &tun_kmem, TUN_VRING_BOTH, first, c);
}

void device_init(struct tun_vq *dev, u32 num, bool indirect,
		 bool event_idx)
{
	tun_vring_init(&dev->vr, num, indirect, event_idx);
}

int device_refresh(struct tun_vq *dev)
{
	return tun_vring_refresh(&dev->vr, &tun_kmem);
}

int device_pop(struct tun_vq *dev, bool write,
	       struct tun_vring_chain *c)
{
	if (write)
		return tun_vring_pop(&dev->vr, &tun_kmem, TUN_VRING_WRITE,
				     walk_writable, c);
	return tun_vring_pop(&dev->vr, &tun_kmem, TUN_VRING_READ, walk_readable, c);
}

/* Pop a chain that may have readable and writable buffers. */
int device_pop_both(struct tun_vq *dev, struct tun_vring_chain *c)
{
	return tun_vring_pop(&dev->vr, &tun_kmem, TUN_VRING_BOTH, walk_both, c);
}

int device_push(struct tun_vq *dev, u16 head, u32 len)
{
	return tun_vring_push(&dev->vr, &tun_kmem, head, len);
}

void device_rewind(struct tun_vq *dev, u16 popped, u16 pushed)
{
	tun_vring_rewind(&dev->vr, popped, pushed);
}

int device_publish(struct tun_vq *dev)
{
	return tun_vring_publish(&dev->vr, &tun_kmem);
}

bool device_should_notify(struct tun_vq *dev)
{
	return tun_vring_should_notify(&dev->vr, &tun_kmem);
}

int device_enable_kick(struct tun_vq *dev)
{
	return tun_vring_enable_kick(&dev->vr, &tun_kmem);
}

int device_disable_kick(struct tun_vq *dev)
{
	return tun_vring_disable_kick(&dev->vr, &tun_kmem);
}

int device_set_broken(struct tun_vq *dev, const char *why)
{
	return tun_vring_set_broken(&dev->vr, why);
}

u16 device_untaken(struct tun_vq *dev)
{
	return tun_vring_unconsumed(&dev->vr, &tun_kmem);
}

u16 device_known(struct tun_vq *dev)
{
	return tun_vring_cached_avail(&dev->vr);
}
