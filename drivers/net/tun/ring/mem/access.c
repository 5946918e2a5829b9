// SPDX-License-Identifier: GPL-2.0
#include "access.h"

#include "../engine/access_kernel.h"
#include "../engine/vring.h"

int tun_kmem_walk_write(struct tun_vring *vr,
			const struct tun_vring_desc *first,
			struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &tun_kmem, TUN_VRING_WRITE, first, c);
}

int tun_kmem_walk_read(struct tun_vring *vr,
		       const struct tun_vring_desc *first,
		       struct tun_vring_chain *c)
{
	return tun_vring_walk(vr, &tun_kmem, TUN_VRING_READ, first, c);
}
