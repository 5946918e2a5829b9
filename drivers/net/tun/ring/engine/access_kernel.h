/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accessors that the engine uses for memory that the kernel can reach: mapped
 * from the fd, or pinned. The accessors are plain loads and stores. A caller
 * that translates addresses of buffers is inside rcu_read_lock().
 */
#ifndef _TUN_RING_MEM_KERNEL_H
#define _TUN_RING_MEM_KERNEL_H

#include <linux/container_of.h>
#include <linux/string.h>

#include "regions_find.h"

static __always_inline int tun_kmem_load16(const struct tun_vring *vr,
					   const __virtio16 *p, u16 *v)
{
	*v = le16_to_cpu((__force __le16)READ_ONCE(*p));
	return 0;
}

static __always_inline int tun_kmem_store16(const struct tun_vring *vr,
					    __virtio16 *p, u16 v)
{
	WRITE_ONCE(*p, (__force __virtio16)cpu_to_le16(v));
	return 0;
}

static __always_inline int tun_kmem_release16(const struct tun_vring *vr,
					      __virtio16 *p, u16 v)
{
	/* C in the diagram of vring.h */
	smp_store_release(p, (__force __virtio16)cpu_to_le16(v));
	return 0;
}

/* Each word is loaded once: no field can change between check and use. */
static __always_inline int tun_kmem_load_desc(const struct tun_vring *vr,
					      const struct vring_desc *p,
					      struct tun_vring_desc *d)
{
	const __le64 *raw = (const __le64 *)p;

	tun_vring_desc_decode(d, READ_ONCE(raw[0]), READ_ONCE(raw[1]));
	return 0;
}

static __always_inline int tun_kmem_segment(struct tun_vring *vr,
					    u64 addr, u32 len,
					    struct tun_vring_seg *seg)
{
	struct tun_vq *vq = container_of(vr, struct tun_vq, vr);

	return tun_regions_find(rcu_dereference(vq->regions),
				&vq->found, addr, len, seg);
}

static __always_inline int tun_kmem_load_indirect(const struct tun_vring *vr,
						  const void *p,
						  struct tun_vring_desc *d)
{
	__le64 raw[2];

	memcpy(raw, p, sizeof(raw));
	/* the compiler must not load the user's memory again */
	barrier();
	tun_vring_desc_decode(d, raw[0], raw[1]);
	return 0;
}

static __always_inline int tun_kmem_store_used(const struct tun_vring *vr,
					       struct vring_used_elem *p,
					       u32 head, u32 len)
{
	WRITE_ONCE(p->id, (__force __virtio32)cpu_to_le32(head));
	WRITE_ONCE(p->len, (__force __virtio32)cpu_to_le32(len));
	return 0;
}

static const struct tun_vring_mem tun_kmem __maybe_unused = {
	.load16		= tun_kmem_load16,
	.store16	= tun_kmem_store16,
	.release16	= tun_kmem_release16,
	.load_desc	= tun_kmem_load_desc,
	.load_indirect	= tun_kmem_load_indirect,
	.store_used	= tun_kmem_store_used,
	.segment	= tun_kmem_segment,
};

#endif /* _TUN_RING_MEM_KERNEL_H */
