/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accessors that the engine uses for the memory of a vringfd. The ring itself
 * may be pinned; its buffers are never pinned. A vringfd has no dirty log,
 * because no VMM migrates its memory.
 */
#ifndef _VRINGFD_ACCESS_H
#define _VRINGFD_ACCESS_H

#include "../ring/engine/access_kernel.h"
#include "../ring/mem/access_user.h"
#include "state.h"

static inline bool vringfd_pinned(const struct tun_vring *vr)
{
	return READ_ONCE(container_of(vr, struct vringfd, vq.vr)->pinned);
}

static inline int vringfd_load16(const struct tun_vring *vr,
				 const __virtio16 *p, u16 *v)
{
	return vringfd_pinned(vr) ? tun_kmem_load16(vr, p, v) :
				    tun_umem_load16(vr, p, v);
}

static inline int vringfd_store16(const struct tun_vring *vr, __virtio16 *p,
				  u16 v)
{
	return vringfd_pinned(vr) ? tun_kmem_store16(vr, p, v) :
				    tun_umem_put16(vr, p, v);
}

static inline int vringfd_release16(const struct tun_vring *vr, __virtio16 *p,
				    u16 v)
{
	if (vringfd_pinned(vr))
		return tun_kmem_release16(vr, p, v);
	/* C: no store-release exists for a user's address */
	smp_mb();
	return tun_umem_put16(vr, p, v);
}

static inline int vringfd_load_desc(const struct tun_vring *vr,
				    const struct vring_desc *p,
				    struct tun_vring_desc *d)
{
	return vringfd_pinned(vr) ? tun_kmem_load_desc(vr, p, d) :
				    tun_umem_load_desc(vr, p, d);
}

static inline int vringfd_store_used(const struct tun_vring *vr,
				     struct vring_used_elem *p, u32 head,
				     u32 len)
{
	return vringfd_pinned(vr) ? tun_kmem_store_used(vr, p, head, len) :
				    tun_umem_put_used(vr, p, head, len);
}

static const struct tun_vring_mem vringfd_mem = {
	.load16		= vringfd_load16,
	.store16	= vringfd_store16,
	.release16	= vringfd_release16,
	.load_desc	= vringfd_load_desc,
	.load_indirect	= tun_umem_load_indirect,
	.store_used	= vringfd_store_used,
	.segment	= tun_umem_segment,
};

#endif /* _VRINGFD_ACCESS_H */
